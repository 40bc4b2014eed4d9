import { csrfToken, each } from "../dom.js";
import { library } from "../library.js";

// The order of columns: dragged, or up and down by button; the form sends them as they stand.
function order(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) {
      return;
    }
    const line = button.closest("li");
    if (button.dataset.move === "up" && line.previousElementSibling) {
      line.previousElementSibling.before(line);
    } else if (button.dataset.move === "down" && line.nextElementSibling) {
      line.nextElementSibling.after(line);
    }
    button.focus();
  });
  const lines = form.querySelector("[data-sortable]");
  if (lines) {
    library("sortable.min.js", "Sortable").then((Sortable) => {
      Sortable.create(lines, { handle: "[data-grip-row]", animation: 120 });
    });
  }
}

const NARROWEST = 48;
const STEP = 16;

// Widths of columns: from the first change on every column keeps the width it has.
function fix(table) {
  if (!table.classList.contains("sized")) {
    const widths = [...table.tHead.rows[0].cells].map((cell) => cell.offsetWidth);
    [...table.tHead.rows[0].cells].forEach((cell, place) => {
      cell.width = String(widths[place]);
    });
    table.classList.add("sized");
    fitTable(table);
  }
}

function fitTable(table) {
  const cells = [...table.tHead.rows[0].cells];
  table.setAttribute("width", String(cells.reduce((sum, cell) => sum + Number(cell.width), 0)));
}

function setWidth(grip, width) {
  const head = grip.closest("th");
  head.width = String(Math.max(Math.round(width), NARROWEST));
  grip.setAttribute("aria-valuenow", head.width);
  fitTable(head.closest("table"));
}

function keep(table) {
  const body = new URLSearchParams({ csrf_token: csrfToken(), view: table.dataset.view });
  for (const head of table.tHead.querySelectorAll("th[data-column]")) {
    body.append(head.dataset.column, head.width);
  }
  fetch(table.dataset.widthsUrl, { method: "POST", body });
}

function widths(table) {
  let drag = null;
  table.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) {
      return;
    }
    event.preventDefault();
    fix(table);
    grip.setPointerCapture(event.pointerId);
    drag = { grip, from: event.clientX, width: Number(grip.closest("th").width) };
  });
  table.addEventListener("pointermove", (event) => {
    if (drag) {
      setWidth(drag.grip, drag.width + event.clientX - drag.from);
    }
  });
  table.addEventListener("pointerup", () => {
    if (drag) {
      drag = null;
      keep(table);
    }
  });
  table.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (grip && way) {
      event.preventDefault();
      fix(table);
      setWidth(grip, Number(grip.closest("th").width) + way);
      keep(table);
    }
  });
}

export function bindColumns(root) {
  each(root, "[data-columns]", order);
  each(root, "table[data-widths-url]", widths);
}
