// The sidebar: channels, the direct channel, what is unread, and the quick switcher.
import { openDialog, step } from "./a11y.js";
import { byId, freshId, h, refill } from "./dom.js";
import { initials } from "./format.js";
import { icon } from "./icons.js";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
export const modifier = isApple ? "⌘" : "Ctrl";

export class Sidebar {
  #app;

  constructor(app) {
    this.#app = app;
    for (const [id, name] of [["add-channel", "plus"], ["open-sidebar", "menu"], ["close-sidebar", "close"]]) refill(byId(id), icon(name));
    byId("switcher-key").textContent = `${modifier} K`;
    byId("add-channel").addEventListener("click", () => this.#askForName());
    byId("open-switcher").addEventListener("click", () => this.openSwitcher());
    byId("open-sidebar").addEventListener("click", () => this.#slide(true));
    byId("close-sidebar").addEventListener("click", () => this.#slide(false));
    byId("scrim").addEventListener("click", () => this.#slide(false));
  }

  draw() {
    const { store, room } = this.#app;
    const focused = byId("sidebar").contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    const rooms = [...store.rooms.values()];
    refill(byId("channel-list"), rooms.filter((each) => each.kind !== "direct").map((each) => this.#entry(each)));
    refill(byId("direct-list"), rooms.filter((each) => each.kind === "direct").map((each) => this.#entry(each)));
    refill(byId("my-avatar"), initials(store.me.name));
    byId("my-avatar").className = `avatar avatar-${store.me.id % 8}`;
    byId("my-name").textContent = store.me.name;
    byId("my-role").textContent = store.me.role;
    const unread = rooms.filter((each) => store.isUnread(each) && (each !== room || this.#app.work.isOpen)).length;
    const shown = this.#app.work.isOpen ? "My work" : room && this.#title(room);
    if (shown) document.title = `${unread ? `(${unread}) ` : ""}${shown} – Quartermaster`;
    byId("open-work").setAttribute("aria-current", this.#app.work.isOpen ? "page" : "false");
    if (focused) document.querySelector(`.channel[data-channel="${focused}"]`)?.focus();
  }

  /** Say where the reader is. */
  head(room) {
    byId("channel-title").textContent = this.#title(room);
    byId("channel-topic").textContent = room.kind === "direct" ? "Only you and the bot" : "Everybody in the workspace sees this channel";
    this.#slide(false);
  }

  /** Say that the reader is not in a channel but at what they have to do. */
  headWork() {
    byId("channel-title").textContent = "My work";
    byId("channel-topic").textContent = "What you have to do in all channels, due first";
    this.#slide(false);
  }

  /** Go to the next or previous channel. */
  move(by) {
    const rooms = this.#order();
    this.#app.go(rooms[step(rooms.indexOf(this.#app.room), rooms.length, by)].id);
  }

  closeDrawer() {
    const wasOpen = byId("sidebar").classList.contains("open");
    this.#slide(false);
    return wasOpen;
  }

  openSwitcher() {
    if (document.querySelector("dialog[open]")) return;
    let active = 0;
    let found = [];
    const id = `s-${freshId().slice(0, 6)}`;
    const list = h("ul", { role: "listbox", id, "aria-label": "Channels" });
    const filter = h("input", { class: "filter", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": id, "aria-autocomplete": "list",
      "aria-label": "Channel", placeholder: "Where to?", autocomplete: "off" });
    const go = (room, close) => {
      close();
      this.#app.go(room.id);
      this.#app.composer.focus();
    };
    openDialog({
      title: "Jump to a channel",
      build: (close) => {
        const draw = () => {
          const words = filter.value.trim().toLowerCase().replace(/^#/, "");
          found = this.#order().filter((room) => room.name.toLowerCase().includes(words));
          active = Math.min(active, Math.max(0, found.length - 1));
          refill(list, found.map((room, index) => h("li", { role: "option", id: `${id}-${index}`, "aria-selected": String(index === active),
            onclick: () => go(room, close) }, this.#title(room), this.#app.store.isUnread(room) && h("span", { class: "tag" }, "new"))));
          filter.setAttribute("aria-activedescendant", found.length ? `${id}-${active}` : "");
        };
        filter.addEventListener("input", () => { active = 0; draw(); });
        filter.addEventListener("keydown", (event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") active = step(active, found.length, event.key === "ArrowDown" ? 1 : -1);
          else if (event.key === "Enter" && found[active]) return go(found[active], close);
          else return undefined;
          event.preventDefault();
          return draw();
        });
        draw();
        return h("div", { class: "switcher" }, filter, list);
      },
    });
    filter.focus();
  }

  #entry(room) {
    const { store, connection } = this.#app;
    const isHere = room === this.#app.room && !this.#app.work.isOpen;
    const unread = !isHere && store.isUnread(room);
    const count = room.head.seq - store.lastRead(room.id);
    const mark = room.kind === "direct"
      ? h("span", { class: "avatar", "aria-hidden": "true" }, h("img", { src: "/static/logo.svg", alt: "" }),
        h("span", { class: connection.state === "online" ? "presence online" : "presence" }))
      : icon("hash");
    const state = room.kind === "direct" ? (connection.state === "online" ? ", online" : ", offline") : "";
    return h("li", {}, h("button", { type: "button", class: unread ? "channel unread" : "channel", dataset: { channel: room.id },
      "aria-current": isHere ? "page" : null, onclick: () => { this.#app.go(room.id); this.#app.composer.focus(); } },
    mark, h("span", { class: "channel-label" }, room.name, state && h("span", { class: "visually-hidden" }, state)),
    unread && h("span", { class: "badge" }, count > 99 ? "99+" : count, h("span", { class: "visually-hidden" }, " unread"))));
  }

  #order() {
    const rooms = [...this.#app.store.rooms.values()];
    return [...rooms.filter((room) => room.kind !== "direct"), ...rooms.filter((room) => room.kind === "direct")];
  }

  #title(room) {
    return room.kind === "direct" ? room.name : `# ${room.name}`;
  }

  #slide(isOpen) {
    const was = byId("sidebar").classList.contains("open");
    byId("sidebar").classList.toggle("open", isOpen);
    byId("scrim").hidden = !isOpen;
    byId("open-sidebar").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) byId("close-sidebar").focus();
    else if (was) byId("open-sidebar").focus();
  }

  #askForName() {
    const error = h("div", { class: "error", id: "channel-error" });
    const input = h("input", { type: "text", id: "channel-input", maxlength: 40, "aria-describedby": "channel-error", autocomplete: "off", placeholder: "stock-room" });
    openDialog({
      title: "Add a channel",
      build: (close) => h("form", { onsubmit: async (event) => {
        event.preventDefault();
        const outcome = await this.#app.createChannel(input.value);
        if (outcome.message) {
          error.textContent = outcome.message;
          input.setAttribute("aria-invalid", "true");
          input.focus();
          return;
        }
        close();
        this.#app.go(outcome.channel.id);
        this.#app.composer.focus();
      } },
      h("div", { class: "dialog-body" }, h("p", {}, "Everybody in the workspace sees it."),
        h("div", { class: "field" }, h("label", { for: "channel-input" }, "Name"), input, error)),
      h("div", { class: "dialog-foot" }, h("button", { type: "button", class: "button", onclick: close }, "Cancel"),
        h("button", { type: "submit", class: "button primary" }, "Add channel"))),
    });
    input.focus();
  }
}
