/* What every page has: menus that close, forms that cannot be sent twice, words when the net fails. */

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

export function toast(text) {
  const region = document.querySelector("[data-toasts]");
  const note = document.createElement("p");
  note.className = "toast";
  note.textContent = text;
  region.append(note);
  setTimeout(() => note.remove(), 6000);
}

// Islands are modules of their own and say so.
document.addEventListener("page:say", (event) => toast(event.detail));
document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offlineText));
