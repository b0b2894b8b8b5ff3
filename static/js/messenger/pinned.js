// The bar of the pinned message, and going to a message by its quote.
import { ask } from "./asking.js";
import { currentHistory, messages, place } from "./history.js";

const ROUNDS = 12;
const spot = () => document.querySelector("[data-pin-place]");

export function showPinned(html) {
  const bar = spot();
  if (bar) bar.innerHTML = html;
}

// Catch-up says which number stands above the chat.
export async function checkPinned(seq) {
  const bar = spot();
  const known = bar?.querySelector("[data-pinned-seq]")?.dataset.pinnedSeq ?? "";
  if (!bar || seq === null || seq === known) return;
  const answer = await ask(bar.dataset.address);
  showPinned(await answer.text());
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-quote]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !currentHistory()) return;
  event.preventDefault();
  goTo(link.dataset.quote, link.href);
});

async function goTo(id, href) {
  const root = currentHistory();
  for (let round = 0; round < ROUNDS && !document.getElementById(id); round += 1) {
    const oldest = messages(root)[0];
    const answer = await ask(`${root.dataset.before}?seq=${oldest.dataset.seq}`).catch(() => null);
    if (!answer) return;
    place(root, await answer.text(), true);
    if (answer.headers.get("Svyazka-More") !== "yes") break;
  }
  const message = document.getElementById(id);
  if (!message) {
    location.assign(href); // very far above
    return;
  }
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  message.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  message.focus({ preventScroll: true });
  message.removeAttribute("data-flash");
  requestAnimationFrame(() => message.setAttribute("data-flash", ""));
  setTimeout(() => message.removeAttribute("data-flash"), 2000);
}
