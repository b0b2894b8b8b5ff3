// The plan without dates: rows are added, inserted, removed in place; the whole is saved as typed.
import { toast } from "../toast.js";
import { moveByKeys, stateLine } from "./fields.js";

const PAUSE = 700;
const AGAIN = 5000;
const form = document.querySelector("[data-plan]");
if (form) {
  form.dataset.live = "";
  const show = stateLine(document.querySelector("[data-save-state]"), form.dataset.signIn);
  const body = form.querySelector("tbody");
  const blank = body.lastElementChild.cloneNode(true);
  let timer, isSaving, isDirty = false;

  const isEmpty = (row) => ![...row.querySelectorAll("textarea")].some((field) => field.value.trim());

  function number() {
    let count = 0;
    for (const row of body.rows) row.querySelector("[data-number]").textContent = isEmpty(row) ? "" : ++count;
    for (let spare = [...body.rows].reverse().findIndex((row) => !isEmpty(row)); spare >= 0 && spare < 2; spare += 1) body.append(fresh());
  }

  function fresh() {
    const row = blank.cloneNode(true);
    row.querySelector("[data-remove]").hidden = false;
    return row;
  }

  function later(pause = PAUSE) {
    isDirty = true;
    show("saving");
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function save() {
    if (isSaving) return later();
    // A row that has no topic yet is being typed: it waits for it.
    if ([...body.rows].some((row) => !isEmpty(row) && !row.querySelector("[name=topic]").value.trim())) return;
    isSaving = true;
    isDirty = false;
    try {
      const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
      const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers });
      if (response.headers.get("HX-Redirect") || response.status === 400) return show("signed-out");
      if (response.status >= 500) throw new Error("server");
      const answer = await response.json();
      if (response.ok) form.elements.version.value = answer.version;
      else toast(answer.message);
      show(response.ok ? (isDirty ? "saving" : "saved") : "offline");
      if (!response.ok) isDirty = true;
    } catch {
      show("offline");
      isDirty = true;
      timer = setTimeout(save, AGAIN);
    } finally {
      isSaving = false;
    }
  }

  body.addEventListener("input", () => {
    number();
    later();
  });
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (event.target.closest("[data-insert]")) {
      event.preventDefault();
      row.before(fresh());
      row.previousElementSibling.querySelector("[name=topic]").focus();
    } else if (event.target.closest("[data-remove]")) {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      next.querySelector("[name=topic]").focus();
      later();
    }
    number();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  window.addEventListener("beforeunload", (event) => isDirty && event.preventDefault());
  for (const button of body.querySelectorAll("[data-remove]")) button.hidden = false;
  moveByKeys(form);
  show("saved");
}
