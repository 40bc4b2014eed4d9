import { each } from "../dom.js";

function element(name, className, attributes = {}) {
  const made = document.createElement(name);
  made.className = className;
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

// What shows the file: a picture, or the browser's own viewer of PDF in a frame.
function content(link) {
  if (link.dataset.filePreview === "image") {
    return element("img", "preview-image", { src: link.href, alt: link.textContent });
  }
  return element("iframe", "preview-frame", { src: link.href, title: link.textContent });
}

function head(link) {
  const bar = element("div", "modal-header preview-head");
  const title = element("h2", "modal-title");
  title.textContent = link.textContent;
  const download = element("a", "btn btn-sm", {
    href: `${link.href}?download=1`, download: "", "data-no-guard": "",
  });
  download.textContent = document.body.dataset.textDownload;
  const close = element("button", "btn-close", {
    type: "button", "data-bs-dismiss": "modal", "aria-label": document.body.dataset.textClose,
  });
  bar.append(title, download, close);
  return bar;
}

// Pictures and PDF open in the dialog of the page; with Ctrl or without a script in a page of
// their own.
export function bindPreview(root) {
  each(root, "a[data-file-preview=image], a[data-file-preview=pdf]", function preview(link) {
    link.addEventListener("click", (event) => {
      const body = document.querySelector("#dialog-body");
      const dialog = body?.closest("[data-dialog]");
      if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
      }
      event.preventDefault();
      body.replaceChildren(head(link), content(link));
      const frame = dialog.querySelector(".modal-dialog");
      frame.classList.add("modal-xl");
      dialog.addEventListener("hidden.bs.modal", () => {
        frame.classList.remove("modal-xl");
        body.replaceChildren();
      }, { once: true });
      window.tabler.Modal.getOrCreateInstance(dialog).show();
    });
  });
}
