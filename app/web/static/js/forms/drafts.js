import { csrfToken, each, isContent } from "../dom.js";

const PAUSE_MS = 2500;
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

// What is typed is kept on the server every few seconds and offered when one comes back.
export function bindDrafts(root) {
  each(root, "form[data-draft]", async function drafts(form) {
    const address = form.dataset.draft;
    const offer = form.querySelector("[data-draft-offer]");
    let timer = 0;
    let sent = false;
    const send = (data) => fetch(address, { method: "POST", body: data, keepalive: true });
    const keep = async () => {
      timer = 0;
      const answer = await send(collect(form)).catch(() => null);
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
      timer = sent ? 0 : setTimeout(keep, PAUSE_MS);
    });
    form.addEventListener("submit", () => {
      sent = true;
      clearTimeout(timer);
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
