import { each, whileShown } from "../dom.js";

// The selection of a list: kept while one pages, as long as the filters are the same.
class Selection {
  constructor(form) {
    this.form = form;
    this.bar = form.querySelector("[data-bulk-bar]");
    this.rest = form.querySelector("[data-selection-rest]");
    this.more = form.querySelector("[data-bulk-more]");
    this.every = form.querySelector("[data-select-every]");
    this.name = `careline:selection:${form.dataset.selection}`;
    this.keys = new Set(JSON.parse(sessionStorage.getItem(this.name) ?? "[]"));
    for (const box of this.boxes()) {
      box.checked = this.keys.has(box.value);
    }
  }

  get all() {
    return this.form.querySelector("[data-select-all]");
  }

  boxes() {
    return [...this.form.querySelectorAll('tbody input[name="row"]')];
  }

  read() {
    for (const box of this.boxes()) {
      this.keys[box.checked ? "add" : "delete"](box.value);
    }
    this.show();
  }

  set(keys) {
    this.keys = new Set(keys);
    for (const box of this.boxes()) {
      box.checked = this.keys.has(box.value);
    }
    this.show();
  }

  show() {
    const boxes = this.boxes();
    const here = boxes.filter((box) => box.checked).length;
    const shown = new Set(boxes.map((box) => box.value));
    this.bar.hidden = this.keys.size === 0;
    this.fold();
    this.bar.querySelector("[data-bulk-count]").textContent = String(this.keys.size);
    if (this.all) {
      this.all.checked = here > 0 && here === boxes.length;
      this.all.indeterminate = here > 0 && here < boxes.length;
    }
    const more = document.querySelector(".pager [data-page]") !== null;
    this.every.hidden = !(more && here === boxes.length && here > 0 && this.keys.size === here);
    this.rest.replaceChildren(...[...this.keys].filter((key) => !shown.has(key)).map((key) => {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = "row";
      input.value = key;
      return input;
    }));
    if (this.keys.size) {
      sessionStorage.setItem(this.name, JSON.stringify([...this.keys]));
    } else {
      sessionStorage.removeItem(this.name);
    }
  }

  // What does not fit into the line of a phone is there when it is asked for.
  fold(open = false) {
    const acts = this.bar.querySelector("[data-bulk-acts]");
    acts.classList.toggle("is-open", open);
    this.more.setAttribute("aria-expanded", String(open));
    this.more.hidden = !open && acts.scrollHeight <= acts.clientHeight;
  }

  async takeEvery() {
    const answer = await fetch(this.every.dataset.selectEvery, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      this.set((await answer.json()).keys);
    }
  }
}

function bindForm(form) {
  if (!form.querySelector('tbody input[name="row"]') && !form.querySelector("[data-bulk-bar]")) {
    return;
  }
  const selection = new Selection(form);
  let last = null;
  form.addEventListener("click", (event) => {
    const box = event.target.closest('tbody input[name="row"]');
    if (!box) {
      return;
    }
    if (event.shiftKey && last) {
      const list = selection.boxes();
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      for (const between of list.slice(from, to + 1)) {
        between.checked = box.checked;
      }
    }
    last = box;
    selection.read();
  });
  form.addEventListener("change", (event) => {
    if (event.target === selection.all) {
      for (const box of selection.boxes()) {
        box.checked = selection.all.checked;
      }
      selection.read();
    }
  });
  selection.bar.querySelector("[data-bulk-clear]").addEventListener("click", () => selection.set([]));
  selection.more.addEventListener("click", () => selection.fold(selection.more.getAttribute("aria-expanded") === "false"));
  selection.every.addEventListener("click", () => selection.takeEvery());
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.matches("[data-bulk-export]")) {
      sessionStorage.removeItem(selection.name);
    }
  });
  whileShown(form, document.body, "htmx:afterRequest", (event) => {
    // Done: the list is about to be drawn anew.
    if (event.detail.xhr.status === 204 && /\/(bulk|act)\b/.test(event.detail.pathInfo.requestPath)) {
      sessionStorage.removeItem(selection.name);
    }
  });
  selection.show();
}

const SHOWN_FOR = 15_000;

export function bindSelection(root) {
  each(root, "[data-bulk-form]", bindForm);
  each(root, "[data-undo]", function undo(toast) {
    const away = () => toast.contains(document.activeElement) || toast.matches(":hover")
      ? setTimeout(away, 2000)
      : toast.remove();
    setTimeout(away, SHOWN_FOR);
    toast.querySelector("[data-undo-close]").addEventListener("click", () => toast.remove());
  });
}
