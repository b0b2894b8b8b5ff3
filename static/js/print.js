// «Напечатать»: without script the browser's own menu prints the same sheet.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => window.print());
