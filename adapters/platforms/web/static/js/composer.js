// The message box: a line grows with what is typed, Enter sends it, the arrow up brings earlier ones back.
import { Completion } from "./completion.js";
import { byId, h, lasting, refill } from "./dom.js";
import { Attachments } from "./files.js";
import { icon } from "./icons.js";

const HISTORY_KEY = "qm-history";
const LONGEST_HISTORY = 100;
const LONGEST_KEPT = 2000;

const narrow = matchMedia("(max-width: 760px)");

export class Composer {
  #app;
  #box = byId("line");
  #note = byId("composer-note");
  #history = lasting.read(HISTORY_KEY, []);
  #at = null;
  #unsent = "";
  #waiting = ""; // the line that was sent before its files were there

  constructor(app) {
    this.#app = app;
    refill(byId("attach"), icon("clip"));
    refill(byId("slash"), icon("slash"));
    refill(byId("send"), icon("send"));
    this.completion = new Completion(app, this.#box, () => this.#typed());
    this.attachments = new Attachments(() => this.#filesChanged());
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    byId("slash").addEventListener("click", () => this.fill("/"));
    this.#box.addEventListener("input", () => {
      this.#at = null;
      this.#typed();
    });
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#box.addEventListener("click", () => this.completion.ask());
    narrow.addEventListener("change", () => app.room && this.#invite(app.room));
    this.#fit();
  }

  focus() {
    this.#box.focus();
  }

  /** Put a line into the box, ready to be sent or changed. */
  fill(line) {
    this.#box.value = line;
    this.#box.focus();
    this.#box.setSelectionRange(line.length, line.length);
    this.#typed();
  }

  /** Keep the half-typed line of one channel and bring back that of another. */
  swap(from, to) {
    if (from) from.draft = this.#box.value;
    this.#box.value = to.draft;
    if (this.#waiting) this.#say(""); // what was to go by itself waits in the channel that was left
    this.#waiting = "";
    this.#invite(to);
    this.#at = null;
    this.completion.close();
    this.#fit();
  }

  #invite(room) {
    const where = room.kind === "direct" ? room.name : `#${room.name}`;
    this.#box.placeholder = narrow.matches ? `Message ${where}` : `Message ${where}, or type / for a command`;
    byId("line-label").textContent = `Message ${where}`;
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.completion.key(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "ArrowUp" && this.#atStart()) this.#recall(event, -1);
    else if (event.key === "ArrowDown" && this.#at !== null) this.#recall(event, 1);
    else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) setTimeout(() => this.completion.ask());
  }

  #atStart() {
    return this.#box.value === "" || (this.#at !== null && !this.#box.value.slice(0, this.#box.selectionStart).includes("\n"));
  }

  #recall(event, by) {
    const count = this.#history.length;
    const next = this.#at === null ? count - 1 : this.#at + by;
    if (next < 0 || event.altKey || count === 0) return;
    event.preventDefault();
    if (this.#at === null) this.#unsent = this.#box.value;
    this.#at = next >= count ? null : next;
    this.#box.value = this.#at === null ? this.#unsent : this.#history[this.#at];
    this.#waiting = "";
    this.#box.setSelectionRange(this.#box.value.length, this.#box.value.length);
    this.completion.close();
    this.#fit();
  }

  #typed() {
    this.#waiting = "";
    this.#say("");
    this.#fit();
    this.completion.ask();
  }

  #send() {
    const text = this.#box.value.trim();
    if (!text && this.attachments.count === 0) return;
    if (this.attachments.count && !this.#app.isCommand(text)) {
      this.#suggestFor();
      return;
    }
    this.#waiting = "";
    if (this.attachments.hasFailed) {
      this.#say("A file did not arrive; remove it, or attach it again.");
      return;
    }
    if (!this.attachments.isSettled) {
      this.#waiting = text;
      this.#say("It goes as soon as the file is there.");
      return;
    }
    this.#remember(text);
    this.#app.submitLine(text, this.attachments.take());
    this.#box.value = "";
    this.completion.close();
    this.#say("");
    this.#fit();
  }

  /** Take back a line that was refused, with its files; what was typed since stays. */
  putBack(text, files) {
    this.attachments.putBack(files);
    if (this.#box.value === "") this.fill(text);
  }

  #remember(text) {
    if (text.length > LONGEST_KEPT) return;
    this.#history = [...this.#history.filter((line) => line !== text), text].slice(-LONGEST_HISTORY);
    this.#at = null;
    lasting.write(HISTORY_KEY, this.#history);
  }

  #filesChanged() {
    this.#fit();
    if (this.attachments.count === 0) this.#waiting = "";
    if (this.#waiting) {
      if (this.attachments.isSettled) this.#send();
    } else if (this.attachments.count && !this.#app.isCommand(this.#box.value)) this.#suggestFor();
    else this.#say("");
  }

  /** Name the commands that take a file. */
  #suggestFor() {
    const lines = this.#app.store.commands.filter((command) => command.takes_file).map((command) => `/${command.name}`);
    const buttons = lines.map((line) => h("button", { type: "button", class: "button small", onclick: () => this.fill(line) }, line));
    refill(this.#note, "A file goes with a command: ", ...buttons);
  }

  #say(words) {
    this.#note.textContent = words;
  }

  #fit() {
    const box = this.#box;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    box.classList.toggle("command", this.#app.room !== null && box.value.trimStart().startsWith("/"));
    byId("send").disabled = box.value.trim() === "" && this.attachments?.count === 0;
  }
}
