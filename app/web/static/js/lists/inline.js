import { each, whileShown } from "../dom.js";

// A cell is changed in its place: by double click, or F2 or Enter when it has the focus.
function edit(table, cell) {
  if (cell.querySelector("[data-inline-form]")) {
    return;
  }
  const key = cell.closest("[data-row]").dataset.row;
  window.htmx.ajax("GET", `${table.dataset.cells}${key}/${cell.dataset.inline}`, { target: cell, swap: "innerHTML" });
}

function cellsOf(row) {
  return [...row.querySelectorAll("[data-inline]")];
}

function keys(table, event) {
  const cell = event.target.closest("[data-inline]");
  if (cell && event.target === cell) {
    const list = cellsOf(cell.closest("tr"));
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) {
      list[list.indexOf(cell) + way]?.focus();
    } else if (event.key === "F2" || event.key === "Enter") {
      edit(table, cell);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

export function bindInline(root) {
  each(root, "table[data-cells]", function inlineTable(table) {
    table.addEventListener("dblclick", (event) => {
      const cell = event.target.closest("[data-inline]");
      if (cell) {
        event.preventDefault();
        edit(table, cell);
      }
    });
    whileShown(table, document, "keydown", (event) => {
      if (table.contains(event.target)) {
        keys(table, event);
      } else if (event.key === "F2") {
        const first = table.querySelector("tr.current [data-inline]");
        first?.focus();
        if (first) {
          edit(table, first);
        }
      }
    }, true);
  });
  each(root, "[data-inline-form]", function inlineForm(form) {
    const cell = form.closest("td");
    const cancel = () => {
      window.htmx.ajax("GET", form.dataset.inlineShow, { target: cell, swap: "innerHTML" }).then(() => cell.focus());
    };
    form.querySelector("[data-inline-cancel]").addEventListener("click", cancel);
    form.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") {
        event.preventDefault();
        cancel();
      }
    });
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}
