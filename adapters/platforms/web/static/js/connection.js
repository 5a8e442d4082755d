// The socket: one at a time, back again by itself, and honest about its state.
import { freshId } from "./dom.js";
import { BROWSER_ZONE } from "./format.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 10_000;
const SILENCE = 50_000;
const SIGNED_OUT = 4401;

/** Events: `state` (detail: connecting, online, offline, signed-out, full) and `frame` (detail: the frame). */
export class Connection extends EventTarget {
  #socket = null;
  #page = freshId();
  #wait = FIRST_WAIT;
  #timer = 0;
  #silence = 0;
  state = "connecting";

  start() {
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#hurry();
    });
    this.#open();
  }

  /** Send a frame and tell whether there was a socket to take it. */
  send(frame) {
    if (this.state !== "online") return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #open() {
    clearTimeout(this.#timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#heard();
      socket.send(JSON.stringify({ type: "hello", page: this.#page, zone: BROWSER_ZONE, locale: navigator.language }));
    });
    socket.addEventListener("message", (event) => {
      if (socket !== this.#socket) return;
      this.#heard();
      const frame = JSON.parse(event.data);
      if (frame.type === "welcome") {
        this.#wait = FIRST_WAIT;
        this.#become("online");
      }
      if (frame.type !== "beat") this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#lost(event.code);
    });
  }

  async #lost(code) {
    clearTimeout(this.#silence);
    const wasOnline = this.state === "online";
    this.#become("offline");
    if (code === SIGNED_OUT || (!wasOnline && (await this.#isSignedOut()))) {
      this.#become("signed-out");
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), this.#wait * (0.7 + Math.random() * 0.6));
    this.#wait = Math.min(this.#wait * 1.7, LONGEST_WAIT);
  }

  /** Try now instead of later, where there is reason to think that it will work. */
  #hurry() {
    if (this.state !== "offline") return;
    this.#wait = FIRST_WAIT;
    this.#open();
  }

  #heard() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      const quiet = this.#socket;
      this.#socket = null;
      quiet.close();
      this.#lost(0);
    }, SILENCE);
  }

  async #isSignedOut() {
    try {
      return (await fetch("/session", { cache: "no-store" })).status === 401;
    } catch {
      return false; // the server is away, which says nothing of the session
    }
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
