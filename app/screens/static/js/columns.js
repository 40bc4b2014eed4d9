import { each } from "./dom.js";

// The order of columns: up and down by button; the form sends them as they stand.
export function bindColumns(root) {
  each(root, "[data-columns]", function columnMenu(form) {
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) {
        return;
      }
      const line = button.closest("li");
      if (button.dataset.move === "up" && line.previousElementSibling) {
        line.previousElementSibling.before(line);
      } else if (button.dataset.move === "down" && line.nextElementSibling) {
        line.nextElementSibling.after(line);
      }
      button.focus();
    });
  });
}
