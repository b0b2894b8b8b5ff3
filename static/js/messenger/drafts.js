// Drafts: what was begun in a chat stays in this browser, and stands in the chat's row.
import * as store from "./store.js";

const PREFIX = "draft:";

export const draftOf = (chat) => store.read(PREFIX + chat) ?? "";

export function keepDraft(chat, text) {
  if (text.trim()) store.write(PREFIX + chat, text);
  else store.erase(PREFIX + chat);
}

// The chat that is open shows its draft in the field, not in the row.
export function showDrafts() {
  const word = document.querySelector("[data-row-menu]")?.dataset.draft;
  const open = document.querySelector("[data-composer]")?.closest("[data-chat]").dataset.chat;
  for (const row of document.querySelectorAll("[data-chat-row]")) {
    const chat = row.dataset.chatRow;
    const text = chat === open || row.dataset.state === "left" ? "" : draftOf(chat);
    show(row.querySelector("[data-row-last]"), word, text);
  }
}

function show(last, word, text) {
  last.previousElementSibling?.matches("[data-row-draft]") && last.previousElementSibling.remove();
  last.hidden = Boolean(text);
  if (!text) return;
  const draft = document.createElement("span");
  draft.className = "chat-row-last";
  draft.dataset.rowDraft = "";
  const mark = Object.assign(document.createElement("span"), { className: "chat-row-draft", textContent: `${word}:` });
  const words = Object.assign(document.createElement("bdi"), { textContent: text.slice(0, 160) });
  draft.append(mark, " ", words);
  last.before(draft);
}

store.watch(PREFIX, showDrafts);
