// The menu of a message: one, wherever it is asked for. A hover bar and a right click at a desk, a
// tap or a long press on a phone (where it is a sheet), Enter or Shift+F10 on a focused message.
import { act, allowed } from "./doing.js";
import { currentHistory } from "./history.js";

const COARSE = matchMedia("(hover: none)");
const HELD = 450;
const MOVED = 10; // pixels: a finger that goes somewhere holds nothing
const OTHERS = "a, button, input, label, textarea, audio, video";

const menu = () => document.querySelector("[data-message-menu]");
const bar = () => document.querySelector("[data-message-bar]");
const messageOf = (target) => target.closest?.("[data-history] > article[data-message][data-seq]:not([data-deleted])");
let about;
let lastBar;
let isHeld = false;

export function openMenu(message, point) {
  const box = menu();
  const may = allowed(currentHistory(), message);
  if (!box || !may.size) return;
  about = message;
  for (const item of box.querySelectorAll("[data-needs]")) item.hidden = !may.has(item.dataset.needs);
  const mine = message.querySelector("[data-reaction][aria-pressed=true]")?.dataset.reaction;
  for (const one of box.querySelectorAll("[data-react]")) one.setAttribute("aria-checked", String(one.dataset.react === mine));
  message.setAttribute("data-chosen", "");
  box.hidden = false;
  if (!COARSE.matches) stand(box.firstElementChild, point ?? cornerOf(message));
  items()[0]?.focus({ preventScroll: true });
}

function closeMenu(isBack) {
  const box = menu();
  if (!box || box.hidden) return;
  box.hidden = true;
  about?.removeAttribute("data-chosen");
  if (isBack) about?.focus({ preventScroll: true });
}

function cornerOf(message) {
  const box = message.querySelector(".message-bubble").getBoundingClientRect();
  return { x: message.hasAttribute("data-mine") ? box.right - 8 : box.left + 8, y: Math.min(box.bottom - 8, innerHeight - 40) };
}

// Whole in the window, beside the point.
function stand(sheet, { x, y }) {
  const { offsetWidth: width, offsetHeight: height } = sheet; // whole, whatever the animation does
  sheet.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  sheet.style.top = `${Math.max(8, y + height + 8 > innerHeight ? y - height : y)}px`;
}

const items = () => [...menu().querySelectorAll("[role^=menuitem]")].filter((one) => one.offsetParent);

function choose(name, value) {
  const message = about;
  closeMenu(true);
  act(message, name, value);
}

// -- the mouse ----------------------------------------------------------------------------------
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const message = messageOf(event.target);
  const box = bar();
  if (!box || box.parentElement === message?.querySelector(".message-bubble")) return;
  if (event.target.closest?.("[data-message-bar]")) return;
  box.hidden = !message;
  if (!message) return;
  const may = allowed(currentHistory(), message);
  for (const button of box.children) button.hidden = button.dataset.bar !== "more" && !may.has(button.dataset.bar);
  message.querySelector(".message-bubble").append(box);
  lastBar = box;
});

// The bar outlives the message that it stands in: a changed one takes its place.
document.addEventListener("messenger:placed", (event) => {
  if (!lastBar || lastBar.isConnected || bar()) return;
  lastBar.hidden = true;
  event.target.closest("[data-chat]")?.append(lastBar);
});

document.addEventListener("contextmenu", (event) => {
  const message = messageOf(event.target);
  if (!message || event.target.closest("a.message-link") || String(getSelection())) return;
  event.preventDefault();
  openMenu(message, { x: event.clientX, y: event.clientY });
});

// -- fingers ------------------------------------------------------------------------------------
let held;
let began;
document.addEventListener("pointerdown", (event) => {
  clearTimeout(held);
  isHeld = false;
  const message = event.pointerType === "touch" && messageOf(event.target);
  if (message) held = setTimeout(() => hold(message), HELD);
  began = { x: event.clientX, y: event.clientY };
});
document.addEventListener("pointermove", (event) => {
  if (began && Math.hypot(event.clientX - began.x, event.clientY - began.y) > MOVED) clearTimeout(held);
});
for (const name of ["pointerup", "pointercancel", "scroll"]) {
  document.addEventListener(name, () => clearTimeout(held), true);
}

function hold(message) {
  isHeld = true; // the finger that opened the menu is lifted: that is no choice
  openMenu(message);
}

// -- choosing -----------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const { target } = event;
  const button = target.closest("[data-bar]");
  if (button) {
    const message = messageOf(button);
    if (button.dataset.bar === "reply") act(message, "reply");
    else openMenu(message, { x: event.clientX || button.getBoundingClientRect().left, y: event.clientY || button.getBoundingClientRect().bottom });
    return;
  }
  if (isHeld) {
    isHeld = false;
    event.preventDefault();
    return;
  }
  if (menu()?.hidden === false) {
    const item = target.closest("[data-act], [data-react]");
    if (item) choose(item.dataset.act ?? "react", item.dataset.react);
    else if (!target.closest("[role=menu]")) closeMenu(true);
    event.preventDefault();
    return;
  }
  const message = COARSE.matches && messageOf(target);
  if (message && !target.closest(OTHERS)) openMenu(message);
});

// -- keys ---------------------------------------------------------------------------------------
const STEP = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

document.addEventListener("keydown", (event) => {
  if (menu()?.hidden === false) inMenu(event);
  else if (document.activeElement?.matches("[data-history-scroll], article[data-message]")) inHistory(event);
}, true);

function inMenu(event) {
  const all = items();
  const now = all.indexOf(document.activeElement);
  if (event.key === "Escape" || event.key === "Tab") closeMenu(true);
  else if (STEP[event.key]) all.at((now + STEP[event.key] + all.length) % all.length).focus();
  else if (event.key === "Home") all[0].focus();
  else if (event.key === "End") all.at(-1).focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function inHistory(event) {
  const message = messageOf(document.activeElement);
  if (message && (event.key === "Enter" || event.key === "ContextMenu" || (event.shiftKey && event.key === "F10"))) {
    event.preventDefault();
    openMenu(message);
    return;
  }
  if (!["ArrowUp", "ArrowDown"].includes(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
  const all = [...currentHistory().querySelectorAll(":scope > [data-message][data-seq]")];
  const next = message ? all[all.indexOf(message) + STEP[event.key]] : all.at(-1);
  if (!next) return;
  event.preventDefault();
  next.setAttribute("tabindex", "-1");
  next.focus();
}
