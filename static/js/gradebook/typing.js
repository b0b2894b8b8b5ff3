// What a key means in a cell. Letters are taken in both layouts: Н stands on Y, Б on the comma, О on J.

const LETTERS = { н: "Н", y: "Н", h: "Н", n: "Н", б: "Б", ",": "Б", b: "Б", о: "О", j: "О", o: "О" };

// The text that `key` makes of `text`: {text} to save, {draft} to wait for another key, or null.
export function typed(text, key, isTotal) {
  const letter = LETTERS[key.toLowerCase()];
  if (isTotal) {
    if (/^[2-5]$/.test(key)) return { text: key };
    return letter === "Н" ? { text: "н/а" } : null;
  }
  if (/^[2-5]$/.test(key)) {
    if (/^[2-5]\/$/.test(text)) return { text: text + key };
    return { text: text === "О" ? `О ${key}` : key };
  }
  if (key === "/" || key === ".") return /^[2-5]$/.test(text) ? { draft: `${text}/` } : null;
  if (letter === "О") return { text: /^[2-5]/.test(text) ? `О ${text.replace(/\/$/, "")}` : "О" };
  return letter ? { text: letter } : null;
}

// Steps back and forth through what was typed on this page.
export class Steps {
  constructor() {
    this.done = [];
    this.undone = [];
  }

  add(step) {
    this.done.push(step);
    this.undone = [];
  }

  back() {
    const step = this.done.pop();
    if (step) this.undone.push(step);
    return step && { ...step, text: step.before };
  }

  forth() {
    const step = this.undone.pop();
    if (step) this.done.push(step);
    return step && { ...step, text: step.after };
  }
}
