// Changes on their way to the server: one at a time, in order, kept in this browser until they are
// saved. A lost network keeps them; a reload sends them again; the server knows a repeat.

const SLOWEST = 15_000;
const PATIENCE = 20_000;

export class Queue {
  // `told` is called with (event, change, answer): saved, conflict, refused; and ("state", name).
  constructor({ url, key, told }) {
    Object.assign(this, { url, key, told, isRunning: false, pause: 1000 });
    this.changes = JSON.parse(localStorage.getItem(key) ?? "[]");
    window.addEventListener("online", () => this.run());
    window.addEventListener("beforeunload", (event) => {
      if (this.changes.length) event.preventDefault();
    });
  }

  has(pupil, place) {
    return this.changes.some((change) => change.pupil === pupil && change.place === place);
  }

  add(change) {
    this.changes.push(change);
    this.keep();
    this.run();
  }

  keep() {
    if (this.changes.length) localStorage.setItem(this.key, JSON.stringify(this.changes));
    else localStorage.removeItem(this.key);
  }

  async run() {
    if (this.isRunning || !this.changes.length) return;
    this.isRunning = true;
    clearTimeout(this.timer);
    this.told("state", "saving");
    let state = "saved";
    while (this.changes.length && state === "saved") state = await this.send(this.changes[0]);
    this.isRunning = false;
    this.told("state", state);
    if (state !== "offline") return;
    this.timer = setTimeout(() => this.run(), this.pause);
    this.pause = Math.min(this.pause * 2, SLOWEST);
  }

  async send(change) {
    let response, answer;
    try {
      response = await this.post(change);
      if (response.headers.get("HX-Redirect") || response.status === 400) return "signed-out";
      if (response.status >= 500) return "offline";
      answer = await response.json();
    } catch {
      return "offline";
    }
    this.pause = 1000;
    this.changes.shift();
    if (response.ok) {
      for (const later of this.changes) {
        if (later.pupil === change.pupil && later.place === change.place) later.version = answer.cell.version;
      }
    } else if (response.status === 409) {
      this.changes = this.changes.filter((other) => other.pupil !== change.pupil || other.place !== change.place);
    }
    this.keep();
    this.told(response.ok ? "saved" : response.status === 409 ? "conflict" : "refused", change, answer);
    return "saved";
  }

  post(change) {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
    const body = new URLSearchParams(change);
    return fetch(this.url, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
  }
}
