// What the reader has before them, on a page beside the channels; it follows what anybody changes.
import { announce } from "./a11y.js";
import { byId, h, refill } from "./dom.js";
import { icon } from "./icons.js";
import { replyBox } from "./render.js";
import { letGo } from "./stillness.js";
import { holdUnderPointer } from "./tables.js";

const HASH = "#my-work";
const SOON = 150; // milliseconds in which further changes make no further question

export class Work {
  #app;
  #view = byId("work");
  #timer = 0;
  #page = "";
  #of = ""; // the command that a page is one of
  #isLoaded = false;
  #actions = [];
  #prefix = "";
  isOpen = false;

  constructor(app) {
    this.#app = app;
    refill(byId("work-icon"), icon("check"));
    byId("open-work").addEventListener("click", () => this.open());
    addEventListener("hashchange", () => (location.hash === HASH ? this.open() : this.isOpen && this.#app.go(this.#app.room.id)));
  }

  /** Ask for it: for the number beside the entry, and to be there when the page is opened. */
  welcomed() {
    const { commands, prefix, work } = this.#app.store;
    const isThere = commands.some((command) => work.some((name) => command.name === prefix + name));
    byId("open-work").hidden = !isThere;
    if (!isThere) return;
    this.#ask();
    if (location.hash === HASH && !this.isOpen) this.open();
  }

  /** Show it, or ask for it again. */
  open() {
    if (this.#app.room === null) return;
    this.isOpen = true;
    this.#page = "";
    letGo(this.#prefix);
    if (location.hash !== HASH) history.pushState(null, "", HASH);
    this.#show();
    this.#app.sidebar.headWork();
    this.#app.sidebar.draw();
    this.#ask();
    this.#view.focus();
  }

  /** Go back to the channels; tells whether the page was open. */
  close() {
    if (!this.isOpen) return false;
    this.isOpen = false;
    if (location.hash === HASH) history.pushState(null, "", location.pathname);
    this.#show();
    return true;
  }

  /** Something may look different: ask again, once for changes that come together. */
  ask() {
    if (byId("open-work").hidden) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SOON);
  }

  take(frame) {
    this.#isLoaded = true;
    const { reply } = frame;
    if (frame.page === "") this.#count(reply);
    if (frame.page !== this.#page) return;
    const focused = this.#view.contains(document.activeElement) ? document.activeElement.dataset.key ?? "" : null;
    const { title: _shownAbove, ...rest } = reply;
    this.#actions = reply.actions ?? [];
    holdUnderPointer(this.#view);
    const place = { channel: frame.channel, message: { reply: rest } };
    this.#prefix = `${frame.channel}:page:`;
    refill(this.#view, h("div", { class: "work-list" }, replyBox(rest, place, this.#presser())));
    if (focused === null || !this.isOpen) return;
    const same = focused && this.#view.querySelector(`[data-key="${CSS.escape(focused)}"]:not(:disabled)`);
    (same || this.#view.querySelector("button:not(:disabled)") || this.#view).focus();
  }

  #ask() {
    this.#app.connection.send({ type: "work", of: this.#of, page: this.isOpen ? this.#page : "" });
  }

  #show() {
    this.#view.hidden = !this.isOpen;
    byId("log-frame").hidden = this.isOpen;
    byId("composer-frame").hidden = this.isOpen;
    if (this.isOpen && !this.#isLoaded) refill(this.#view, h("p", { class: "state" }, "Loading…"));
  }

  /** How much it is stands in the sentence above the table, for everybody to read alike. */
  #count(reply) {
    const rows = (reply.tables ?? []).reduce((sum, table) => sum + table.total, 0);
    const hasMore = reply.actions?.some((action) => action.label === "Next");
    const badge = byId("work-count");
    refill(badge, hasMore ? `${rows}+` : rows, h("span", { class: "visually-hidden" }, " open"));
    badge.hidden = rows === 0;
  }

  /** The application for the buttons on this page: turning pages stays here, all else is said in the direct channel. */
  #presser() {
    const app = this.#app;
    const press = async (id, place, label, settled) => {
      const action = this.#actions.find((each) => each.id === id);
      const page = (name) => `/${app.store.prefix}${name} page:`;
      const turned = app.store.work.find((name) => action?.command?.startsWith(page(name)));
      if (turned) {
        this.#of = turned;
        this.#page = action.command.slice(page(turned).length);
        this.#ask();
        return;
      }
      await app.press(id, place, label, settled);
      announce(`${label}: done. The answer is in your direct messages.`);
      this.ask();
    };
    return new Proxy(app, {
      get: (target, name) => {
        if (name === "press") return press;
        if (name === "room") return null; // what is of the channel left open is as far away as all else
        const value = target[name];
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }
}
