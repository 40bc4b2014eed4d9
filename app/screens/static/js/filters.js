import { each } from "./dom.js";

// The filter menu: one column, one comparison, its values; names are put together when it is sent.
function show(element, visible) {
  element.hidden = !visible;
  element.disabled = !visible;
}

function fitValues(field) {
  const operator = field.querySelector("[data-filter-operator]");
  const option = operator.selectedOptions[0];
  const number = Number(option?.dataset.values ?? 1);
  const holder = field.querySelector("[data-filter-values]");
  holder.hidden = number === 0;
  for (const input of holder.querySelectorAll("[data-filter-value][data-for]")) {
    const wanted = {
      period: operator.value === "period",
      day: operator.value !== "period" && number > 0,
      first: number !== 0,
      second: number === 2,
    }[input.dataset.for];
    show(input, wanted);
  }
}

function named(form) {
  const field = form.querySelector("[data-filter-field]:not([hidden])");
  const operator = field.querySelector("[data-filter-operator]");
  const number = Number(operator.selectedOptions[0].dataset.values);
  const name = `${field.dataset.filterField}__${operator.value}`;
  for (const old of form.querySelectorAll(`input[type=hidden][name="${CSS.escape(name)}"]`)) {
    if (number >= 0) {
      old.remove();
    }
  }
  if (number === 0) {
    const mark = document.createElement("input");
    mark.type = "hidden";
    mark.name = name;
    mark.value = "1";
    form.append(mark);
    return;
  }
  for (const input of field.querySelectorAll("[data-filter-value]:not([disabled])")) {
    input.name = name;
  }
}

export function bindFilters(root) {
  each(root, "[data-filter-form]", function filterForm(form) {
    const column = form.querySelector("[data-filter-column]");
    const fields = [...form.querySelectorAll("[data-filter-field]")];
    const choose = () => {
      for (const field of fields) {
        show(field, field.dataset.filterField === column.value);
      }
    };
    column.addEventListener("change", choose);
    for (const field of fields) {
      field.querySelector("[data-filter-operator]").addEventListener("change", () => fitValues(field));
      fitValues(field);
    }
    choose();
    form.addEventListener("submit", () => named(form));
  });
}
