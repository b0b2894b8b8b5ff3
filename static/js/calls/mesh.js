// The built-in engine: a connection to every other browser, three lines in each (sound, camera,
// screen). Of two the one with the greater key offers, so that offers never meet; what is switched
// on and off only changes the track of a line and needs no new offer.
const LINES = ["mic", "camera", "screen"];
const MOST = { camera: 500_000, screen: 900_000 };
const PATIENCE = 4000;

class Peer {
  streams = { mic: new MediaStream(), camera: new MediaStream(), screen: new MediaStream() };
  #queue = Promise.resolve();
  #early = [];
  #timer;

  constructor(engine, key) {
    this.engine = engine;
    this.key = key;
    this.offers = engine.me > key;
    this.pc = new RTCPeerConnection({ ...engine.ticket, bundlePolicy: "max-bundle" });
    this.pc.onicecandidate = ({ candidate }) => candidate && this.#send("candidate", { candidate: candidate.toJSON() });
    this.pc.ontrack = ({ track, transceiver }) => this.#receive(track, transceiver);
    this.pc.onconnectionstatechange = () => this.#watch();
    if (this.offers) {
      for (const name of LINES) this.pc.addTransceiver(name === "mic" ? "audio" : "video", { direction: "sendrecv" });
      this.#run(() => this.#offer());
    }
  }

  hear(what) {
    this.#run(() => this.#answer(what));
  }

  // The tracks of now, on all lines.
  async use(tracks) {
    const lines = this.pc.getTransceivers();
    await Promise.all(LINES.map((name, at) => lines[at]?.sender.replaceTrack(tracks[name])));
  }

  restart() {
    if (this.offers) this.#run(() => this.#offer(true));
    else this.#send("restart", {});
  }

  level() {
    const receiver = this.pc.getTransceivers()[0]?.receiver;
    return receiver?.getSynchronizationSources()[0]?.audioLevel ?? 0;
  }

  close() {
    clearTimeout(this.#timer);
    this.pc.close();
  }

  // One thing after another: a description is never half applied when the next one comes.
  #run(step) {
    this.#queue = this.#queue.then(() => (this.pc.signalingState === "closed" ? undefined : step()))
      .catch((error) => this.pc.signalingState === "closed" || console.warn("call", error));
  }

  async #offer(iceRestart = false) {
    if (this.pc.signalingState !== "stable") await this.pc.setLocalDescription({ type: "rollback" });
    await this.use(this.engine.tracks);
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart }));
    this.#send("offer", { sdp: this.pc.localDescription.sdp });
  }

  async #answer({ kind, sdp, candidate }) {
    if (kind === "candidate") {
      if (this.pc.remoteDescription) await this.pc.addIceCandidate(candidate).catch(() => {}); // of an older offer
      else this.#early.push(candidate);
      return;
    }
    if (kind === "restart") {
      await this.#offer(true);
      return;
    }
    if (kind === "answer" && this.pc.signalingState !== "have-local-offer") return;
    await this.pc.setRemoteDescription({ type: kind, sdp });
    for (const one of this.#early.splice(0)) await this.pc.addIceCandidate(one);
    if (kind === "offer") {
      for (const line of this.pc.getTransceivers()) line.direction = "sendrecv";
      await this.use(this.engine.tracks);
      await this.pc.setLocalDescription();
      this.#send("answer", { sdp: this.pc.localDescription.sdp });
    }
    await this.#bound();
  }

  // A mesh sends everything as often as there are others: each stream stays small.
  async #bound() {
    for (const [at, name] of LINES.entries()) {
      const sender = this.pc.getTransceivers()[at]?.sender;
      const parameters = sender?.getParameters();
      if (!MOST[name] || !parameters?.encodings?.length) continue;
      parameters.encodings[0].maxBitrate = MOST[name];
      await sender.setParameters(parameters).catch(() => {});
    }
  }

  #receive(track, transceiver) {
    const name = LINES[this.pc.getTransceivers().indexOf(transceiver)];
    if (!name) return;
    this.streams[name].addTrack(track);
    this.engine.changed();
  }

  #watch() {
    clearTimeout(this.#timer);
    const { connectionState } = this.pc;
    if (connectionState === "failed") this.restart();
    if (connectionState === "failed" || connectionState === "disconnected") {
      this.#timer = setTimeout(() => { this.restart(); this.#watch(); }, PATIENCE);
    }
  }

  #send(kind, what) {
    this.engine.send(this.key, { kind, ...what });
  }
}

export class Engine {
  #peers = new Map();

  // `ticket` comes from the server; `send(key, signal)` reaches another seat; `changed` is called
  // when there are other streams than before.
  constructor({ ticket, me, tracks, send, changed }) {
    Object.assign(this, { ticket, me, tracks, send, changed });
  }

  people(keys) {
    const others = new Set(keys.filter((key) => key !== this.me));
    for (const [key, peer] of this.#peers) {
      if (others.has(key)) continue;
      peer.close();
      this.#peers.delete(key);
    }
    for (const key of others) this.#peer(key);
  }

  signal(from, what) {
    this.#peer(from).hear(what);
  }

  use(tracks) {
    this.tracks = { ...tracks };
    for (const peer of this.#peers.values()) peer.use(this.tracks).catch(() => {});
  }

  streams(key) {
    return this.#peers.get(key)?.streams ?? null;
  }

  speaks(key) {
    return (this.#peers.get(key)?.level() ?? 0) > 0.02;
  }

  // The way to the server was lost: the ways to the others may be as well.
  mend() {
    for (const peer of this.#peers.values()) if (peer.pc.connectionState !== "connected") peer.restart();
  }

  close() {
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
  }

  #peer(key) {
    if (!this.#peers.has(key)) this.#peers.set(key, new Peer(this, key));
    return this.#peers.get(key);
  }
}
