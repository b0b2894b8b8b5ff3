// «Анна печатает…»: told while one types, shown for some seconds, kept nowhere.
import { currentHistory } from "./history.js";

const EVERY = 3000;
const SHOWN = 5000;
const typists = new Map();
let told = -EVERY;

export function tellTyping(socket, chat) {
  const now = performance.now();
  if (!socket?.connected || now - told < EVERY) return;
  told = now;
  socket.emit("typing", chat);
}

export function showTyping({ by, name }) {
  if (by === currentHistory()?.dataset.me) return;
  clearTimeout(typists.get(by)?.timer);
  typists.set(by, { name, timer: setTimeout(() => stopTyping(by), SHOWN) });
  draw();
}

export function stopTyping(by) {
  clearTimeout(typists.get(by)?.timer);
  if (typists.delete(by)) draw();
}

// Another chat: what was shown belongs to the last one.
export function mountTyping() {
  const line = document.querySelector("[data-typing]");
  if (!line || line.dataset.ready) return;
  line.dataset.ready = "yes";
  for (const by of [...typists.keys()]) stopTyping(by);
  told = -EVERY;
}

function draw() {
  const line = document.querySelector("[data-typing]");
  if (!line) return;
  const names = [...typists.values()].map((one) => one.name);
  line.hidden = !names.length;
  line.textContent = names.length > 1 ? line.dataset.many : line.dataset.one.replace("NAME", names[0] ?? "");
  line.closest(".chat-heading").toggleAttribute("data-typing-now", Boolean(names.length));
}

// Their message is there: they are done.
document.addEventListener("messenger:placed", (event) => {
  for (const by of [...typists.keys()]) {
    const last = event.target.querySelector(":scope > [data-message]:last-of-type");
    if (last?.dataset.author === by) stopTyping(by);
  }
});
