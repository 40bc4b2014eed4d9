import { each, isContent } from "./dom.js";

// A form with changes asks before the page is left.
export function bindGuard(root) {
  each(root, "form[data-guard]", function guard(form) {
    let changed = form.dataset.guard === "changed";
    const mark = (event) => {
      if (!isContent(event)) {
        return;
      }
      changed = true;
      form.querySelector("[data-unsaved]")?.removeAttribute("hidden");
    };
    form.addEventListener("input", mark);
    form.addEventListener("change", mark);
    form.addEventListener("submit", () => {
      changed = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (changed && form.isConnected) {
        event.preventDefault();
      }
    });
  });
}
