// «Удалить для всех»: the question opens in the dialog; the answer is the message's new fragment.
// Who may delete what differs from reader to reader, so the buttons are put in here.
import { currentHistory, place } from "./history.js";

const REACH = {
  any: "[data-kind=text]:not([data-deleted])",
  own: "[data-kind=text][data-mine]:not([data-deleted])",
};

export function offerDeleting() {
  const root = currentHistory();
  const reach = root && REACH[root.dataset.mayDelete];
  if (!reach) return;
  const { content } = document.querySelector("template[data-delete-button]");
  for (const message of root.querySelectorAll(`:scope > ${reach}`)) {
    if (message.querySelector("[data-delete]")) continue;
    message.querySelector(".message-bubble").append(content.cloneNode(true));
  }
}

document.addEventListener("messenger:placed", offerDeleting);

// Fingers do not hover: a tap on a message shows what can be done with it.
document.addEventListener("click", (event) => {
  const touched = event.target.closest("[data-message]");
  for (const message of document.querySelectorAll("[data-touched]")) {
    if (message !== touched) message.removeAttribute("data-touched");
  }
  touched?.setAttribute("data-touched", "");
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-delete]");
  if (!button) return;
  const { page } = currentHistory().dataset;
  const id = button.closest("[data-message]").id.slice(2);
  window.htmx.ajax("GET", `${page}/messages/${id}/delete`, { target: "#dialog-body", swap: "innerHTML" });
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches?.("[data-delete-form]") || !event.detail.successful) return;
  document.querySelector("[data-dialog]").close();
  const root = currentHistory();
  if (root) place(root, event.detail.xhr.responseText);
});
