import { each, toast, whileShown } from "./dom.js";
import { isSignedIn, signInAgain } from "./sign_in.js";

// A form asks whether its session still runs before it is sent: what was typed would be lost with
// the page. One that htmx sends stays where it is and is sent again after the sign-in.
export function bindSession(root) {
  // Whoever sits down next finds nothing of what was chosen or written in this tab.
  each(root, "[data-sign-out]", function signOut(button) {
    button.addEventListener("click", () => sessionStorage.clear());
  });
  each(root, "form[data-guard]:not([hx-post])", function session(form) {
    const notice = form.querySelector("[data-session-ended]");
    let isChecked = false;
    let isAsking = false;
    const tell = (runs) => {
      notice?.toggleAttribute("hidden", runs);
      return runs;
    };
    const runs = async () => tell(await isSignedIn()) || tell(await signInAgain());
    form.addEventListener("careline:heard", (event) => tell(event.detail.runs));
    notice?.querySelector("[data-sign-in]").addEventListener("click", runs);
    whileShown(form, window, "focus", async () => {
      if (notice && !notice.hidden) {
        tell(await isSignedIn().catch(() => false));
      }
    });
    form.addEventListener("submit", async (event) => {
      if (isChecked) {
        isChecked = false;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isAsking) {
        return;
      }
      isAsking = true;
      try {
        isChecked = await runs();
      } catch {
        toast(document.body.dataset.textOffline);
      } finally {
        isAsking = false;
      }
      if (isChecked) {
        form.requestSubmit(event.submitter);
        // Where the browser found something wrong with the form, nothing was sent.
        isChecked = false;
      }
    });
  });
}
