// The page's own words, and saying them in the live region.
const words = document.querySelector("[data-words]").content;
const region = document.querySelector("[data-say]");

export function word(name, values = {}) {
  const text = words.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return Object.entries(values).reduce((said, [key, value]) => said.replace(key, () => value), text);
}

export function say(text) {
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}
