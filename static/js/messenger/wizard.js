// «Создать чат»: the steps of the form, one at a time. Without this module all stand in one page.

export function mountWizard() {
  for (const form of document.querySelectorAll("[data-wizard]:not([data-ready])")) {
    form.dataset.ready = "";
    const wrong = form.querySelector("[data-step] [data-invalid]")?.closest("[data-step]");
    show(form, wrong ? steps(form).indexOf(wrong) : 0);
  }
}

const steps = (form) => [...form.querySelectorAll("[data-step]")];
const now = (form) => steps(form).findIndex((step) => !step.hidden);

function show(form, number) {
  const all = steps(form);
  all.forEach((step, place) => { step.hidden = place !== number; });
  const isLast = number === all.length - 1;
  form.querySelector("[data-wizard-back]").hidden = number === 0;
  form.querySelector("[data-wizard-next]").hidden = isLast;
  form.querySelector("[data-wizard-save]").hidden = !isLast;
  const line = form.querySelector("[data-wizard-now]");
  line.hidden = false;
  line.textContent = line.dataset.words.replace("{number}", number + 1).replace("{count}", all.length);
  nameNext(form);
  if (isLast) window.htmx.trigger(form.querySelector("[data-rights]"), "recount");
  all[number].querySelector("input:not([type=hidden], [type=file]), select")?.focus({ preventScroll: true });
}

// Nobody chosen at the second step: the button says what will come of it.
function nameNext(form) {
  const next = form.querySelector("[data-wizard-next]");
  const isEmpty = now(form) === 1 && !form.querySelector("[data-chips] input:checked");
  next.querySelector(".button-text").textContent = isEmpty ? next.dataset.empty : next.dataset.next;
}

function hasTitle(form) {
  const title = form.querySelector("[data-wizard-title]");
  const isThere = title.value.trim() !== "";
  form.querySelector("[data-title-error]").hidden = isThere;
  title.closest(".field").toggleAttribute("data-invalid", !isThere);
  title.toggleAttribute("aria-invalid", !isThere);
  if (!isThere) title.focus();
  return isThere;
}

function goOn(form) {
  if (now(form) === 0 && !hasTitle(form)) return;
  show(form, now(form) + 1);
}

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-wizard]");
  if (!form) return;
  if (event.target.closest("[data-wizard-next]")) goOn(form);
  if (event.target.closest("[data-wizard-back]")) show(form, now(form) - 1);
});

// Enter in the title goes on, as a button would; it never sends a form half filled.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-wizard-title]")) return;
  event.preventDefault();
  goOn(event.target.form);
});

document.addEventListener("picker:changed", (event) => {
  const form = event.target.closest("[data-wizard]");
  if (form) nameNext(form);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("[data-wizard]")) event.target.removeAttribute("data-submitting");
});
