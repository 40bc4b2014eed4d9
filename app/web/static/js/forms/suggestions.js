import { csrfToken, each } from "../dom.js";

const PAUSE_MS = 350;
const TEXT_FIELDS = "textarea[name], input[type='text'][name], input:not([type])[name]";

// What is chosen in the form, by its label: a product, a channel.
function context(form) {
  return [...form.querySelectorAll("select[name]")]
    .flatMap((select) => [...select.selectedOptions])
    .filter((option) => option.value)
    .map((option) => option.textContent.trim())
    .join("\n");
}

// Suggestions below a field while somebody types: asked for after a pause, one tab stop, reached
// from the fields with Alt and arrow down; Escape leads back.
export function bindSuggestions(root) {
  each(root, "[data-suggestions]", function suggestions(panel) {
    const form = panel.closest("form");
    const list = panel.querySelector("[data-suggestion-list]");
    const status = panel.querySelector("[data-suggestion-status]");
    const { said } = panel.dataset;
    const sources = panel.dataset.from.split(" ").map((name) => form.elements[name]).filter(Boolean);
    const opened = new Set();
    let last = sources.at(-1) ?? form.elements[panel.dataset.into];
    let timer = 0;
    let request = 0;
    let asked = "";

    const texts = () => [...form.querySelectorAll(TEXT_FIELDS)].filter((field) => !panel.contains(field));
    const body = () => {
      const data = new FormData();
      data.set("csrf_token", csrfToken());
      data.set("record", panel.dataset.record);
      data.set("text", [said, ...sources.map((field) => field.value)].join("\n").trim());
      data.set("all_text", texts().map((field) => field.value).filter(Boolean).join("\n"));
      data.set("context", context(form));
      return data;
    };
    const summaries = () => [...list.querySelectorAll("summary")];
    const rove = (chosen) => summaries().forEach((one, at) => {
      one.tabIndex = one === chosen || (!chosen && at === 0) ? 0 : -1;
    });
    const ask = async () => {
      const data = body();
      const held = JSON.stringify([...data]);
      if (held === asked || list.contains(document.activeElement)) {
        return;
      }
      asked = held;
      request += 1;
      const mine = request;
      if (!said && !data.get("all_text").trim()) {
        list.replaceChildren();
        return;
      }
      const answer = await fetch(panel.dataset.suggestions, { method: "POST", body: data }).catch(() => null);
      if (mine !== request || !answer?.ok) {
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine === request && !list.contains(document.activeElement)) {
        list.replaceChildren(...page.body.childNodes);
        rove(null);
        status.textContent = summaries().length ? panel.dataset.textFound : "";
      }
    };
    const note = (name, use) => {
      const data = body();
      data.set("name", name);
      data.set("use", use);
      return fetch(panel.dataset.used, { method: "POST", body: data, keepalive: true }).catch(() => null);
    };
    const insert = (text) => {
      const into = form.elements[panel.dataset.into] ?? last;
      const gap = into.value && !into.value.endsWith("\n") ? "\n" : "";
      into.setRangeText(gap + text, into.value.length, into.value.length, "end");
      into.dispatchEvent(new Event("input", { bubbles: true }));
      into.focus();
    };
    // A new record is told of its answers when it is saved; one that is there already at once.
    const answered = (button, name) => {
      const taken = button.getAttribute("aria-pressed") !== "true";
      const held = form.querySelector(`input[name="suggestion_answered"][value="${CSS.escape(name)}"]`);
      if (panel.dataset.record.includes(":")) {
        if (taken) {
          note(name, "answered");
        }
      } else if (taken && !held) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name: "suggestion_answered", value: name });
        form.append(field);
      } else if (!taken) {
        held?.remove();
      }
      button.setAttribute("aria-pressed", String(taken));
    };

    form.addEventListener("input", (event) => {
      if (panel.contains(event.target)) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    });
    form.addEventListener("focusin", (event) => {
      if (event.target.matches("textarea") && !panel.contains(event.target)) {
        last = event.target;
      }
    });
    form.addEventListener("keydown", (event) => {
      const rows = summaries();
      if (event.altKey && event.key === "ArrowDown" && rows.length && event.target.matches(TEXT_FIELDS)) {
        event.preventDefault();
        rows[0].focus();
        rove(rows[0]);
      }
    });
    panel.addEventListener("keydown", (event) => {
      const rows = summaries();
      const at = rows.indexOf(document.activeElement);
      if (event.key === "Escape") {
        last.focus();
      } else if (at >= 0 && ["ArrowDown", "ArrowUp"].includes(event.key)) {
        const next = rows[(at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length];
        next.focus();
        rove(next);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener("toggle", (event) => {
      const { suggestion } = event.target.dataset;
      if (event.target.open && suggestion && !opened.has(suggestion)) {
        opened.add(suggestion);
        note(suggestion, "opened");
      }
    }, true);
    list.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-suggestion-use]");
      if (!button) {
        return;
      }
      const shown = button.closest("[data-suggestion]");
      const use = button.dataset.suggestionUse;
      if (use === "answered") {
        answered(button, shown.dataset.suggestion);
      } else if (use === "inserted") {
        note(shown.dataset.suggestion, use);
        insert(shown.dataset.suggestionText);
      } else if ((await note("", use))?.ok) {
        button.disabled = true;
        status.textContent = panel.dataset.textNoted;
      }
    });
    if (said || texts().some((field) => field.value)) {
      ask();
    }
  });
}
