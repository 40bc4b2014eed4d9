import { each, whileShown } from "../dom.js";

// The panel beside a list: a row opens in it, the keys move through the rows, the address keeps it.
const WIDE = "(min-width: 992px)";
const DOUBLE_CLICK = 300;
const BUSY = "a, button, input, select, textarea, label, summary, [contenteditable], .modal, .dropdown-menu, .inline-edit";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], .modal, .dropdown-menu, .ts-wrapper, .inline-edit";

class ListPanel {
  constructor(page) {
    this.page = page;
    this.split = page.querySelector(".list-split");
    this.panel = page.querySelector("[data-panel]");
    this.current = null;
  }

  rows() {
    return [...this.page.querySelectorAll("[data-row]")];
  }

  get isOpen() {
    return this.panel && !this.panel.hidden;
  }

  mark(row) {
    for (const other of this.rows()) {
      other.classList.toggle("current", other === row);
    }
    this.current = row;
    row?.scrollIntoView({ block: "nearest" });
  }

  go(step) {
    const list = this.rows();
    if (!list.length) {
      return;
    }
    const place = list.indexOf(this.current) + step;
    this.mark(list[Math.min(Math.max(this.current ? place : 0, 0), list.length - 1)]);
    if (this.isOpen) {
      this.open(this.current.dataset.row);
    }
  }

  open(key) {
    if (!this.panel || !matchMedia(WIDE).matches) {
      location.assign(this.split.dataset.show + key);
      return;
    }
    // Opening is a step that Back takes back; moving on to another row is none.
    this.remember(key, this.isOpen ? "replaceState" : "pushState");
    this.show(key);
  }

  show(key) {
    this.key = key;
    this.split.classList.add("is-open");
    this.panel.hidden = false;
    this.panel.querySelector("[data-panel-full]").href = this.split.dataset.show + key;
    for (const row of this.rows()) {
      row.classList.toggle("opened", row.dataset.row === key);
    }
    window.htmx.ajax("GET", this.split.dataset.peek + key, { target: "#panel-body", swap: "innerHTML" });
  }

  close() {
    this.hide();
    if (history.state?.panel) {
      history.back();
    } else {
      this.remember(null, "replaceState");
    }
  }

  hide() {
    this.panel.hidden = true;
    this.panel.querySelector("#panel-body").replaceChildren();
    this.split.classList.remove("is-open");
    this.rows().forEach((row) => row.classList.remove("opened"));
  }

  // Shows what the address says: after Back and Forward, and when the page is loaded.
  follow() {
    const key = new URL(location.href).searchParams.get("open");
    if (this.isOpen && key === this.key) {
      return;
    }
    if (key && matchMedia(WIDE).matches) {
      this.mark(this.rows().find((row) => row.dataset.row === key) ?? null);
      this.show(key);
    } else if (this.isOpen) {
      this.hide();
    }
  }

  remember(key, way) {
    const address = new URL(location.href);
    address.searchParams.delete("open");
    if (key) {
      address.searchParams.set("open", key);
    }
    history[way]({ ...history.state, ...(way === "pushState" && { panel: true }) }, "", address);
  }

  actOf(event) {
    const row = this.current;
    const acts = {
      j: () => this.go(1),
      k: () => this.go(-1),
      x: () => row?.querySelector('input[name="row"]')?.click(),
      " ": () => row && this.open(row.dataset.row),
      Enter: () => row && location.assign(this.split.dataset.show + row.dataset.row),
      Escape: this.isOpen ? () => this.close() : null,
      n: () => row?.querySelector("[data-row-ahead]")?.click(),
      "/": () => this.page.querySelector("#list-search")?.focus(),
      f: () => this.page.querySelector("[data-filter-open]")?.click(),
      "?": () => this.help(),
    };
    return acts[event.key];
  }

  help() {
    const body = document.getElementById("dialog-body");
    body.replaceChildren(this.page.parentElement.querySelector("[data-keys-help]").content.cloneNode(true));
    window.tabler.Modal.getOrCreateInstance(document.querySelector("[data-dialog]")).show();
  }
}

// What is done in the panel leads back to the list and not to the record's own page.
function backToList(panel) {
  panel.addEventListener("htmx:configRequest", (event) => {
    const to = event.detail.path;
    if (/\/(act|delete)\//.test(to) && !event.detail.parameters.next) {
      event.detail.parameters.next = location.pathname + location.search;
    }
  });
  panel.addEventListener("submit", (event) => {
    if (event.target.method === "post" && !event.target.querySelector('[name="next"]')) {
      const next = document.createElement("input");
      next.type = "hidden";
      next.name = "next";
      next.value = location.pathname + location.search;
      event.target.append(next);
    }
  }, true);
  panel.addEventListener("htmx:afterSwap", () => {
    // The page's own keys would compete with those of the list.
    panel.querySelector("[data-record]")?.removeAttribute("data-record");
  });
}

function bindPage(page) {
  const list = new ListPanel(page);
  if (!list.split) {
    return;
  }
  let waiting = 0;
  // The second click of a double click, which changes a cell, must find the cell where it was.
  page.addEventListener("dblclick", () => clearTimeout(waiting));
  page.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && list.split.dataset.peek && !event.target.closest(BUSY) && !String(getSelection())) {
      const open = () => {
        list.mark(row);
        list.open(row.dataset.row);
      };
      clearTimeout(waiting);
      waiting = setTimeout(open, event.target.closest("[data-inline]") ? DOUBLE_CLICK : 0);
    }
  });
  whileShown(page, document, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented
      || document.body.classList.contains("modal-open") || event.target.closest(TYPING)) {
      return;
    }
    const onControl = event.target.closest("a, button, input, summary, [role=separator]");
    if (onControl && ["Enter", " "].includes(event.key)) {
      return;
    }
    const act = list.actOf(event);
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  }, true);
  if (list.panel) {
    backToList(list.panel);
    list.panel.querySelector("[data-panel-close]").addEventListener("click", () => list.close());
    for (const button of list.panel.querySelectorAll("[data-panel-step]")) {
      button.addEventListener("click", () => list.go(Number(button.dataset.panelStep)));
    }
    whileShown(page, window, "popstate", () => list.follow());
    list.follow();
  }
}

export function bindPanel(root) {
  each(root, "[data-list]", bindPage);
}
