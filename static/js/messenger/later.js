// «Отправить утром»: offered while the school's quiet hours hold; what waits stands above the field.
import { toast } from "../toast.js";
import { takeReply } from "./about.js";
import { ask } from "./asking.js";
import { giveBack, isUploading, takeFiles } from "./tray.js";

const offer = () => document.querySelector("[data-quiet-offer]");

// The page may have been open when they began, or ended.
export function mountLater() {
  const line = offer();
  if (!line) return;
  const [start, end] = [Number(line.dataset.from), Number(line.dataset.until)];
  const zone = document.querySelector("[data-history]").dataset.zone;
  const [hour, minute] = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone })
    .format(new Date()).split(":").map(Number);
  const now = hour * 60 + minute;
  line.hidden = start <= end ? now < start || now >= end : now < start && now >= end;
  forgetSent();
}
setInterval(mountLater, 30_000);

// Before the composer sends it now.
document.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-later-send]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  keep(event.target, event.submitter);
}, true);

async function keep(form, button) {
  const field = form.querySelector("[data-composer-text]");
  const { chat } = form.closest("[data-chat]").dataset;
  if (form.hasAttribute("data-keeping")) return;
  if (isUploading(chat)) {
    toast(button.dataset.waiting);
    return;
  }
  const files = takeFiles(chat);
  const text = field.value;
  if (!text.trim() && !files.length) return;
  const body = new FormData(form);
  body.set("attachments", files.map((file) => file.id).join(","));
  form.setAttribute("data-keeping", "");
  try {
    const answer = await ask(button.formAction, body);
    const html = await answer.text();
    takeReply(form);
    form.elements.client_id.value = crypto.getRandomValues(new Uint32Array(4)).join("-").slice(0, 40);
    field.value = field.value === text ? "" : field.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    show(html);
  } catch (problem) {
    giveBack(chat, files);
    toast(problem.status && problem.message ? problem.message : document.body.dataset.offlineText);
  } finally {
    form.removeAttribute("data-keeping");
  }
  field.focus();
}

function show(html) {
  const place = document.getElementById("later");
  if (!place) return;
  place.outerHTML = html;
  window.htmx.process(document.getElementById("later"));
}

// What was sent stands in the chat, and waits no more.
function forgetSent() {
  for (const one of document.querySelectorAll("[data-later]")) {
    if (document.getElementById(one.dataset.later)?.dataset.seq) one.remove();
  }
}
document.addEventListener("messenger:placed", forgetSent);
