// «@»: names of this chat offered while one types; arrows choose, Enter or Tab takes, Esc closes.
import { ask } from "./asking.js";
import { currentHistory } from "./history.js";

const MOST = 8;
const known = new Map();
let field;
let started = -1;

const box = () => document.querySelector("[data-suggestions]");
const options = () => [...(box()?.querySelectorAll("[role=option]") ?? [])];
const chosen = () => options().findIndex((one) => one.getAttribute("aria-selected") === "true");

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-composer-text]")) look(event.target);
});
document.addEventListener("click", (event) => {
  const option = event.target.closest("[data-suggestions] [role=option]");
  if (option) take(option);
  else if (!event.target.matches("[data-composer-text]")) close();
});
document.addEventListener("focusout", (event) => {
  if (event.target === field && !box()?.contains(event.relatedTarget)) setTimeout(close, 150);
});

async function look(target) {
  field = target;
  const before = field.value.slice(0, field.selectionStart);
  const found = before.match(/(?:^|[^\p{L}\p{N}_@])@([\p{L}\p{N}_-]*(?: [\p{L}-]*)?)$/u);
  if (!found) return close();
  started = before.length - found[1].length;
  const chat = currentHistory()?.closest("[data-chat]").dataset.chat;
  const names = await namesOf(chat);
  if (field.value.slice(0, field.selectionStart) !== before) return undefined;
  return show(names, fold(found[1]));
}

// Asked once a chat and page: who comes meanwhile can still be called by the whole name.
function namesOf(chat) {
  if (!known.has(chat)) {
    const asked = ask(`${currentHistory().dataset.page}/mentions`)
      .then(async (answer) => {
        const holder = document.createElement("template");
        holder.innerHTML = await answer.text();
        return [...holder.content.querySelectorAll("[role=option]")];
      })
      .catch(() => {
        known.delete(chat);
        return [];
      });
    known.set(chat, asked);
  }
  return known.get(chat);
}

const fold = (text) => text.toLowerCase().replaceAll("ё", "е");

function show(names, start) {
  const fitting = names.filter((one) => {
    const name = fold(one.dataset.mention);
    return name.startsWith(start) || name.split(" ").some((part) => part.startsWith(start));
  }).slice(0, MOST);
  const list = box();
  if (!list || !fitting.length) return close();
  list.replaceChildren(...fitting.map((one, index) => {
    const option = one.cloneNode(true);
    option.id = `mention-${index}`;
    return option;
  }));
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  select(0);
  return undefined;
}

function select(index) {
  const all = options();
  all.forEach((one, place) => one.setAttribute("aria-selected", String(place === index)));
  all[index]?.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", all[index]?.id ?? "");
}

function take(option) {
  const name = `${option.dataset.mention} `;
  field.setRangeText(name, started, field.selectionStart, "end");
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function close() {
  const list = box();
  if (!list || list.hidden) return;
  list.hidden = true;
  field?.setAttribute("aria-expanded", "false");
  field?.removeAttribute("aria-activedescendant");
}

// Before the composer hears the key.
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-composer-text]") || box()?.hidden !== false) return;
  const count = options().length;
  if (event.key === "ArrowDown") select((chosen() + 1) % count);
  else if (event.key === "ArrowUp") select((chosen() - 1 + count) % count);
  else if (event.key === "Enter" || event.key === "Tab") take(options()[chosen()]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
