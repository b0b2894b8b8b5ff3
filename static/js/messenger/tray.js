// The tray above the composer: files on their way to the server and those that wait for their
// message. One tray a chat; it lives as long as the page, whichever chat is open.
import { upload } from "./upload.js";

const KEPT = "tray:"; // what is on the server already outlives a reload of this tab
const trays = new Map();
let count = 0;

const box = () => document.querySelector("[data-tray]");
const here = () => box()?.closest("[data-chat]").dataset.chat;
const entries = (chat) => {
  if (!trays.has(chat)) trays.set(chat, kept(chat));
  return trays.get(chat);
};

export function mountTray() {
  if (!box()) return;
  // Only over https, or on this computer: elsewhere browsers give no microphone.
  const canRecord = Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
  box().closest("form").toggleAttribute("data-can-record", canRecord);
  show(here());
}

export function addFiles(files) {
  const { most, largest, tooMany, tooLarge } = box().dataset;
  const chat = here();
  const room = Number(most) - entries(chat).length;
  for (const file of [...files].slice(0, room)) {
    const entry = { key: (count += 1), file, name: file.name, size: file.size, state: "uploading", progress: 0 };
    if (file.type.startsWith("image/")) entry.face = URL.createObjectURL(file);
    entries(chat).push(entry);
    if (file.size > Number(largest)) Object.assign(entry, { state: "refused", reason: tooLarge });
    else start(chat, entry);
  }
  show(chat);
  if (files.length > room) note(tooMany);
}

// All that is ready, out of the tray and into a message.
export function takeFiles(chat) {
  const ready = entries(chat).filter((entry) => entry.state === "ready");
  trays.set(chat, entries(chat).filter((entry) => entry.state !== "ready"));
  show(chat);
  return ready.map(({ id, kind, name, face, size }) => ({ id, kind, name, face, size }));
}

// A message that was refused: its files wait again.
export function giveBack(chat, files) {
  for (const file of files ?? []) entries(chat).push({ ...file, key: (count += 1), state: "ready" });
  show(chat);
}

function kept(chat) {
  try {
    const files = JSON.parse(sessionStorage.getItem(keyOf(chat))) ?? [];
    return files.map((file) => ({ ...file, face: faceOf(file), key: (count += 1), state: "ready" }));
  } catch {
    return [];
  }
}

function keep(chat) {
  const files = entries(chat).filter((entry) => entry.state === "ready").map(({ id, kind, name, size }) => ({ id, kind, name, size }));
  try {
    if (files.length) sessionStorage.setItem(keyOf(chat), JSON.stringify(files));
    else sessionStorage.removeItem(keyOf(chat));
  } catch { /* this browser keeps nothing */ }
}

const keyOf = (chat) => `${KEPT}${document.querySelector("[data-me]")?.dataset.me}:${chat}`;
const faceOf = ({ id, kind }) => (kind === "photo" ? `${box().dataset.upload}/${id}/thumb` : undefined);

// What is still on its way would be lost: the browser asks before it leaves the page.
window.addEventListener("beforeunload", (event) => {
  if ([...trays.values()].flat().some((entry) => entry.state === "uploading")) event.preventDefault();
});

export const isUploading = (chat) => entries(chat).some((entry) => entry.state === "uploading");

// Still on the way: then the message goes by itself as soon as they are there.
export function waitForFiles(chat) {
  const isBusy = isUploading(chat);
  entries(chat).isAwaited = isBusy;
  if (isBusy) note(box().dataset.waiting);
  return isBusy;
}

async function start(chat, entry) {
  const sent = upload(box().dataset.upload, entry.file, {
    onProgress: (part) => {
      entry.progress = part;
      showEntry(entry);
    },
  });
  entry.stop = sent.stop;
  try {
    const { id, kind, name } = await sent.done;
    Object.assign(entry, { id, kind, name, state: "ready" });
  } catch (problem) {
    if (problem.name === "AbortError") return;
    const isFinal = problem.status >= 400 && problem.status < 500 && problem.status !== 429;
    Object.assign(entry, { state: isFinal ? "refused" : "failed", reason: problem.message });
    entries(chat).isAwaited = false;
  }
  show(chat);
  finish(chat);
}

function finish(chat) {
  const all = entries(chat);
  if (!all.isAwaited || all.some((entry) => entry.state === "uploading")) return;
  all.isAwaited = false;
  if (chat === here()) box().closest("form").requestSubmit();
}

function show(chat) {
  keep(chat);
  if (chat !== here()) return;
  const all = entries(chat);
  const list = box().querySelector("[data-tray-list]");
  const known = new Map([...list.children].map((tile) => [tile.dataset.key, tile]));
  list.replaceChildren(...all.map((entry) => known.get(String(entry.key)) ?? newTile(entry)));
  for (const entry of all) showEntry(entry);
  box().hidden = !all.length;
  box().closest("form").toggleAttribute("data-has-files", all.some((entry) => entry.state !== "refused"));
  if (!all.isAwaited) note("");
}

function newTile(entry) {
  const tile = box().querySelector("template[data-tile]").content.firstElementChild.cloneNode(true);
  tile.dataset.key = entry.key;
  if (entry.face) {
    const image = Object.assign(new Image(), { src: entry.face, alt: "" });
    image.addEventListener("error", () => image.remove());
    tile.querySelector(".tile-face").append(image);
    tile.dataset.hasFace = "";
  }
  return tile;
}

function showEntry(entry) {
  const tile = box()?.querySelector(`[data-key="${entry.key}"]`);
  if (!tile) return;
  tile.dataset.state = entry.state;
  tile.title = entry.reason || entry.name;
  tile.querySelector(".tile-name").textContent = entry.name;
  tile.querySelector(".tile-note").textContent = entry.state === "ready" || entry.state === "uploading"
    ? words(entry.size) : entry.reason || box().dataset.failed;
  tile.querySelector("progress").value = entry.progress ?? 0;
}

function words(size) {
  const [unit, value] = size < 1024 ** 2 ? ["kilobyte", Math.ceil(size / 1024)] : ["megabyte", size / 1024 ** 2];
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 })
    .format(value);
}

function note(text) {
  if (box()) box().querySelector("[data-tray-note]").textContent = text;
}

async function remove(chat, entry) {
  entry.stop?.();
  trays.set(chat, entries(chat).filter((one) => one !== entry));
  show(chat);
  if (!entry.id) return;
  const { ask, csrfToken } = await import("./asking.js");
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  ask(`${box().dataset.upload}/${entry.id}/discard`, body).catch(() => {}); // swept within a day anyway
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tile-remove], [data-tile-retry]");
  if (!button) return;
  const chat = here();
  const entry = entries(chat).find((one) => String(one.key) === button.closest("[data-key]").dataset.key);
  if (button.matches("[data-tile-remove]")) remove(chat, entry);
  else {
    Object.assign(entry, { state: "uploading", progress: 0, reason: "" });
    start(chat, entry);
    show(chat);
  }
  box().closest("form").querySelector("[data-composer-text]").focus();
});
