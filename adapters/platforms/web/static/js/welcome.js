// What an empty channel shows: where you are, and a few things to try.
import { h } from "./dom.js";
import { icon } from "./icons.js";

const EXAMPLES = [
  { command: "task add", line: "Buy milk due:tomorrow assign:@me", icon: "plus", title: "Add a task" },
  { command: "task list", line: "", icon: "list", title: "See what is open here" },
  { command: "task import", line: "", icon: "upload", title: "Bring tasks from a file" },
  { command: "qm help", line: "", icon: "help", title: "Find out what else there is" },
];

const example = (entry, app) => {
  const line = `/${app.store.prefix}${entry.command}${entry.line ? ` ${entry.line}` : ""}`;
  return h("li", {}, h("button", { type: "button", class: "example", onclick: () => app.fill(line) },
    icon(entry.icon), h("span", {}, h("strong", {}, entry.title), h("code", {}, line))));
};

export const welcome = (room, app) => {
  const { store } = app;
  const name = (entry) => `${store.prefix}${entry.command}`;
  const known = EXAMPLES.filter((entry) => store.commands.some((command) => command.name === name(entry)));
  const isDirect = room.kind === "direct";
  return [
    h("img", { src: "/static/logo.svg", alt: "", width: 52, height: 52 }),
    h("h2", {}, isDirect ? `Just you and ${store.bot}` : `Welcome to #${room.name}`),
    h("p", {}, isDirect
      ? "Nobody else sees what you type here. Commands work with or without the slash."
      : "The back office of your team, in a chat. Type a command, or start with one of these: it goes into the box below, and Enter sends it."),
    h("ul", { class: "examples" }, known.map((entry) => example(entry, app))),
  ];
};
