// Topics and homework lesson by lesson: each field is saved as it is left; lost networks wait.
import { Queue } from "../gradebook/queue.js";
import { toast } from "../toast.js";
import { moveByKeys, stateLine } from "./fields.js";

const form = document.querySelector("[data-planning]");
if (form) {
  form.dataset.live = "";
  const show = stateLine(document.querySelector("[data-save-state]"), form.dataset.signIn);
  const rowOf = (place) => form.querySelector(`[data-lesson="${CSS.escape(place)}"]`);
  const fieldOf = (place, name) => rowOf(place)?.querySelector(`[data-field="${name}"]`);
  const nameOf = (change) => ("topic" in change ? "topic" : "homework");

  function settle(place, now) {
    const row = rowOf(place);
    row.dataset.version = now.version;
    row.querySelector("[name^='v-']").value = now.version;
  }

  const queue = new Queue({
    url: form.dataset.notes,
    key: `planning:${form.dataset.owner}:${form.dataset.notes}`,
    told(event, change, answer) {
      if (event === "state") return show(change === "saved" && form.querySelector("[data-state=refused]") ? "refused" : change);
      const row = rowOf(change.place);
      if (!row) return;
      const field = fieldOf(change.place, nameOf(change));
      if (event === "saved") {
        settle(change.place, answer.cell);
        const isLast = !queue.has("", change.place);
        if (isLast) delete row.dataset.state;
        if (field !== document.activeElement && field.value === change[nameOf(change)]) field.value = answer.cell[nameOf(change)];
        field.defaultValue = field.value;
        if (answer.cell.homework) row.querySelector("[data-give]")?.remove();
        return;
      }
      row.dataset.state = "refused";
      if (event === "conflict") {
        settle(change.place, answer.cell);
        const theirs = answer.cell[nameOf(change)] || form.dataset.empty;
        toast(form.dataset.theirs.replace("{theirs}", theirs).replace("{by}", answer.by));
      } else toast(answer.message);
    },
  });

  function save(field) {
    const row = field.closest("[data-lesson]");
    row.dataset.state = "pending";
    queue.add({ pupil: "", place: row.dataset.lesson, [field.dataset.field]: field.value, version: row.dataset.version });
  }

  form.addEventListener("change", (event) => event.target.matches("[data-field]") && save(event.target));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-give]");
    if (!button) return;
    event.preventDefault();
    const field = button.closest("[data-lesson]").querySelector("[data-field=homework]");
    field.value = button.dataset.give;
    button.remove();
    field.focus();
    save(field);
  });
  // Everything is saved already: the button is for browsers without script.
  form.addEventListener("submit", (event) => event.preventDefault());
  moveByKeys(form);
  show("saved");
  for (const change of queue.changes) {
    const field = fieldOf(change.place, nameOf(change));
    if (field) field.value = change[nameOf(change)];
    if (field) rowOf(change.place).dataset.state = "pending";
  }
  queue.run();
}
