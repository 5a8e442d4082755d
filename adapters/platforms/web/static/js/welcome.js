// What an empty channel shows: where you are, and a few things to try.
import { h } from "./dom.js";
import { icon } from "./icons.js";

const example = ({ line, title, icon: picture }, app) =>
  h("li", {}, h("button", { type: "button", class: "example", onclick: () => app.fill(line) },
    icon(picture), h("span", {}, h("strong", {}, title), h("code", {}, line))));

export const welcome = (room, app) => {
  const { store } = app;
  const isDirect = room.kind === "direct";
  return [
    h("img", { src: "/static/logo.svg", alt: "", width: 52, height: 52 }),
    h("h2", {}, isDirect ? `Just you and ${store.bot}` : `Welcome to #${room.name}`),
    h("p", {}, isDirect
      ? "Nobody else sees what you type here. Commands work with or without the slash."
      : "The back office of your team, in a chat. Type a command, or start with one of these: it goes into the box below, and Enter sends it."),
    h("ul", { class: "examples" }, store.offers.map((offer) => example(offer, app))),
  ];
};
