// The messenger's page: puts the islands to work, whichever door a pane came by.
import "./attach.js";
import "./chat_info.js";
import { mountCopying } from "./copying.js";
import { mountComposer } from "./composer.js";
import "./about.js";
import "./actions.js";
import "./forwarding.js";
import { mountHistory } from "./history.js";
import "./keyboard.js";
import { mountList } from "./list.js";
import { mountMarks } from "./marks.js";
import "./pinned.js";
import { showPane } from "./panes.js";
import { mountScrolling } from "./scrolling.js";
import { mountRing } from "./ring.js";
import "./row_menu.js";
import { openSocket, resync } from "./socket.js";
import { forgetOthers } from "./store.js";
import { mountTray } from "./tray.js";
import { mountTyping } from "./typing.js";

function mount() {
  mountHistory();
  mountMarks();
  mountTyping();
  mountScrolling();
  mountTray();
  mountMorning();
  mountVoting();
  mountComposer();
  mountList();
  mountCopying();
  mountDialogs();
  mountSounds();
  showPane();
  mountRing();
  openSocket();
}

// Without a network a script may not come: the next occasion asks for it again.
const missed = () => ({});

// Choosing people, a chat's photo and making a chat are rare: their scripts come with their dialogs.
async function mountDialogs() {
  if (document.querySelector(".photo-box")) import("./photo.js").catch(missed);
  if (!document.querySelector("[data-picker], [data-wizard]")) return;
  const scripts = [import("./picker.js"), import("./wizard.js")];
  const [{ mountPickers }, { mountWizard }] = await Promise.all(scripts.map((one) => one.catch(missed)));
  mountPickers?.();
  mountWizard?.();
}

// A chat without sound needs no player.
function mountSounds() {
  if (document.querySelector("[data-history] [data-sound]")) import("./sound.js").catch(missed);
}

// A chat without polls needs no voting. Making a poll begins with its dialog.
async function mountVoting() {
  if (document.querySelector("[data-poll], [data-poll-new], [data-poll-form]")) (await import("./polls.js").catch(missed)).mountPolls?.();
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-poll-open]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  link.closest("[data-menu]")?.removeAttribute("open");
  window.htmx.ajax("GET", link.getAttribute("href"), { target: "#dialog-body", swap: "innerHTML" });
});

// «Отправить утром»: where the school has quiet hours.
async function mountMorning() {
  if (document.querySelector("[data-quiet-offer]")) (await import("./later.js").catch(missed)).mountLater?.();
}

// Suggestions of people come with the first look into the field.
function suggestPeople(target) {
  if (target?.matches?.("[data-composer-text]")) import("./mentions.js").catch(missed);
}
document.addEventListener("focusin", (event) => suggestPeople(event.target));

forgetOthers();
mount();
suggestPeople(document.activeElement);
if (navigator.maxTouchPoints) import("./swipe.js").catch(missed);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.matches("#chat, #info, #dialog-body, body")) mount();
});
document.addEventListener("htmx:historyRestore", mount);
document.addEventListener("messenger:placed", mountSounds);
document.addEventListener("messenger:placed", mountVoting);
document.addEventListener("visibilitychange", () => document.hidden || resync());
window.addEventListener("focus", resync);
