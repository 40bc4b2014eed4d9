import { each } from "../dom.js";

function read(line) {
  const at = line.indexOf("=");
  const [english, ...chinese] = line.slice(at + 1).split("|");
  return { chinese: chinese.join("|").trim(), english: english.trim(), value: line.slice(0, Math.max(at, 0)).trim() };
}

function write({ chinese, english, value }) {
  const labels = chinese ? `${english} | ${chinese}` : english;
  // A label with the sign of an identifier is not taken for one.
  return value || labels.includes("=") ? `${value} = ${labels}` : labels;
}

function button(sign, text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-icon btn-ghost";
  made.textContent = sign;
  made.title = text;
  made.setAttribute("aria-label", text);
  made.addEventListener("click", press);
  return made;
}

// Values to choose from as rows of a small table instead of lines with signs between their parts.
// The text area stays what the form sends, and is what one sees without scripts.
class ChoiceRows {
  constructor(area) {
    this.area = area;
    this.texts = area.dataset;
    this.rows = document.createElement("div");
    this.rows.className = "choice-rows";
    const lines = area.value.split("\n").filter((line) => line.trim());
    for (const line of [...lines, ""]) {
      this.add(read(line));
    }
    area.classList.add("d-none");
    // It tells of the signs in a line.
    area.closest(".field").querySelector(".form-hint")?.classList.add("d-none");
    area.after(this.rows);
    this.rows.addEventListener("input", (event) => this.changed(event.target));
  }

  add(held) {
    const row = document.createElement("div");
    row.className = "choice-row";
    for (const part of ["chinese", "english", "value"]) {
      const input = document.createElement("input");
      input.className = "form-control";
      input.dataset.part = part;
      input.value = held[part];
      input.placeholder = this.texts[part];
      input.setAttribute("aria-label", this.texts[part]);
      input.maxLength = 120;
      row.append(input);
    }
    row.append(
      button("↑", this.texts.up, () => {
        row.previousElementSibling?.before(row);
        this.keep();
        row.querySelector("button").focus();
      }),
      button("×", this.texts.remove, () => {
        const next = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        this.keep();
        next?.querySelector("input").focus();
      }),
    );
    this.rows.append(row);
  }

  changed(input) {
    // There is always an empty row to go on in.
    if (input.closest(".choice-row") === this.rows.lastElementChild && input.value) {
      this.add(read(""));
    }
    this.keep();
  }

  keep() {
    if (!this.rows.lastElementChild || this.filled(this.rows.lastElementChild)) {
      this.add(read(""));
    }
    this.area.value = [...this.rows.children].map((row) => this.filled(row)).filter(Boolean).join("\n");
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  filled(row) {
    const held = {};
    for (const input of row.querySelectorAll("[data-part]")) {
      // The sign between the labels is no part of one.
      held[input.dataset.part] = input.value.replaceAll(input.dataset.part === "value" ? /[=|]/g : "|", " ").trim();
    }
    return held.english || held.chinese ? write(held) : "";
  }
}

export function bindChoiceRows(root) {
  each(root, "textarea[data-choice-rows]", function choiceRows(area) {
    new ChoiceRows(area);
  });
}
