// The page as a whole: what comes in goes to the part that shows it, what people do goes out.
import { announce } from "./a11y.js";
import { Sidebar } from "./channels.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { byId, freshId, h, lasting, refill } from "./dom.js";
import { limitUploads } from "./files.js";
import { openForm } from "./forms.js";
import { icon } from "./icons.js";
import { Log } from "./messages.js";
import { Offers } from "./offers.js";
import { Outbox } from "./outbox.js";
import { gist } from "./render.js";
import { startShortcuts } from "./shortcuts.js";
import { Store } from "./store.js";
import { startTheme } from "./theme.js";
import { Work } from "./work.js";

const ROOM_KEY = "qm-channel";
const MENTION = /^@(quartermaster|qm)(?![A-Za-z0-9])/i;

const BANNERS = {
  connecting: "",
  online: "",
  offline: "The connection is gone. What you send waits and goes out when it is back.",
  "signed-out": "You are signed out. Open the sign-in link that Quartermaster printed when it started.",
};

class App {
  store = new Store();
  connection = new Connection();
  outbox = new Outbox(this.connection);
  room = null;
  #asked = new Map();

  start() {
    startTheme();
    refill(byId("open-shortcuts"), icon("keyboard"));
    this.sidebar = new Sidebar(this);
    this.composer = new Composer(this);
    this.offers = new Offers(this);
    this.log = new Log(this);
    this.work = new Work(this);
    startShortcuts(this);
    this.connection.addEventListener("frame", (event) => this.#take(event.detail));
    this.connection.addEventListener("state", () => this.#stateChanged());
    this.connection.start();
    document.addEventListener("visibilitychange", () => this.#seen());
    addEventListener("storage", () => {
      this.store.reloadRead();
      this.sidebar.draw();
    });
  }

  /** Whether a line is for the bot rather than for the people in the channel. */
  isCommand(line) {
    const start = line.trimStart();
    return start.startsWith("/") || MENTION.test(start) || (this.room?.kind === "direct" && start !== "");
  }

  /** Put the cursor into the message box, of the channel that was on show last. */
  toBox() {
    if (this.work.isOpen) this.go(this.room.id);
    this.composer.focus();
  }

  fill(line) {
    if (this.work.isOpen) this.go(this.room.id);
    this.composer.fill(line);
  }

  /** Show a channel. */
  go(id) {
    const room = this.store.rooms.get(id);
    if (!room) return;
    const came = this.work.close();
    if (room === this.room) {
      if (came) this.sidebar.head(room);
      this.#seen();
      this.sidebar.draw();
      return;
    }
    this.composer.swap(this.room, room);
    this.room = room;
    lasting.write(ROOM_KEY, id);
    this.sidebar.head(room);
    this.log.show(room);
    if (!room.isLoaded) this.#open(room);
    this.#seen();
    this.sidebar.draw();
  }

  /** Send a line with the attached files; what is refused before anything was done comes back to the box. */
  async submitLine(text, attached) {
    const channel = this.room.id;
    const files = attached.map((item) => item.token);
    this.log.toEnd();
    const submitted = this.outbox.submit({ channel, text, files }, text);
    const { problem, form } = await submitted;
    if (problem && !form && this.room.id === channel) this.composer.putBack(text, attached);
    this.#finish(submitted, { channel, files });
  }

  /** Press a button: resolves when it is done; `settled` learns how it ended, also where a form came in between. */
  press(action, { channel, message }, label, settled) {
    const proof = message.proofs?.[action.split(".")[0]] ?? "";
    const place = message.seq === undefined ? undefined : { seq: message.seq, proof };
    const pressed = this.outbox.submit({ channel, action, place });
    return this.#finish(pressed, { channel, action, place, files: [], settled }, label);
  }

  async submitForm(form, context, values, uploads) {
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
    const what = context.action ? { action: context.action, place: context.place } : { command: form.command };
    const frame = { channel: context.channel, ...what, arguments: given, files: [...context.files, ...uploads] };
    const outcome = await this.outbox.submit(frame);
    context.settled?.(outcome);
    return outcome;
  }

  createChannel(name) {
    return new Promise((resolve) => {
      const id = freshId();
      this.#asked.set(id, resolve);
      const sent = this.connection.send({ type: "create_channel", id, name });
      if (!sent) this.#answer({ id, message: "There is no connection just now; try again in a moment." });
    });
  }

  async #finish(submitted, context, label = "") {
    const outcome = await submitted;
    context.settled?.(outcome);
    if (outcome.form) openForm(outcome.form.form, context, this, outcome.form.problem);
    else if (outcome.failed) this.#complain(outcome.failed);
    else if (outcome.problem) this.#complain([outcome.problem.message, outcome.problem.hint].filter(Boolean).join(" ").replaceAll("`", ""));
    else if (label) announce(`${label}: done`);
  }

  #complain(words) {
    byId("composer-note").textContent = words;
    announce(words);
  }

  #answer(frame) {
    const resolve = this.#asked.get(frame.id);
    this.#asked.delete(frame.id);
    resolve?.(frame);
    return resolve !== undefined;
  }

  #take(frame) {
    if (frame.type === "welcome") this.#welcomed(frame);
    else if (frame.type === "messages") this.#messages(frame);
    else if (frame.type === "activity") this.#activity(frame);
    else if (frame.type === "completions") this.offers.answer(frame) || this.composer.completion.take(frame);
    else if (frame.type === "people") this.#people(frame);
    else if (frame.type === "work") this.work.take(frame);
    else if (frame.type === "work_moved") this.work.ask();
    else if (frame.type === "channels") {
      this.store.setChannels(frame.items);
      this.sidebar.draw();
    } else if (frame.type === "error") this.#complain(frame.message);
    else if (!this.outbox.take(frame)) this.#answer(frame);
  }

  #welcomed(frame) {
    this.store.welcome(frame);
    limitUploads(frame.upload_limit);
    const wanted = this.store.rooms.get(lasting.read(ROOM_KEY, 0)) ?? [...this.store.rooms.values()].find((room) => room.kind === "public");
    if (this.room === null) {
      this.go(wanted.id);
      this.composer.focus();
    }
    // What was loaded before the connection broke goes on from where it stopped.
    for (const room of this.store.rooms.values()) if (room.isLoaded) this.#open(room);
    this.outbox.resendAll();
    this.work.welcomed();
    this.sidebar.draw();
  }

  #open(room) {
    const since = room.isLoaded ? { since: room.change } : {};
    this.connection.send({ type: "open", channel: room.id, ...since });
  }

  #messages(frame) {
    const room = this.store.rooms.get(frame.channel);
    if (!room) return;
    const known = new Set(room.messages.keys());
    const seqs = this.store.takeMessages(frame);
    if (frame.items.some((item) => item.author !== null && !this.store.people.has(item.author))) this.connection.send({ type: "people" });
    if (frame.kind === "older") room.isLoadingOlder = false;
    if (room === this.room) {
      if (frame.kind === "latest") this.log.redraw();
      else if (frame.kind === "older") this.log.prepend();
      else this.log.update(seqs);
      this.#seen();
    } else if (frame.kind === "changes") this.#tellElsewhere(room, frame.items.filter((item) => !known.has(item.seq)));
    this.sidebar.draw();
  }

  #activity(frame) {
    this.store.raise(frame.channel, frame);
    this.sidebar.draw();
  }

  #people(frame) {
    this.store.setPeople(frame.items);
    this.log.redraw();
  }

  #tellElsewhere(room, items) {
    const news = items.find((item) => item.author !== this.store.me.id);
    if (news) announce(`${room.name}: ${gist(news)}`);
  }

  /** What is on show in a page somebody looks at has been read. */
  #seen() {
    if (this.room && !document.hidden && !this.work.isOpen) this.store.markRead(this.room.id);
  }

  #stateChanged() {
    const { state } = this.connection;
    const banner = byId("banner");
    refill(banner, BANNERS[state], state === "signed-out" && h("a", { class: "button small", href: "/" }, "Try again"));
    banner.hidden = !BANNERS[state];
    this.log.showPending();
    this.sidebar.draw();
  }
}

new App().start();
