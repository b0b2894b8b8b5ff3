// The keyboard: to the search, along the list, to the neighbouring chat, back. What a dialog, a menu
// or a field takes for itself (preventDefault) does not come here.
import { chatRows } from "./list.js";
import { toNewest } from "./scrolling.js";

const search = () => document.querySelector("[data-list-search] input[name=q]");
const links = () => [...document.querySelectorAll("#rows .chat-row-link, #rows .found")];
const isTyping = (element) => Boolean(element?.matches("input, textarea, select, [contenteditable]"));
const isBusy = () => Boolean(document.querySelector("dialog[open], [popover]:popover-open"));

const KEYS = {
  "/": (event) => !isTyping(event.target) && toSearch(),
  "k": (event) => (event.ctrlKey || event.metaKey) && toSearch(),
  "?": (event) => !isTyping(event.target) && Boolean(document.querySelector("[data-keys]")?.click() ?? true),
  "ArrowDown": (event) => along(event, 1),
  "ArrowUp": (event) => along(event, -1),
  "End": (event) => !(isTyping(event.target) && event.target.value) && toEnd(),
  "Escape": (event) => back(event),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || isBusy()) return;
  const act = KEYS[event.code === "KeyK" ? "k" : event.key];
  if (act?.(event)) event.preventDefault();
});

function toSearch() {
  search()?.select();
  search()?.focus();
  return Boolean(search());
}

function along(event, step) {
  if (event.altKey || (event.ctrlKey && !event.target.value)) return openNeighbour(step);
  const all = links();
  const here = all.indexOf(event.target.closest?.("#rows a"));
  if (event.target === search() && step > 0) return focus(all[0]);
  if (here < 0) return false;
  if (here + step < 0) return toSearch();
  return focus(all[here + step]);
}

function focus(link) {
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
  return true;
}

function openNeighbour(step) {
  const open = document.querySelector("[data-chat]")?.dataset.chat;
  const rows = chatRows();
  const here = rows.findIndex((row) => row.dataset.chatRow === open);
  const next = (here < 0 ? rows.at(step > 0 ? 0 : -1) : rows[here + step])?.querySelector("a");
  next?.scrollIntoView({ block: "nearest" });
  next?.click();
  return true;
}

function toEnd() {
  if (!document.querySelector("[data-history]")) return false;
  toNewest();
  return true;
}

// From the search to the whole list, from a chat to its row: one step at a time.
function back(event) {
  const field = search();
  if (event.target === field && field.value) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }
  const row = document.querySelector("#rows a[aria-current]") ?? links()[0];
  if (row?.checkVisibility()) return focus(row);
  document.querySelector("#chat [data-back]")?.click();
  return true;
}
