// Polls: one's own answers are marked here, for the message is the same for everybody. A click on an
// answer votes; several are sent by the button. Results appear with the vote, or when it is over.
import { ask, csrfToken } from "./asking.js";
import { currentHistory, place } from "./history.js";

const votes = new Map(); // message id -> positions, as the server said last
const clientId = (form) => form.closest("[data-message]").id.slice(2);
const chosen = (form) => [...form.querySelectorAll(".poll-input:checked")].map((input) => Number(input.value));
const same = (one, two) => one.length === two.length && one.every((value) => two.includes(value));

export function mountPolls() {
  const root = currentHistory();
  if (!root) return;
  const forms = [...root.querySelectorAll("[data-poll]:not([data-per-child])")];
  const unknown = forms.filter((form) => !votes.has(clientId(form)));
  for (const form of forms) show(form);
  for (const form of root.querySelectorAll("[data-per-child]")) form.setAttribute("data-voted", "");
  if (unknown.length) fetchMine(root, unknown);
}

async function fetchMine(root, forms) {
  const ids = forms.map(clientId);
  for (const id of ids) votes.set(id, []);
  try {
    const mine = await (await ask(`${root.dataset.page}/polls/mine?ids=${ids.join(",")}`)).json();
    for (const id of ids) votes.set(id, mine[id] ?? []);
  } catch {
    for (const id of ids) votes.delete(id); // asked again with the next message
  }
  for (const form of forms) if (form.isConnected) show(form);
}

function show(form) {
  const mine = votes.get(clientId(form)) ?? [];
  const isOver = form.hasAttribute("data-over") || (form.dataset.closes && Date.parse(form.dataset.closes) <= Date.now());
  const isFixed = isOver || (mine.length > 0 && form.dataset.revote === "no");
  for (const input of form.querySelectorAll(".poll-input")) {
    input.checked = mine.includes(Number(input.value));
    input.disabled = isFixed;
    input.closest(".poll-option").toggleAttribute("data-mine", input.checked);
  }
  form.toggleAttribute("data-voted", isOver || mine.length > 0);
  form.querySelector("[data-poll-send]").hidden = true;
}

async function send(form, positions) {
  const id = clientId(form);
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  for (const position of positions) body.append("option", position);
  form.setAttribute("aria-busy", "true");
  const before = votes.get(id);
  votes.set(id, positions);
  try {
    const html = await (await ask(form.dataset.vote, body)).text();
    const root = currentHistory();
    if (root) place(root, html);
  } catch (problem) {
    votes.set(id, before);
    show(form);
    const { toast } = await import("../toast.js");
    toast(problem.message || document.body.dataset.offlineText);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-poll] .poll-input")) return;
  const form = event.target.closest("[data-poll]");
  if (form.dataset.many === "no") send(form, chosen(form));
  else form.querySelector("[data-poll-send]").hidden = same(chosen(form), votes.get(clientId(form)) ?? []);
});

// A second click on one's own answer takes the vote back.
document.addEventListener("click", (event) => {
  const input = event.target.closest?.("[data-poll] .poll-input[type=radio]");
  if (!input || input.disabled || !event.isTrusted) return;
  const form = input.closest("[data-poll]");
  if (same(votes.get(clientId(form)) ?? [], [Number(input.value)]) && !form.hasAttribute("aria-busy")) send(form, []);
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-poll-send]")?.closest("[data-poll]");
  if (form) send(form, chosen(form));
});

// The forms of the dialog answer with the message as it is now.
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig?.elt;
  if (!form?.matches?.("[data-poll-new], [data-poll-form]")) return;
  form.removeAttribute("data-submitting");
  if (!event.detail.xhr.responseText.includes("data-message")) return;
  event.detail.shouldSwap = false;
  document.querySelector("[data-dialog]").close();
  votes.clear();
  const root = currentHistory();
  if (root) place(root, event.detail.xhr.responseText);
  mountPolls();
});

// Answers appear as they are needed: one empty field more than is filled.
function showAnswers() {
  const fields = [...document.querySelectorAll("[data-poll-answers] input")];
  const filled = fields.findLastIndex((field) => field.value);
  fields.forEach((field, index) => { field.hidden = index > Math.max(1, filled + 1); });
}
document.addEventListener("input", (event) => event.target.closest("[data-poll-answers]") && showAnswers());
document.addEventListener("htmx:afterSettle", showAnswers);
showAnswers();
setInterval(mountPolls, 20_000);
