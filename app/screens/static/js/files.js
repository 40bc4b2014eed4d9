import { each } from "./dom.js";

// Files are sent as soon as they are chosen or dropped; without a script there is a button.
export function bindFiles(root) {
  each(root, "form[data-files]", (form) => {
    const input = form.querySelector('input[type="file"]');
    const area = form.querySelector(".file-drop");
    form.querySelector("[data-files-send]").hidden = true;
    input.addEventListener("change", () => input.files.length && form.requestSubmit());
    for (const name of ["dragover", "dragleave", "drop"]) {
      area.addEventListener(name, (event) => {
        event.preventDefault();
        area.classList.toggle("is-over", name === "dragover");
      });
    }
    area.addEventListener("drop", (event) => {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change"));
    });
  });
}
