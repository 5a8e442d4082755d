// The log: messages grouped by author and time, what is still being sent, and where the reader is in it.
import { byId, h, refill } from "./dom.js";
import { dayHeading, fullTime, initials, sameDay, timeOfDay } from "./format.js";
import { icon } from "./icons.js";
import { progressBar, replyBox } from "./render.js";
import { linked } from "./spans.js";
import { holdUnderPointer } from "./tables.js";
import { welcome } from "./welcome.js";

const TOGETHER = 5 * 60_000;
const NEAR_END = 90;
const LEAD = 64; // what stays in sight of the line above, in pixels
const HUES = 8;

export const avatar = (id, name) => id === null
  ? h("span", { class: "avatar", "aria-hidden": "true" }, h("img", { src: "/static/logo.svg", alt: "" }))
  : h("span", { class: `avatar avatar-${id % HUES}`, "aria-hidden": "true" }, initials(name));

const said = (text) => {
  const command = /^(\/\S+(?:\s+\S+)?)([\s\S]*)$/.exec(text);
  if (!command) return h("p", { class: "said" }, linked(text));
  return h("p", { class: "said command" }, h("span", { class: "slash" }, command[1]), linked(command[2]));
};

const follows = (message, before) =>
  before && before.author === message.author && before.private === message.private && sameDay(before.at, message.at)
  && new Date(message.at) - new Date(before.at) < TOGETHER && !(message.reply && before.reply && before.author === null);

export class Log {
  #app;
  #log = byId("log");
  #list = byId("messages");
  #pending = byId("pending");
  #nodes = new Map();
  #room = null;
  #newFrom = 0;
  #sticks = true;
  #rest = null; // what the reader's pointer or last click is on, which then stays where it is

  constructor(app) {
    this.#app = app;
    byId("load-older").addEventListener("click", () => this.#loadOlder());
    byId("to-newest").addEventListener("click", () => this.toEnd());
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#watchPointer();
    new ResizeObserver(() => this.#follow()).observe(this.#log);
    app.outbox.addEventListener("change", () => this.showPending());
  }

  /** Show another channel. */
  show(room) {
    this.#room = room;
    const read = this.#app.store.lastRead(room.id);
    this.#newFrom = read > 0 && this.#app.store.isUnread(room) ? read : Infinity;
    this.#sticks = true;
    this.#rest = null;
    this.redraw();
  }

  /** Draw everything anew, quietly for screen readers. */
  redraw() {
    this.#quietly(() => {
      this.#nodes.clear();
      const nodes = [];
      let before = null;
      for (const message of this.#room.list) {
        nodes.push(...this.#withMarks(message, before));
        before = message;
      }
      refill(this.#list, nodes);
    });
    this.showPending();
    this.#follow();
  }

  /** Take in new and changed messages of the channel on show. */
  update(seqs) {
    this.#anchored(() => this.#takeIn(seqs));
  }

  #takeIn(seqs) {
    const list = this.#room.list;
    const isNews = !this.#nodes.has(list.at(-1)?.seq);
    for (const seq of seqs) {
      const index = list.findIndex((message) => message.seq === seq);
      if (index < 0) continue;
      const known = this.#nodes.get(seq);
      if (known) this.#replace(known, list[index], list[index - 1]);
      else if (index === list.length - 1 || !this.#nodes.has(list[index + 1].seq)) {
        this.#list.append(...this.#withMarks(list[index], list[index - 1]));
      } else return this.redraw();
    }
    if (this.#sticks && this.#app.store.trim(this.#room)) return this.redraw();
    this.showPending();
    if (isNews) this.#afterNews(list.at(-1));
    else this.#follow();
    return undefined;
  }

  /** Put earlier messages above without moving what the reader sees. */
  prepend() {
    const height = this.#log.scrollHeight;
    const top = this.#log.scrollTop;
    this.#sticks = false;
    this.redraw();
    this.#log.scrollTop = top + this.#log.scrollHeight - height;
  }

  showPending() {
    if (!this.#room) return;
    this.#app.outbox.settle(this.#room.id, this.#room.messages);
    const items = this.#app.outbox.items(this.#room.id);
    const rows = items.filter((item) => item.shown && !this.#room.messages.has(item.seq)).map((item) => this.#pendingRow(item));
    const working = items.filter((item) => item.state === "working");
    if (working.length) rows.push(this.#workingRow(working));
    refill(this.#pending, rows);
    this.#showFrame(items);
    this.#follow();
  }

  toEnd() {
    this.#sticks = true;
    this.#rest = null;
    this.#fillUp(0);
    this.#log.scrollTop = this.#log.scrollHeight;
    byId("to-newest").hidden = true;
  }

  /** Stay at the end, if the reader is there and is not about to press something. */
  #follow() {
    if (this.#sticks && !this.#rest) this.toEnd();
  }

  /** What is pressed, or about to be, stays under the pointer until the reader types, moves on, or asks for the end. */
  #watchPointer() {
    const rest = (target) => {
      const row = target.closest("[data-row]");
      this.#rest = { seq: target.closest(".message")?.dataset.seq, row: row?.dataset.row };
    };
    this.#log.addEventListener("click", (event) => rest(event.target), { capture: true });
    this.#log.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && event.target.closest("button, a, summary")) rest(event.target);
    }, { passive: true });
    this.#log.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && !document.querySelector("dialog[open]")) this.#rest = null;
    });
    const leave = () => { this.#rest = null; };
    this.#log.addEventListener("wheel", leave, { passive: true });
    for (const kind of ["keydown", "focus"]) byId("line").addEventListener(kind, leave);
  }

  #anchored(change) {
    const top = this.#restNode()?.getBoundingClientRect().top;
    change();
    this.#fillUp(0);
    const node = top === undefined ? null : this.#restNode();
    if (!node) return;
    const moved = () => node.getBoundingClientRect().top - top;
    this.#log.scrollTop += moved();
    if (moved() < 1) return;
    // What lies below has become too short to scroll that far.
    this.#fillUp(moved());
    this.#log.scrollTop += moved();
  }

  #fillUp(height) {
    this.#log.style.setProperty("--filled", `${height}px`);
  }

  #restNode() {
    const message = this.#rest && this.#nodes.get(Number(this.#rest.seq));
    return message && ((this.#rest.row && message.querySelector(`[data-row="${CSS.escape(this.#rest.row)}"]`)) || message);
  }

  #showFrame(items) {
    const room = this.#room;
    byId("older").hidden = !room.hasOlder;
    const isEmpty = room.isLoaded && room.messages.size === 0 && items.length === 0;
    const place = byId("welcome");
    if (isEmpty && place.hidden) refill(place, welcome(room, this.#app));
    place.hidden = !isEmpty;
  }

  #withMarks(message, before) {
    const marks = [];
    if (!before || !sameDay(before.at, message.at)) marks.push(h("li", { class: "day" }, dayHeading(message.at)));
    if (message.seq > this.#newFrom && (!before || before.seq <= this.#newFrom)) marks.push(h("li", { class: "new-mark" }, "New"));
    return [...marks, this.#row(message, before)];
  }

  #row(message, before) {
    const { store } = this.#app;
    const name = store.name(message.author);
    const isDirect = this.#room.kind === "direct";
    const place = { channel: this.#room.id, message };
    const node = h("li", { class: follows(message, before) ? "message follows" : "message", dataset: { seq: message.seq }, tabindex: -1 },
      avatar(message.author, name),
      h("div", { class: "body" },
        h("div", { class: "byline" },
          h("span", { class: "author" }, name),
          message.author === null && h("span", { class: "tag" }, "bot"),
          h("time", { class: "stamp", datetime: message.at, title: fullTime(message.at) }, timeOfDay(message.at)),
          message.private && !isDirect && h("span", { class: "whisper" }, icon("eye"), "Only you can see this")),
        message.text && said(message.text),
        message.reply && replyBox(message.reply, place, this.#app)));
    this.#nodes.set(message.seq, node);
    return node;
  }

  /** Put a changed message in place of its old self; the focus stays on the same button where there still is one. */
  #replace(old, message, before) {
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset.key ?? "" : null;
    holdUnderPointer(old);
    const node = this.#row(message, before);
    old.replaceWith(node);
    if (focused === null) return;
    const same = focused && node.querySelector(`[data-key="${CSS.escape(focused)}"]:not(:disabled)`);
    (same || node.querySelector("button:not(:disabled)") || node).focus();
  }

  #pendingRow(item) {
    const { store } = this.#app;
    const failed = item.state === "failed";
    return h("li", { class: "message" },
      avatar(store.me.id, store.me.name),
      h("div", { class: "body" },
        h("div", { class: "byline" }, h("span", { class: "author" }, store.me.name)),
        said(item.shown),
        failed
          ? h("p", { class: "state failed" }, item.message,
            h("button", { type: "button", class: "button small", onclick: () => this.#app.outbox.retry(item.frame.id) }, "Try again"),
            h("button", { type: "button", class: "button small plain", onclick: () => this.#app.outbox.drop(item.frame.id) }, "Discard"))
          : item.state !== "landed" && h("p", { class: "state" }, this.#app.connection.state === "online" ? "Sending…" : "Waiting for the connection…")));
  }

  #workingRow(items) {
    const { store } = this.#app;
    const told = items.map((item) => item.progress).filter((progress) => typeof progress === "number");
    return h("li", { class: "message" }, avatar(null, store.bot),
      h("div", { class: "body" }, h("div", { class: "byline" }, h("span", { class: "author" }, store.bot), h("span", { class: "tag" }, "bot")),
        h("p", { class: "state" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
          items.length > 1 ? `Working on ${items.length} commands…` : "Working…"),
        told.map(progressBar)));
  }

  #afterNews(newest) {
    const mine = newest.author === this.#app.store.me.id;
    if (this.#rest) byId("to-newest").hidden = this.#isAtEnd(1);
    else if (!this.#sticks && !mine) byId("to-newest").hidden = false;
    else if (!this.#showStart(this.#nodes.get(newest.seq))) this.toEnd();
  }

  /** An answer longer than the log is shown from its beginning; tells whether it is one. */
  #showStart(node) {
    if (!node || node.offsetHeight < this.#log.clientHeight - LEAD) return false;
    this.#sticks = false;
    this.#log.scrollTop += node.getBoundingClientRect().top - this.#log.getBoundingClientRect().top - LEAD;
    return true;
  }

  #scrolled() {
    const { scrollTop } = this.#log;
    this.#sticks = this.#isAtEnd(NEAR_END);
    if (this.#sticks && !this.#rest) byId("to-newest").hidden = true;
    if (scrollTop < NEAR_END && this.#room?.hasOlder) this.#loadOlder();
  }

  #isAtEnd(near) {
    const { scrollTop, clientHeight, scrollHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < near;
  }

  #loadOlder() {
    if (this.#room.isLoadingOlder || this.#room.oldest === null) return;
    this.#room.isLoadingOlder = this.#app.connection.send({ type: "older", channel: this.#room.id, before: this.#room.oldest });
  }

  #quietly(work) {
    this.#log.setAttribute("aria-busy", "true");
    work();
    requestAnimationFrame(() => this.#log.removeAttribute("aria-busy"));
  }
}

