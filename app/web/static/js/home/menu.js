import { csrfToken, each, toast } from "../dom.js";

// The menu: groups that fold, numbers of what waits, favourites. All of it by delegation: the menu
// is drawn anew whenever favourites change.
const FRESH_MS = 60_000;
const KEPT = "careline.waiting";

const menu = () => document.querySelector("[data-menu]");

function post(url, values) {
  return fetch(url, {
    method: "POST", body: new URLSearchParams(values), headers: { "X-CSRFToken": csrfToken() },
  });
}

function fill(badge, text) {
  badge.replaceChildren();
  badge.hidden = !text;
  if (text) {
    const note = document.createElement("span");
    note.className = "visually-hidden";
    note.textContent = ` ${menu().dataset.textWaiting}`;
    badge.append(text, note);
  }
}

function show(answer) {
  for (const badge of document.querySelectorAll("[data-waiting]")) {
    fill(badge, answer.counts[badge.dataset.waiting]);
  }
  for (const badge of document.querySelectorAll("[data-waiting-sum]")) {
    const texts = badge.dataset.waitingSum.split(" ").map((name) => answer.counts[name] ?? "0");
    const sum = texts.reduce((whole, text) => whole + Number.parseInt(text, 10), 0);
    fill(badge, sum > 99 || texts.includes("99+") ? "99+" : sum ? String(sum) : "");
  }
  for (const line of document.querySelectorAll("[data-favourite]")) {
    const title = line.querySelector("[data-view-title]");
    const text = answer.views[line.dataset.favourite];
    if (title && text) {
      title.textContent = text;
    }
    line.hidden = Boolean(title) && !text;
  }
}

function draw(html) {
  const sidebar = document.querySelector("#sidebar");
  const top = menu().scrollTop;
  sidebar.innerHTML = html;
  menu().scrollTop = top;
}

function kept() {
  try {
    const answer = JSON.parse(sessionStorage.getItem(KEPT));
    return answer?.language === document.documentElement.lang ? answer : null;
  } catch {
    return null;
  }
}

async function ask() {
  try {
    const active = menu().dataset.menuActive;
    const response = await fetch(`${menu().dataset.menu}?${new URLSearchParams({ active })}`, {
      headers: { Accept: "application/json" },
    });
    if (response.ok) {
      const answer = await response.json();
      if (answer.menu) {
        draw(answer.menu);
        showPin();
      }
      show(answer);
      delete answer.menu;
      const { lang } = document.documentElement;
      sessionStorage.setItem(KEPT, JSON.stringify({ ...answer, at: Date.now(), language: lang }));
    }
  } catch {
    // The server is away for a moment; the next page asks again.
  }
}

/** Returns what the star of the page pins: the list, or the saved view that is open. */
function pinned(button) {
  const view = new URLSearchParams(location.search).get("view");
  return view && view !== "plain" ? `${button.dataset.pin}:${view}` : button.dataset.pin;
}

function showPin() {
  const button = document.querySelector("[data-pin]");
  if (button) {
    const item = CSS.escape(pinned(button));
    const is = document.querySelector(`[data-favourite="${item}"]`) !== null;
    button.setAttribute("aria-pressed", String(is));
  }
}

async function pin(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  const response = await post(button.dataset.pinUrl, {
    item: pinned(button), pinned: on ? "1" : "0", active: menu().dataset.menuActive,
  });
  if (response.status === 422) {
    toast(await response.text());
  } else if (response.ok) {
    draw(await response.text());
    showPin();
    ask();
  } else {
    toast(document.body.dataset.textFailed);
  }
}

/** Fills a group with the lines that the page came without; returns whether they are there. */
async function fillGroup(group) {
  const active = menu().dataset.menuActive;
  try {
    const response = await fetch(`${group.dataset.lines}?${new URLSearchParams({ active })}`);
    if (!response.ok || response.redirected) {
      return false;
    }
    group.innerHTML = await response.text();
  } catch {
    return false;
  }
  delete group.dataset.lines;
  const known = kept();
  if (known) {
    show(known);
  } else {
    ask();
  }
  return true;
}

async function fold(button) {
  const unfolded = button.getAttribute("aria-expanded") !== "true";
  const group = document.getElementById(button.getAttribute("aria-controls"));
  if (unfolded && group.dataset.lines && !(await fillGroup(group))) {
    toast(document.body.dataset.textFailed);
    return;
  }
  button.setAttribute("aria-expanded", String(unfolded));
  group.hidden = !unfolded;
  const values = { group: button.dataset.fold, unfolded: unfolded ? "1" : "0" };
  // What is not kept is folded as before on the next page; nothing is lost.
  post(menu().dataset.menuFold, values).catch(() => {});
}

async function unfoldWhole(button) {
  const group = button.closest(".menu-group");
  const shown = group.querySelectorAll("a").length;
  const name = button.dataset.foldRest;
  if (!(await fillGroup(group))) {
    toast(document.body.dataset.textFailed);
    return;
  }
  group.querySelectorAll("a")[shown]?.focus();
  // From now on the group comes whole.
  post(menu().dataset.menuFold, { group: name, unfolded: "1" }).catch(() => {});
}

export function bindMenu() {
  if (!menu()) {
    return;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-fold], [data-fold-rest], [data-pin]");
    if (button?.matches("[data-fold-rest]")) {
      unfoldWhole(button);
    } else if (button) {
      (button.matches("[data-pin]") ? pin : fold)(button);
    }
  });
  // Whatever is written may change what waits.
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post") {
      sessionStorage.removeItem(KEPT);
    }
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig?.verb !== "get") {
      ask();
    }
  });
  for (const name of ["popstate", "htmx:pushedIntoHistory", "htmx:replacedInHistory"]) {
    addEventListener(name, showPin);
  }
  showPin();
  const known = kept();
  if (known) {
    show(known);
  }
  if (!known || Date.now() - known.at > FRESH_MS) {
    ask();
  }
}

// The page Administration: a search over its lines.
export function bindSubjects(root) {
  each(root, "[data-subjects-search]", function subjects(search) {
    const empty = document.querySelector("[data-subjects-empty]");
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLowerCase();
      let any = false;
      for (const card of document.querySelectorAll("[data-subject]")) {
        const whole = card.dataset.subject.toLowerCase().includes(wanted);
        let shown = false;
        for (const line of card.querySelectorAll("[data-subject-line]")) {
          line.hidden = !whole && !line.dataset.subjectLine.toLowerCase().includes(wanted);
          shown ||= !line.hidden;
        }
        card.hidden = !shown;
        any ||= shown;
      }
      empty.hidden = any;
    });
  });
}
