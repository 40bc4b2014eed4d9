import { each } from "../dom.js";

const PREFIX = "careline:comment:";

// A comment that is being written outlives the page: a step that is taken beside it, a cell that is
// changed, or a session that ended load the page anew. It is kept in this tab, for this person.
export function bindComment(root) {
  each(root, "form[data-comment]", function comment(form) {
    const name = PREFIX + form.dataset.comment;
    const text = form.elements.text;
    if (!text.value) {
      text.value = sessionStorage.getItem(name) ?? "";
    }
    text.addEventListener("input", () => {
      if (text.value) {
        sessionStorage.setItem(name, text.value);
      } else {
        sessionStorage.removeItem(name);
      }
    });
    // Before the answer is shown: with it comes an empty form.
    form.addEventListener("htmx:beforeOnLoad", (event) => {
      if (event.detail.xhr.status === 200) {
        sessionStorage.removeItem(name);
      }
    });
  });
}
