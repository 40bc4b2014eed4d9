import { each, isContent, whileShown } from "./dom.js";

const CHANGED = "changed";

/** Whether something in a part of the page was changed and not sent. */
export function isUnsaved(part) {
  return part.querySelector(`form[data-guard="${CHANGED}"]`) !== null;
}

// A form with changes asks before the page is left.
export function bindGuard(root) {
  each(root, "form[data-guard]", function guard(form) {
    const mark = (event) => {
      if (!isContent(event)) {
        return;
      }
      form.dataset.guard = CHANGED;
      form.querySelector("[data-unsaved]")?.removeAttribute("hidden");
    };
    form.addEventListener("input", mark);
    form.addEventListener("change", mark);
    form.addEventListener("submit", () => {
      form.dataset.guard = "sent";
    });
    whileShown(form, window, "beforeunload", (event) => {
      if (form.dataset.guard === CHANGED) {
        event.preventDefault();
      }
    });
  });
}
