import { each, whileShown } from "../dom.js";

export function bindList(root) {
  each(root, "[data-record]", function steps(page) {
    whileShown(page, document, "keydown", (event) => {
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
