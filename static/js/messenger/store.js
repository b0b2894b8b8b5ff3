// What this browser remembers for the person: drafts and messages the server has not confirmed.
// Kept for all tabs of one profile and over a crash; one key a thing, so that two tabs which write
// at once never undo each other. A shared school computer forgets it with signing out, and as soon
// as somebody else is here. Where the browser keeps nothing, it lives as long as the page.
const ROOT = "svyazka:";
const spare = new Map();

const me = () => document.querySelector("[data-me]")?.dataset.me ?? "";
const mine = (name) => `${ROOT}${me()}:${name}`;

export function read(name) {
  try {
    return localStorage.getItem(mine(name)) ?? spare.get(mine(name)) ?? null;
  } catch {
    return spare.get(mine(name)) ?? null;
  }
}

export function write(name, value) {
  try {
    localStorage.setItem(mine(name), value);
    spare.delete(mine(name));
  } catch {
    spare.set(mine(name), value);
  }
}

export function erase(name) {
  spare.delete(mine(name));
  try {
    localStorage.removeItem(mine(name));
  } catch { /* nothing was kept */ }
}

// The names that begin so, of this profile.
export function names(prefix) {
  const start = mine(prefix);
  return [...new Set([...stored(), ...spare.keys()])]
    .filter((key) => key.startsWith(start)).map((key) => key.slice(mine("").length));
}

function stored() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

// Calls back when another tab of this profile changes a name that begins so.
export function watch(prefix, tell) {
  window.addEventListener("storage", (event) => {
    if (event.key?.startsWith(mine(prefix))) tell(event.key.slice(mine("").length), event.newValue);
  });
}

export function forgetOthers() {
  if (me()) forget((key) => !key.startsWith(mine("")));
}

function forget(isTold) {
  for (const key of stored()) {
    if (key.startsWith(ROOT) && isTold(key)) localStorage.removeItem(key);
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget]")) return;
  spare.clear();
  forget(() => true);
});
