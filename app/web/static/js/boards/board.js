import { each, toast } from "../dom.js";
import { library } from "../library.js";

// Cards are dragged between columns; only columns that a way leads to take them. The ways stand in
// the card's own menu, which the keyboard uses.
async function ways(card) {
  const menu = card.querySelector("[data-moves]");
  if (!menu.querySelector("[data-move-to]")) {
    window.htmx.trigger(menu, "fetch");
    await new Promise((resolve) => {
      menu.addEventListener("htmx:afterSettle", resolve, { once: true });
      setTimeout(resolve, 4000);
    });
  }
  return [...menu.querySelectorAll("[data-move-to]")];
}

function light(board, found) {
  for (const lane of board.querySelectorAll("[data-lane]")) {
    const item = found?.find((one) => one.dataset.moveTo === lane.dataset.lane);
    lane.classList.toggle("is-way", Boolean(item) && item.dataset.moveBlocked === undefined);
    lane.classList.toggle("is-shut", Boolean(found) && (!item || item.dataset.moveBlocked !== undefined));
  }
}

function connect(board, Sortable) {
  let asked = null;
  for (const list of board.querySelectorAll("[data-lane-cards]")) {
    Sortable.create(list, {
      group: "board",
      sort: false,
      animation: 120,
      filter: ".dropdown",
      preventOnFilter: false,
      draggable: "[data-card]",
      onStart: async (event) => {
        const mine = ways(event.item);
        asked = mine;
        const found = await mine;
        if (asked === mine) {
          light(board, found);
        }
      },
      onEnd: async (event) => {
        const pending = asked;
        asked = null;
        light(board, null);
        if (event.to === event.from) {
          return;
        }
        // The card moves when the server says so; until then it stands where it was.
        event.from.insertBefore(event.item, event.from.children[event.oldIndex] ?? null);
        const lane = event.to.closest("[data-lane]").dataset.lane;
        const to = (await pending).filter((one) => one.dataset.moveTo === lane);
        const item = to.find((one) => one.dataset.moveBlocked === undefined);
        if (item) {
          item.click();
        } else {
          toast(to[0]?.dataset.moveBlocked || board.dataset.textNoWay, "warning");
        }
      },
    });
  }
}

export function bindBoard(root) {
  each(root, "[data-board][data-movable]", function bindCards(board) {
    library("sortable.min.js", "Sortable").then((Sortable) => connect(board, Sortable));
  });
}
