import { csrfToken, each } from "../dom.js";

// A file that is chosen in a dialog lies on the record at once, and is chosen in the field above.
export function bindUploads(root) {
  each(root, "[data-upload]", function upload(box) {
    const input = box.querySelector('input[type="file"]');
    const status = box.querySelector("[data-upload-status]");
    const form = box.closest("form");
    const into = CSS.escape(box.dataset.uploadInto);
    const select = form.querySelector(`select[name="${into}"]`);
    const boxes = form.querySelector(`[data-upload-choices="${into}"]`);

    const send = async () => {
      const data = new FormData();
      data.set("files", input.files[0]);
      const answer = await fetch(box.dataset.upload, {
        method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      }).catch(() => null);
      const body = await answer?.json().catch(() => null);
      if (!answer?.ok) {
        throw new Error(body?.message ?? "");
      }
      return body;
    };
    const tick = (file) => {
      const label = document.createElement("label");
      label.className = "form-check";
      const ticked = document.createElement("input");
      Object.assign(ticked, {
        className: "form-check-input", type: "checkbox", name: box.dataset.uploadInto, value: file.id, checked: true,
      });
      const name = document.createElement("span");
      name.className = "form-check-label";
      name.textContent = file.name;
      label.append(ticked, name);
      boxes.querySelector("[data-upload-none]")?.remove();
      boxes.append(label);
      ticked.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const choose = ([file]) => {
      if (boxes) {
        tick(file);
        return;
      }
      select.append(new Option(file.name, file.id, true, true));
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    input.addEventListener("change", async () => {
      if (!input.files.length) {
        return;
      }
      const { name } = input.files[0];
      status.textContent = box.dataset.textSending;
      input.disabled = true;
      try {
        choose((await send()).files);
        status.textContent = box.dataset.textAdded.replace("{name}", name);
      } catch (error) {
        status.textContent = error.message || document.body.dataset.textFailed;
      }
      input.value = "";
      input.disabled = false;
    });
  });
}
