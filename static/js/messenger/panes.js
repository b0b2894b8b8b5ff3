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

// Another chat closes the list of members of the last one.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "chat") document.querySelector("#info")?.replaceChildren();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (document.querySelector("#info [data-pane-name]")) closeInfo();
});

// A chat that cannot be opened says so on a page of its own.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.target?.id === "chat") location.assign(event.detail.pathInfo.requestPath);
});
