// The headers of days between the messages. A day is a date of the school's time zone.

export function dayHeader(root, day) {
  const header = document.createElement("h3");
  header.className = "day";
  header.dataset.dayHeader = day;
  header.append(Object.assign(document.createElement("span"), { textContent: dayName(root, day) }));
  return header;
}

export function dayOf(root, date) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: root.dataset.zone }).format(date);
}

function dayName(root, day) {
  const now = new Date();
  if (day === dayOf(root, now)) return root.dataset.today;
  if (day === dayOf(root, new Date(now - 24 * 3600 * 1000))) return root.dataset.yesterday;
  const year = day.slice(0, 4) === dayOf(root, now).slice(0, 4) ? undefined : "numeric";
  const language = document.documentElement.lang;
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year, timeZone: "UTC" })
    .format(new Date(day));
}
