import { each } from "./dom.js";

// A form for a new row carries a token of its page. Written by a script, the browser keeps it with
// what was typed: after Back the same page is sent again, and the server knows it.
export function bindOnce(root) {
  each(root, "input[data-once]", function once(field) {
    // Not randomUUID, which is there on https only.
    field.value ||= Array.from(crypto.getRandomValues(new Uint8Array(16)),
      (byte) => byte.toString(16).padStart(2, "0")).join("");
  });
}
