// Messages the server has not confirmed yet, and drafts: kept for this tab and this profile only.
// A shared school computer must not remember them after the tab is closed or someone signs out.

const me = () => document.querySelector("[data-me]")?.dataset.me ?? "";
const key = () => `svyazka:unsent:${me()}`;
const draftKey = (chat) => `svyazka:draft:${me()}:${chat}`;

export function unsent() {
  try {
    return JSON.parse(sessionStorage.getItem(key()) ?? "[]");
  } catch {
    return [];
  }
}

export const unsentIn = (chat) => unsent().filter((item) => item.chat === chat);
export const find = (id) => unsent().find((item) => item.id === id);

function keep(items) {
  sessionStorage.setItem(key(), JSON.stringify(items));
}

export function add(item) {
  keep([...unsent(), item]);
}

export function revise(id, values) {
  keep(unsent().map((item) => (item.id === id ? { ...item, ...values } : item)));
  return find(id);
}

export function drop(id) {
  keep(unsent().filter((item) => item.id !== id));
}

export const draftOf = (chat) => sessionStorage.getItem(draftKey(chat)) ?? "";
export const keepDraft = (chat, text) => sessionStorage.setItem(draftKey(chat), text);

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget]")) sessionStorage.clear();
});
