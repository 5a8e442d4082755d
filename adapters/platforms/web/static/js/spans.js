// Words with their marks, as nodes.
import { h } from "./dom.js";
import { moment, zone } from "./format.js";

const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}']/g;
const TICKS = /`([^`]+)`/g;
const ENDED = /(\n|[.!?]\s)$/;
const WITH_ZONE = / \([\w+-]+(\/[\w+-]+)*\)$/;

const link = (url, label) => h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);

/** Cut a text at every match: plain pieces stay texts, matches become what `make` returns. */
const cut = (text, pattern, make) => {
  const pieces = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push(text.slice(last, match.index), make(match));
    last = match.index + match[0].length;
  }
  return [...pieces, text.slice(last)];
};

/** What a person wrote: addresses become links, nothing else has a meaning. */
export const linked = (text) => cut(text, ADDRESS, (match) => link(match[0], match[0]));

const time = (span, isWithin) => {
  const { text, title } = moment(span.at, isWithin);
  // What is told with its zone is told with the one that it is shown in.
  const told = WITH_ZONE.test(span.text) && zone() ? `${text} (${zone()})` : text;
  return h("time", { datetime: span.at, title: `${title} (${span.text})` }, told);
};

/** Tell whether what follows a span goes on with its sentence. */
const goesOn = (before) => before !== undefined && !(typeof before === "string" && ENDED.test(before));

/** The spans of a reply's text. */
export const spans = (parts, app) => parts.map((part, index) => {
  if (typeof part === "string") return linked(part);
  if (part.kind === "bold") return h("strong", {}, part.text);
  if (part.kind === "code") return part.text.startsWith("/") ? fillButton(part.text, app) : h("code", {}, part.text);
  if (part.kind === "mention") return h("span", { class: part.id === app.store.me.id ? "mention me" : "mention" }, `@${part.text}`);
  if (part.kind === "moment") return time(part, goesOn(parts[index - 1]));
  return link(part.url, part.text);
});

/** A sentence in which backticks mark what is to be typed. */
export const sentence = (text) => cut(text, TICKS, (match) => h("code", {}, match[1]));

/** The same as advice: a whole command becomes a button that puts it in the box, with `rest` behind it. */
export const advice = (text, app, rest = "") => cut(text, TICKS, (match) =>
  match[1].startsWith("/") && !match[1].includes("…") ? fillButton(match[1], app, rest) : h("code", {}, match[1]));

const fillButton = (line, app, rest = "") =>
  h("button", { type: "button", class: "fill", title: "Put this in the message box", onclick: () => app.fill(line + rest) }, line);
