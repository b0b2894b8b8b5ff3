// The line to the server: entering, coming back after a lost connection, signals, what is told.
import { io } from "../../vendor/socket.io.esm.min.js";

const PATIENCE = 10_000;

export class Refused extends Error {}

export class Line extends EventTarget {
  #call;
  #key = "";
  #isIn = false;

  constructor(call) {
    super();
    this.#call = call;
    this.socket = io({ transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 5000 });
    this.socket.on("connect", () => this.#connected());
    this.socket.on("disconnect", (reason) => this.#lost(reason));
    this.socket.on("connect_error", (error) => error.message === "sign-in" && this.#tell("out", { why: "signed-out" }));
    this.socket.on("call_people", (told) => this.#mine(told) && this.#isIn && this.#tell("people", told.people));
    this.socket.on("call_signal", (told) => this.#mine(told) && this.#tell("signal", told));
    this.socket.on("call_out", (told) => this.#mine(told) && this.#over("out", told));
    this.socket.on("call_ended", (told) => this.#mine(told) && this.#over("ended", told));
  }

  // Answers {key, people, ticket}. Throws Refused with the server's sentence.
  async enter() {
    const answer = await this.socket.timeout(PATIENCE).emitWithAck("call_enter", this.#call, this.#key).catch((error) => {
      if (!this.#isIn) this.socket.emit("call_leave", this.#call); // its answer may only be late
      throw error;
    });
    if (!answer.ok) throw new Refused(answer.message);
    this.#key = answer.key;
    this.#isIn = true;
    return answer;
  }

  leave() {
    if (this.#isIn) this.socket.emit("call_leave", this.#call);
    this.#isIn = false;
    this.#key = "";
  }

  show(shown) {
    if (this.#isIn) this.socket.emit("call_state", this.#call, shown);
  }

  signal(to, what) {
    if (this.#isIn) this.socket.emit("call_signal", this.#call, to, what);
  }

  async #connected() {
    if (!this.#isIn) return;
    try {
      this.#tell("back", await this.enter());
    } catch (error) {
      this.#over("refused", { message: error instanceof Refused ? error.message : "" });
    }
  }

  #lost(reason) {
    if (!this.#isIn) return;
    if (reason === "io server disconnect") this.#over("out", { why: "signed-out" });
    else this.#tell("lost");
  }

  #over(name, told) {
    this.#isIn = false;
    this.#key = "";
    this.#tell(name, told);
  }

  #mine = (told) => told.call === this.#call;

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
