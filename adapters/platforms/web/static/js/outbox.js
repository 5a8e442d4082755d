// What was submitted and not yet done: sent again after a reconnect or a reload, under the same id, so it is done once.
import { freshId, passing } from "./dom.js";

const KEY = "qm-outbox";
const LONGEST = 40;

/**
 * An item: `{frame, shown, state, at, seq, progress, message}`; `state` is sending, posted, working, landed or failed;
 * `shown` is the line to show until it comes back as a message, or empty. Events: `change`.
 */
export class Outbox extends EventTarget {
  #connection;
  #items = new Map();
  #waiting = new Map();

  constructor(connection) {
    super();
    this.#connection = connection;
    for (const item of passing.read(KEY, [])) this.#items.set(item.frame.id, item);
  }

  items(channel) {
    return [...this.#items.values()].filter((item) => item.frame.channel === channel);
  }

  get(id) {
    return this.#items.get(id);
  }

  /**
   * Submit something. Returns a promise of how it ended: `{done, answer}`, `{problem}`, `{form}` or `{failed}`, where
   * `answer` is the message that a pressed button was answered by, `{channel, message}`; a page that was
   * reloaded has nobody waiting for it, and that is all right.
   */
  submit(frame, shown = "") {
    const id = freshId();
    this.#items.set(id, { frame: { type: "submit", id, ...frame }, shown, state: "sending", at: Date.now() });
    this.#changed();
    this.#connection.send(this.#items.get(id).frame);
    return new Promise((resolve) => this.#waiting.set(id, { resolve, outcome: {} }));
  }

  resendAll() {
    for (const item of this.#items.values()) {
      if (item.state !== "failed" && item.state !== "landed") this.#connection.send(item.frame);
    }
  }

  /** Let go of what is done and has come back as a message. */
  settle(channel, messages) {
    for (const item of this.items(channel)) {
      if (item.state === "landed" && messages.has(item.seq)) this.#items.delete(item.frame.id);
    }
  }

  retry(id) {
    const item = this.#items.get(id);
    item.state = "sending";
    this.#changed();
    this.#connection.send(item.frame);
  }

  drop(id) {
    this.#items.delete(id);
    this.#waiting.delete(id);
    this.#changed();
  }

  /** Take in what the server says of a submission; tells whether the frame was about one. */
  take(frame) {
    const item = this.#items.get(frame.id);
    if (!item) return false;
    const outcome = this.#waiting.get(frame.id)?.outcome ?? {};
    if (frame.type === "posted") Object.assign(item, { state: item.state === "working" ? "working" : "posted", seq: frame.seq });
    else if (frame.type === "working") Object.assign(item, { state: "working", progress: frame.progress });
    else if (frame.type === "problem") outcome.problem = frame.problem;
    else if (frame.type === "form") outcome.form = frame;
    else if (frame.type === "done") this.#finish(frame.id, { ...outcome, done: true, answer: frame.answer });
    else if (frame.type === "failed") this.#fail(item, frame.message);
    else return false;
    this.#changed();
    return true;
  }

  #finish(id, outcome) {
    const item = this.#items.get(id);
    // The line stays on show until its message is there, so that it does not vanish for a moment.
    if (item.shown && item.seq) item.state = "landed";
    else this.#items.delete(id);
    this.#waiting.get(id)?.resolve(outcome);
    this.#waiting.delete(id);
  }

  #fail(item, message) {
    if (item.shown) Object.assign(item, { state: "failed", message });
    else this.#finish(item.frame.id, { failed: message });
  }

  #changed() {
    passing.write(KEY, [...this.#items.values()].filter((item) => item.state !== "landed").slice(-LONGEST));
    this.dispatchEvent(new Event("change"));
  }
}
