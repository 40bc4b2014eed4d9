import { csrfToken, each, toast } from "../dom.js";

function messageOf(request) {
  try {
    return JSON.parse(request.responseText).message;
  } catch {
    return "";
  }
}

// What is being written beside the files stays: the comment with whom it names, and the cursor.
function renew(target, html) {
  const draft = target.querySelector(".comment-form");
  const focused = draft?.contains(document.activeElement) ? document.activeElement : null;
  target.innerHTML = html;
  const fresh = target.querySelector(".comment-form");
  if (draft && fresh) {
    fresh.replaceWith(draft);
    focused?.focus();
  }
}

// Sends the form and shows how far it is; what comes back takes the place of the timeline.
function send(form, target, bar) {
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.upload.addEventListener("progress", (event) => {
    bar.hidden = false;
    bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
  });
  request.addEventListener("loadend", () => {
    bar.hidden = true;
    form.reset();
    if (request.status === 200) {
      renew(target, request.responseText);
      window.htmx.process(target);
      // The behaviours bind to what has come in, as after a swap.
      target.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    } else {
      toast(messageOf(request) || document.body.dataset.textFailed);
    }
  });
  request.send(new FormData(form));
}

// Files are sent as soon as they are chosen or dropped; without a script there is a button.
export function bindFiles(root) {
  each(root, "form[data-files]", function files(form) {
    const input = form.querySelector('input[type="file"]');
    const bar = form.querySelector("[data-files-progress]");
    const target = bar && form.closest("#timeline");
    // The whole card takes what is dropped: a small target is easily missed.
    const area = target?.closest(".card") ?? form.querySelector(".file-drop");
    const mark = form.querySelector(".file-drop");
    form.querySelector("[data-files-send]").hidden = true;
    input.addEventListener("change", () => {
      if (!input.files.length) {
        return;
      }
      if (target) {
        send(form, target, bar);
      } else {
        form.requestSubmit();
      }
    });
    const handle = (event) => {
      if (!form.isConnected || !event.dataTransfer?.types.includes("Files")) {
        return;
      }
      event.preventDefault();
      mark.classList.toggle("is-over", event.type === "dragover");
      if (event.type === "drop") {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change"));
      }
    };
    for (const name of ["dragover", "dragleave", "drop"]) {
      area.addEventListener(name, handle);
    }
  });
}
