// One sound at a time: playing, seeking, speed. The next voice message of the chat follows.
const SPEEDS = [1, 1.5, 2];
let speed = 1;

const root = (element) => element.closest("[data-sound]");
const audioOf = (sound) => sound.querySelector("[data-sound-audio]");
const length = (sound) => Number(sound.dataset.duration) / 1000 || (Number.isFinite(audioOf(sound).duration) ? audioOf(sound).duration : 0);

export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function toggle(sound) {
  const audio = audioOf(sound);
  if (!audio.paused) return audio.pause();
  for (const other of document.querySelectorAll("[data-sound-audio]")) if (other !== audio) other.pause();
  audio.preload = "auto";
  audio.playbackRate = speed;
  return audio.play().catch(() => sound.setAttribute("data-broken", ""));
}

function show(sound) {
  const audio = audioOf(sound);
  const part = length(sound) ? Math.min(1, audio.currentTime / length(sound)) : 0;
  const bars = sound.querySelectorAll("rect");
  bars.forEach((bar, index) => bar.toggleAttribute("data-played", index < part * bars.length));
  const seek = sound.querySelector("[data-sound-seek]");
  seek.value = part * 1000;
  seek.setAttribute("aria-valuetext", clock(audio.currentTime));
  if (length(sound)) sound.querySelector("[data-sound-time]").textContent = clock(audio.currentTime || length(sound));
  const button = sound.querySelector("[data-sound-play]");
  button.dataset.play ??= button.getAttribute("aria-label");
  button.setAttribute("aria-label", audio.paused ? button.dataset.play : button.dataset.pause);
  sound.toggleAttribute("data-playing", !audio.paused);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sound-play], [data-sound-speed]");
  if (!button) return;
  if (button.matches("[data-sound-play]")) {
    toggle(root(button));
    return;
  }
  speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
  for (const one of document.querySelectorAll("[data-sound]")) {
    audioOf(one).playbackRate = speed;
    showSpeed(one);
  }
});

function showSpeed(sound) {
  const button = sound.querySelector("[data-sound-speed]");
  if (!button) return;
  const word = new Intl.NumberFormat(document.documentElement.lang).format(speed);
  button.textContent = `${word}×`;
  button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/[\d.,]+$/, word));
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-sound-seek]")) return;
  const sound = root(event.target);
  audioOf(sound).preload = "auto";
  audioOf(sound).currentTime = (event.target.value / 1000) * length(sound);
  show(sound);
});

// Events of media do not bubble: they are caught on their way down.
for (const name of ["play", "pause", "timeupdate", "ended", "loadedmetadata"]) {
  document.addEventListener(name, (event) => {
    if (!event.target.matches?.("[data-sound-audio]")) return;
    const sound = root(event.target);
    if (name === "ended") event.target.currentTime = 0;
    show(sound);
    if (name === "play") showSpeed(sound);
    if (name === "ended" && sound.dataset.kind === "voice") playNext(sound);
  }, true);
}

function playNext(sound) {
  const voices = [...document.querySelectorAll("[data-history] [data-sound][data-kind=voice]")];
  const next = voices[voices.indexOf(sound) + 1];
  if (next && voices.includes(sound)) toggle(next);
}
