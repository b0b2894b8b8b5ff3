// What the composer is about: an answer to a message, or new words for an old one.
import { toast } from "../toast.js";
import { ask, csrfToken } from "./asking.js";
import { currentHistory, place } from "./history.js";

const composer = () => document.querySelector("[data-composer]");
const part = (name) => composer()?.querySelector(`[data-${name}]`);
const field = () => part("composer-text");
const wordsOf = (message) => message.querySelector(".message-text")?.textContent.trim() ?? "";

export function beginReply(message) {
  stopEditing();
  part("reply-to").value = message.id.slice(2);
  show("reply", message.querySelector(".message-name").textContent, wordsOf(message));
}

export function beginEditing(message) {
  const form = composer();
  if (!form.dataset.editing) form.dataset.kept = field().value;
  part("reply-to").value = "";
  form.dataset.editing = message.id.slice(2);
  show("edit", part("about-title").dataset.edit, wordsOf(message));
  write(wordsOf(message));
}

function show(kind, title, text) {
  part("about").hidden = false;
  for (const icon of composer().querySelectorAll("[data-about-icon]")) icon.hidden = icon.dataset.aboutIcon !== kind;
  part("about-title").textContent = title;
  part("about-text").textContent = (text || part("about-text").dataset.file).replaceAll(/\s+/g, " ").slice(0, 160);
  field().focus();
}

// The answer is told to the outbox and leaves the composer.
export function takeReply(form) {
  const id = form.querySelector("[data-reply-to]").value;
  const quote = id && { id, author: part("about-title").textContent, text: part("about-text").textContent };
  if (id) leave();
  return quote || null;
}

function leave() {
  stopEditing();
  part("reply-to").value = "";
  part("about").hidden = true;
}

function stopEditing() {
  const form = composer();
  if (!form.dataset.editing) return;
  delete form.dataset.editing;
  write(form.dataset.kept ?? "");
}

function write(text) {
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
  field().setSelectionRange(text.length, text.length);
}

async function saveEdit(form) {
  const { page } = currentHistory().dataset;
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  body.set("text", field().value);
  try {
    const answer = await ask(`${page}/messages/${form.dataset.editing}/edit`, body);
    const html = await answer.text();
    leave();
    place(currentHistory(), html);
  } catch (problem) {
    // The words stay where they were typed.
    const line = part("composer-problem");
    line.textContent = problem.status ? problem.message : document.body.dataset.offlineText;
    line.hidden = !line.textContent;
    if (line.hidden) toast(document.body.dataset.offlineText);
  }
}

// Before the composer sends it as a new message.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-composer]") || !event.target.dataset.editing) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (field().value.trim()) saveEdit(event.target);
}, true);

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-about-close]")) return;
  event.preventDefault();
  leave();
  field().focus();
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-composer-text]") || event.defaultPrevented) return;
  if (event.key === "Escape" && !part("about").hidden) {
    event.preventDefault();
    event.stopPropagation();
    leave();
  } else if (event.key === "ArrowUp" && !field().value && !event.shiftKey) {
    editLast(event);
  }
});

// An arrow up in the empty composer takes one's last message back in hand.
function editLast(event) {
  const root = currentHistory();
  const mine = [...root.querySelectorAll(":scope > [data-mine][data-kind=text][data-seq]:not([data-deleted], [data-forwarded])")].at(-1);
  if (!mine || root.lastElementChild !== mine) return;
  event.preventDefault();
  beginEditing(mine);
}
