import { isUnsaved } from "./guard.js";

const CONTENT = "content";

// After something was done on a page its content is drawn anew in its place: the page is not loaded,
// and one stays where one was. What cannot be drawn in place is loaded, as is a page on which
// something is still being written, so that the browser asks.
export function bindContent() {
  const { body } = document;
  body.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, pathInfo } = event.detail;
    if (target.id === CONTENT && (xhr.status !== 200 || isUnsaved(target))) {
      event.detail.shouldSwap = false;
      event.detail.isError = false;
      location.assign(pathInfo.requestPath);
    }
  });
  body.addEventListener("htmx:load", ({ target }) => {
    if (target.id === CONTENT) {
      if (!target.contains(document.activeElement)) {
        target.focus({ preventScroll: true });
      }
      if (target.querySelector(".flashes")) {
        window.scrollTo({ top: 0 });
      }
      body.dispatchEvent(new CustomEvent("content:drawn"));
    }
  });
}
