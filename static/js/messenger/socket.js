// What happens now. A socket only makes it quicker: whatever it misses, catch-up brings.
import { io } from "../../vendor/socket.io.esm.min.js";
import { ask } from "./asking.js";
import { checkCall, showCall } from "./call_bar.js";
import { retryLost } from "./delivery.js";
import { currentHistory, hasGap, place } from "./history.js";
import { refreshList, refreshRow } from "./list.js";
import { showRead } from "./marks.js";
import { checkPinned, showPinned } from "./pinned.js";
import { offerSocket } from "./quick.js";
import { showTyping, tellTyping } from "./typing.js";

const EVERY = 30_000;
const SOON = 3000; // a gap before one's eyes waits no longer
const ROUNDS = 10;
let socket;
let heard = "";
let wasConnected = false;
let isCatchingUp = false;
let isAskedAgain = false;

const openChat = () => document.querySelector("[data-chat]")?.dataset.chat ?? "";

export function openSocket() {
  if (!socket) {
    socket = io({ transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 10_000 });
    offerSocket(socket);
    socket.on("connect", connected);
    socket.on("disconnect", (reason) => {
      showConnection(false);
      if (reason === "io server disconnect") sessionEnded();
    });
    socket.on("connect_error", (error) => {
      showConnection(false);
      if (error.message === "sign-in") sessionEnded();
    });
    socket.on("fragment", ({ chat, html, quiet }) => {
      if (chat === openChat()) receive(html);
      if (!quiet) refreshRow(chat);
    });
    socket.on("nudge", ({ chat }) => refreshRow(chat));
    socket.on("read", (told) => told.chat === openChat() && showRead(told));
    socket.on("pinned", ({ chat, html }) => chat === openChat() && showPinned(html));
    socket.on("ring", (told) => import("./calling.js").then(({ ring }) => ring(told)));
    socket.on("ring_over", ({ call }) => document.querySelector(".call-ring") && import("./calling.js").then(({ stopRinging }) => stopRinging(call)));
    socket.on("call", ({ chat, html }) => chat === openChat() && showCall(html));
    socket.on("typing", (told) => told.chat === openChat() && showTyping(told));
    socket.on("presence", ({ chat }) => chat === openChat() && window.htmx.trigger(document.body, "presence"));
    socket.on("changed", ({ chat }) => tellChanged(chat));
    socket.on("answered", () => window.htmx.trigger(document.body, "answered"));
    socket.on("closed", ({ chat }) => closed(chat));
    setInterval(resync, EVERY);
  }
  listen();
}

function connected() {
  heard = "";
  showConnection(true);
  listen();
  retryLost();
  if (wasConnected) refreshList().catch(() => {});
  if (wasConnected) tellChanged(openChat());
  wasConnected = true;
}

// A broken message queue falls silent without a word: nobody may wait for a disconnect to ask
// what was missed (reliability notes, 0.2).
export function resync() {
  catchUp();
  retryLost();
  if (!document.hidden) refreshList().catch(() => {});
}
document.addEventListener("messenger:stale", () => catchUp());
window.addEventListener("online", resync);

// The chat's head or its members are others now (chat_info.js).
function tellChanged(chat) {
  document.dispatchEvent(new CustomEvent("messenger:changed", { detail: { chat } }));
}

// Signed out elsewhere. What was typed is kept by the composer and is there after signing in again.
function sessionEnded() {
  const { ended } = document.querySelector("[data-chat-list]").dataset;
  location.assign(`${ended}?next=${encodeURIComponent(location.pathname)}`);
}

// Hear the chat that is open, and no other.
function listen() {
  const chat = openChat();
  if (!socket?.connected || chat === heard) return;
  if (heard) socket.emit("close", heard);
  heard = chat;
  if (!chat) return;
  socket.emit("open", chat, () => {
    document.querySelector("[data-chat]")?.setAttribute("data-live", chat);
    catchUp();
  });
}

function receive(html) {
  const root = currentHistory();
  place(root, html);
  if (root.dataset.isNewest !== "no" && hasGap(root)) catchUp();
}

export async function catchUp() {
  const root = currentHistory();
  if (!root) return;
  if (isCatchingUp) {
    isAskedAgain = true; // what is on its way may have left before this was asked
    return;
  }
  isCatchingUp = true;
  isAskedAgain = false;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const only = root.dataset.isNewest === "no" ? "&only=changes" : "";
      const answer = await ask(`${root.dataset.since}?seq=${root.dataset.newest}&change=${root.dataset.change}${only}`);
      const html = await answer.text();
      place(root, html);
      root.dataset.change = answer.headers.get("Svyazka-Change") ?? root.dataset.change;
      showRead({ seq: Number(answer.headers.get("Svyazka-Read")) });
      await checkCall(answer.headers.get("Svyazka-Call"));
      await checkPinned(answer.headers.get("Svyazka-Pinned"), html);
      if (answer.headers.get("Svyazka-Closed") && root.dataset.mayWrite === "yes") return reload(root);
      if (answer.headers.get("Svyazka-More") !== "yes") {
        document.dispatchEvent(new CustomEvent("messenger:caught-up"));
        return undefined;
      }
    }
    return reload(root); // away for very long: begin anew from the newest
  } catch {
    if (navigator.onLine && hasGap(root)) setTimeout(catchUp, SOON);
    return undefined; // or the next round tries again
  } finally {
    isCatchingUp = false;
    if (isAskedAgain) catchUp();
  }
}

function reload(root) {
  if (root.isConnected) window.htmx.ajax("GET", root.dataset.page, { target: "#chat", swap: "innerHTML" });
}

function closed(chat) {
  refreshRow(chat);
  if (chat === heard) heard = "";
  const root = currentHistory();
  if (root && chat === openChat()) reload(root);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-composer-text]") && event.target.value) tellTyping(socket, openChat());
});

let hint;
function showConnection(isUp) {
  const show = () => {
    hint = undefined;
    for (const line of document.querySelectorAll("[data-connection]")) line.hidden = isUp;
  };
  if (isUp) {
    clearTimeout(hint);
    show();
  } else {
    hint ??= setTimeout(show, 2000); // a short gap is nobody's business
  }
}
