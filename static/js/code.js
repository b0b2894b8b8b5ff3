/* The code step: digits only, sent when six are there; the resend button counts down. */

const input = document.querySelector("[data-code-input]");
input?.addEventListener("input", () => {
  input.value = input.value.replace(/\D/g, "").slice(0, 6);
  if (input.value.length === 6) input.form.requestSubmit();
});

const resend = document.querySelector("[data-countdown]");
if (resend) {
  const label = resend.querySelector(".button-text");
  const ready = label.textContent;
  let left = Number(resend.dataset.countdown);
  const tick = () => {
    resend.disabled = left > 0;
    label.textContent = left > 0 ? `${resend.dataset.countdownText} ${left} с` : ready;
    if (left > 0) {
      left -= 1;
      setTimeout(tick, 1000);
    }
  };
  tick();
}
