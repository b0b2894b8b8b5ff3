// «Переслать»: the chats in the dialog are filtered as one types.

document.addEventListener("htmx:afterSwap", (event) => {
  const search = event.detail.target?.querySelector?.("[data-forward-search]");
  if (!search) return;
  search.hidden = false;
  search.querySelector("input").focus();
});

const fold = (text) => text.toLowerCase().replaceAll("ё", "е").trim();

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-forward-filter]")) return;
  const wanted = fold(event.target.value);
  for (const target of event.target.closest("form").querySelectorAll(".forward-target")) {
    target.hidden = !fold(target.querySelector(".people-name").textContent).includes(wanted);
  }
});

// Enter in the search takes the first that is left, never a hidden one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-forward-filter]")) return;
  event.preventDefault();
  event.target.closest("form").querySelector(".forward-target:not([hidden])")?.click();
});
