// Keys: "/" and Ctrl-K go to the search box, Escape leaves it.
function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

export function bindShortcuts() {
  document.addEventListener("keydown", (event) => {
    const controlled = event.ctrlKey || event.metaKey;
    if (event.key === "/" && !controlled && !event.altKey && !isTyping(event.target)) {
      focusOn("[data-shortcut='/']", event);
    } else if (controlled && event.key.toLowerCase() === "k") {
      focusOn("[data-shortcut-control='k']", event);
    } else if (event.key === "Escape" && event.target.matches("[data-shortcut]")) {
      event.target.blur();
    } else if (controlled && event.key === "Enter") {
      const form = event.target.closest("form[data-guard], form[data-quick]");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
    }
  });
}

function focusOn(selector, event) {
  const box = document.querySelector(selector);
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
}
