// Suggestions while typing: asked of the server, chosen with the arrows, Tab or Enter, or the pointer.
import { announce, step } from "./a11y.js";
import { byId, h, refill } from "./dom.js";

const PAUSE = 35;
const LONGEST = 4000;

// The server counts characters, the browser counts UTF-16 units; they differ after an emoji.
const toCharacters = (text, units) => [...text.slice(0, units)].length;
const toUnits = (text, characters) => [...text].slice(0, characters).join("").length;

export class Completion {
  #app;
  #box;
  #frame = byId("suggestions");
  #list = byId("suggestion-list");
  #usage = byId("usage");
  #items = [];
  #active = -1;
  #asked = 0;
  #timer = 0;
  #question = {}; // the line and the place in it that was asked about last
  #answered = {}; // the same of what is shown
  #isWaiting = false;
  #wanted = null; // what was chosen before its suggestions were there: a label, or empty for the first

  /** `box` is the textarea; `changed` is called after a suggestion went into it. */
  constructor(app, box, changed) {
    this.#app = app;
    this.#box = box;
    this.changed = changed;
    box.addEventListener("blur", () => this.close());
    this.#frame.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
  }

  get isOpen() {
    return this.#items.length > 0;
  }

  /** Ask for suggestions for what is typed now. */
  ask() {
    clearTimeout(this.#timer);
    const line = this.#box.value;
    if (!this.#app.isCommand(line) || line.length > LONGEST || this.#box.selectionStart !== this.#box.selectionEnd) {
      this.close();
      return;
    }
    this.#isWaiting = true;
    this.#wanted = null;
    const at = this.#box.selectionStart;
    this.#timer = setTimeout(() => {
      this.#asked += 1;
      this.#app.connection.send({ type: "complete", id: this.#asked, channel: this.#app.room.id, line, cursor: toCharacters(line, at) });
      this.#question = { line, at };
    }, PAUSE);
  }

  /** Whether that is where the reader is now. */
  #isHere({ line, at }) {
    return this.#box.value === line && this.#box.selectionStart === at;
  }

  /** Take in the server's suggestions; older answers and those to a changed line are dropped. */
  take(frame) {
    if (frame.id !== this.#asked || !this.#isHere(this.#question) || document.activeElement !== this.#box) return;
    this.#isWaiting = false;
    this.#items = frame.items;
    this.#answered = this.#question;
    const chosen = this.#wanted === null ? -1 : this.#items.findIndex((item) => !this.#wanted || item.label === this.#wanted);
    this.#wanted = null;
    if (chosen >= 0) {
      this.#choose(chosen);
      return;
    }
    const head = this.#question.line.trimStart();
    // While the command's name is not complete, Enter takes the first suggestion instead of sending half a name.
    const unfinished = head.startsWith("/") && !this.#app.store.commandOf(head) && !/\s$/.test(head) && this.#items.length > 0
      && this.#items.every((item) => item.insert.trim() !== head.slice(toUnits(head, item.start)).trim());
    this.#active = unfinished ? 0 : -1;
    this.#show();
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#items = [];
    this.#active = -1;
    this.#isWaiting = false;
    this.#wanted = null;
    this.#show();
  }

  /** Handle a key and tell whether it was meant for the suggestions. */
  key(event) {
    if (event.key === "Escape" && !this.#frame.hidden) {
      this.close();
      return true;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === "Tab" && !event.shiftKey && this.#isWaiting) {
      this.#wanted = ""; // faster than the answer: the first suggestion is taken when it comes
      return true;
    }
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#active = step(this.#active, this.#items.length, event.key === "ArrowDown" ? 1 : -1);
      this.#show();
      return true;
    }
    if (event.key === "Tab" && !event.shiftKey) {
      this.#choose(Math.max(0, this.#active));
      return true;
    }
    if (event.key === "Enter" && !event.shiftKey && this.#active >= 0) {
      this.#choose(this.#active);
      return true;
    }
    return false;
  }

  #choose(index) {
    const item = this.#items[index];
    if (!this.#isHere(this.#answered)) {
      // What is shown is for what stood here a moment ago: the same is taken from what comes for this.
      if (!this.#isWaiting) this.ask();
      this.#wanted = item.label;
      return;
    }
    const line = this.#box.value;
    const [start, end] = [toUnits(line, item.start), toUnits(line, item.end)];
    // The gap before what follows is there already.
    const isDoubled = item.insert.endsWith(" ") && line[end] === " ";
    this.#box.setRangeText(item.insert, start, isDoubled ? end + 1 : end, "end");
    this.close();
    this.changed();
  }

  #show() {
    const command = this.#app.store.commandOf(this.#box.value);
    const wasOpen = this.#list.childElementCount > 0;
    const isTyping = document.activeElement === this.#box && this.#app.isCommand(this.#box.value);
    refill(this.#list, this.#items.map((item, index) =>
      h("li", { role: "option", id: `suggestion-${index}`, class: "suggestion", "aria-selected": String(index === this.#active),
        onclick: () => this.#choose(index) }, h("b", {}, item.label), h("span", {}, item.detail))));
    this.#usage.hidden = !command || !isTyping;
    if (command) refill(this.#usage, h("code", {}, command.usage), command.summary);
    this.#frame.hidden = !this.isOpen && this.#usage.hidden;
    // A box of several lines can't say by itself that something has opened below it.
    if (this.isOpen && !wasOpen) announce(this.#items.length === 1 ? "1 suggestion" : `${this.#items.length} suggestions`);
    if (this.#active >= 0) this.#box.setAttribute("aria-activedescendant", `suggestion-${this.#active}`);
    else this.#box.removeAttribute("aria-activedescendant");
    this.#list.children[this.#active]?.scrollIntoView({ block: "nearest" });
  }
}
