// One cell of the grid is active: arrows, Tab and Enter move it (ARIA grid pattern, roving tabindex).

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class Mover {
  constructor(cells, onMove) {
    this.cells = cells;
    this.onMove = onMove;
    this.active = null;
    for (const link of cells.table.tHead.querySelectorAll("a")) link.tabIndex = -1;
    const first = this.first();
    if (first) first.tabIndex = 0;
    cells.body.addEventListener("click", (event) => this.to(event.target.closest("td")));
    cells.body.addEventListener("focusin", (event) => {
      if (event.target !== this.active && this.cells.isMark(event.target)) this.to(event.target);
    });
  }

  // The top cell of today, or of the last lesson that may be written.
  first() {
    const row = this.cells.body.rows[0];
    const open = [...row.cells].filter((cell) => this.cells.isWritable(cell) && !this.cells.isTotal(cell));
    return open.at(-1) ?? [...row.cells].find((cell) => this.cells.isMark(cell));
  }

  to(cell) {
    if (!this.cells.isMark(cell)) return false;
    const before = this.active;
    for (const other of this.cells.body.querySelectorAll("td[tabindex]")) other.removeAttribute("tabindex");
    cell.tabIndex = 0;
    this.active = cell;
    cell.focus({ preventScroll: true });
    this.reveal(cell);
    this.onMove(cell, before);
    return true;
  }

  // Into view, past the sticky names and numbers; of the page too, unless it has just been opened.
  reveal(cell, inPage = true) {
    const box = cell.closest("[data-grid-scroll]");
    const row = cell.parentElement;
    const left = row.cells[0].offsetWidth;
    const right = [...row.cells].slice(-2).filter((one) => getComputedStyle(one).position === "sticky")
      .reduce((sum, one) => sum + one.offsetWidth, 0);
    const head = this.cells.table.tHead.offsetHeight;
    const [start, end] = [cell.offsetLeft - left, cell.offsetLeft + cell.offsetWidth + right];
    if (getComputedStyle(cell).position !== "sticky") {
      if (box.scrollLeft > start) box.scrollLeft = start;
      else if (box.scrollLeft + box.clientWidth < end) box.scrollLeft = end - box.clientWidth;
    }
    if (box.scrollTop > cell.offsetTop - head) box.scrollTop = cell.offsetTop - head;
    const bottom = cell.offsetTop + cell.offsetHeight;
    if (box.scrollTop + box.clientHeight < bottom) box.scrollTop = bottom - box.clientHeight;
    const seen = cell.getBoundingClientRect();
    const floor = window.innerHeight - (document.querySelector("[data-keypad]:not([hidden])")?.offsetHeight ?? 0);
    if (inPage && (seen.bottom > floor || seen.top < 0)) cell.scrollIntoView({ block: "center", inline: "nearest" });
  }

  step(rows, columns) {
    let { cellIndex } = this.active;
    let { rowIndex } = this.active.parentElement;
    const offset = this.cells.body.rows[0].rowIndex;
    for (;;) {
      rowIndex += rows;
      cellIndex += columns;
      const next = this.cells.body.rows[rowIndex - offset]?.cells[cellIndex];
      if (!next) return rowIndex < offset && this.toHeader(cellIndex);
      if (this.to(next)) return true;
    }
  }

  toHeader(index) {
    const link = this.cells.table.tHead.rows[1].cells[index - 1]?.querySelector("a");
    link?.focus();
    return Boolean(link);
  }

  // Whether the key moved: Tab at the end of the grid leaves it, as everywhere.
  key(event) {
    if (ARROWS[event.key]) return this.step(...ARROWS[event.key]) || true;
    if (event.key === "Enter") return this.step(event.shiftKey ? -1 : 1, 0) || true;
    if (event.key === "Tab") return this.step(0, event.shiftKey ? -1 : 1);
    if (event.key === "Home" || event.key === "End") {
      const row = [...this.active.parentElement.cells].filter((cell) => this.cells.isMark(cell));
      return this.to(row.at(event.key === "Home" ? 0 : -1));
    }
    return false;
  }
}
