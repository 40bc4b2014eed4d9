import { each } from "../dom.js";

// Permissions of a role: tick a whole screen, search for one.
export function bindGrants(root) {
  each(root, "[data-grants]", function grants(section) {
    const groups = [...section.querySelectorAll("[data-grant-group]")];
    const boxes = (group) => [...group.querySelectorAll('input[name="grants"]')];
    const show = (group) => {
      const all = group.querySelector("[data-grant-all]");
      const chosen = boxes(group).filter((box) => box.checked).length;
      all.checked = chosen === boxes(group).length;
      all.indeterminate = chosen > 0 && !all.checked;
    };
    section.addEventListener("change", (event) => {
      const group = event.target.closest("[data-grant-group]");
      if (!group) {
        return;
      }
      if (event.target.matches("[data-grant-all]")) {
        for (const box of boxes(group)) {
          box.checked = event.target.checked;
        }
      }
      show(group);
    });
    section.querySelector("[data-grants-search]").addEventListener("input", (event) => {
      event.stopPropagation();
      const wanted = event.target.value.trim().toLowerCase();
      for (const group of groups) {
        const words = `${group.dataset.grantGroup} ${group.textContent}`.toLowerCase();
        group.hidden = !words.includes(wanted);
      }
    });
    section.querySelector("[data-grants-search]").addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
    groups.forEach(show);
  });
}
