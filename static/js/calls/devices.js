// This person's microphone, camera and screen: one track of each, or none.
const ASKED = {
  mic: { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
  camera: { video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 } } },
};
const WHY = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing", OverconstrainedError: "missing", NotReadableError: "busy", AbortError: "busy" };

export class Devices extends EventTarget {
  tracks = { mic: null, camera: null, screen: null };
  hand = false;
  #asking = new Set();

  get shown() {
    const { mic, camera, screen } = this.tracks;
    return { mic: Boolean(mic?.enabled), camera: Boolean(camera), screen: Boolean(screen), hand: this.hand };
  }

  // Resolves to the word of what went wrong, or to nothing.
  async toggle(name) {
    if (this.#asking.has(name)) return undefined; // its question is still open
    this.#asking.add(name);
    try {
      if (name === "hand") this.hand = !this.hand;
      else if (name === "mic" && this.tracks.mic) this.tracks.mic.enabled = !this.tracks.mic.enabled;
      else if (this.tracks[name]) this.#drop(name);
      else return await this.#take(name);
    } finally {
      this.#asking.delete(name);
      this.dispatchEvent(new Event("change"));
    }
    return undefined;
  }

  async #take(name) {
    const media = navigator.mediaDevices;
    if (!media) return "insecure";
    if (name === "screen" && !media.getDisplayMedia) return "no-screen";
    try {
      const stream = name === "screen"
        ? await media.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false })
        : await media.getUserMedia(ASKED[name]);
      const [track] = stream.getTracks();
      if (name === "screen") track.contentHint = "detail";
      // Pulled out, or ended by the browser's own «stop sharing».
      track.addEventListener("ended", () => {
        if (this.tracks[name] !== track) return;
        this.tracks[name] = null;
        this.dispatchEvent(new Event("change"));
      });
      this.tracks[name] = track;
    } catch (error) {
      if (name === "screen" && error.name === "NotAllowedError") return undefined; // changed one's mind
      return WHY[error.name] ?? "busy";
    }
    return undefined;
  }

  // Stopped, not only hidden: the camera's light goes out.
  #drop(name) {
    this.tracks[name].stop();
    this.tracks[name] = null;
  }

  stop() {
    for (const name of Object.keys(this.tracks)) if (this.tracks[name]) this.#drop(name);
    this.hand = false;
  }
}
