// Two people wrote into one cell: both values are shown, and this person chooses.

const waiting = [];

export function ask(words, facts) {
  return new Promise((decide) => {
    waiting.push({ words, facts, decide });
    if (waiting.length === 1) show();
  });
}

function show() {
  const { words, facts, decide } = waiting[0];
  const box = document.querySelector("[data-dialog]");
  const fill = (text) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] || words.empty);
  const title = element("h2", "dialog-title", words.conflictTitle);
  title.id = "dialog-title";
  const actions = element("div", "row-actions");
  const theirs = button(fill(words.keepTheirs), "secondary");
  const mine = button(fill(words.keepMine), "primary");
  actions.append(theirs, mine);
  document.querySelector("#dialog-body").replaceChildren(
    title, element("p", "page-note", facts.where), element("p", "conflict-text", fill(words.conflictText)), actions,
  );
  let choice = "theirs"; // closing the question leaves what stands in the journal
  mine.addEventListener("click", () => { choice = "mine"; box.close(); });
  theirs.addEventListener("click", () => box.close());
  box.addEventListener("close", () => {
    waiting.shift();
    decide(choice);
    if (waiting.length) show();
  }, { once: true });
  if (!box.open) box.showModal();
  theirs.focus();
}

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function button(text, kind) {
  const made = element("button", "button", text);
  made.type = "button";
  made.dataset.kind = kind;
  return made;
}
