// What a message says to the one who looks: read by others, my reaction, a call to me. The fragment
// is the same for everybody; this puts the difference in.
import { currentHistory, messages } from "./history.js";

export function mountMarks() {
  const root = currentHistory();
  if (!root) return;
  const { me } = root.dataset;
  for (const message of messages(root)) {
    for (const chip of message.querySelectorAll("[data-reaction]")) {
      chip.setAttribute("aria-pressed", String(chip.dataset.by.split(" ").includes(me)));
    }
    for (const call of message.querySelectorAll("[data-whom]")) {
      const whom = call.dataset.whom.split(" ");
      const isMe = whom.includes(me) || (whom.includes("all") && !message.hasAttribute("data-mine"));
      call.toggleAttribute("data-me", isMe);
    }
  }
  markRead(root);
}

// Who writes has read what stands above.
function markRead(root) {
  const { me } = root.dataset;
  const others = [...messages(root)].filter((one) => one.dataset.author && one.dataset.author !== me && one.dataset.seq);
  const read = Math.max(Number(root.dataset.readSeq), ...others.map((one) => Number(one.dataset.seq)));
  root.dataset.readSeq = read;
  for (const message of messages(root)) {
    if (message.hasAttribute("data-mine")) message.toggleAttribute("data-read", Number(message.dataset.seq) <= read);
  }
}

export function showRead({ by, seq }) {
  const root = currentHistory();
  if (!root || by === root.dataset.me || seq <= Number(root.dataset.readSeq)) return;
  root.dataset.readSeq = seq;
  markRead(root);
}

document.addEventListener("messenger:placed", mountMarks);
