// A button that copies the text of a field: data-copy is the field, data-done what is said after.

import { toast } from "../toast.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select(); // no permission, or no secure page: the person copies it by hand
      return;
    }
    toast(button.dataset.done);
  });
}
