// Reading: more messages on both sides, the way down, and telling the server what is read.
import { ask, csrfToken } from "./asking.js";
import { currentHistory, messages, place } from "./history.js";

const NEAR = 80;
const SIDES = ["older", "newer"];
const told = new WeakMap();
let arrived = 0;
let isToNewest = false; // the page that opens next was asked for its end, not for what is unread

export function mountScrolling() {
  const root = currentHistory();
  const scroller = root?.closest("[data-history-scroll]");
  if (!scroller || scroller.dataset.ready) return;
  scroller.dataset.ready = "yes";
  arrived = isWhole(root) ? 0 : Number(root.dataset.unread);
  told.set(root, root.dataset.marked === "yes" ? -1 : Number(root.dataset.ownRead));
  if (!isToNewest) root.querySelector("[data-unread-line]")?.scrollIntoView({ block: "start" });
  isToNewest = false;
  if (root.dataset.target) reveal(document.getElementById(root.dataset.target));
  for (const side of SIDES) watch(root, scroller, side);
  scroller.addEventListener("scroll", () => moved(root, scroller), { passive: true });
  scroller.parentElement.querySelector("[data-jump]").addEventListener("click", () => toNewest("smooth"));
  moved(root, scroller);
}

// The page goes on to the newest message; else it is a page of older ones.
const isWhole = (root) => root.dataset.isNewest !== "no";
const isAtNewest = (scroller) => scroller.scrollTop > -NEAR && isWhole(currentHistory());

// To the newest message; from a page of older ones by opening the chat anew.
export function toNewest(behavior = "auto") {
  const root = currentHistory();
  if (!isWhole(root)) {
    isToNewest = true;
    window.htmx.ajax("GET", `${root.dataset.page}?newest=1`, { target: "#chat", swap: "innerHTML" });
    return;
  }
  const scroller = root.closest("[data-history-scroll]");
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const isFar = -scroller.scrollTop > 2 * scroller.clientHeight; // a flight past hundreds of lines
  scroller.scrollTo({ top: 0, behavior: isCalm || isFar ? "auto" : behavior });
}

// A message that somebody looks for comes to the middle and is lit for a moment.
export function reveal(message) {
  if (!message) return;
  message.scrollIntoView({ block: "center" });
  message.setAttribute("data-found", "");
  message.addEventListener("animationend", () => message.removeAttribute("data-found"), { once: true });
}

let isMoving = false;
function moved(root, scroller) {
  if (isMoving) return;
  isMoving = true;
  requestAnimationFrame(() => {
    isMoving = false;
    if (!root.isConnected) return;
    if (isAtNewest(scroller)) arrived = 0;
    showJump(scroller);
    showDay(root, scroller);
    tellRead();
  });
}

function showJump(scroller) {
  const jump = scroller.parentElement.querySelector("[data-jump]");
  const count = jump.querySelector("[data-jump-count]");
  jump.hidden = isAtNewest(scroller);
  count.hidden = !arrived;
  count.textContent = arrived || "";
  document.documentElement.toggleAttribute("data-reading", isAtNewest(scroller) && isLooking());
}

// Day headers stick to the top; of those that have got there only the last one is shown.
function showDay(root, scroller) {
  const edge = scroller.getBoundingClientRect().top + 16;
  const stuck = [...root.querySelectorAll(":scope > [data-day-header]")]
    .map((header) => [header, header.getBoundingClientRect().top < edge]);
  const last = stuck.findLast(([, isStuck]) => isStuck)?.[0];
  for (const [header, isStuck] of stuck) header.toggleAttribute("data-past", isStuck && header !== last);
}

function watch(root, scroller, side) {
  const link = root.querySelector(`:scope > [data-${side}]`);
  const watcher = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) load(root, link, watcher, side);
  }, { root: scroller, rootMargin: "600px 0px" });
  watcher.observe(link);
}

async function load(root, link, watcher, side) {
  const edge = side === "older" ? messages(root)[0]?.dataset.seq : root.dataset.newest;
  if (link.dataset.busy || !edge) return;
  link.dataset.busy = "yes";
  watcher.unobserve(link);
  try {
    const answer = await ask(`${side === "older" ? root.dataset.before : root.dataset.after}?seq=${edge}`);
    place(root, await answer.text(), side);
    link.hidden = answer.headers.get("Svyazka-More") !== "yes";
    if (side === "newer" && link.hidden) {
      root.dataset.isNewest = "yes";
      document.dispatchEvent(new CustomEvent("messenger:stale")); // what came meanwhile
      moved(root, root.closest("[data-history-scroll]"));
    }
  } catch {
    // The link itself stays and works: it opens that side as a page.
  }
  delete link.dataset.busy;
  watcher.observe(link);
}

const isLooking = () => !document.hidden && document.hasFocus();

// Read is what stood before open eyes. Told after a moment, so that a burst costs one request and
// a class does not answer at once.
let telling;
export function tellRead() {
  telling ??= setTimeout(() => {
    telling = undefined;
    tellNow();
  }, 200 + 600 * Math.random());
}

function tellNow() {
  const root = currentHistory();
  if (!root || root.dataset.isMember !== "yes" || !isLooking()) return;
  const seen = lastSeen(root);
  const known = told.get(root);
  if (seen <= known) return;
  told.set(root, seen);
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  body.set("seq", seen);
  ask(root.dataset.read, body).catch(() => told.set(root, known));
}

function lastSeen(root) {
  const scroller = root.closest("[data-history-scroll]");
  if (isAtNewest(scroller)) return Number(root.dataset.newest);
  const edge = scroller.getBoundingClientRect().bottom;
  const seen = [...messages(root)].findLast((one) => one.dataset.seq && one.getBoundingClientRect().bottom <= edge);
  return Math.min(Number(seen?.dataset.seq ?? 0), Number(root.dataset.newest));
}

document.addEventListener("messenger:placed", (event) => {
  const scroller = event.target.closest("[data-history-scroll]");
  if (!isAtNewest(scroller)) arrived += event.detail.arrived;
  moved(event.target, scroller);
});

// A link to a message that is on the page needs no journey.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-jump-to]");
  const message = link && document.getElementById(link.dataset.jumpTo);
  if (!message || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  reveal(message);
  document.dispatchEvent(new CustomEvent("messenger:revealed"));
}, true);

for (const name of ["focus", "blur"]) {
  window.addEventListener(name, () => currentHistory() && moved(currentHistory(), currentHistory().closest("[data-history-scroll]")));
}
document.addEventListener("visibilitychange", tellRead);
