// The bar of a call that goes on in the open chat.
import { ask } from "./asking.js";

const spot = () => document.querySelector("[data-call-place]");

export function showCall(html) {
  const bar = spot();
  if (bar) bar.innerHTML = html;
}

// Catch-up says which call goes on, with how many people.
export async function checkCall(state) {
  const bar = spot();
  const known = bar?.querySelector("[data-call-state]")?.dataset.callState ?? "";
  if (!bar || state === null || state === known) return;
  const answer = await ask(bar.dataset.address);
  showCall(await answer.text());
}

// The call has a tab of its own. Where it is open already, it is shown and not begun anew.
document.addEventListener("click", (event) => {
  const link = event.target.closest(":is(.call-bar, .call-ring) a[target]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const tab = window.open("", link.target);
  if (!tab) return;
  event.preventDefault();
  if (tab.location.pathname === link.pathname) tab.focus();
  else tab.location.assign(link.href);
});
