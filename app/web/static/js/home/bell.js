import { toast } from "../dom.js";

// The number at the bell and at the tray of jobs: one small question a minute while the page is
// looked at, every few seconds while a job runs. The answer is empty when nothing has changed.
const SLOW = 60_000;
const QUICK = 3_000;

export function bindBell() {
  const tools = document.querySelector("[data-bell]");
  if (!tools) {
    return;
  }
  const badge = tools.querySelector("[data-bell-number]");
  const tray = tools.querySelector("[data-tray]");
  let known = "";
  let running = 0;
  let timer;

  function show(answer) {
    if (tray && running > answer.running) {
      // What has just ended is worth a look: the tray stays until the page is left.
      toast(tray.dataset.textEnded, "info");
      document.body.dispatchEvent(new CustomEvent("jobs:changed"));
    }
    running = answer.running;
    known = `${answer.unread}.${answer.running}.${answer.news}`;
    const bar = document.querySelector("#announcements");
    if (answer.news > 0) {
      window.htmx.ajax("GET", bar.dataset.url, { target: bar });
    } else {
      bar.replaceChildren();
    }
    badge.hidden = answer.unread === 0;
    badge.querySelector("[data-bell-label]").textContent = answer.label;
    if (tray) {
      tray.hidden = tray.hidden && running === 0;
      tray.classList.toggle("is-running", running > 0);
    }
  }

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) {
      return;
    }
    try {
      const answer = await fetch(`${tools.dataset.bell}?${new URLSearchParams({ known })}`, {
        headers: { Accept: "application/json" },
      });
      if (answer.status === 401) {
        return;
      }
      if (answer.status === 200) {
        show(await answer.json());
      }
    } catch {
      // The server is away for a moment; the next question comes in time.
      running = 0;
    }
    timer = setTimeout(ask, running ? QUICK : SLOW);
  }

  document.addEventListener("visibilitychange", ask);
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.closest?.(".panel-menu")) {
      ask();
    }
  });
  document.body.addEventListener("content:drawn", ask);
  ask();
}
