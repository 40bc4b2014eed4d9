import { each } from "../dom.js";
import { library } from "../library.js";

// Lines in an order: what is dropped is sent at once; the buttons beside it do the same by keyboard.
export function bindArrange(root) {
  each(root, "[data-arrange]", (list) => {
    library("sortable.min.js", "Sortable").then((Sortable) => {
      Sortable.create(list, {
        handle: "[data-grip-row]", draggable: "li:not(.is-retired)", animation: 120,
        onEnd: (event) => {
          if (event.oldIndex !== event.newIndex) {
            document.getElementById(list.dataset.arrange).requestSubmit();
          }
        },
      });
      list.dataset.arrangeReady = "true";
    });
  });
}
