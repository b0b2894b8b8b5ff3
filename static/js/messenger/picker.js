// Choosing people: a row that is ticked becomes a chip, a chip that is unticked goes back.

const picker = (element) => element.closest("[data-picker]");
const rows = (root) => [...root.querySelectorAll("[data-found] [data-pick]:not([hidden])")];

function choose(row) {
  const root = picker(row);
  const chip = root.querySelector("[data-chip]").content.firstElementChild.cloneNode(true);
  chip.dataset.pick = row.dataset.pick;
  const face = row.querySelector(".avatar").cloneNode(true);
  face.dataset.size = "24";
  chip.querySelector("[data-chip-face]").replaceWith(face);
  chip.querySelector(".chip-name").textContent = row.querySelector(".pick-name").textContent;
  chip.querySelector("input").value = row.dataset.pick;
  root.querySelector("[data-chips]").append(chip);
  settle(root);
  const search = root.querySelector("[data-pick-search]");
  if (search.value) {
    search.value = "";
    search.dispatchEvent(new Event("input", { bubbles: true }));
  }
  search.focus();
}

function drop(chip) {
  const root = picker(chip);
  chip.remove();
  settle(root);
  root.querySelector("[data-pick-search]").focus();
}

// Who is chosen is not offered again; only chips are sent.
function settle(root) {
  const chosen = new Set([...root.querySelectorAll("[data-chips] [data-pick]")].map((chip) => chip.dataset.pick));
  for (const row of root.querySelectorAll("[data-found] [data-pick]")) {
    const box = row.querySelector("input");
    box.removeAttribute("name");
    box.checked = false;
    row.hidden = chosen.has(row.dataset.pick);
  }
  root.dispatchEvent(new CustomEvent("picker:changed", { bubbles: true }));
}

export function mountPickers() {
  for (const root of document.querySelectorAll("[data-picker]:not([data-ready])")) {
    root.dataset.ready = "";
    settle(root);
  }
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches(".pick-box")) choose(box.closest("[data-pick]"));
  else if (box.matches(".chip-box")) drop(box.closest("[data-pick]"));
  else return;
  event.stopPropagation();
}, true);

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.matches("[data-found]")) settle(picker(event.detail.target));
});

// Down and up walk over the rows, Enter takes one, Backspace in an empty field drops the last chip.
document.addEventListener("keydown", (event) => {
  const root = event.target.closest?.("[data-picker]");
  if (!root) return;
  const search = root.querySelector("[data-pick-search]");
  const isSearch = event.target === search;
  const found = rows(root);
  const place = found.findIndex((row) => row.contains(event.target));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = place + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    if (next < 0) search.focus();
    else found[Math.min(next, found.length - 1)]?.querySelector("input").focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    const row = isSearch ? search.value && found[0] : found[place];
    if (row) choose(row);
  } else if (event.key === "Backspace" && isSearch && !search.value) {
    const last = [...root.querySelectorAll("[data-chips] [data-pick]")].at(-1);
    if (last) drop(last);
  }
});
