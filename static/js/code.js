/* The code step: digits only, sent when all are there; the buttons that ask again count down. */

const input = document.querySelector("[data-code-input]");
input?.addEventListener("input", () => {
  const digits = Number(input.dataset.codeInput);
  input.value = input.value.replace(/\D/g, "").slice(0, digits);
  if (input.value.length === digits) input.form.requestSubmit();
});

for (const button of document.querySelectorAll("[data-countdown]")) {
  const label = button.querySelector(".button-text");
  const ready = label.textContent;
  let left = Number(button.dataset.countdown);
  const tick = () => {
    button.disabled = left > 0;
    label.textContent = left > 0 ? button.dataset.countdownText.replace("#", left) : ready;
    if (left > 0) {
      left -= 1;
      setTimeout(tick, 1000);
    }
  };
  tick();
}
