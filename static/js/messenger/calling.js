// Somebody calls this person alone: a card above everything for half a minute, with the sound of
// messages when it was chosen. Loaded when it happens for the first time.
const FOR = 30_000;
const AGAIN = 3000;
let shown;

export function ring({ call, name, letters, tone }) {
  stop();
  const card = document.querySelector("[data-ring-template]").content.firstElementChild.cloneNode(true);
  const face = card.querySelector(".avatar");
  face.textContent = letters;
  face.dataset.tone = tone;
  card.querySelector(".call-ring-name").textContent = name;
  const answer = card.querySelector("[data-answer]");
  answer.href = answer.href.replace(/_$/, encodeURIComponent(call));
  answer.addEventListener("click", () => setTimeout(stop));
  card.querySelector("[data-decline]").addEventListener("click", stop);
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    stop();
  });
  document.body.append(card);
  const sound = document.querySelector("[data-chat-list]")?.dataset.ring;
  const play = () => sound && new Audio(sound).play().catch(() => {});
  play();
  shown = { call, card, timers: [setTimeout(stop, FOR), setInterval(play, AGAIN)] };
}

export function stopRinging(call) {
  if (shown?.call === call) stop();
}

function stop() {
  if (!shown) return;
  shown.card.remove();
  shown.timers.forEach(clearTimeout);
  shown = undefined;
}
