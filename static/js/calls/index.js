// The page of a call: the lobby, the call, its end.
import { Devices } from "./devices.js";
import { mountKeys } from "./keys.js";
import { Line, Refused } from "./line.js";
import { mountPanels } from "./panels.js";
import { toast } from "../toast.js";
import { draw, light, show } from "./tiles.js";
import { say, word } from "./words.js";

const root = document.querySelector("[data-call]");
const part = (name) => root.querySelector(`[data-${name}]`);
const devices = new Devices();
const line = new Line(root.dataset.call);
let engine;
let engines;
let people = [];
let waiting = [];
let me = "";
let awake; // a telephone must not fall asleep in a call
const own = { camera: null, screen: null };

// -- what is switched on -------------------------------------------------------------------------
async function toggle(name) {
  const before = devices.shown[name];
  const problem = await devices.toggle(name);
  const note = part("device-note");
  if (problem) {
    note.textContent = word(problem);
    note.hidden = false;
    if (root.dataset.state === "in") toast(word(problem));
  } else {
    note.hidden = true;
  }
  if (devices.shown[name] !== before && root.dataset.state !== "over") say(word(`${name}-${before ? "off" : "on"}`));
}

devices.addEventListener("change", () => {
  const { shown, tracks } = devices;
  for (const button of root.querySelectorAll("[data-toggle]")) button.setAttribute("aria-pressed", shown[button.dataset.toggle]);
  for (const name of ["camera", "screen"]) { // the same stream as long as it is the same track
    if (own[name]?.getTracks()[0] !== tracks[name]) own[name] = tracks[name] && new MediaStream([tracks[name]]);
  }
  show(part("preview"), own.camera);
  part("preview").hidden = !tracks.camera;
  part("preview-face").hidden = Boolean(tracks.camera);
  engine?.use(tracks);
  line.show(shown);
  redraw();
});

// -- in the call ---------------------------------------------------------------------------------
async function enter() {
  const button = part("enter");
  button.disabled = true;
  try {
    engines ??= await import(`./${root.dataset.engine}.js`);
    begin(await line.enter());
  } catch (error) {
    over("failed", error instanceof Refused ? error.message : word("failed-text"));
  } finally {
    button.disabled = false;
  }
}

function begin({ key, people: now, ticket }) {
  engine?.close();
  me = key;
  people = [];
  engine = new engines.Engine({ ticket, me, tracks: { ...devices.tracks }, send: (to, what) => line.signal(to, what), changed: redraw });
  root.dataset.state = "in";
  for (const name of ["lobby", "end"]) part(name).hidden = true;
  for (const name of ["room", "controls"]) part(name).hidden = false;
  part("connection").hidden = true;
  setPeople(now, true);
  for (const { from, what } of waiting.splice(0)) engine.signal(from, what);
  line.show(devices.shown);
  say(word("entered"));
  keepAwake();
}

async function keepAwake() {
  awake = await navigator.wakeLock?.request("screen").catch(() => undefined);
}
document.addEventListener("visibilitychange", () => document.hidden || root.dataset.state !== "in" || keepAwake());

function setPeople(now, isFirst = false) {
  const before = new Map(people.map((one) => [one.id, one]));
  people = now;
  for (const one of isFirst ? [] : now) tellOf(one, before.get(one.id));
  for (const one of before.values()) if (!now.some(({ id }) => id === one.id)) say(word("went", { NAME: one.name }));
  engine.people(now.filter((one) => one.id !== root.dataset.me).map((one) => one.key));
  part("count").textContent = ` · ${word("count", { COUNT: now.length })}`;
  part("alone").hidden = now.length > 1;
  redraw();
}

function tellOf(one, before) {
  if (one.id === root.dataset.me) return;
  if (!before) say(word("came", { NAME: one.name }));
  else if (one.hand && !before.hand) say(word("hand", { NAME: one.name }));
  else if (one.screen && !before.screen) say(word("shares", { NAME: one.name }));
}

// What one has switched on oneself is known here first.
function redraw() {
  if (!engine) return;
  const now = people.map((one) => (one.key === me ? { ...one, ...devices.shown } : one));
  draw(now, me, (one) => (one.key === me ? own : engine.streams(one.key)));
}

line.addEventListener("people", ({ detail }) => setPeople(detail));
line.addEventListener("signal", ({ detail }) => (engine ? engine.signal(detail.from, detail.what) : waiting.push(detail)));
line.addEventListener("lost", () => { part("connection").hidden = false; });
line.addEventListener("back", ({ detail }) => {
  if (detail.key !== me) {
    begin(detail);
    return;
  }
  part("connection").hidden = true;
  setPeople(detail.people);
  line.show(devices.shown);
  engine.mend();
});
line.addEventListener("out", ({ detail }) => over(detail.why, word(`${detail.why}-text`), detail.why === "elsewhere"));
line.addEventListener("ended", () => over("ended", ""));
line.addEventListener("refused", ({ detail }) => over("failed", detail.message || word("failed-text")));

// -- the end -------------------------------------------------------------------------------------
function leave() {
  if (root.dataset.state === "in") {
    line.leave();
    if (people.length > 1) over("left", word("left-text"));
    else over("ended", ""); // the last one: nothing is left to come back to
  }
}

function over(why, text, mayReturn = ["left", "failed"].includes(why)) {
  engine?.close();
  engine = undefined;
  awake?.release();
  devices.stop();
  devices.dispatchEvent(new Event("change"));
  root.dataset.state = "over";
  for (const name of ["lobby", "room", "controls"]) part(name).hidden = true;
  part("connection").hidden = true;
  part("end-title").textContent = word(why);
  part("end-text").textContent = text;
  part("again").hidden = !mayReturn;
  part("count").textContent = "";
  part("end").hidden = false;
  panels.close();
  part("end-title").focus();
}

function again() {
  root.dataset.state = "lobby";
  part("end").hidden = true;
  part("lobby").hidden = false;
  part("enter").focus();
}

const panels = mountPanels(root, { leave, isAlone: () => people.length < 2 });
mountKeys(root, { toggle, people: panels.togglePeople });
root.addEventListener("click", ({ target }) => {
  const name = target.closest("[data-toggle]")?.dataset.toggle;
  if (name) toggle(name);
  if (target.closest("[data-enter]")) enter();
  if (target.closest("[data-again]")) again();
});
window.addEventListener("pagehide", () => line.leave());

setInterval(() => engine && light((key) => engine.speaks(key)), 300);
setInterval(() => {
  if (root.dataset.state === "over") return;
  const seconds = Number(root.dataset.seconds) + Math.floor(performance.now() / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = (parts[0] ? parts : parts.slice(1)).map((one, at) => (at ? String(one).padStart(2, "0") : one)).join(":");
  part("length").textContent = shown;
}, 1000);
for (const button of part("lobby").querySelectorAll("button")) button.disabled = false; // until now nothing heard them
toggle("mic");
