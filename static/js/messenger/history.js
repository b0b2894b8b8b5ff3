// The one place where fragments enter the page. Answer, push and catch-up may come in any order,
// twice or not at all: a message is known by its id and stands by its data-seq.

import { dayHeader } from "./days.js";

export const currentHistory = () => document.querySelector("[data-history]");

const ONE_RUN = 10 * 60 * 1000;

export function mountHistory() {
  const root = currentHistory();
  if (!root || root.dataset.ready) return;
  for (const message of messages(root)) dress(root, message);
  root.dataset.ready = "yes";
}

export function messages(root) {
  return root.querySelectorAll(":scope > [data-message]");
}

// Puts every message of `html` where it belongs, and tells how many new ones came from others.
// `side`: "older" or "newer" is the next page that way. Else they are news: what was changed above
// or below the page that is open is left alone, and a page of older messages takes no new ones.
export function place(root, html, side = "") {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const newest = Number(root.dataset.newest);
  const isOlderPage = root.dataset.isNewest === "no";
  let arrived = 0;
  keepView(root, side === "newer", () => {
    for (const message of holder.content.querySelectorAll("[data-message]")) {
      const isNews = !side && Number(message.dataset.seq) > newest && !known(message)?.dataset.seq;
      const isOutside = !side && !known(message) && (isOlderPage || !isNews);
      if (!isOutside) placeOne(root, message);
      if (isNews && message.dataset.author !== root.dataset.me && message.dataset.kind === "text") arrived += 1;
    }
    if (side) trim(root, side);
  });
  moveNewest(root);
  root.dispatchEvent(new CustomEvent("messenger:placed", { bubbles: true, detail: { arrived } }));
}

export function placePending(root, message) {
  atTheEnd(root, message);
  dress(root, message);
  root.querySelector("[data-history-empty]")?.remove();
}

// Only the way to newer messages stands below all.
function atTheEnd(root, message) {
  root.insertBefore(message, root.querySelector(":scope > [data-newer]"));
}

const known = (message) => document.getElementById(message.id);

function placeOne(root, message) {
  const old = known(message);
  if (old?.dataset.seq) {
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(message);
    dress(root, message);
    if (hadFocus) message.focus({ preventScroll: true });
    return;
  }
  if (old) takeOut(root, old);
  insert(root, message);
  dress(root, message);
  const next = nextMessage(message);
  if (next) dress(root, next);
  root.querySelector("[data-history-empty]")?.remove();
}

// The header of a day goes with the last message under it.
export function takeOut(root, message) {
  const following = nextMessage(message);
  if (!following) headersAbove(message).forEach((one) => one.dataset.dayHeader && one.remove());
  message.remove();
  if (following) dress(root, following);
}

// However far one scrolls, the page holds no more than this: what is far away leaves it, and comes
// back as a page of its side.
const MOST = 240;
const KEPT = 200;

function trim(root, side) {
  const all = [...messages(root)];
  if (all.length <= MOST) return;
  if (side === "newer") {
    const first = all[all.length - KEPT];
    const link = root.querySelector(":scope > [data-older]");
    while (link.nextElementSibling !== first) link.nextElementSibling.remove();
    link.hidden = false;
    dress(root, first);
  } else {
    const last = all[KEPT - 1];
    const link = root.querySelector(":scope > [data-newer]");
    while (last.nextElementSibling !== link) last.nextElementSibling.remove();
    link.hidden = false;
    root.dataset.newest = last.dataset.seq;
    root.dataset.isNewest = "no";
  }
}

// Numbered messages stand in order; pending ones, without a number, stay below.
function insert(root, message) {
  const seq = Number(message.dataset.seq);
  const all = [...messages(root)];
  const earlier = all.findLast((other) => other.dataset.seq && Number(other.dataset.seq) < seq);
  if (earlier) earlier.after(message);
  else if (all.length) startOf(all[0]).before(message);
  else atTheEnd(root, message);
}

// The day header and the unread line that stand above a message belong to it.
function startOf(message) {
  let start = message;
  while (start.previousElementSibling?.matches("[data-day-header], [data-unread-line]")) {
    start = start.previousElementSibling;
  }
  return start;
}

function neighbour(message, side) {
  let other = message[side];
  while (other && !other.matches("[data-message]")) other = other[side];
  return other;
}
const nextMessage = (message) => neighbour(message, "nextElementSibling");

// What depends on the reader and on the neighbours: mine, same author going on, a new day.
function dress(root, message) {
  const before = neighbour(message, "previousElementSibling");
  const between = headersAbove(message);
  const sameDay = before?.dataset.day === message.dataset.day;
  for (const header of between.filter((element) => element.matches("[data-day-header]"))) {
    if (sameDay || header.dataset.dayHeader !== message.dataset.day) header.remove();
  }
  if (!sameDay && !headersAbove(message).some((element) => element.dataset.dayHeader)) {
    startOf(message).before(dayHeader(root, message.dataset.day));
  }
  const goesOn = sameDay && !headersAbove(message).length
    && before.dataset.author === message.dataset.author && moment(message) - moment(before) < ONE_RUN;
  message.toggleAttribute("data-mine", message.dataset.author === root.dataset.me);
  message.toggleAttribute("data-follows", goesOn);
  before?.toggleAttribute("data-followed", goesOn);
}

function headersAbove(message) {
  const found = [];
  let above = message.previousElementSibling;
  while (above?.matches("[data-day-header], [data-unread-line]")) {
    found.push(above);
    above = above.previousElementSibling;
  }
  return found;
}

const moment = (message) => Date.parse(message.querySelector("time")?.dateTime) || 0;

// The number up to which nothing is missing: catch-up asks for what follows it.
function moveNewest(root) {
  let newest = Number(root.dataset.newest);
  while (root.querySelector(`:scope > [data-seq="${newest + 1}"]`)) newest += 1;
  root.dataset.newest = newest;
}

export function hasGap(root) {
  const last = [...messages(root)].findLast((message) => message.dataset.seq);
  return Boolean(last) && Number(last.dataset.seq) > Number(root.dataset.newest);
}

// The scroller is turned upside down (column-reverse): zero is the newest message, and one who
// stays there sees what is added. One who reads above keeps the line before the eyes.
function keepView(root, isAlways, change) {
  const scroller = root.closest("[data-history-scroll]");
  const edge = scroller.getBoundingClientRect().top;
  const top = (element) => element.getBoundingClientRect().top;
  const anchor = (isAlways || scroller.scrollTop < -40)
    && [...messages(root)].find((message) => top(message) >= edge);
  const before = anchor && top(anchor);
  change();
  if (anchor?.isConnected) scroller.scrollTop += top(anchor) - before;
}
