// The photo of a chat: shown at once, and made small here so that it flies over a phone's network.
import { toast } from "../page.js";

const SIDE = 640;

document.addEventListener("change", async (event) => {
  const box = event.target;
  if (!box.matches(".photo-box") || !box.files[0]) return;
  const field = box.closest("[data-photo]");
  try {
    const canvas = square(await createImageBitmap(box.files[0]));
    const small = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.88); });
    const files = new DataTransfer();
    files.items.add(new File([small], "photo.jpg", { type: "image/jpeg" }));
    box.files = files.files;
    show(field, canvas);
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

function show(field, canvas) {
  canvas.className = "photo-image";
  field.querySelector(".photo-face").replaceChildren(canvas);
}
