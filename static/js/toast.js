// A short note at the bottom of the page. Stands alone: page.js acts when it is read, and a second
// reading under another address would act twice.

export function toast(text) {
  const region = document.querySelector("[data-toasts]");
  const note = document.createElement("p");
  note.className = "toast";
  note.textContent = text;
  region.append(note);
  setTimeout(() => note.remove(), 6000);
}
