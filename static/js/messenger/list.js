// The list of chats: a nudge names a chat, its row is fetched anew and stands by its time.
import { ask } from "./asking.js";

const PAUSE = 400;
const waiting = new Map();

const list = () => document.querySelector("[data-chat-list]");
const openChat = () => document.querySelector("[data-chat]")?.dataset.chat ?? "";

export function mountList() {
  for (const row of list()?.querySelectorAll("[data-chat-row]") ?? []) {
    if (row.dataset.chatRow === openChat()) row.setAttribute("aria-current", "page");
    else row.removeAttribute("aria-current");
  }
}

// Many messages in a moment cost one request; the random part keeps a class from asking at once.
export function refreshRow(chat) {
  if (waiting.has(chat)) return;
  waiting.set(chat, setTimeout(() => {
    waiting.delete(chat);
    fetchRow(chat).catch(() => {});
  }, PAUSE * Math.random()));
}

async function fetchRow(chat) {
  const rows = list();
  if (!rows) return;
  const isSearching = Boolean(document.querySelector("[data-list-search] input[name=q]")?.value);
  const old = document.getElementById(`row-${chat}`);
  if (isSearching && !old) return;
  if (rows.querySelector("[data-no-rows]")) {
    await refreshList();
    return;
  }
  const answer = await ask(rows.dataset.row.replace(/_$/, encodeURIComponent(chat)));
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const row = holder.content.firstElementChild;
  document.getElementById(`row-${chat}`)?.remove();
  const older = [...rows.querySelectorAll("[data-chat-row]")].find((one) => one.dataset.at < row.dataset.at);
  if (older) older.before(row);
  else rows.append(row);
  window.htmx.process(row);
  mountList();
  showTitle();
}

// After a lost connection nobody knows which rows have changed.
export async function refreshList() {
  const rows = list();
  const search = document.querySelector("[data-list-search] input[name=q]")?.value ?? "";
  if (!rows) return;
  const answer = await ask(`${rows.dataset.rows}?q=${encodeURIComponent(search)}`);
  rows.innerHTML = await answer.text();
  window.htmx.process(rows);
  mountList();
  showTitle();
}

// «(2) Чат с родителями»: how many chats have something unread.
export function showTitle() {
  const name = document.querySelector("[data-pane-title]")?.dataset.paneTitle;
  if (!name) return;
  const unread = [...(list()?.querySelectorAll("[data-chat-row]") ?? [])]
    .filter((row) => Number(row.dataset.unread) && row.dataset.chatRow !== openChat()).length;
  document.title = `${unread ? `(${unread}) ` : ""}${name}`;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "rows") mountList();
});
