// The photo of a chat: shown at once, and made small here so that it flies over a phone's network.
import { toast } from "../toast.js";

const SIDE = 640;
let kept; // what was chosen stays chosen when the form comes back with a mistake

document.addEventListener("change", async (event) => {
  const box = event.target;
  if (!box.matches(".photo-box") || !box.files[0]) return;
  const field = box.closest("[data-photo]");
  try {
    const canvas = square(await createImageBitmap(box.files[0]));
    const small = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.88); });
    put(box, new File([small], "photo.jpg", { type: "image/jpeg" }), canvas);
  } catch {
    box.value = "";
    toast(field.dataset.wrong);
  }
});

function square(bitmap) {
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.min(SIDE, side);
  canvas.height = canvas.width;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function put(box, file, canvas) {
  const files = new DataTransfer();
  files.items.add(file);
  box.files = files.files;
  canvas.className = "photo-image";
  box.closest("[data-photo]").querySelector(".photo-face").replaceChildren(canvas);
  kept = { form: box.form.action, file, canvas };
}

document.addEventListener("htmx:afterSwap", (event) => {
  const box = event.detail.target?.querySelector?.(".photo-box");
  const isMistake = event.detail.xhr?.status === 422;
  if (box?.matches("[data-keep]") && isMistake && kept?.form === box.form.action) put(box, kept.file, kept.canvas);
  else kept = undefined;
});
