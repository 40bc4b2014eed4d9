import { each } from "../dom.js";

const tests = {
  equals: (held, value) => held.includes(String(value)),
  not_equals: (held, value) => !held.includes(String(value)),
  one_of: (held, value) => value.some((one) => held.includes(String(one))),
  filled: (held) => held.length > 0,
  empty: (held) => held.length === 0,
  at_least: (held, value) => held.length > 0 && Number(held[0]) >= Number(value),
  at_most: (held, value) => held.length > 0 && Number(held[0]) <= Number(value),
};

// What the form holds under a name; a hidden field holds nothing.
function held(form, name) {
  const values = [];
  for (const element of form.elements) {
    if (element.name !== name || element.closest(".field")?.hidden) {
      continue;
    }
    if (element.multiple) {
      values.push(...[...element.selectedOptions].map((option) => option.value));
    } else if (!["checkbox", "radio"].includes(element.type) || element.checked) {
      values.push(element.value);
    }
  }
  return values.filter((value) => value !== "");
}

function judge(form, text) {
  const [name, comparison, value] = JSON.parse(text);
  return tests[comparison](held(form, name), value);
}

function refresh(form) {
  // In the order of the form: a field can depend on one that has just been hidden.
  for (const field of form.querySelectorAll("[data-visible-when]")) {
    field.hidden = !judge(form, field.dataset.visibleWhen);
  }
  for (const field of form.querySelectorAll("[data-required-when]")) {
    const required = judge(form, field.dataset.requiredWhen);
    field.querySelector(".form-label")?.classList.toggle("required", required);
  }
  for (const section of form.querySelectorAll(".form-section")) {
    const fields = [...section.querySelectorAll(".field")];
    section.hidden = fields.length > 0 && fields.every((field) => field.hidden);
  }
}

// Fields that are asked only when another one holds a value; the server decides in the end.
export function bindConditions(root) {
  each(root, "form", function conditions(form) {
    if (form.querySelector("[data-visible-when], [data-required-when]")) {
      form.addEventListener("input", () => refresh(form));
      form.addEventListener("change", () => refresh(form));
      refresh(form);
    }
  });
}
