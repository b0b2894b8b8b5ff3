// Messages the server has not confirmed yet, by chat, kept for this tab only: a shared school
// computer must not remember them after the tab is closed.

const key = (chat) => `svyazka:outbox:${chat}`;

export function outboxOf(chat) {
  try {
    return JSON.parse(sessionStorage.getItem(key(chat)) ?? "[]");
  } catch {
    return [];
  }
}

export function keepOutbox(chat, items) {
  if (items.length) sessionStorage.setItem(key(chat), JSON.stringify(items));
  else sessionStorage.removeItem(key(chat));
}
