// One pane at a time on a phone: the root's data-pane names it, as the swapped pane says.

const root = () => document.querySelector("[data-pane]");

export function showPane() {
  const layout = root();
  if (!layout) return;
  const info = document.querySelector("#info [data-pane-name]");
  const chat = document.querySelector("#chat [data-pane-name]");
  layout.dataset.pane = info ? "info" : (chat?.dataset.paneName ?? "list");
}

export function closeInfo() {
  document.querySelector("#info")?.replaceChildren();
  showPane();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close-info]")) return;
  event.preventDefault();
  closeInfo();
  document.querySelector(".chat-members")?.focus();
});

// Another chat closes what stood beside the last one; a search beside a chat stays with it, where
// there is room for both.
const BOTH = matchMedia("(min-width: 720px)");
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "chat") return;
  const stays = document.querySelector("#info [data-stays-with]")?.dataset.staysWith;
  if (!BOTH.matches || !stays || !event.detail.pathInfo.requestPath.includes(`/chats/${stays}`)) {
    document.querySelector("#info")?.replaceChildren();
  }
});
document.addEventListener("messenger:revealed", () => BOTH.matches || closeInfo());

// What takes long shows at once where it will be, without moving anything.
let loading;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id !== "chat") return;
  clearTimeout(loading);
  loading = setTimeout(() => {
    document.querySelector("#chat").dataset.loading = "";
    if (document.querySelector("#info [data-pane-name]")) return;
    root().dataset.pane = "chat";
  }, 150);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.target?.id !== "chat") return;
  clearTimeout(loading);
  delete document.querySelector("#chat").dataset.loading;
  if (!event.detail.successful) showPane();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (!document.querySelector("#info [data-pane-name]")) return;
  event.preventDefault();
  closeInfo();
});

// A chat that cannot be opened says so on a page of its own.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.target?.id === "chat") location.assign(event.detail.pathInfo.requestPath);
});
