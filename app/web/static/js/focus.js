import { each } from "./dom.js";

// A summary of errors takes the focus, so that readers and keyboards begin there.
export function bindFocus(root) {
  each(root, "[data-focus-first]", function focusFirst(element) {
    element.focus();
  });
  each(root, "[data-go-back]", function goBack(button) {
    if (history.length > 1) {
      button.hidden = false;
      button.addEventListener("click", () => history.back());
    }
  });
}
