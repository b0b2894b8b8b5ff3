// The files of a message that the server has not confirmed yet: what the browser has of them.
import { draw } from "./bars.js";

export function showFiles(message, item) {
  if (!item.files?.length) return;
  const row = document.createElement("div");
  row.className = "pending-files";
  for (const file of item.files) {
    if (file.kind === "photo") row.append(face(file, item));
    else if (file.heights) row.append(voice(file));
    else row.append(Object.assign(document.createElement("span"), { className: "pending-file", textContent: file.name }));
  }
  message.querySelector(".message-text").before(row);
}

// After a reload the picture is only on the server, as a draft that its author may see.
function face(file, item) {
  const onServer = item.url.replace(/messages$/, `files/${file.id}/thumb`);
  const image = Object.assign(new Image(), { src: file.face ?? onServer, alt: file.name, width: 120, height: 120 });
  if (file.face) image.addEventListener("error", () => Object.assign(image, { src: onServer }), { once: true });
  return image;
}

function voice(file) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "sound-bars pending-voice");
  svg.setAttribute("preserveAspectRatio", "none");
  draw(svg, file.heights);
  return svg;
}
