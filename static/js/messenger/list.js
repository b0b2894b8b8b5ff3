// The list of chats: a nudge names a chat, its row is fetched anew and stands by its order.
import { ask } from "./asking.js";
import { showDrafts } from "./drafts.js";

const PAUSE = 400;
const waiting = new Map();

const list = () => document.querySelector("[data-chat-list]");
const openChat = () => document.querySelector("[data-chat]")?.dataset.chat ?? "";
const query = () => document.querySelector("[data-list-search] input[name=q]")?.value.trim() ?? "";

export const chatRows = () => [...(list()?.querySelectorAll("[data-chat-row]") ?? [])];

export function mountList() {
  for (const row of chatRows()) {
    const link = row.querySelector("a");
    if (row.dataset.chatRow === openChat()) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  showDrafts();
  showTitle();
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
  if (query() && !document.getElementById(`row-${chat}`)) return;
  if (rows.querySelector("[data-no-rows]")) {
    await refreshList();
    return;
  }
  const answer = await ask(rows.dataset.row.replace(/_$/, encodeURIComponent(chat)));
  putRow(await answer.text());
}

function fragment(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

export function putRow(html) {
  const row = fragment(html).firstElementChild;
  const rows = list();
  keepFocus(() => {
    document.getElementById(row.id)?.remove();
    const lower = chatRows().find((one) => one.dataset.order < row.dataset.order);
    const last = chatRows().at(-1);
    if (lower) lower.before(row);
    else if (last) last.after(row);
    else rows.prepend(row);
    window.htmx.process(row);
  });
  mountList();
}

// A row that is made anew keeps the keyboard.
function keepFocus(change) {
  const row = document.activeElement?.closest("[data-chat-row]");
  const part = row && [...row.querySelectorAll("a")].indexOf(document.activeElement.closest("a"));
  const scroll = list().scrollTop;
  change();
  list().scrollTop = scroll;
  if (row && !row.isConnected) document.getElementById(row.id)?.querySelectorAll("a")[part]?.focus({ preventScroll: true });
}

// After a lost connection, or a silence that nobody noticed, nobody knows which rows have changed.
// Only those that did are touched.
export async function refreshList() {
  const rows = list();
  const asked = query();
  if (!rows || asked) return;
  const answer = await ask(rows.dataset.rows);
  const fresh = fragment(await answer.text());
  if (asked !== query() || !rows.isConnected) return;
  keepFocus(() => {
    const known = new Map([...rows.children].map((row) => [row.id, row]));
    const kept = [...fresh.children].map((row) => {
      const old = row.id && known.get(row.id);
      return old && isSame(old, row) ? old : row;
    });
    const now = new Set(kept);
    for (const row of [...rows.children]) if (!now.has(row)) row.remove();
    kept.forEach((row, place) => {
      if (rows.children[place] !== row) rows.insertBefore(row, rows.children[place] ?? null);
    });
    window.htmx.process(rows);
  });
  mountList();
}

function isSame(old, fresh) {
  return old.dataset.order === fresh.dataset.order && plain(old) === plain(fresh);
}

const plain = (row) => [...row.querySelectorAll("[data-row-last], time, .chat-row-title, .chat-row-unread, .chat-row-mark")]
  .map((part) => part.outerHTML.replace(/ hidden(="")?/, "")).join("");

// «(2) Чат с родителями»: how many chats have something unread. Silent ones do not call.
export function showTitle() {
  const name = document.querySelector("[data-pane-title]")?.dataset.paneTitle;
  if (!name || query()) return;
  const unread = chatRows().filter((row) => row.dataset.muted !== "yes" && row.dataset.chatRow !== openChat()
    && (Number(row.dataset.unread) || row.dataset.marked === "yes")).length;
  document.title = `${unread ? `(${unread}) ` : ""}${name}`;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "rows") mountList();
});

// A search that could not be answered says why, and leaves the list as it is.
document.addEventListener("htmx:responseError", (event) => {
  if (!event.detail.elt.matches("[data-list-search], [role=search], .found-more")) return;
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const detail = page.querySelector(".error-text")?.textContent.trim() ?? document.body.dataset.offlineText;
  document.dispatchEvent(new CustomEvent("page:say", { detail }));
});
