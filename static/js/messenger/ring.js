// A short sound for a new message, if its reader chose it: not of a muted chat, not while looking.

const list = () => document.querySelector("[data-chat-list]");
const counts = new Map();
let sound;

const unread = (row) => (row.dataset.muted === "yes" ? 0 : Number(row.dataset.unread) || 0);

function count() {
  let grown = false;
  for (const row of list()?.querySelectorAll("[data-chat-row]") ?? []) {
    const before = counts.get(row.dataset.chatRow) ?? 0;
    if (unread(row) > before) grown = true;
    counts.set(row.dataset.chatRow, unread(row));
  }
  return grown;
}

function ring() {
  sound ??= new Audio(list().dataset.ring);
  sound.currentTime = 0;
  sound.play().catch(() => {}); // before the first click a browser plays nothing
}

let watched;
export function mountRing() {
  const rows = list();
  if (!rows?.dataset.ring || rows === watched) return;
  watched = rows;
  count();
  new MutationObserver(() => count() && ring()).observe(rows, { childList: true });
}
