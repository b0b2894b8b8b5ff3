// Fields of a table that is typed into: Enter goes down, arrows at the edges too.

// The field of the same name in the next (or previous) row that has one; null at the end.
export function beside(field, step) {
  const all = [...field.form.querySelectorAll(`[data-field="${field.dataset.field}"], [name="${field.name}"]`)];
  return all[all.indexOf(field) + step] ?? null;
}

function isAtEdge(field, key) {
  if (field.selectionStart !== field.selectionEnd) return false;
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  return key === "ArrowUp" ? !before.includes("\n") && field.selectionStart === 0
    : !after.includes("\n") && field.selectionEnd === field.value.length;
}

export function moveByKeys(form) {
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches(".planning-input") || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    let step = 0;
    if (event.key === "Enter" && !(event.shiftKey && field.tagName === "TEXTAREA")) step = event.shiftKey ? -1 : 1;
    else if (event.key === "ArrowDown" && isAtEdge(field, event.key)) step = 1;
    else if (event.key === "ArrowUp" && isAtEdge(field, event.key)) step = -1;
    if (!step) return;
    event.preventDefault();
    const next = beside(field, step);
    if (!next) return field.blur();
    next.focus();
    next.select?.();
  });
}

// «Все изменения сохранены», «Сохраняется…», in the line above the table.
export function stateLine(line, signIn) {
  return (state) => {
    line.dataset.saveState = state;
    line.textContent = line.dataset[state.replace(/-(\w)/, (_, letter) => letter.toUpperCase())];
    if (state !== "signed-out") return;
    const link = document.createElement("a");
    link.href = signIn;
    link.textContent = line.textContent;
    line.replaceChildren(link);
  };
}
