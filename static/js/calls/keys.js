// M, V, S, H and P, in any keyboard layout; never while something is typed or a dialog is open.
const KEYS = { KeyM: "mic", KeyV: "camera", KeyS: "screen", KeyH: "hand" };

export function mountKeys(root, { toggle, people }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const name = KEYS[event.code];
    const isIn = root.dataset.state === "in";
    if (name && (isIn || (root.dataset.state === "lobby" && ["mic", "camera"].includes(name)))) toggle(name);
    else if (isIn && event.code === "KeyP") people();
    else return;
    event.preventDefault();
  });
}
