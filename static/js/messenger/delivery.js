// Delivery: what is in the outbox goes to the server, one at a time and in the order of writing. The
// next waits for the answer to the last. An answer that was lost is asked for again with the same
// id, and the server finds the first: so any tab may send, at any time, any number of times.
import { ask, csrfToken, renewToken } from "./asking.js";
import { currentHistory, hasGap, place } from "./history.js";
import * as outbox from "./outbox.js";
import { sendQuickly } from "./quick.js";

const PAUSES = [1000, 2000, 4000, 8000, 15_000];
const TURN = 25_000; // a tab that was put to sleep with the lock in its hand holds nobody up longer
let isSending = false;
let pauses = 0;
let waking;

const isOpen = (chat) => currentHistory()?.closest("[data-chat]").dataset.chat === chat;

export async function sendWaiting() {
  if (isSending) return;
  isSending = true;
  try {
    await inTurn(sendAll);
  } finally {
    isSending = false;
  }
}

// One tab of the profile sends at a time. Where there are no locks (plain http) all may: the
// server takes each message once.
async function inTurn(work) {
  if (!navigator.locks) return work();
  const name = `svyazka:outbox:${document.querySelector("[data-me]")?.dataset.me}`;
  try {
    return await navigator.locks.request(name, { signal: AbortSignal.timeout(TURN) }, work);
  } catch (problem) {
    if (!["AbortError", "TimeoutError"].includes(problem.name)) throw problem;
    return work();
  }
}

// The order is that of writing, whatever is shown: a new message first tries those before it again.
// Where the server itself fails at one, its chat waits and the others go on.
async function sendAll() {
  const stuck = new Set();
  let item;
  while ((item = outbox.unsent().find((one) => !one.isFinal && !stuck.has(one.chat)))) {
    if (await deliver(item)) continue;
    if (!outbox.find(item.id)?.isServers) return;
    stuck.add(item.chat);
  }
}

async function deliver(item) {
  try {
    const html = (await sendQuickly(item)) ? "" : await post(item);
    pauses = 0;
    outbox.drop(item.id);
    if (isOpen(item.chat)) placeAnswer(item, html);
    return true;
  } catch (problem) {
    return fail(item, problem);
  }
}

// Its number may tell of messages that this page has missed. What went by the socket has come back
// by it already, as to everybody, unless this page hears the chat not yet or no more.
function placeAnswer(item, html) {
  const root = currentHistory();
  if (html) place(root, html);
  const isMissing = document.getElementById(`m-${item.id}`)?.dataset.seq === undefined;
  if (root.dataset.isNewest !== "no" && (isMissing || hasGap(root))) document.dispatchEvent(new CustomEvent("messenger:stale"));
}

async function post(item) {
  const send = async () => {
    const body = new FormData();
    body.set("csrf_token", csrfToken());
    body.set("client_id", item.id);
    body.set("text", item.text);
    for (const [name, value] of Object.entries(item.fields ?? {})) body.set(name, value);
    return (await ask(item.url, body)).text();
  };
  try {
    return await send();
  } catch (problem) {
    if (problem.status !== 400) throw problem;
    await renewToken(item.url.replace(/\/messages$/, "")); // somebody signed in or out in another tab
    return send();
  }
}

// Refused for good waits for the person, and does not hold up the others. A lost network, a server
// that is away or asks for a pause, a session that has ended: everything waits, nothing overtakes.
function fail(item, problem) {
  const isFinal = problem.status >= 400 && problem.status < 500 && ![401, 408, 429].includes(problem.status);
  if (isFinal) {
    change(item.id, { state: "failed", isFinal, reason: problem.message });
    return true;
  }
  const tries = (item.tries ?? 0) + 1;
  const isServers = problem.status >= 500;
  change(item.id, { tries, isServers });
  for (const one of tries > 1 ? outbox.unsent() : []) {
    if (!one.isFinal && (!isServers || one.chat === item.chat)) change(one.id, { state: "failed" });
  }
  clearTimeout(waking);
  waking = setTimeout(retryLost, PAUSES[Math.min(pauses, PAUSES.length - 1)] * (0.75 + Math.random() / 2));
  pauses += 1;
  return false;
}

export function change(id, values) {
  const item = outbox.revise(id, values);
  if (item) showState(document.getElementById(`m-${id}`), item);
}

export function showState(message, item) {
  if (!message || message.dataset.seq) return;
  message.dataset.state = item.state;
  if (item.reason) message.querySelector("[data-failed-reason]").textContent = item.reason;
}

export function retry(id) {
  change(id, { state: "pending", isFinal: false });
  sendWaiting();
}

export function retryLost() {
  for (const item of outbox.unsent()) {
    if (item.state === "failed" && !item.isFinal) change(item.id, { state: "pending" });
  }
  sendWaiting();
}

window.addEventListener("online", () => {
  pauses = 0;
  retryLost();
});
