import { each } from "../dom.js";

const ROW = 2;

// Cards of the home page keep their own height: each takes as many thin rows as it needs, so that a
// short card leaves no hole beside a tall one.
export function bindCards(root) {
  each(root, "[data-cards]", function packCards(grid) {
    const gap = parseFloat(getComputedStyle(grid).columnGap) || 0;
    const fit = (card) => {
      const tall = [...card.children].reduce((sum, part) => sum + part.offsetHeight, 2);
      card.style.gridRowEnd = `span ${Math.ceil((tall + gap) / ROW)}`;
    };
    const watch = new ResizeObserver((seen) => {
      // What has just been replaced by further cards is seen once more, outside of the page.
      const cards = seen.map((one) => one.target.closest("[data-cards] > *"));
      cards.filter(Boolean).forEach(fit);
    });
    const pack = (card) => {
      fit(card);
      [...card.children].forEach((part) => watch.observe(part));
    };
    [...grid.children].forEach(pack);
    // Further cards are loaded when they come into view.
    new MutationObserver((changes) => {
      for (const change of changes) {
        [...change.addedNodes].filter((node) => node instanceof Element).forEach(pack);
      }
    }).observe(grid, { childList: true });
    grid.classList.add("is-packed");
  });
}
