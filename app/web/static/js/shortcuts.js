// Keys: "/" goes to the search box of a list, Escape leaves it, Ctrl-Enter sends a form. A page gives
// keys of its own with data-key="1": while nobody types, the key presses what carries it.
export function isTyping(target) {
  return target.closest("input:not([type='checkbox'], [type='radio']), textarea, select, dialog, [contenteditable]") !== null;
}

function pressed(event) {
  if (event.key.length !== 1 || event.altKey || event.repeat || isTyping(event.target)) {
    return null;
  }
  return document.querySelector(`main [data-key="${CSS.escape(event.key.toLowerCase())}"]`);
}

export function bindShortcuts() {
  document.addEventListener("keydown", (event) => {
    const controlled = event.ctrlKey || event.metaKey;
    const keyed = controlled ? null : pressed(event);
    if (keyed) {
      event.preventDefault();
      keyed.click();
      return;
    }
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
