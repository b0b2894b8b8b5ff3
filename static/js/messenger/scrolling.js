// Reading: older messages when one scrolls up, the way down, and telling the server what is read.
import { ask, csrfToken } from "./asking.js";
import { currentHistory, messages, place } from "./history.js";

const NEAR = 80;
const told = new WeakMap();
let arrived = 0;

export function mountScrolling() {
  const root = currentHistory();
  const scroller = root?.closest("[data-history-scroll]");
  if (!scroller || scroller.dataset.ready) return;
  scroller.dataset.ready = "yes";
  arrived = 0;
  told.set(root, root.dataset.unread === "0" && root.dataset.marked !== "yes" ? Number(root.dataset.newest) : 0);
  root.querySelector("[data-unread-line]")?.scrollIntoView({ block: "start" });
  watchOlder(root, scroller);
  scroller.addEventListener("scroll", () => moved(root, scroller), { passive: true });
  scroller.parentElement.querySelector("[data-jump]").addEventListener("click", () => toNewest("smooth"));
  moved(root, scroller);
}

// To the newest message; from a page of older ones by opening the chat anew.
export function toNewest(behavior = "auto") {
  const root = currentHistory();
  if (root.dataset.isNewest === "no") {
    window.htmx.ajax("GET", root.dataset.page, { target: "#chat", swap: "innerHTML" });
    return;
  }
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  root.closest("[data-history-scroll]").scrollTo({ top: 0, behavior: isCalm ? "auto" : behavior });
}

const isAtNewest = (scroller) => scroller.scrollTop > -NEAR;

function moved(root, scroller) {
  if (isAtNewest(scroller)) arrived = 0;
  showJump(scroller);
  tellRead();
}

function showJump(scroller) {
  const jump = scroller.parentElement.querySelector("[data-jump]");
  const count = jump.querySelector("[data-jump-count]");
  jump.hidden = isAtNewest(scroller);
  count.hidden = !arrived;
  count.textContent = arrived || "";
}

function watchOlder(root, scroller) {
  const link = root.querySelector("[data-older]");
  if (!link) return;
  const watcher = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) loadOlder(root, link, watcher);
  }, { root: scroller, rootMargin: "600px 0px 0px 0px" });
  watcher.observe(link);
}

async function loadOlder(root, link, watcher) {
  const oldest = messages(root)[0];
  if (link.dataset.busy || !oldest) return;
  link.dataset.busy = "yes";
  watcher.unobserve(link);
  try {
    const answer = await ask(`${root.dataset.before}?seq=${oldest.dataset.seq}`);
    place(root, await answer.text(), true);
    if (answer.headers.get("Svyazka-More") === "yes") {
      delete link.dataset.busy;
      watcher.observe(link);
    } else {
      link.remove();
    }
  } catch {
    // The link itself stays and works: it opens the older messages as a page.
    delete link.dataset.busy;
  }
}

// Read is what stood before open eyes: the page is in front and shows the newest message. Told
// after a moment, so that a burst costs one request and a class does not answer at once.
let telling;
export function tellRead() {
  telling ??= setTimeout(() => {
    telling = undefined;
    tellNow();
  }, 200 + 600 * Math.random());
}

function tellNow() {
  const root = currentHistory();
  if (!root || root.dataset.isMember !== "yes" || document.hidden || !document.hasFocus()) return;
  const newest = Number(root.dataset.newest);
  const known = told.get(root);
  if (!isAtNewest(root.closest("[data-history-scroll]")) || newest <= known) return;
  told.set(root, newest);
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  body.set("seq", newest);
  ask(root.dataset.read, body).catch(() => told.set(root, known));
}

document.addEventListener("messenger:placed", (event) => {
  const scroller = event.target.closest("[data-history-scroll]");
  if (!isAtNewest(scroller)) arrived += event.detail.arrived;
  showJump(scroller);
  tellRead();
});
window.addEventListener("focus", tellRead);
document.addEventListener("visibilitychange", tellRead);
