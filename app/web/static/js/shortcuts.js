// Keys: "/" goes to the search box of a list, Escape leaves it, Ctrl-Enter sends a form.
export function isTyping(target) {
  return target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
}

export function bindShortcuts() {
  document.addEventListener("keydown", (event) => {
    const controlled = event.ctrlKey || event.metaKey;
    if (event.key === "/" && !controlled && !event.altKey && !isTyping(event.target)) {
      const box = document.querySelector("main [data-shortcut='/']");
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
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
