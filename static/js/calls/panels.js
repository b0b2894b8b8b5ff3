// Beside the call: the list of people, and the question of leaving.

export function mountPanels(root, { leave, isAlone }) {
  const people = root.querySelector("[data-people]");
  const opener = root.querySelector("[data-people-open]");
  const dialog = root.querySelector("[data-leave-dialog]");

  function showPeople(isShown) {
    people.hidden = !isShown;
    opener.setAttribute("aria-expanded", isShown);
    root.toggleAttribute("data-with-people", isShown);
  }

  function togglePeople() {
    showPeople(people.hidden);
    if (!people.hidden) people.querySelector("[data-people-close]").focus();
  }

  function asked(event) {
    if (root.dataset.state !== "in") return; // the link does what it says
    event.preventDefault();
    if (dialog && !isAlone()) dialog.showModal();
    else leave();
  }

  root.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest("[data-people-open]")) togglePeople();
    if (target.closest("[data-people-close]")) {
      showPeople(false);
      opener.focus();
    }
    if (target.closest("[data-leave]")) asked(event);
    if (target.closest("[data-stay]")) dialog.close();
    if (target.closest("[data-leave-alone]")) {
      dialog.close();
      leave();
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || people.hidden || dialog?.open) return;
    showPeople(false);
    opener.focus();
  });

  return {
    togglePeople,
    close() {
      showPeople(false);
      if (dialog?.open) dialog.close();
    },
  };
}
