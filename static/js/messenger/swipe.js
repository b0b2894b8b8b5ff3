// A finger that draws a message to the left answers it. The mark beside it says when it is enough.
import { act, allowed } from "./doing.js";
import { currentHistory } from "./history.js";

const SLOP = 12; // pixels: less is a tap, or the beginning of scrolling
const ENOUGH = 56;
const FARTHEST = 76;
const EDGE = 20; // where the browser's own gesture begins
const OTHERS = "input, audio, video";
let pulled;

const mark = () => document.querySelector("[data-swipe-mark]");
const messageOf = (target) => target.closest?.("[data-history] > article[data-message][data-seq]:not([data-deleted])");

document.addEventListener("pointerdown", (event) => {
  drop();
  if (event.pointerType !== "touch" || !event.isPrimary || event.clientX > innerWidth - EDGE) return;
  const message = messageOf(event.target);
  if (!message || event.target.closest(OTHERS) || !allowed(currentHistory(), message).has("reply")) return;
  pulled = { message, x: event.clientX, y: event.clientY, by: 0, isDrawn: false };
});

document.addEventListener("pointermove", (event) => {
  if (!pulled || !event.isPrimary) return;
  const [x, y] = [pulled.x - event.clientX, Math.abs(event.clientY - pulled.y)];
  if (!pulled.isDrawn) {
    if (y > SLOP || x < -SLOP) return drop(); // it scrolls, or goes the other way
    if (x < SLOP) return;
    pulled.isDrawn = true;
    pulled.message.append(mark());
    pulled.message.setAttribute("data-pulled", "");
  }
  draw(Math.min(FARTHEST, Math.max(0, x - SLOP)));
});

function draw(by) {
  const isEnough = by >= ENOUGH;
  if (isEnough && pulled.by < ENOUGH) navigator.vibrate?.(10);
  pulled.by = by;
  pulled.message.style.transform = `translateX(${-by}px)`;
  mark().hidden = false;
  mark().toggleAttribute("data-enough", isEnough);
}

document.addEventListener("pointerup", () => {
  const message = pulled?.by >= ENOUGH && pulled.message;
  drop();
  if (message) act(message, "reply");
});
document.addEventListener("pointercancel", drop);

function drop() {
  if (pulled?.isDrawn) {
    pulled.message.style.transform = "";
    pulled.message.removeAttribute("data-pulled");
    if (mark()) {
      mark().hidden = true;
      document.querySelector("[data-chat]").append(mark()); // it outlives the message
    }
  }
  pulled = undefined;
}
