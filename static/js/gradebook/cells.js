// The table as the script sees it: places of cells, what stands in them, how they look.

export class Cells {
  constructor(table) {
    this.table = table;
    this.columns = [...table.querySelectorAll("col")];
    this.body = table.tBodies[0];
  }

  placeOf(cell) {
    return this.columns[cell.cellIndex]?.dataset.place;
  }

  nameOf(cell) {
    const column = this.columns[cell.cellIndex].dataset.name;
    return `${cell.parentElement.cells[0].textContent} · ${column}`;
  }

  pupilOf(cell) {
    return cell.parentElement.dataset.pupil;
  }

  find(pupil, place) {
    const row = this.body.querySelector(`[data-pupil="${CSS.escape(pupil)}"]`);
    const index = this.columns.findIndex((column) => column.dataset.place === place);
    return row?.cells[index];
  }

  isMark(cell) {
    return Boolean(cell?.matches("td") && this.placeOf(cell));
  }

  isWritable(cell) {
    return this.isMark(cell) && !("locked" in this.columns[cell.cellIndex].dataset) && !("x" in cell.dataset);
  }

  isTotal(cell) {
    return this.placeOf(cell).startsWith("period.");
  }

  // What is saved or on its way; a half-typed «4/» is not.
  textOf(cell) {
    return cell.dataset.draft ?? cell.textContent;
  }

  write(cell, text) {
    delete cell.dataset.draft;
    cell.textContent = text;
    if (text) cell.dataset.m = text[0];
    else delete cell.dataset.m;
  }

  draft(cell, shown) {
    cell.dataset.draft = this.textOf(cell);
    cell.textContent = shown;
  }

  dropDraft(cell) {
    if ("draft" in cell.dataset) this.write(cell, cell.dataset.draft);
  }

  // The server's word about a cell: text, weight, comment, version.
  settle(cell, now) {
    this.write(cell, now.text);
    cell.dataset.v = now.version;
    cell.toggleAttribute("data-w", now.weight > 2);
    cell.toggleAttribute("data-n", Boolean(now.comment));
    cell.title = now.comment ?? "";
  }

  settleNumbers(pupil, numbers) {
    const row = this.body.querySelector(`[data-pupil="${CSS.escape(pupil)}"]`);
    if (!row) return;
    row.querySelector(".grid-average").textContent = numbers.average;
    row.querySelector(".grid-total").dataset.hint = numbers.suggested;
  }
}
