import { each } from "./dom.js";

// Selection with the bulk bar, and J/K/Enter through the rows.
function selection(form) {
  const bar = form.querySelector("[data-bulk-bar]");
  const boxes = () => [...form.querySelectorAll('input[name="row"]')];
  const all = form.querySelector("[data-select-all]");
  if (!bar || !all) {
    return;
  }
  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    bar.querySelector("[data-bulk-count]").textContent = String(chosen);
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  };
  const setAll = (checked) => {
    for (const box of boxes()) {
      box.checked = checked;
    }
    show();
  };
  let last = null;
  form.addEventListener("click", (event) => {
    const box = event.target.closest('input[name="row"]');
    if (!box) {
      return;
    }
    if (event.shiftKey && last) {
      const list = boxes();
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      for (const between of list.slice(from, to + 1)) {
        between.checked = box.checked;
      }
    }
    last = box;
    show();
  });
  form.addEventListener("change", (event) => {
    if (event.target === all) {
      setAll(all.checked);
    } else {
      show();
    }
  });
  bar.querySelector("[data-bulk-clear]").addEventListener("click", () => setAll(false));
  show();
}

function keys(page) {
  const rows = () => [...page.querySelectorAll("tbody tr[data-row]")];
  let place = -1;
  const go = (step) => {
    const list = rows();
    if (!list.length) {
      return;
    }
    list[place]?.classList.remove("current");
    place = Math.min(Math.max(place + step, 0), list.length - 1);
    list[place].classList.add("current");
    list[place].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, .modal")) {
      return;
    }
    const current = rows()[place];
    if (event.key === "j") {
      go(1);
    } else if (event.key === "k") {
      go(-1);
    } else if (event.key === "x" && current) {
      current.querySelector('input[name="row"]')?.click();
    } else if (event.key === "Enter" && current && !event.target.closest("a, button, input")) {
      current.querySelector(".row-link")?.click();
    }
  });
}

export function bindList(root) {
  each(root, "[data-bulk-form]", selection);
  each(root, "[data-list]", keys);
  each(root, "[data-record]", function steps(page) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, .modal, .ts-wrapper")) {
        return;
      }
      const target = { j: "[data-step=next]", k: "[data-step=previous]", e: "[data-edit]" }[event.key];
      if (target) {
        page.querySelector(target)?.click();
      }
    });
  });
}
