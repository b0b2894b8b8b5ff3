// A voice message: hold or click to record, slide left or Esc to cancel; heard before it is sent.
// Decision: letting go of the button only stops: nothing a child says goes out by accident.
import { draw } from "./bars.js";
import { sendFiles } from "./composer.js";
import { clock } from "./sound.js";
import { upload } from "./upload.js";

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const BARS = 48;
const LONGEST = 10 * 60; // seconds
const SHORTEST = 0.5; // seconds
const HELD = 400; // milliseconds: shorter is a click
const SLIDE = 80; // pixels to the left
let take;

const box = () => document.querySelector("[data-recorder]");
const part = (name) => box().querySelector(`[data-recorder-${name}]`);

export function press(event) {
  if (take) return;
  const start = { x: event.clientX, at: performance.now() };
  record();
  const mine = take;
  const watch = new AbortController();
  document.addEventListener("pointermove", (move) => {
    if (take === mine && move.clientX - start.x < -SLIDE) cancel();
  }, { signal: watch.signal });
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => {
      watch.abort();
      if (take === mine && performance.now() - start.at > HELD) stop();
    }, { signal: watch.signal });
  }
}

export const startByKey = () => take || record();

async function record() {
  take = { levels: [], chunks: [], seconds: 0 };
  part("time").textContent = clock(0);
  const mine = take;
  try {
    mine.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (problem) {
    take = undefined;
    complain(problem.name === "NotFoundError" ? box().dataset.none : box().dataset.denied);
    return;
  }
  if (take !== mine) return release(mine); // cancelled while the browser was asking
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  mine.recorder = new MediaRecorder(mine.stream, { mimeType, audioBitsPerSecond: 32_000 });
  mine.recorder.addEventListener("dataavailable", ({ data }) => data.size && mine.chunks.push(data));
  mine.recorder.start(500);
  listen(mine);
  if (mine.isStopped) stop();
  else show("recording");
}

// How loud it is, ten times a second: the outline is drawn from it.
function listen(mine) {
  mine.context = new AudioContext();
  const analyser = mine.context.createAnalyser();
  mine.context.createMediaStreamSource(mine.stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const began = performance.now();
  mine.timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    mine.levels.push(Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
    mine.seconds = (performance.now() - began) / 1000;
    part("time").textContent = clock(mine.seconds);
    draw(part("live"), outline(mine.levels.slice(-BARS), BARS));
    if (mine.seconds > LONGEST) stop();
  }, 100);
}

function release(mine) {
  clearInterval(mine.timer);
  mine.context?.close();
  mine.context = undefined;
  mine.stream?.getTracks().forEach((track) => track.stop());
}

async function stop() {
  const mine = take;
  if (!mine?.recorder) {
    if (mine) mine.isStopped = true;
    return undefined;
  }
  if (mine.recorder.state !== "inactive") {
    const ended = new Promise((resolve) => mine.recorder.addEventListener("stop", resolve, { once: true }));
    mine.recorder.stop();
    await ended;
  }
  release(mine);
  if (take !== mine || mine.blob) return mine;
  if (mine.seconds < SHORTEST) return cancel(); // a slip of the finger
  mine.blob = new Blob(mine.chunks, { type: mine.recorder.mimeType.split(";")[0] });
  mine.heights = outline(mine.levels, BARS);
  const sound = box().querySelector("[data-sound]");
  sound.dataset.duration = Math.round(mine.seconds * 1000);
  sound.querySelector("[data-sound-audio]").src = URL.createObjectURL(mine.blob);
  sound.querySelector("[data-sound-time]").textContent = clock(mine.seconds);
  draw(sound.querySelector(".sound-bars"), mine.heights);
  show("preview");
  return mine;
}

function cancel() {
  const mine = take;
  take = undefined;
  if (mine?.recorder && mine.recorder.state !== "inactive") mine.recorder.stop();
  if (mine) release(mine);
  hide();
}

async function send() {
  const mine = await stop();
  if (!mine?.blob || mine.isSending) return;
  mine.isSending = true;
  show("sending");
  const form = box().closest("form");
  const peaks = mine.heights.map((height) => (height - 1).toString(32)).join("");
  const extension = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[mine.blob.type] ?? "webm";
  try {
    const known = { name: `voice.${extension}`, voice: "yes", duration: Math.round(mine.seconds * 1000), peaks };
    const file = await upload(form.querySelector("[data-tray]").dataset.upload, mine.blob, known).done;
    if (take !== mine) return;
    take = undefined;
    hide();
    sendFiles(form, [{ ...file, heights: mine.heights, duration: known.duration }]);
  } catch (problem) {
    mine.isSending = false;
    if (take === mine) show("preview");
    complain(problem.message || box().dataset.failed);
  }
}

// The loudest of each stretch, as heights from 1 to 32.
function outline(levels, count) {
  const top = Math.max(0.02, ...levels);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * levels.length) / count);
    const until = Math.max(from + 1, Math.floor(((index + 1) * levels.length) / count));
    const level = Math.max(0, ...levels.slice(from, until));
    return 1 + Math.round(31 * (level / top));
  });
}

function show(state) {
  box().hidden = false;
  box().dataset.state = state;
  box().closest("form").setAttribute("data-recording", state);
  part("send").disabled = state === "sending";
  if (state === "preview") part("send").focus();
}

function hide() {
  const form = box()?.closest("form");
  if (!form) return;
  box().querySelector("[data-sound-audio]").removeAttribute("src");
  box().hidden = true;
  part("time").textContent = clock(0);
  form.removeAttribute("data-recording");
  form.querySelector("[data-record]").focus();
}

function complain(text) {
  const line = box()?.closest("form").querySelector("[data-composer-problem]");
  if (!line) return;
  line.textContent = text;
  line.hidden = false;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-recorder-cancel]")) cancel();
  else if (event.target.closest("[data-recorder-stop]")) stop();
  else if (event.target.closest("[data-recorder-send]")) send();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !take) return;
  event.preventDefault();
  cancel();
}, true);
document.addEventListener("htmx:beforeSwap", (event) => event.detail.target?.id === "chat" && take && cancel());
