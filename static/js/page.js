/* What every page has: menus that close, forms that cannot be sent twice, words when the net fails. */
import { toast } from "./toast.js";

function closeMenus(except) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (menu !== except) menu.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-menu]")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("[data-menu][open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-busy]")) return;
  if (form.hasAttribute("data-submitting")) event.preventDefault();
  else form.setAttribute("data-submitting", "");
});

// The back button shows the page as it was left: let its forms be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-submitting]")) form.removeAttribute("data-submitting");
});

// What was typed while the page was still coming is looked for too.
document.addEventListener("htmx:load", () => {
  for (const field of document.querySelectorAll('[role="search"] input')) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}, { once: true });

// Islands are modules of their own and say so.
document.addEventListener("page:say", (event) => toast(event.detail));
document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offlineText));
