// The bar of the pinned message, and going to a message by its quote.
import { ask } from "./asking.js";
import { currentHistory, messages, place } from "./history.js";

const ROUNDS = 2;
const spot = () => document.querySelector("[data-pin-place]");

export function showPinned(html) {
  const bar = spot();
  if (bar) bar.innerHTML = html;
}

// Catch-up says which number stands above the chat, and has brought what was changed.
export async function checkPinned(seq, changed) {
  const bar = spot();
  const known = bar?.querySelector("[data-pinned-seq]")?.dataset.pinnedSeq ?? "";
  const isStale = known && changed.includes(`data-seq="${known}"`);
  if (!bar || seq === null || (seq === known && !isStale)) return;
  const answer = await ask(bar.dataset.address);
  showPinned(await answer.text());
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-quote]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !currentHistory()) return;
  event.preventDefault();
  goTo(link.dataset.quote);
});

async function goTo(id) {
  const root = currentHistory();
  for (let round = 0; round < ROUNDS && !document.getElementById(id); round += 1) {
    const oldest = messages(root)[0];
    const answer = await ask(`${root.dataset.before}?seq=${oldest.dataset.seq}`).catch(() => null);
    if (!answer) return;
    place(root, await answer.text(), "older");
    if (answer.headers.get("Svyazka-More") !== "yes") break;
  }
  const message = document.getElementById(id);
  if (!message) { // far above: the chat opens anew around it
    window.htmx.ajax("GET", `${root.dataset.page}/m/${id.slice(2)}`, { target: "#chat", swap: "innerHTML" });
    return;
  }
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  message.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  message.focus({ preventScroll: true });
  message.removeAttribute("data-flash");
  requestAnimationFrame(() => message.setAttribute("data-flash", ""));
  setTimeout(() => message.removeAttribute("data-flash"), 2000);
}
