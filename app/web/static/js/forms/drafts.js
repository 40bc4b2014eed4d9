import { csrfToken, each, isContent, toast, whileShown } from "../dom.js";

const PAUSE_MS = 2500;
const MOST_MS = 1000;
const REST_MS = 400;
const LABEL = "label:";

function collect(form) {
  const data = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") {
      data.append(name, value);
    }
  }
  // A select that asks the server for choices does not know the label of a value by itself.
  for (const select of form.querySelectorAll("select[data-select-url]")) {
    for (const option of select.selectedOptions) {
      data.append(`${LABEL}${select.name}:${option.value}`, option.textContent);
    }
  }
  data.set("csrf_token", csrfToken());
  return data;
}

function choose(select, values, labels) {
  const control = select.tomselect;
  if (!control) {
    for (const option of select.options) {
      option.selected = values.includes(option.value);
    }
    return;
  }
  for (const value of values) {
    const label = labels[`${LABEL}${select.name}:${value}`];
    if (value && label && !control.options[value]) {
      control.addOption({ value, label: label[0], text: label[0] });
    }
  }
  control.setValue(select.multiple ? values.filter(Boolean) : values[0] ?? "");
}

function fill(form, values) {
  for (const element of form.elements) {
    const given = values[element.name];
    if (!given || element.name === "csrf_token") {
      continue;
    }
    if (element.tagName === "SELECT") {
      choose(element, given, values);
    } else if (["checkbox", "radio"].includes(element.type)) {
      element.checked = given.includes(element.value);
    } else if (element.type !== "hidden" || element.name === "version") {
      // With its own version a draft that has been overtaken ends in the choice between both.
      element.value = given[0];
    }
    if (given.some(Boolean) && element.type !== "hidden") {
      // What comes back is seen, also in a part that the form holds folded.
      element.closest("details")?.setAttribute("open", "");
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Says whether a form has been sent, from then until the page is left and shown again: what is
// typed belongs to what the server is saving by then, and must not arrive after it.
function sending(form, stop) {
  const state = { sent: false };
  form.addEventListener("submit", () => {
    state.sent = true;
    stop();
  });
  whileShown(form, window, "pageshow", () => {
    state.sent = false;
  });
  return state;
}

// A part of a form that is saved while one types: every second, and the rest after a short pause.
export function bindTyping(root) {
  each(root, "[data-saves-typing]", function typing(part) {
    const form = part.closest("form");
    let timer = 0;
    let unsavedSince = 0;
    let request = null;
    let isWaiting = false;
    const state = sending(form, () => {
      clearTimeout(timer);
      request?.abort();
    });
    const save = async () => {
      clearTimeout(timer);
      if (request) {
        // One after the other, in the order in which it was typed.
        isWaiting = true;
        return;
      }
      request = new AbortController();
      unsavedSince = 0;
      const { signal } = request;
      try {
        const body = new FormData(form);
        body.set("csrf_token", csrfToken());
        const answer = await fetch(part.dataset.savesTyping, { method: "POST", body, signal });
        if (!answer.ok) {
          const told = await answer.json().catch(() => ({}));
          toast(told.message || document.body.dataset.textFailed);
        }
      } catch {
        if (!signal.aborted) {
          toast(document.body.dataset.textOffline);
        }
      }
      request = null;
      if (isWaiting && !state.sent) {
        isWaiting = false;
        save();
      }
    };
    part.addEventListener("input", () => {
      clearTimeout(timer);
      if (state.sent) {
        return;
      }
      unsavedSince ||= Date.now();
      timer = setTimeout(save, Math.min(REST_MS, unsavedSince + MOST_MS - Date.now()));
    });
    part.addEventListener("change", () => state.sent || save());
  });
}

// What is typed is kept on the server every few seconds and offered when one comes back.
export function bindDrafts(root) {
  each(root, "form[data-draft]", async function drafts(form) {
    const address = form.dataset.draft;
    const offer = form.querySelector("[data-draft-offer]");
    let timer = 0;
    let kept = new AbortController();
    const state = sending(form, () => {
      clearTimeout(timer);
      kept.abort();
    });
    const send = (data, signal) =>
      fetch(address, { method: "POST", body: data, keepalive: true, signal });
    const keep = async () => {
      timer = 0;
      kept = new AbortController();
      const answer = await send(collect(form), kept.signal).catch(() => null);
      form.querySelector("[data-draft-kept]")?.toggleAttribute("hidden", !answer?.ok);
      if (answer) {
        // Without a session neither the token nor the person is known.
        const runs = ![400, 401].includes(answer.status);
        form.dispatchEvent(new CustomEvent("careline:heard", { detail: { runs } }));
      }
    };
    form.addEventListener("input", (event) => {
      if (!isContent(event)) {
        return;
      }
      clearTimeout(timer);
      timer = state.sent ? 0 : setTimeout(keep, PAUSE_MS);
    });
    if (form.dataset.guard !== "clean") {
      return;
    }
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    const held = answer?.ok ? await answer.json() : {};
    if (!held.values) {
      return;
    }
    const time = offer.querySelector("[data-draft-time]");
    time.dateTime = held.at;
    time.textContent = held.shown;
    offer.hidden = false;
    offer.querySelector("[data-draft-use]").addEventListener("click", () => {
      fill(form, held.values);
      offer.hidden = true;
    });
    offer.querySelector("[data-draft-discard]").addEventListener("click", () => {
      const data = new FormData();
      data.set("csrf_token", csrfToken());
      data.set("discard", "1");
      send(data);
      offer.hidden = true;
    });
  });
}
