// The doors by which files come in: the menu, pasting, dropping onto the chat.
import { addFiles } from "./tray.js";

const form = () => document.querySelector("[data-composer]");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choose-files]");
  if (!button) return;
  const input = form().querySelector("[data-attach-input]");
  input.accept = button.dataset.chooseFiles;
  input.click();
  button.closest("[data-menu]").removeAttribute("open");
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-attach-input]")) return;
  addFiles(event.target.files);
  event.target.value = "";
  form().querySelector("[data-composer-text]").focus();
});

document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files ?? [];
  if (!files.length || !form() || !event.target.closest?.("[data-chat]")) return;
  event.preventDefault();
  addFiles(files);
});

const carriesFiles = (event) => form() && [...(event.dataTransfer?.types ?? [])].includes("Files");
const chat = () => document.querySelector("[data-chat]");

// The browser tells of every element the file passes over; the last word is when it leaves the page.
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  chat().toggleAttribute("data-dropping", Boolean(event.target.closest?.("[data-chat]")));
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) chat()?.removeAttribute("data-dropping");
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault(); // beside the chat too: the browser would leave the page for the file
  chat().removeAttribute("data-dropping");
  if (event.target.closest?.("[data-chat]")) addFiles(event.dataTransfer.files);
});

document.addEventListener("click", async (event) => {
  const photo = event.target.closest("[data-photo]");
  if (!photo || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  (await import("./viewer.js")).openViewer(photo);
});

document.addEventListener("pointerdown", (event) => {
  if (event.target.closest("[data-record]")) import("./recorder.js").then((module) => module.press(event));
});
document.addEventListener("click", (event) => {
  // By keyboard there is no pointer before the click.
  const button = event.target.closest("[data-record]");
  if (button && event.detail === 0) import("./recorder.js").then((module) => module.startByKey(button));
});
