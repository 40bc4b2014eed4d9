import { focusField } from "./forms/selects.js";

// The one dialog of a page: htmx fills it, then it opens; an answer with HX-Trigger "dialog:close"
// closes it.
export function bindDialog() {
  const element = document.querySelector("[data-dialog]");
  if (!element) {
    return;
  }
  const dialog = () => window.tabler.Modal.getOrCreateInstance(element);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "dialog-body" && event.detail.target.childElementCount) {
      const wide = event.detail.target.querySelector("[data-dialog-wide]")?.dataset.dialogWide;
      const box = element.querySelector(".modal-dialog").classList;
      box.toggle("modal-lg", wide === "");
      box.toggle("modal-xl", wide === "xl");
      dialog().show();
    }
  });
  document.body.addEventListener("dialog:close", () => dialog().hide());
  // Whoever fills it, its title is its name.
  element.addEventListener("show.bs.modal", () => {
    const title = element.querySelector(".modal-title");
    if (title) {
      title.id ||= "dialog-title";
      element.setAttribute("aria-labelledby", title.id);
    }
  });
  element.addEventListener("shown.bs.modal", () => {
    element.querySelector(".flow-step.is-here")?.scrollIntoView({ block: "nearest" });
    const first = element.querySelector(
      "[data-focus-first], [autofocus], input:not([type=hidden]), select, textarea, .btn-primary",
    );
    if (first) {
      focusField(first);
    }
  });
  element.addEventListener("hidden.bs.modal", () => {
    element.querySelector("#dialog-body").replaceChildren();
  });
}
