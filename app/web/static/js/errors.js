import { csrfToken, toast } from "./dom.js";
import { signInAgain } from "./sign_in.js";

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
    const isPart = event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html");
    if (isPart && [409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  const failed = async (event) => {
    const { elt, requestConfig, xhr } = event.detail;
    // What a person did is done again once they have signed in; what the page asks for by itself
    // waits for them.
    const act = requestConfig?.triggeringEvent?.type;
    if (xhr?.status === 401 && ["click", "submit"].includes(act)) {
      if (await signInAgain()) {
        if (act === "submit") {
          elt.requestSubmit();
        } else {
          window.htmx.trigger(elt, act);
        }
      }
      return;
    }
    const text = xhr ? messageOf(xhr) : "";
    toast(text || document.body.dataset.textFailed);
  };
  document.body.addEventListener("htmx:responseError", failed);
  document.body.addEventListener("htmx:sendError", failed);
}
