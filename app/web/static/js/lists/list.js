import { each } from "../dom.js";

export function bindList(root) {
  each(root, "[data-record]", function steps(page) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, .modal, .ts-wrapper")) {
        return;
      }
      const target = { j: "[data-step=next]", k: "[data-step=previous]", e: "[data-edit]" }[event.key];
      if (target) {
        page.querySelector(target)?.click();
      }
    });
  });
}
