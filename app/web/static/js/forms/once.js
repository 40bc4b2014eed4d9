import { each } from "../dom.js";

function fresh() {
  // Not randomUUID, which is there on https only.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A form for a new row carries a token of its place in the history of the browser. After Back the
// browser fills in what was typed, the token is the same, and the server knows the form again.
export function bindOnce(root) {
  each(root, "input[data-once]", function once(field) {
    field.value ||= history.state?.once ?? fresh();
    history.replaceState({ ...history.state, once: field.value }, "");
  });
}
