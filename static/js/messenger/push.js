// Push on the page «Уведомления»: asked for by a person's click only, never by itself.

const box = () => document.querySelector("[data-push]");
const isPossible = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytes(base64) {
  const text = atob(base64.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function say(text) {
  const line = box().querySelector("[data-push-problem]");
  line.textContent = text ?? "";
  line.hidden = !text;
}

function show() {
  const root = box();
  const isOn = root.dataset.state === "on";
  root.querySelector("[data-push-on]").hidden = !isPossible || isOn;
  root.querySelector("[data-push-off]").hidden = !isOn;
  root.querySelector("[data-push-unavailable]").hidden = isPossible || isOn;
}

function post(url, fields = {}) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  const headers = { "X-CSRFToken": token, "HX-Request": "true" };
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(fields) });
}

async function turnOn(root) {
  if (await Notification.requestPermission() !== "granted") return say(root.dataset.denied);
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(root.dataset.key) };
  const { endpoint, keys } = (await worker.pushManager.subscribe(options)).toJSON();
  const answer = await post(root.dataset.subscribe, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  if (!answer.ok) throw new Error(String(answer.status));
  root.dataset.state = "on";
  say("");
  return show();
}

async function turnOff(root) {
  const worker = await navigator.serviceWorker.ready;
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  const answer = await post(root.dataset.unsubscribe);
  if (!answer.ok) throw new Error(String(answer.status));
  root.dataset.state = "off";
  say("");
  return show();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-push-on]")) return;
  turnOn(box()).catch(() => say(box().dataset.failed));
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-push-off]") || !isPossible) return;
  event.preventDefault();
  turnOff(box()).catch(() => say(box().dataset.failed));
});

if (box()) show();
