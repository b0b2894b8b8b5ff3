// What may be done with a message by the one who looks, and doing it. The server asks again.
import { toast } from "../toast.js";
import { ask, csrfToken } from "./asking.js";
import { beginEditing, beginReply } from "./about.js";
import { currentHistory, place } from "./history.js";

const EDITABLE_FOR = 48 * 3600 * 1000;

export function allowed(root, message) {
  const { mayWrite, mayDelete, mayPin, seesReaders } = root.dataset;
  const isMine = message.hasAttribute("data-mine");
  const isText = message.dataset.kind === "text";
  const isNew = Date.now() - Date.parse(message.querySelector("time")?.dateTime) < EDITABLE_FOR;
  const isPinned = document.querySelector("[data-pinned-seq]")?.dataset.pinnedSeq === message.dataset.seq;
  const rules = {
    react: mayWrite === "yes",
    reply: mayWrite === "yes",
    copy: Boolean(wordsOf(message)),
    edit: mayWrite === "yes" && isMine && isText && isNew && !message.hasAttribute("data-forwarded"),
    forward: true,
    pin: mayPin === "yes" && !isPinned,
    unpin: mayPin === "yes" && isPinned,
    readers: seesReaders === "all" || (seesReaders === "own" && isMine),
    reactions: Boolean(message.querySelector("[data-reaction]")) && mayWrite === "yes",
    report: !isMine,
    delete: mayDelete === "any" || (mayDelete === "own" && isMine),
  };
  return new Set(Object.keys(rules).filter((name) => rules[name]));
}

const wordsOf = (message) => message.querySelector(".message-text")?.textContent.trim() ?? "";
const addressOf = (message, tail) => `${currentHistory().dataset.page}/messages/${message.id.slice(2)}/${tail}`;

export function act(message, name, value) {
  DOING[name](message, value);
}

const dialog = (tail) => (message) => window.htmx.ajax("GET", addressOf(message, tail), { target: "#dialog-body", swap: "innerHTML" });

const DOING = {
  reply: beginReply,
  edit: beginEditing,
  copy,
  react,
  pin: (message) => post(addressOf(message, "pin")),
  unpin: () => post(document.querySelector("[data-unpin]").action),
  forward: dialog("forward"),
  readers: dialog("readers"),
  reactions: dialog("reactions"),
  report: dialog("report"),
  delete: dialog("delete"),
};

async function copy(message) {
  const text = wordsOf(message);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http has no clipboard of its own; the old way works everywhere.
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    message.focus({ preventScroll: true });
  }
  toast(document.querySelector("[data-message-menu]").dataset.copied);
}

// The same emoji again takes it back. The state is sent, not the click: a resend changes nothing.
async function react(message, emoji) {
  const mine = message.querySelector("[data-reaction][aria-pressed=true]")?.dataset.reaction;
  const html = await post(addressOf(message, "reactions"), { emoji: emoji === mine ? "" : emoji });
  if (html) place(currentHistory(), html);
}

async function post(url, fields = {}) {
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  try {
    return await (await ask(url, body)).text();
  } catch (problem) {
    toast(problem.message && problem.status ? problem.message : document.body.dataset.offlineText);
    return "";
  }
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-reaction]");
  if (!chip) return;
  event.preventDefault();
  const message = chip.closest("[data-message]");
  if (currentHistory()?.dataset.mayWrite === "yes") react(message, chip.dataset.reaction);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.("[data-reaction]")) return;
  event.preventDefault();
  event.target.click();
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-unpin]")) return;
  event.preventDefault();
  post(event.target.action);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches?.("[data-delete-form]") || !event.detail.successful) return;
  document.querySelector("[data-dialog]").close();
  const root = currentHistory();
  if (root) place(root, event.detail.xhr.responseText);
});
