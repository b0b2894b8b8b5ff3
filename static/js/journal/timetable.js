// «Расписание»: the line of the present moment, and the print button.
// The school's time came with the page; the browser's own zone may be another.

const shownAt = performance.now();

const minutes = (text) => {
  const [hours, mins, seconds = 0] = text.split(":").map(Number);
  return hours * 60 + mins + seconds / 60;
};

function moveNowLine() {
  const table = document.querySelector("[data-now].week-table");
  if (!table) return;
  table.arrivedAt ??= document.readyState === "complete" ? performance.now() : shownAt; // a swapped part is as new
  const now = minutes(table.dataset.now) + (performance.now() - table.arrivedAt) / 60000;
  let before = null;
  for (const line of table.querySelectorAll(".now-line")) {
    const from = minutes(line.dataset.from);
    const to = minutes(line.dataset.to);
    const inside = now >= from && now < to;
    line.hidden = !inside;
    if (inside) line.style.top = `${((now - from) / (to - from)) * 100}%`;
    if (now >= to) before = line;
    else if (now < from && before) {
      // A break: the line lies between the two lessons.
      before.hidden = false;
      before.style.top = "100%";
      before = null;
      break;
    } else before = null;
  }
}

function showPrint() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

moveNowLine();
showPrint();
setInterval(moveNowLine, 20_000);
document.addEventListener("htmx:afterSettle", moveNowLine);
