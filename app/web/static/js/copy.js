import { each, toast } from "./dom.js";

// Where the page came without TLS, browsers give no clipboard: the old command does it then.
async function copied(element) {
  const text = element.value ?? element.textContent;
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  getSelection().selectAllChildren(element);
  const done = document.execCommand("copy");
  getSelection().removeAllRanges();
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
