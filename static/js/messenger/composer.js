// The composer: a message is shown at once as pending and kept in this browser until the server
// has it. A text is never lost: drafts and unsent messages survive a reload.
import { takeReply } from "./about.js";
import { retry, sendWaiting, showState } from "./delivery.js";
import { dayOf } from "./days.js";
import { draftOf, keepDraft } from "./drafts.js";
import { currentHistory, placePending, takeOut } from "./history.js";
import * as outbox from "./outbox.js";
import { showFiles } from "./pending_files.js";
import { toNewest } from "./scrolling.js";
import { giveBack, takeFiles, waitForFiles } from "./tray.js";

const DESKTOP = matchMedia("(hover: hover) and (pointer: fine)");

const composer = () => document.querySelector("[data-composer]");
const chatOf = (element) => element.closest("[data-chat]").dataset.chat;

export function mountComposer() {
  const form = composer();
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "yes";
  const field = form.querySelector("[data-composer-text]");
  field.required = false;
  if (!field.value) field.value = draftOf(chatOf(form));
  grow(field);
  field.addEventListener("input", () => changed(form, field));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !DESKTOP.matches) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, field);
  });
  for (const item of outbox.unsentIn(chatOf(form))) showPending(form, item);
  if (DESKTOP.matches) field.focus({ preventScroll: true });
  sendWaiting();
}

function changed(form, field) {
  keepDraft(chatOf(form), field.value);
  form.querySelector("[data-composer-problem]").hidden = true;
  grow(field);
}

function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function submit(form, field) {
  const text = field.value.trim();
  const chat = chatOf(form);
  if ([...text].length > Number(form.dataset.limit)) {
    const problem = form.querySelector("[data-composer-problem]");
    problem.textContent = form.dataset.tooLong;
    problem.hidden = false;
    return;
  }
  if (waitForFiles(chat)) return;
  const files = takeFiles(chat);
  if (!text && !files.length) return;
  field.value = "";
  changed(form, field);
  sendItem(form, text, files);
}

// A voice message goes without words; what is typed stays.
export const sendFiles = (form, files) => sendItem(form, "", files);

function sendItem(form, text, files) {
  const quote = takeReply(form);
  const item = { id: newId(), chat: chatOf(form), text, files, quote, fields: {}, url: form.action, state: "pending", reason: "" };
  if (files.length) item.fields.attachments = files.map((file) => file.id).join(",");
  if (quote) item.fields.reply_to = quote.id;
  outbox.add(item);
  toNewest(); // a page of older messages is left, and the newest one shows what is pending
  showPending(form, item);
  sendWaiting();
}

// crypto.randomUUID exists only over https; a school's first try may be plain http.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function showPending(form, item) {
  const root = currentHistory();
  if (root.dataset.isNewest === "no" || document.getElementById(`m-${item.id}`)) return;
  const message = form.querySelector("template[data-pending]").content.firstElementChild.cloneNode(true);
  const now = new Date();
  message.id = `m-${item.id}`;
  message.dataset.author = root.dataset.me;
  message.dataset.day = dayOf(root, now);
  message.querySelector(".message-text").textContent = item.text;
  showFiles(message, item);
  if (item.quote) showQuote(message.querySelector("[data-pending-quote]"), item.quote);
  const time = message.querySelector("time");
  time.dateTime = now.toISOString();
  time.textContent = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone }).format(now);
  placePending(root, message);
  showState(message, item);
}

function showQuote(place, quote) {
  place.hidden = false;
  place.querySelector(".quote-author").textContent = quote.author;
  place.querySelector(".quote-text").textContent = quote.text;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-retry], [data-discard]");
  if (!button) return;
  const message = button.closest("[data-message]");
  const id = message.id.slice(2);
  if (button.matches("[data-retry]")) {
    retry(id);
    return;
  }
  const form = composer();
  const field = form.querySelector("[data-composer-text]");
  const item = outbox.find(id);
  field.value = [item?.text, field.value].filter(Boolean).join("\n");
  giveBack(item?.chat, item?.files);
  outbox.drop(id);
  takeOut(currentHistory(), message);
  changed(form, field);
  field.focus();
});

// Another tab of this profile wrote, sent, or took a message back.
outbox.watch((id, item) => {
  const form = composer();
  if (!form) return;
  const message = document.getElementById(`m-${id}`);
  if (item && item.chat === chatOf(form)) {
    if (message) showState(message, item);
    else showPending(form, item);
  } else if (!item && message && !message.dataset.seq) {
    message.dataset.gone = "";
    document.dispatchEvent(new CustomEvent("messenger:stale"));
  }
});
document.addEventListener("messenger:caught-up", () => {
  for (const message of document.querySelectorAll("[data-message][data-gone]:not([data-seq])")) takeOut(currentHistory(), message);
});
