import { csrfToken, toast } from "./dom.js";

function messageOf(request) {
  try {
    return JSON.parse(request.responseText).message;
  } catch {
    return "";
  }
}

// htmx requests carry the token, and what fails is said in words.
export function bindErrors() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    // A form that is not right comes back with 422, a stale one with 409: both are to be shown.
    if ([409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  const failed = (event) => {
    const text = event.detail.xhr ? messageOf(event.detail.xhr) : "";
    toast(text || document.body.dataset.textFailed);
  };
  document.body.addEventListener("htmx:responseError", failed);
  document.body.addEventListener("htmx:sendError", failed);
}
