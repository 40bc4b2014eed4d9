import { each } from "./dom.js";

// The button asks for the colours that are not shown now; the server keeps the choice.
export function bindTheme(root) {
  each(root, "[data-theme-switch]", function themeSwitch(button) {
    button.addEventListener("click", () => {
      button.value = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    });
  });
}
