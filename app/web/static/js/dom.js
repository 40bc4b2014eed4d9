// Small helpers shared by the behaviours.

/** Calls `bind` once for each element below (or at) `root` that matches. */
export function each(root, selector, bind) {
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) {
    found.unshift(root);
  }
  for (const element of found) {
    const mark = `bound${bind.name}`;
    if (!element.dataset[mark]) {
      element.dataset[mark] = "true";
      bind(element);
    }
  }
}

/**
 * Listens at the document, the body or the window for as long as an element is on the page: its
 * content may be drawn anew without a load.
 */
export function whileShown(element, target, type, hear, options) {
  const listen = (event) => {
    if (element.isConnected) {
      hear(event);
    } else {
      target.removeEventListener(type, listen, options);
    }
  };
  target.addEventListener(type, listen, options);
}

/** Whether an event changes what its form sends; the search box of a list of choices has no name. */
export function isContent(event) {
  return event.target === event.currentTarget || Boolean(event.target.name);
}

/** Returns the token that goes with requests that change something. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/** Shows a short message in the corner. */
export function toast(text, tone = "danger") {
  const stack = document.querySelector("[data-toasts]");
  const note = document.createElement("div");
  note.className = `alert alert-${tone} toast-note`;
  note.setAttribute("role", "alert");
  note.textContent = text;
  stack.append(note);
  setTimeout(() => note.remove(), 8000);
}
