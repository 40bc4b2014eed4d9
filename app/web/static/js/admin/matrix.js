import { each } from "../dom.js";

// The table of permissions and roles: search, only what differs, how much is changed.
export function bindMatrix(root) {
  each(root, "[data-matrix]", (form) => {
    const search = form.querySelector("[data-matrix-search]");
    const only = form.querySelector("[data-matrix-changed]");
    const count = form.querySelector("[data-matrix-count]");
    const changed = (box) => box.checked !== box.defaultChecked;
    const boxes = [...form.querySelectorAll('td input[type="checkbox"]')];

    function show() {
      const wanted = search.value.trim().toLowerCase();
      let category = null;
      let any = false;
      for (const part of form.querySelectorAll("[data-matrix-category], [data-matrix-group]")) {
        if (part.matches("[data-matrix-category]")) {
          category = part;
          category.hidden = true;
          continue;
        }
        const whole = part.dataset.matrixGroup.toLowerCase().includes(wanted);
        let shown = 0;
        for (const line of part.querySelectorAll("[data-matrix-line]")) {
          const fits = whole || line.dataset.matrixLine.toLowerCase().includes(wanted);
          const differs = line.querySelector(".matrix-mark") !== null
            || [...line.querySelectorAll("input")].some(changed);
          line.hidden = !fits || (only.checked && !differs);
          shown += line.hidden ? 0 : 1;
        }
        part.hidden = shown === 0;
        if (shown) {
          category.hidden = false;
          any = true;
        }
      }
      form.querySelector("[data-matrix-empty]").hidden = any;
    }

    search.addEventListener("input", (event) => {
      event.stopPropagation();
      show();
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
    only.addEventListener("change", (event) => {
      event.stopPropagation();
      show();
    });
    form.addEventListener("change", (event) => {
      event.target.closest("td")?.classList.toggle("is-changed", changed(event.target));
      const number = boxes.filter(changed).length;
      if (count) {
        count.textContent = number ? count.dataset.text.replace("{number}", number) : "";
      }
    });
    // Arrows go from box to box, as in a table of numbers.
    form.addEventListener("keydown", (event) => {
      const cell = event.target.closest("td");
      const row = cell?.parentElement;
      if (!row || event.target.type !== "checkbox") {
        return;
      }
      const rows = [...form.querySelectorAll("[data-matrix-line]")].filter(
        (line) => !line.hidden && !line.closest("tbody").hidden,
      );
      const place = rows.indexOf(row);
      const target = {
        ArrowRight: cell.nextElementSibling,
        ArrowLeft: cell.previousElementSibling,
        ArrowDown: rows[place + 1]?.cells[cell.cellIndex],
        ArrowUp: rows[place - 1]?.cells[cell.cellIndex],
      }[event.key];
      const box = target?.querySelector("input");
      if (box) {
        event.preventDefault();
        box.focus();
      }
    });
  });
}
