import { each, toast } from "./dom.js";

// Browsers give no clipboard to a page without TLS, or one that a policy keeps from it: the command
// does it then, of what is selected.
async function copied(element) {
  const text = element.value ?? element.textContent;
  if (await navigator.clipboard?.writeText(text).then(() => true, () => false)) {
    return true;
  }
  const selection = getSelection();
  selection.selectAllChildren(element);
  const done = document.execCommand("copy");
  selection.removeAllRanges();
  return done;
}

// A button that copies the text of the element that it names.
export function bindCopy(root) {
  each(root, "[data-copy]", function copy(button) {
    button.addEventListener("click", async () => {
      if (await copied(document.getElementById(button.dataset.copy))) {
        toast(button.dataset.textCopied, "success");
      } else {
        toast(button.dataset.textFailed);
      }
    });
  });
}
