// A dialog: what htmx puts into #dialog-body opens it; Escape, the cross and the backdrop close it.

const dialog = () => document.querySelector("[data-dialog]");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "dialog-body") return;
  const box = dialog();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = false;
  if (!box.open) box.showModal();
  box.querySelector("[aria-invalid], select, input:not([type=hidden]), button:not([data-close-dialog])")?.focus();
});

document.addEventListener("click", (event) => {
  const box = dialog();
  if (box?.open && (event.target === box || event.target.closest("[data-close-dialog]"))) box.close();
});
