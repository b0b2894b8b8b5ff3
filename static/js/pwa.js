// The service worker (push, the page without a network) and «Установить».
if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}

let offer;
const button = () => document.querySelector("[data-install]");

function show() {
  if (!button()) return;
  button().hidden = !offer;
  document.querySelector("[data-install-how]").hidden = Boolean(offer);
}

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  show();
});

document.addEventListener("click", async (event) => {
  if (!offer || !event.target.closest("[data-install]")) return;
  await offer.prompt();
  offer = undefined;
  show();
});

document.addEventListener("htmx:afterSettle", show);
