import { each } from "../dom.js";

function fresh() {
  // Not randomUUID, which is there on https only.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A form for a new row carries a token. After Back the browser fills in what was typed, and the
// token is that of the same place in its history: so the server knows the form again. Without a
// script the page's own token still makes one row of a double click.
export function bindOnce(root) {
  each(root, "input[data-once]", function once(field) {
    field.value = history.state?.once ?? (field.value || fresh());
    history.replaceState({ ...history.state, once: field.value }, "");
  });
}
