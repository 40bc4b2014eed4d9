import { toast } from "../dom.js";
import { isTyping } from "../shortcuts.js";

// The command palette: Ctrl-K, "/" where no list has a search box, or the button of the header.
// A combobox over a list of options; the focus stays in the field.
const WAIT = 120;
const RECENT_MOST = 8;

function recentKey(dialog) {
  return `careline.recent.${dialog.dataset.person}`;
}

function recentPaths(dialog) {
  try {
    const kept = JSON.parse(localStorage.getItem(recentKey(dialog)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((path) => typeof path === "string") : [];
  } catch {
    return [];
  }
}

// Only the address is kept in the browser: names of people stay on the server.
function remember(dialog) {
  if (!document.querySelector("[data-record]")) {
    return;
  }
  const root = document.body.dataset.root;
  const path = location.pathname.slice(root.length);
  const paths = [path, ...recentPaths(dialog).filter((other) => other !== path)];
  try {
    localStorage.setItem(recentKey(dialog), JSON.stringify(paths.slice(0, RECENT_MOST + 1)));
  } catch {
    // A browser that keeps nothing has no list of recent records; all else works.
    return;
  }
}

function fold(text) {
  return text.normalize("NFKC").toLowerCase();
}

function mark(label, words) {
  const text = label.textContent;
  const folded = fold(text);
  label.replaceChildren();
  // Folding may change the length of a text; then nothing is marked.
  const found = folded.length === text.length
    ? words.map((word) => [folded.indexOf(word), word.length]).filter(([at]) => at >= 0)
    : [];
  found.sort((one, other) => one[0] - other[0]);
  let place = 0;
  for (const [at, length] of found) {
    if (at < place) {
      continue;
    }
    const piece = document.createElement("mark");
    piece.textContent = text.slice(at, at + length);
    label.append(text.slice(place, at), piece);
    place = at + length;
  }
  label.append(text.slice(place));
}

class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("[data-palette-input]");
    this.list = dialog.querySelector("[role=listbox]");
    this.count = 0;
    this.loaded = false;
    this.input.addEventListener("input", () => this.search());
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.querySelector("[data-palette-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) {
        dialog.close();
        return;
      }
      const option = event.target.closest("[role=option]");
      if (option) {
        this.run(option);
      }
    });
    dialog.addEventListener("close", () => {
      this.request?.abort();
      clearTimeout(this.timer);
    });
  }

  slot(name) {
    return this.dialog.querySelector(`[data-palette-slot=${name}]`);
  }

  async fetchInto(name, address, signal) {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.slot(name).replaceChildren(...page.body.children);
  }

  async open(text = "") {
    if (this.dialog.open) {
      return;
    }
    this.input.value = text;
    this.slot("records").replaceChildren();
    this.slot("all").replaceChildren();
    this.showHere();
    this.dialog.showModal();
    this.input.focus();
    this.search();
    try {
      const asked = [];
      if (!this.loaded) {
        this.loaded = true;
        asked.push(this.fetchInto("commands", this.dialog.dataset.commands));
      }
      const here = location.pathname.slice(document.body.dataset.root.length);
      const paths = recentPaths(this.dialog).filter((path) => path !== here);
      if (paths.length) {
        const query = new URLSearchParams(paths.map((path) => ["path", path]));
        asked.push(this.fetchInto("recent", `${this.dialog.dataset.recent}?${query}`));
      }
      await Promise.all(asked);
    } catch {
      this.loaded = false;
      toast(document.body.dataset.textFailed);
    }
    this.show();
  }

  // What the record page offers now can be done from here as well.
  showHere() {
    const offers = [...document.querySelectorAll("main [data-offer]:not([aria-disabled=true]), main [data-edit]")];
    const group = this.group("here", this.dialog.dataset.textHere);
    const drawing = this.dialog.querySelector("[data-palette-icon]");
    for (const offer of offers) {
      const option = this.option(offer.textContent.trim(), drawing.content.cloneNode(true));
      option.pressed = offer;
      group.append(option);
    }
    this.slot("here").replaceChildren(...(offers.length ? [group] : []));
  }

  group(name, title) {
    const group = document.createElement("div");
    const heading = document.createElement("div");
    heading.className = "palette-heading";
    heading.id = `palette-${name}`;
    heading.textContent = title;
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", heading.id);
    group.append(heading);
    return group;
  }

  option(text, drawing) {
    const option = document.createElement("a");
    option.className = "palette-option";
    option.tabIndex = -1;
    option.setAttribute("role", "option");
    const label = document.createElement("span");
    label.className = "palette-label";
    label.dataset.paletteLabel = "";
    label.textContent = text;
    option.append(drawing, label);
    return option;
  }

  search() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.walkedTo = null;
    const text = this.input.value.trim();
    this.show();
    if (!text) {
      this.slot("records").replaceChildren();
      this.show();
      return;
    }
    this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    const request = new AbortController();
    this.request = request;
    this.dialog.setAttribute("aria-busy", "true");
    try {
      const query = new URLSearchParams({ q: text });
      await this.fetchInto("records", `${this.dialog.dataset.records}?${query}`, request.signal);
    } catch (error) {
      if (error.name !== "AbortError") {
        toast(document.body.dataset.textFailed);
      }
      return;
    } finally {
      if (this.request === request) {
        this.dialog.removeAttribute("aria-busy");
      }
    }
    this.show();
  }

  showAll(text) {
    const group = this.group("all", this.dialog.dataset.textRecords);
    const drawing = this.dialog.querySelector(".palette-field .icon").cloneNode(true);
    const option = this.option(this.dialog.dataset.textAll.replace("{text}", text), drawing);
    option.href = `${this.dialog.dataset.search}?${new URLSearchParams({ q: text })}`;
    option.dataset.paletteKeep = "";
    group.append(option);
    this.slot("all").replaceChildren(...(text ? [group] : []));
  }

  // Hides what does not fit, marks what does, and chooses the first line.
  show() {
    const typed = this.input.value.trim();
    const words = fold(typed).split(/\s+/).filter(Boolean);
    this.showAll(typed);
    const keep = this.slot("records");
    for (const option of this.list.querySelectorAll("[role=option]")) {
      const label = option.querySelector("[data-palette-label]");
      const known = fold(`${label.textContent} ${option.dataset.paletteKeys ?? ""}`);
      const fits = words.every((word) => known.includes(word));
      option.hidden = !fits && !keep.contains(option) && option.dataset.paletteKeep === undefined;
      mark(label, option.dataset.paletteKeep === undefined ? words : []);
    }
    for (const group of this.list.querySelectorAll("[role=group]")) {
      group.hidden = !group.querySelector("[role=option]:not([hidden])");
    }
    this.number();
  }

  number() {
    for (const option of this.list.querySelectorAll("[role=option]")) {
      option.removeAttribute("id");
      option.setAttribute("aria-selected", "false");
    }
    const options = this.options();
    options.forEach((option, place) => {
      option.id = `palette-option-${place}`;
    });
    // Records that arrive while somebody walks through the list do not move the choice.
    this.choose(Math.max(options.indexOf(this.walkedTo), 0));
    const found = options.filter((option) => option.dataset.paletteKeep === undefined).length;
    this.dialog.querySelector("[data-palette-empty]").hidden = found > 0 || !this.loaded;
    this.dialog.querySelector("[data-palette-status]").textContent =
      this.dialog.dataset.textCount.replace("{number}", String(found));
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]:not([hidden])")];
  }

  choose(place) {
    const options = this.options();
    this.place = Math.min(Math.max(place, 0), options.length - 1);
    for (const [number, option] of options.entries()) {
      option.setAttribute("aria-selected", String(number === this.place));
    }
    const chosen = options[this.place];
    this.input.setAttribute("aria-activedescendant", chosen?.id ?? "");
    if (this.place === 0) {
      this.list.scrollTop = 0;
    } else {
      chosen?.scrollIntoView({ block: "nearest" });
    }
  }

  key(event) {
    const options = this.options();
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps && options.length) {
      event.preventDefault();
      const step = steps[event.key];
      const next = this.place + step;
      const around = Math.abs(step) === 1 && (next < 0 || next >= options.length);
      this.choose(around ? (next + options.length) % options.length : next);
      this.walkedTo = options[this.place];
    } else if (event.key === "Enter" && event.target === this.input && !event.isComposing) {
      event.preventDefault();
      options[this.place]?.click();
    } else if (event.key === "Tab") {
      // Nothing else in here takes the focus: the field and its list are one control.
      event.preventDefault();
    }
  }

  run(option) {
    const pressed = option.pressed
      ?? (option.dataset.palettePress && document.querySelector(option.dataset.palettePress));
    this.dialog.close();
    pressed?.click();
  }
}

export function bindPalette() {
  const dialog = document.querySelector("[data-palette]");
  if (!dialog) {
    return;
  }
  remember(dialog);
  const palette = new Palette(dialog);
  for (const button of document.querySelectorAll("[data-palette-open]")) {
    button.addEventListener("click", () => palette.open());
  }
  document.addEventListener("keydown", (event) => {
    const controlled = event.ctrlKey || event.metaKey;
    const asked = controlled && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !controlled && !event.altKey && !isTyping(event.target);
    if (asked || (slash && !document.querySelector("main [data-shortcut='/']"))) {
      event.preventDefault();
      palette.open();
    }
  });
}
