// The journal's sheet as a spreadsheet: keys write, everything is saved at once and shown as it is.
import { toast } from "../toast.js";
import { Cells } from "./cells.js";
import { ask } from "./conflict.js";
import { follow } from "./live.js";
import { Mover } from "./moving.js";
import { Queue } from "./queue.js";
import { Steps, typed } from "./typing.js";

const table = document.querySelector("[data-grid]");
const stateLine = document.querySelector("[data-save-state]");
const cellLine = document.querySelector("[data-cell-line]");
const keypad = document.querySelector("[data-keypad]");

const isTouch = () => window.matchMedia("(pointer: coarse)").matches;

if (table) start();

function start() {
  const cells = new Cells(table);
  const steps = new Steps();
  const queue = new Queue({
    url: table.dataset.cells,
    key: `svyazka:marks:${table.dataset.owner}:${table.dataset.cells}`,
    told: (event, ...rest) => hear[event](...rest),
  });
  const mover = new Mover(cells, (cell, before) => {
    if (before && before !== cell) cells.dropDraft(before);
    describe();
  });

  const hear = {
    state: showState,
    saved(change, answer) {
      const cell = cells.find(change.pupil, change.place);
      if (cell && !queue.has(change.pupil, change.place)) {
        if (!("draft" in cell.dataset)) cells.settle(cell, answer.cell);
        delete cell.dataset.state;
      } else if (cell) cell.dataset.v = answer.cell.version;
      cells.settleNumbers(change.pupil, answer.numbers);
      describe();
    },
    async conflict(change, answer) {
      const cell = cells.find(change.pupil, change.place);
      if (cell) cell.dataset.state = "conflict";
      const facts = { where: cell ? cells.nameOf(cell) : "", theirs: answer.cell.text, mine: change.text, by: answer.by };
      const choice = await ask(table.dataset, facts);
      if (choice === "mine") queue.add({ ...change, version: answer.cell.version });
      if (!cell) return;
      if (choice === "mine") cells.write(cell, change.text);
      else cells.settle(cell, answer.cell);
      if (choice === "mine") cell.dataset.state = "pending";
      else delete cell.dataset.state;
      mover.to(cell);
    },
    refused(change, answer) {
      const cell = cells.find(change.pupil, change.place);
      if (cell && !queue.has(change.pupil, change.place)) {
        cells.write(cell, change.before ?? "");
        cell.dataset.state = "refused";
      }
      toast(`${cell ? cells.nameOf(cell) : ""}: «${change.text}». ${answer.message}`);
    },
  };

  function showState(state) {
    stateLine.dataset.saveState = state;
    const isRefused = state === "saved" && table.querySelector("[data-state=refused]");
    stateLine.textContent = stateLine.dataset[isRefused ? "refused" : state.replace(/-(\w)/, (_, letter) => letter.toUpperCase())];
    if (state !== "signed-out") return;
    const link = document.createElement("a");
    link.href = table.dataset.signIn;
    link.textContent = stateLine.textContent;
    stateLine.replaceChildren(link);
  }

  function describe() {
    const { active } = mover;
    if (!active) cellLine.textContent = cellLine.dataset[isTouch() ? "hintTouch" : "hint"];
    else cellLine.textContent = [cells.nameOf(active), cells.textOf(active), active.title].filter(Boolean).join(" · ");
  }

  function enter(cell, text, { isStep = true } = {}) {
    const before = cells.textOf(cell);
    cells.write(cell, text);
    describe();
    if (before === text) return;
    const change = { pupil: cells.pupilOf(cell), place: cells.placeOf(cell), text, before, version: cell.dataset.v ?? 0 };
    if (isStep) steps.add({ pupil: change.pupil, place: change.place, before, after: text });
    cell.dataset.state = "pending";
    queue.add(change);
  }

  function repeat(step) {
    const cell = step && cells.find(step.pupil, step.place);
    if (!cell) return;
    mover.to(cell);
    enter(cell, step.text, { isStep: false });
  }

  function details(cell) {
    const query = new URLSearchParams({ pupil: cells.pupilOf(cell), place: cells.placeOf(cell) });
    window.htmx.ajax("GET", `${table.dataset.details}?${query}`, { target: "#dialog-body", swap: "innerHTML" });
  }

  // Whether the key was ours.
  function press(key) {
    const cell = mover.active;
    if (!cell) return false;
    if (key === "F2") details(cell);
    else if (!cells.isWritable(cell)) return false;
    else if (key === "Delete" || key === "Backspace") enter(cell, "");
    else {
      const result = typed(cell.textContent, key, cells.isTotal(cell));
      if (!result) return false;
      if (result.draft) cells.draft(cell, result.draft);
      else enter(cell, result.text);
    }
    return true;
  }

  table.addEventListener("keydown", (event) => {
    if (event.target.closest("thead")) {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      mover.to(cells.body.rows[0].cells[event.target.closest("th").cellIndex + 1]);
      return;
    }
    if (!mover.active) return;
    const isCommand = event.ctrlKey || event.metaKey;
    let isOurs = true;
    if (isCommand && event.code === "KeyZ") repeat(event.shiftKey ? steps.forth() : steps.back());
    else if (isCommand && event.code === "KeyY") repeat(steps.forth());
    else if (isCommand || event.altKey) isOurs = false;
    else if (event.key === "Escape") leave();
    else isOurs = mover.key(event) || press(event.key);
    if (isOurs) event.preventDefault();
  });

  // Out of the grid: the next Tab goes on after it.
  function leave() {
    cells.dropDraft(mover.active);
    const next = document.querySelector("[data-after-grid]");
    next.focus();
  }

  table.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("td");
    if (cells.isMark(cell)) details(cell);
  });
  keypad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key) press(key);
  });
  // Buttons must not take the focus from the cell they write into.
  keypad.addEventListener("pointerdown", (event) => event.preventDefault());
  cells.body.addEventListener("focusin", () => {
    keypad.hidden = !isTouch();
  });

  // The details were saved: the dialog has done its work.
  document.addEventListener("gradebook:saved", (event) => {
    const { pupil, place, cell: now, numbers } = event.detail;
    const cell = cells.find(pupil, place);
    cells.settle(cell, now);
    cells.settleNumbers(pupil, numbers);
    document.querySelector("[data-dialog]").close();
    mover.to(cell);
  });
  document.querySelector("[data-dialog]").addEventListener("close", () => mover.active?.focus());

  follow(table, ({ pupil, place, cell: now }) => {
    const cell = cells.find(pupil, place);
    if (!cell || queue.has(pupil, place) || Number(cell.dataset.v ?? 0) >= now.version) return;
    cells.settle(cell, now);
    cell.dataset.state = "fresh";
    setTimeout(() => cell.dataset.state === "fresh" && delete cell.dataset.state, 4000);
    describe();
  }, (pupil, numbers) => cells.settleNumbers(pupil, numbers));

  // Changes kept from before (a lost network, a closed tab) are shown and sent.
  for (const change of queue.changes) {
    const cell = cells.find(change.pupil, change.place);
    if (!cell) continue;
    cells.write(cell, change.text);
    cell.dataset.state = "pending";
  }
  describe();
  showState("saved");
  queue.run();
  mover.first() && mover.reveal(mover.first(), false);
}
