import { each } from "../dom.js";
import { library } from "../library.js";

// The field whose value narrows what this one offers, as the vehicles of one customer.
function narrowing(select) {
  return select.dataset.narrowedBy && select.form?.elements[select.dataset.narrowedBy];
}

async function find(select, text, chosen) {
  const address = select.dataset.selectUrl;
  const query = new URLSearchParams({ q: text });
  for (const value of chosen) {
    query.append("not", value);
  }
  const base = narrowing(select);
  if (base?.value) {
    query.set("within", base.value);
  }
  const answer = await fetch(`${address}?${query}`, { headers: { Accept: "application/json" } });
  return answer.ok ? (await answer.json()).options : [];
}

// Enter came before the answer to what had been typed: the one that was meant, where there is one.
function takeAwaited(control, found) {
  if (control.awaited && found.length === 1) {
    control.addItem(String(found[0].value));
    if (control.settings.closeAfterSelect) {
      control.close();
    }
  }
  control.awaited = false;
}

// Whether the server has not answered yet what stands in the box.
function isBehind(control) {
  const text = control.inputValue();
  return Boolean(control.isOpen && control.settings.load && text) && text !== control.answered;
}

function options(select) {
  const address = select.dataset.selectUrl;
  const settings = {
    plugins: select.multiple
      ? { remove_button: { title: document.body.dataset.textRemove } }
      : { dropdown_input: {} },
    maxOptions: 50,
    allowEmptyOption: false,
    hidePlaceholder: true,
    // In a small menu the open list would lie over the button that comes next.
    closeAfterSelect: !select.multiple || select.dataset.filterValue !== undefined,
    render: {
      no_results: (_data, escape) => `<div class="no-results">${escape(select.dataset.textNone)}</div>`,
      loading: () => '<div class="spinner" aria-hidden="true"></div>',
    },
  };
  if (select.multiple || !select.required) {
    settings.plugins.clear_button = { title: document.body.dataset.textClear };
  }
  if (address) {
    settings.valueField = "value";
    settings.labelField = "label";
    // The server has searched; what it found is not to be filtered again.
    settings.searchField = [];
    settings.score = () => () => 1;
    settings.preload = "focus";
    settings.loadThrottle = 200;
    settings.shouldLoad = () => true;
    settings.onDropdownClose = function closed() {
      // A search that still waits for the end of the typing, or for its answer, would open the
      // list again: over the next field, when one has gone on.
      this.settled = true;
      this.awaited = false;
      clearTimeout(this.refreshTimeout);
      this.refreshTimeout = null;
    };
    let asked = 0;
    settings.load = function load(text, done) {
      const turn = ++asked;
      // What was asked for before may be asked for again.
      this.loadedSearches = {};
      // The list opens by itself only where the focus is: an answer that comes after the choice
      // would open it over the next field.
      const finish = (found) => {
        const focused = this.isFocused;
        this.isFocused = focused && !this.settled;
        if (turn === asked) {
          // Until now the former ones could still be chosen.
          this.clearOptions((option) => this.items.includes(String(option.value)));
          done(found);
          this.answered = text;
          takeAwaited(this, found);
        } else {
          // A later question has overtaken this one.
          done([]);
        }
        this.isFocused = focused;
      };
      find(select, text, this.items).then(finish, () => finish([]));
    };
  }
  return settings;
}

// The focus without the list: what one has not asked for lies over nothing.
function focusQuietly(control) {
  control.settled = true;
  control.settings.openOnFocus = false;
  control.focus_node.focus();
  setTimeout(() => {
    control.settings.openOnFocus = true;
  });
}

// Gives the focus to a field, also to one whose search box is still on its way.
export function focusField(field) {
  if (field.tomselect) {
    focusQuietly(field.tomselect);
  } else if (field.matches("select[data-select]")) {
    field.autofocus = true;
  } else {
    field.focus();
  }
}

export function bindSelects(root) {
  each(root, "select[data-select]", async function searchable(select) {
    // tom-select is fetched only on pages that have such a field.
    const TomSelect = await library("tom-select.min.js", "TomSelect");
    const control = new TomSelect(select, options(select));
    // Not at mousedown: an answer between it and the click would open the list, and the click close it.
    for (const kind of ["click", "keydown"]) {
      control.wrapper.addEventListener(kind, (event) => {
        control.settled = false;
        control.awaited = event.key === "Enter" && isBehind(control);
        if (control.awaited) {
          event.preventDefault();
          event.stopPropagation();
        }
      }, true);
    }
    // Who types where the focus is means the search; the letter that opens it is its first one.
    control.control.addEventListener("keydown", (event) => {
      const writes = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (writes && event.target === control.focus_node && !control.isLocked) {
        control.open();
        control.control_input.focus();
      }
    });
    const described = select.getAttribute("aria-describedby");
    if (described) {
      control.control_input.setAttribute("aria-describedby", described);
    }
    if (control.dropdown_content) {
      control.dropdown_content.setAttribute("aria-label", select.dataset.label || "");
    }
    // The hidden originals stay in the page: they need a name as well.
    const name = select.dataset.label || "";
    for (const part of [select, control.control_input, control.control.querySelector(".items-placeholder")]) {
      part?.setAttribute("aria-label", name);
    }
    if (select.autofocus) {
      focusQuietly(control);
    }
    // What belonged to another one goes, and the list is asked for anew.
    narrowing(select)?.addEventListener("change", () => {
      control.clear();
      control.clearOptions();
      control.load("");
    });
    control.on("change", () => select.dispatchEvent(new Event("input", { bubbles: true })));
  });
}
