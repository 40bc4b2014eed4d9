import { each } from "../dom.js";

const TYPED = /(?:^|[^A-Za-z0-9_.+@-])@([^\s@]{0,30})$/;
const PAUSE_MS = 150;

// "@" and a few letters in a comment offer colleagues who may see the record.
export function bindMentions(root) {
  each(root, "[data-mentions]", function mentions(area) {
    const box = area.querySelector("textarea");
    const list = document.createElement("ul");
    list.className = "mention-list";
    list.id = `${box.id}-people`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", area.dataset.textPeople);
    list.hidden = true;
    area.append(list);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    let chosen = 0;
    let timer = 0;
    let request = 0;

    const typed = () => TYPED.exec(box.value.slice(0, box.selectionStart));
    const close = () => {
      request += 1;
      list.hidden = true;
      list.replaceChildren();
      box.removeAttribute("aria-activedescendant");
    };
    const mark = (place) => {
      const items = [...list.children];
      if (!items.length) {
        return;
      }
      chosen = (place + items.length) % items.length;
      items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
      box.setAttribute("aria-activedescendant", items[chosen].id);
    };
    const take = (person) => {
      const match = typed();
      if (!match) {
        return close();
      }
      const from = box.selectionStart - match[1].length;
      const name = person.name.replaceAll(" ", "·");
      box.setRangeText(`${name} `, from, box.selectionStart, "end");
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "mention", value: person.id });
      field.dataset.name = name;
      box.form.append(field);
      close();
      box.focus();
      return undefined;
    };
    const show = (people) => {
      list.replaceChildren(...people.map((person, at) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${at}`;
        item.setAttribute("role", "option");
        const name = document.createElement("strong");
        name.textContent = person.name;
        const remark = document.createElement("span");
        remark.textContent = person.remark;
        item.append(name, " ", remark);
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(person);
        });
        item.person = person;
        return item;
      }));
      list.hidden = people.length === 0;
      if (people.length) {
        mark(0);
      }
    };
    const ask = async (text) => {
      request += 1;
      const mine = request;
      const query = new URLSearchParams({ q: text });
      const answer = await fetch(`${area.dataset.mentions}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
      if (mine === request && answer?.ok) {
        show((await answer.json()).people);
      }
    };
    box.addEventListener("input", () => {
      clearTimeout(timer);
      const match = typed();
      if (match) {
        timer = setTimeout(() => ask(match[1]), PAUSE_MS);
      } else {
        close();
      }
    });
    box.addEventListener("keydown", (event) => {
      if (list.hidden) {
        return;
      }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        mark(chosen + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" || event.key === "Tab") {
        take(list.children[chosen].person);
      } else if (event.key === "Escape") {
        close();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    box.addEventListener("blur", close);
    // Whom the text no longer names is not told.
    box.form.addEventListener("htmx:configRequest", (event) => {
      const kept = [...box.form.querySelectorAll("input[name=mention]")].filter((field) => box.value.includes(`@${field.dataset.name}`));
      event.detail.formData.delete("mention");
      kept.forEach((field) => event.detail.formData.append("mention", field.value));
    });
  });
}
