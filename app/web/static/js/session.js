import { each } from "./dom.js";

// Somebody who has been away this long may have been signed out meanwhile.
const QUIET_MS = 5 * 60 * 1000;

/** Asks whether the session still runs, and takes over its token. */
async function renewed(form) {
  const answer = await fetch(form.dataset.draft, { headers: { Accept: "application/json" } })
    .catch(() => null);
  if (answer?.status === 401) {
    return false;
  }
  const token = answer?.ok ? (await answer.json()).token : "";
  if (token) {
    document.querySelector('meta[name="csrf-token"]').content = token;
    for (const field of document.querySelectorAll("input[name=csrf_token]")) {
      field.value = token;
    }
  }
  return true;
}

// A form whose session has ended stays as it is, with a way to sign in beside it: what was typed
// would be lost with the page.
export function bindSession(root) {
  // Whoever sits down next finds nothing of what was chosen or written in this tab.
  each(root, "[data-sign-out]", function signOut(button) {
    button.addEventListener("click", () => sessionStorage.clear());
  });
  each(root, "form[data-draft]", function session(form) {
    const notice = form.querySelector("[data-session-ended]");
    let heard = Date.now();
    const tell = (runs) => {
      notice.hidden = runs;
      heard = runs ? Date.now() : 0;
      return runs;
    };
    form.addEventListener("careline:heard", (event) => tell(event.detail.runs));
    window.addEventListener("focus", async () => {
      if (!notice.hidden) {
        tell(await renewed(form));
      }
    });
    form.addEventListener("submit", async (event) => {
      if (Date.now() - heard < QUIET_MS) {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (tell(await renewed(form))) {
        form.requestSubmit(event.submitter);
      } else {
        notice.scrollIntoView({ block: "center" });
        notice.querySelector("a").focus();
      }
    });
  });
}
