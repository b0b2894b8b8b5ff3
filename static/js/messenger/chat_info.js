// «О чате»: its head and its members follow what others change, and the search among members.
import { ask } from "./asking.js";
import { catchUp } from "./socket.js";

const PAUSE = 300;
const openChat = () => document.querySelector("[data-chat]")?.dataset.chat ?? "";
let timer;

document.addEventListener("messenger:changed", ({ detail }) => {
  if (detail.chat !== openChat() || timer) return;
  timer = setTimeout(() => {
    timer = undefined;
    refresh().catch(() => {});
  }, PAUSE * Math.random());
});

async function refresh() {
  const face = document.querySelector("[data-face]");
  if (!face) return;
  const answer = await ask(`${document.querySelector("[data-history]").dataset.page}/heading`);
  if (!face.isConnected) return;
  const fresh = fragment(await answer.text()).firstElementChild;
  face.replaceWith(fresh);
  window.htmx.process(fresh);
  wear(fresh.dataset.themeOfChat);
  document.querySelector("[data-chat]").dataset.paneTitle = fresh.dataset.name;
  if (fresh.dataset.mayWrite !== document.querySelector("[data-history]").dataset.mayWrite) {
    window.htmx.ajax("GET", document.querySelector("[data-history]").dataset.page, { target: "#chat", swap: "innerHTML" });
    return;
  }
  catchUp();
  await refreshMembers();
}

function wear(theme) {
  document.querySelector("[data-chat]").dataset.chatTheme = theme;
}

async function refreshMembers() {
  const pane = document.querySelector("#info [data-about]");
  if (!pane || pane.dataset.about !== openChat() || pane.contains(document.activeElement?.closest("input"))) return;
  const answer = await ask(pane.dataset.aboutUrl);
  const fresh = fragment(await answer.text()).querySelector("[data-about-live]");
  if (!pane.isConnected || !fresh) return;
  const live = pane.querySelector("[data-about-live]");
  const place = live.scrollTop;
  live.replaceWith(fresh);
  fresh.scrollTop = place;
  window.htmx.process(fresh);
}

function fragment(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

const plain = (text) => text.toLocaleLowerCase().replaceAll("ё", "е");

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-member-search]");
  if (!form) return;
  const pane = form.closest("[data-about]");
  let found = 0;
  for (const row of pane.querySelectorAll("[data-member]")) {
    row.hidden = !plain(row.dataset.member).includes(plain(event.target.value));
    if (!row.hidden) found += 1;
  }
  pane.querySelector("[data-no-member]").hidden = found > 0;
});

document.addEventListener("submit", (event) => {
  if (event.target.closest("[data-member-search]")) event.preventDefault();
});

// A refused deed says why, and nothing is lost.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("form[data-busy]")) event.target.removeAttribute("data-submitting");
});
