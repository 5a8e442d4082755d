// A reply as elements, in the order in which people read: what happened, the details, what can be done now.
import { actionBar } from "./actions.js";
import { chartFigure } from "./charts.js";
import { h } from "./dom.js";
import { size } from "./format.js";
import { icon } from "./icons.js";
import { advice, sentence, spans } from "./spans.js";
import { heldAt, letGo } from "./stillness.js";
import { cellContent, tableBox } from "./tables.js";

/** What stood behind a misspelt command: it goes on with the command that is chosen instead. */
const restOf = (problem, place, app) => {
  if (problem.code !== "unknown_command" || !place) return "";
  const said = app.store.rooms.get(place.channel)?.messages.get(place.message.answers)?.text ?? "";
  return said.replace(/^\s*\S+(\s+\S+)?/, "");
};

/** What went wrong; `place` is where that is told, if it answers a line. */
export const problemBox = (problem, app, place = null) =>
  h("div", { class: "problem" }, icon("alert"), h("div", {},
    h("p", { class: "problem-message" }, sentence(problem.message)),
    problem.hint && h("p", { class: "problem-hint" }, advice(problem.hint, app, restOf(problem, place, app)))));

const LONG = 60;

const isShown = (field) => field.value !== null && field.value !== "" && !(Array.isArray(field.value) && field.value.length === 0);

const fieldList = (fields, app) => {
  const shown = fields.filter(isShown);
  return shown.length > 0 && h("dl", { class: "fields" }, shown.map((field) => {
    const value = h("dd", {}, cellContent(field.value, field.kind, app, field.key));
    return h("div", { class: value.textContent.length > LONG ? "long" : null }, h("dt", {}, field.label), value);
  }));
};

const fileCard = (file) => {
  const kind = (/\.([A-Za-z0-9]{1,4})$/.exec(file.name)?.[1] ?? "file").toUpperCase();
  return h("a", { class: "file", href: `/files/${encodeURIComponent(file.id)}`, download: file.name },
    h("span", { class: "file-kind", "aria-hidden": "true" }, kind),
    h("span", {}, h("span", { class: "file-name" }, file.name), h("span", { class: "file-size" }, `${size(file.size)} · Download`)),
    icon("download"));
};

export const progressBar = (fraction) => {
  const percent = Math.round(fraction * 100);
  return h("div", { class: "progress" }, h("progress", { max: 100, value: percent, "aria-label": "Progress" }), `${percent} %`);
};

/** A text without its marks. */
const inWords = (text) => (text ?? []).map((span) => (typeof span === "string" ? span : span.text)).join("");

/** The whole of a reply; `place` is `{channel, message}`. */
export const replyBox = (reply, place, app) => {
  const prefix = `${place.channel}:${place.message.seq ?? "page"}:`;
  const sorts = reply.actions?.find((action) => action.sorts);
  const sorter = sorts && ((column) => {
    const choice = sorts.choices.find((each) => each.label === column.label);
    return choice && (() => {
      letGo(prefix);
      app.press(choice.id, place, `${sorts.label} ${choice.label}`);
    });
  });
  // A list that has become empty goes on showing what was pressed in it.
  const kept = reply.tables ? null : heldAt(`${prefix}0`);
  const [text, tables] = kept ? [kept.text, [{ ...kept.table, rows: [] }]] : [reply.text, reply.tables];
  return h("div", { class: "reply" },
    reply.title && h("p", { class: "reply-title" }, sentence(reply.title)),
    reply.problem && problemBox(reply.problem, app, place),
    text && h("div", { class: "reply-text" }, spans(text, app)),
    reply.progress !== undefined && progressBar(reply.progress),
    reply.fields && fieldList(reply.fields, app),
    reply.charts?.map((chart) => chartFigure(chart, place, app, inWords(text), Boolean(tables))),
    tables?.map((table, index) => tableBox(table, place, app, `${prefix}${index}`, reply.title, sorter)),
    reply.files && h("div", { class: "files" }, reply.files.map(fileCard)),
    reply.footer && h("p", { class: "reply-footer" }, spans(reply.footer, app)),
    reply.actions && actionBar(reply.actions, place, app, () => letGo(prefix)));
};

/** A reply in a few words, for the line that says what came in elsewhere. */
export const gist = (message) => {
  const reply = message.reply;
  if (!reply) return message.text;
  return reply.title || reply.problem?.message || inWords(reply.text) || reply.tables?.[0]?.title || "A new answer";
};
