// Messages the server has not confirmed yet, shared by all tabs of this profile.
import * as store from "./store.js";

const PREFIX = "unsent:";

export function find(id) {
  try {
    return JSON.parse(store.read(PREFIX + id));
  } catch {
    return null;
  }
}

// In the order they were written, whichever tab wrote them.
export function unsent() {
  return store.names(PREFIX).map((name) => find(name.slice(PREFIX.length)))
    .filter(Boolean).sort((a, b) => a.order - b.order);
}

export const unsentIn = (chat) => unsent().filter((item) => item.chat === chat);

export function add(item) {
  const last = unsent().at(-1)?.order ?? 0; // a clock that was set back changes no order
  store.write(PREFIX + item.id, JSON.stringify({ ...item, order: Math.max(Date.now(), last + 1) }));
}

// Nothing comes back that was dropped meanwhile.
export function revise(id, values) {
  const item = find(id);
  if (item) store.write(PREFIX + id, JSON.stringify({ ...item, ...values }));
  return item && { ...item, ...values };
}

export const drop = (id) => store.erase(PREFIX + id);

// `tell(id, item)`: another tab changed a message, or (without item) has it no more.
export function watch(tell) {
  store.watch(PREFIX, (name) => tell(name.slice(PREFIX.length), find(name.slice(PREFIX.length))));
}
