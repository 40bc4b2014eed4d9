import { each } from "../dom.js";

// Filters: a menu of columns with the values of each, and the same for a chip that is changed.
function show(element, visible) {
  element.hidden = !visible;
  element.disabled = !visible;
}

function operatorOf(form) {
  return form.querySelector("[data-filter-operator]").selectedOptions[0];
}

function fitValues(form) {
  const number = Number(operatorOf(form)?.dataset.values ?? 1);
  form.querySelector("[data-filter-values]").hidden = number === 0;
  for (const input of form.querySelectorAll("[data-filter-value][data-for]")) {
    show(input, input.dataset.for === "second" ? number === 2 : number !== 0);
  }
}

function hidden(form, name, value) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  form.append(input);
}

// The names of the values are put together when the form is sent: COLUMN__OPERATOR.
function named(form) {
  const operator = operatorOf(form);
  const number = Number(operator.dataset.values);
  const name = `${form.dataset.filterField}__${operator.value}`;
  for (const old of form.querySelectorAll(`input[type=hidden][name="${CSS.escape(name)}"]`)) {
    old.remove();
  }
  if (number === 0) {
    hidden(form, name, "1");
    return;
  }
  for (const box of form.querySelectorAll("[data-filter-tick]:checked")) {
    hidden(form, name, box.value);
  }
  for (const input of form.querySelectorAll("[data-filter-value]:not([disabled])")) {
    input.name = name;
  }
}

function columnsOf(menu) {
  return [...menu.querySelectorAll("[data-filter-column]")].filter((one) => !one.closest("li").hidden);
}

function open(menu, name) {
  for (const button of menu.querySelectorAll("[data-filter-column]")) {
    button.setAttribute("aria-expanded", String(button.dataset.filterColumn === name));
  }
  for (const form of menu.querySelectorAll("[data-filter-form]")) {
    form.hidden = form.dataset.filterField !== name;
  }
}

function intoPane(menu) {
  menu.querySelector("[data-filter-form]:not([hidden])")
    ?.querySelector("a, input:not([type=hidden]), select")?.focus();
}

function step(list, from, way) {
  list[Math.min(Math.max(list.indexOf(from) + way, 0), list.length - 1)]?.focus();
}

// Arrow keys: up and down in a list, right into the values, left back to the columns.
function keys(menu, event) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const column = event.target.closest("[data-filter-column]");
  const link = event.target.closest(".filter-quick a, .filter-quick input");
  if (event.target.matches("[data-filter-find]") && (way === 1 || event.key === "Enter")) {
    columnsOf(menu)[0]?.focus();
  } else if (column && way) {
    step(columnsOf(menu), column, way);
  } else if (column && (event.key === "ArrowRight" || event.key === "Enter")) {
    open(menu, column.dataset.filterColumn);
    intoPane(menu);
  } else if (link && way) {
    step([...link.closest("ul").querySelectorAll(link.localName)], link, way);
  } else if (link && event.key === "ArrowLeft") {
    menu.querySelector("[data-filter-column][aria-expanded=true]")?.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

export function bindFilters(root) {
  each(root, "[data-filter-form]", function filterForm(form) {
    form.querySelector("[data-filter-operator]").addEventListener("change", () => fitValues(form));
    fitValues(form);
    form.addEventListener("submit", () => named(form));
  });
  each(root, "[data-filter-menu]", function filterMenu(menu) {
    menu.addEventListener("keydown", (event) => keys(menu, event));
    const find = menu.querySelector("[data-filter-find]");
    if (!find) {
      intoPane(menu);
      return;
    }
    for (const kind of ["mouseover", "focusin", "click"]) {
      menu.addEventListener(kind, (event) => {
        const button = event.target.closest("[data-filter-column]");
        if (button) {
          open(menu, button.dataset.filterColumn);
        }
      });
    }
    find.addEventListener("input", () => {
      const wanted = find.value.trim().toLowerCase();
      for (const line of menu.querySelectorAll(".filter-names li")) {
        line.hidden = !line.textContent.toLowerCase().includes(wanted);
      }
      const first = columnsOf(menu)[0];
      if (first) {
        open(menu, first.dataset.filterColumn);
      }
    });
    find.focus();
  });
}
