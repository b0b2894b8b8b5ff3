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
import "./mentions.js";
import "./pinned.js";
import { showPane } from "./panes.js";
import "./photo.js";
import { mountPickers } from "./picker.js";
import { mountScrolling } from "./scrolling.js";
import { mountPolls } from "./polls.js";
import { mountRing } from "./ring.js";
import "./row_menu.js";
import { openSocket, resync } from "./socket.js";
import "./sound.js";
import { forgetOthers } from "./store.js";
import { mountTray } from "./tray.js";
import { mountTyping } from "./typing.js";
import { mountWizard } from "./wizard.js";

function mount() {
  mountHistory();
  mountMarks();
  mountTyping();
  mountScrolling();
  mountTray();
  mountPolls();
  mountComposer();
  mountList();
  mountCopying();
  mountPickers();
  mountWizard();
  showPane();
  mountRing();
  openSocket();
}

forgetOthers();
mount();
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.matches("#chat, #info, #dialog-body, body")) mount();
});
document.addEventListener("htmx:historyRestore", mount);
document.addEventListener("visibilitychange", () => document.hidden || resync());
window.addEventListener("focus", resync);
