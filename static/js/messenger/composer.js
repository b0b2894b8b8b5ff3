// The composer: a message is shown at once as pending and kept in this browser until the server
// has it. A text is never lost: drafts and unsent messages survive a reload.
import { ask, csrfToken } from "./asking.js";
import { currentHistory, dayOf, place, placePending } from "./history.js";
import * as outbox from "./outbox.js";

const DESKTOP = matchMedia("(hover: hover) and (pointer: fine)");
let isSending = false;

const composer = () => document.querySelector("[data-composer]");
const chatOf = (element) => element.closest("[data-chat]").dataset.chat;

export function mountComposer() {
  const form = composer();
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "yes";
  const field = form.querySelector("[data-composer-text]");
  field.required = false;
  if (!field.value) field.value = outbox.draftOf(chatOf(form));
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
  outbox.keepDraft(chatOf(form), field.value);
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
  if (!text) return;
  if ([...text].length > Number(form.dataset.limit)) {
    const problem = form.querySelector("[data-composer-problem]");
    problem.textContent = form.dataset.tooLong;
    problem.hidden = false;
    return;
  }
  const item = { id: newId(), chat: chatOf(form), text, url: form.action, state: "pending", reason: "" };
  outbox.add(item);
  field.value = "";
  changed(form, field);
  showPending(form, item);
  currentHistory().closest("[data-history-scroll]").scrollTop = 0;
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
  if (document.getElementById(`m-${item.id}`)) return;
  const message = form.querySelector("template[data-pending]").content.firstElementChild.cloneNode(true);
  const now = new Date();
  message.id = `m-${item.id}`;
  message.dataset.author = root.dataset.me;
  message.dataset.day = dayOf(root, now);
  message.querySelector(".message-text").textContent = item.text;
  const time = message.querySelector("time");
  time.dateTime = now.toISOString();
  time.textContent = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone }).format(now);
  showState(message, item);
  placePending(root, message);
}

function showState(message, item) {
  if (!message || message.dataset.seq) return;
  message.dataset.state = item.state;
  if (item.reason) message.querySelector("[data-failed-reason]").textContent = item.reason;
}

// One at a time and in order, whichever chat is open: the next waits for the answer to the last.
export async function sendWaiting() {
  if (isSending) return;
  isSending = true;
  try {
    let item;
    while ((item = outbox.unsent().find((one) => one.state === "pending"))) await deliver(item);
  } finally {
    isSending = false;
  }
}

async function deliver(item) {
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  body.set("client_id", item.id);
  body.set("text", item.text);
  try {
    const answer = await ask(item.url, body);
    const html = await answer.text();
    outbox.drop(item.id);
    if (composer() && chatOf(composer()) === item.chat) place(currentHistory(), html);
  } catch (problem) {
    fail(item, problem);
  }
}

function fail(item, problem) {
  // Refused for good (4xx) waits for the person; a lost network or server is tried again.
  const isFinal = problem.status >= 400 && problem.status < 500;
  change(item.id, { state: "failed", isFinal, reason: isFinal ? problem.message : "" });
  if (isFinal) return;
  // What follows must not overtake it.
  for (const later of outbox.unsentIn(item.chat)) {
    if (later.state === "pending") change(later.id, { state: "failed", isFinal });
  }
}

function change(id, values) {
  const item = outbox.revise(id, values);
  if (item) showState(document.getElementById(`m-${id}`), item);
}

export function retryLost() {
  for (const item of outbox.unsent()) {
    if (item.state === "failed" && !item.isFinal) change(item.id, { state: "pending" });
  }
  sendWaiting();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-retry], [data-discard]");
  if (!button) return;
  const message = button.closest("[data-message]");
  const id = message.id.slice(2);
  if (button.matches("[data-retry]")) {
    change(id, { state: "pending" });
    sendWaiting();
    return;
  }
  const form = composer();
  const field = form.querySelector("[data-composer-text]");
  field.value = [outbox.find(id)?.text, field.value].filter(Boolean).join("\n");
  outbox.drop(id);
  message.remove();
  changed(form, field);
  field.focus();
});
window.addEventListener("online", retryLost);
