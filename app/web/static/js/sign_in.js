import { csrfToken } from "./dom.js";

function takeOver(token) {
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) {
    field.value = token;
  }
}

const address = (path) => `${document.body.dataset.root}/login/${path}`;

/** Whether the session still runs; takes over its token. Rejects when the server is out of reach. */
export async function isSignedIn() {
  const answer = await fetch(address("state"), { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    // An error of the server says nothing about the session; the form's own request will tell.
    return true;
  }
  const state = await answer.json();
  if (state.signed_in && state.token !== csrfToken()) {
    takeOver(state.token);
  }
  return state.signed_in;
}

async function show(dialog, answer) {
  dialog.innerHTML = await answer.text();
  dialog.querySelector("[type=password]").focus();
}

let running = null;

async function ask() {
  const dialog = document.createElement("dialog");
  dialog.className = "sign-in-again";
  dialog.setAttribute("aria-labelledby", "sign-in-again-title");
  // An open dialog of the page below keeps the focus in itself; it shall not hear of this one.
  dialog.addEventListener("focusin", (event) => event.stopPropagation());
  document.body.append(dialog);
  const username = document.querySelector("[data-username]")?.dataset.username ?? "";
  await show(dialog, await fetch(`${address("again")}?${new URLSearchParams({ username })}`));
  dialog.showModal();
  dialog.querySelector("[type=password]").focus();
  const signedIn = await new Promise((resolve) => {
    dialog.addEventListener("click", (event) => {
      if (event.target.closest("[data-cancel]")) {
        dialog.close();
      }
    });
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => resolve(false));
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = event.target.querySelector(".btn-primary");
      button.disabled = true;
      const answer = await fetch(address("again"), { method: "POST", body: new FormData(event.target) })
        .catch(() => null);
      if (answer?.ok) {
        resolve(await isSignedIn());
      } else if (answer?.status === 422) {
        await show(dialog, answer);
      } else {
        button.disabled = false;
      }
    });
  });
  dialog.remove();
  return signedIn;
}

/**
 * Opens the dialog in which one signs in again, over everything that the page shows.
 *
 * Returns a promise of whether the person has signed in. Whoever asks while it is open waits for
 * the same answer.
 */
export function signInAgain() {
  running ??= ask().finally(() => {
    running = null;
  });
  return running;
}
