// Sending one file: with progress, and to be stopped. What the server does not unpack is measured
// here, so that a video keeps its place in the page and a sound says how long it is.
import { csrfToken, Refused } from "./asking.js";

// Returns `done` (a promise of what the server calls the file) and `stop`.
export function upload(url, file, { name = file.name, onProgress = () => {}, ...known } = {}) {
  const request = new XMLHttpRequest();
  const done = measure(file, known).then((measured) => new Promise((resolve, reject) => {
    const address = new URL(url, location.href);
    for (const [key, value] of Object.entries({ name, ...measured })) address.searchParams.set(key, value);
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / (event.total || 1)));
    request.addEventListener("load", () => answered(request, resolve, reject));
    request.addEventListener("error", () => reject(new Refused(0, "")));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    request.send(file);
  }));
  return { done, stop: () => request.abort() };
}

function answered(request, resolve, reject) {
  const elsewhere = request.getResponseHeader("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  else if (request.status === 201) return resolve(JSON.parse(request.responseText));
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  return reject(new Refused(request.status, page.querySelector(".error-text")?.textContent.trim() ?? ""));
}

async function measure(file, known) {
  const kind = file.type.split("/")[0];
  if (known.voice || !["video", "audio"].includes(kind)) return known;
  const media = document.createElement(kind);
  const address = URL.createObjectURL(file);
  const loaded = new Promise((resolve) => {
    media.addEventListener("loadedmetadata", resolve, { once: true });
    media.addEventListener("error", resolve, { once: true });
    setTimeout(resolve, 3000);
  });
  media.preload = "metadata";
  media.src = address;
  await loaded;
  URL.revokeObjectURL(address);
  const duration = Number.isFinite(media.duration) ? Math.round(media.duration * 1000) : 0;
  return { ...known, width: media.videoWidth ?? 0, height: media.videoHeight ?? 0, duration };
}
