// The menu of a chat in the list: «…», the right button, a long press, the menu key.
import { ask } from "./asking.js";
import { putRow } from "./list.js";

const LONG = 500;
const menu = () => document.querySelector("[data-row-menu]");
let of;
let pressing;

function open(row, x, y) {
  const box = menu();
  of = row;
  for (const name of ["pinned", "muted", "marked", "unread", "state"]) box.dataset[name] = row.dataset[name];
  box.action = row.querySelector("[data-row-more]").href;
  box.setAttribute("aria-label", row.querySelector("[data-row-more]").getAttribute("aria-label"));
  row.dataset.chosen = "";
  box.showPopover();
  const { offsetWidth: width, offsetHeight: height } = box;
  box.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
  items()[0]?.focus({ focusVisible: false });
}

const items = () => [...menu().querySelectorAll("button")].filter((item) => item.checkVisibility());

document.addEventListener("click", (event) => {
  const more = event.target.closest("[data-row-more]");
  if (!more || !menu()?.showPopover) return;
  event.preventDefault();
  const place = more.getBoundingClientRect();
  open(more.closest("[data-chat-row]"), place.left, place.bottom + 4);
});

document.addEventListener("contextmenu", (event) => {
  const row = event.target.closest("[data-chat-row]");
  if (!row || !menu()?.showPopover) return;
  event.preventDefault();
  clearTimeout(pressing);
  if (menu().matches(":popover-open")) return;
  const place = row.getBoundingClientRect();
  const isByKey = !event.clientX && !event.clientY;
  open(row, isByKey ? place.left + 64 : event.clientX, isByKey ? place.bottom - 8 : event.clientY);
});

// iOS tells no contextmenu of a long press. The touch that opened the menu must not open the chat.
document.addEventListener("touchstart", (event) => {
  const row = event.target.closest?.("[data-chat-row]");
  clearTimeout(pressing);
  if (!row || event.touches.length > 1) return;
  const { clientX, clientY } = event.touches[0];
  pressing = setTimeout(() => {
    document.addEventListener("click", (click) => click.target.closest("[data-chat-row]") && click.preventDefault(), { capture: true, once: true });
    if (!menu().matches(":popover-open")) open(row, clientX, clientY);
  }, LONG);
}, { passive: true });
for (const end of ["touchmove", "touchend", "touchcancel"]) {
  document.addEventListener(end, () => clearTimeout(pressing), { passive: true });
}

document.addEventListener("keydown", (event) => {
  if (!menu()?.matches(":popover-open") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const all = items();
  const step = event.key === "ArrowDown" ? 1 : -1;
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
});

document.addEventListener("toggle", (event) => {
  if (event.target !== menu() || event.newState === "open" || !of) return;
  delete of.dataset.chosen;
  const link = document.getElementById(of.id)?.querySelector("a");
  if (event.target.contains(document.activeElement) || document.activeElement === document.body) link?.focus();
}, true);

document.addEventListener("submit", async (event) => {
  const box = menu();
  if (event.target !== box) return;
  event.preventDefault();
  const body = new FormData(box, event.submitter);
  box.hidePopover();
  try {
    const answer = await ask(box.action, body);
    putRow(await answer.text());
  } catch (problem) {
    document.dispatchEvent(new CustomEvent("page:say", { detail: problem.message || document.body.dataset.offlineText }));
  }
});
