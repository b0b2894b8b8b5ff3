// «Скопировать ссылку»: the button is there only where a browser can do it.
import { toast } from "../toast.js";

export function mountCopying() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    toast(button.dataset.copied);
  } catch {
    field.select();
  }
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-copy-from]")) event.target.select();
});
