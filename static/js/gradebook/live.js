// What others enter meanwhile: asked for every few seconds while the page is looked at.

const EVERY = 5000;

export function follow(table, onCell, onNumbers) {
  let cursor = Number(table.dataset.cursor);
  let isAsking = false;

  async function look() {
    if (document.hidden || isAsking) return;
    isAsking = true;
    try {
      const query = new URLSearchParams({ since: cursor, period: table.dataset.period });
      const response = await fetch(`${table.dataset.changes}?${query}`, { headers: { "HX-Request": "true" } });
      if (response.status === 200) {
        const news = await response.json();
        cursor = news.cursor;
        for (const one of news.cells) onCell(one);
        for (const [pupil, numbers] of Object.entries(news.numbers)) onNumbers(pupil, numbers);
      }
    } catch {
      // No network now: the next look brings it all.
    } finally {
      isAsking = false;
    }
  }

  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
