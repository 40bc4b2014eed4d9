import { each } from "../dom.js";

// Small behaviours of the record page: what the timeline shows, printing, leaving a field alone.
export function bindRecord(root) {
  each(root, "[data-timeline-filter]", function timelineFilter(bar) {
    const part = bar.parentElement;
    const narrow = () => {
      const chosen = bar.querySelector("[aria-pressed=true]").dataset.show;
      const kinds = chosen.split(" ").filter(Boolean);
      for (const entry of part.querySelectorAll(".entry")) {
        entry.hidden = kinds.length > 0 && !kinds.includes(entry.dataset.kind);
      }
      for (const folded of part.querySelectorAll(".noise")) {
        folded.hidden = kinds.length > 0;
      }
    };
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-show]");
      if (button) {
        for (const other of bar.querySelectorAll("button")) {
          other.setAttribute("aria-pressed", String(other === button));
        }
        narrow();
      }
    });
    // Earlier entries that come in later keep to what was chosen.
    part.addEventListener("htmx:load", narrow);
  });
  each(root, "[data-show-empty]", function showEmpty(button) {
    button.addEventListener("click", () => {
      const shown = button.parentElement.classList.toggle("shows-empty");
      button.setAttribute("aria-expanded", String(shown));
    });
  });
  each(root, "[data-choose-all]", function chooseAll(bar) {
    bar.hidden = false;
    bar.addEventListener("click", (event) => {
      const kept = event.target.closest("button[data-choose]")?.dataset.choose;
      for (const radio of kept ? bar.closest("form").querySelectorAll(`input[value="${kept}"]`) : []) {
        if (radio.name.startsWith("keep__")) {
          radio.checked = true;
        }
      }
    });
  });
  each(root, "[data-print]", function print(button) {
    button.addEventListener("click", () => {
      for (const folded of document.querySelectorAll(".record-side details")) {
        folded.open = true;
      }
      window.print();
    });
  });
  each(root, "form[data-fact-form]", function factForm(form) {
    const place = form.closest("dd");
    form.querySelector(".field input:not([type=hidden]), .field select, .field textarea")?.focus();
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        form.querySelector("[data-fact-cancel]").click();
      }
    });
    place?.classList.add("is-open");
  });
}
