// Tables: sorted by a press on a heading, with buttons in their rows, and as cards on a phone.
import { actionButton } from "./actions.js";
import { announce } from "./a11y.js";
import { h, refill } from "./dom.js";
import { moment, money, number } from "./format.js";
import { icon } from "./icons.js";
import { spans } from "./spans.js";

const SHOWN = 25;
const PILLS = new Set(["status", "priority"]);
const RANKS = ["low", "medium", "high", "urgent"];

// How each table on the page is sorted and how far it is unfolded, kept when its message is replaced.
const states = new Map();

const plain = (value) => (Array.isArray(value) ? value.map((span) => (typeof span === "string" ? span : span.text)).join("") : value);

const isEmpty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** Whatever a cell or field holds, as the reader should see it; a record's number is its name and looks as it is typed. */
export const cellContent = (value, kind, app, key = "") => {
  if (isEmpty(value)) return "";
  if (Array.isArray(value)) return spans(value, app);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (kind === "money") return money(value);
  if (typeof value === "number") return key === "number" ? String(value) : number(value);
  if (kind === "date" || kind === "moment") {
    const { text, title, iso } = moment(value);
    return iso ? h("time", { datetime: iso, title }, text) : text;
  }
  return value;
};

const comparable = (value, kind) => {
  const bare = plain(value);
  if (kind === "number" || kind === "money") return Number.parseFloat(bare);
  const rank = RANKS.indexOf(String(bare).toLowerCase());
  return rank >= 0 ? rank : bare;
};

const compare = (one, other, kind) => {
  const [first, second] = [comparable(one, kind), comparable(other, kind)];
  if (typeof first === "number" && typeof second === "number") return first - second;
  return String(first).localeCompare(String(second), undefined, { numeric: true, sensitivity: "base" });
};

/** Rows without a value come last, whichever way the others go. */
const sorted = (rows, column, kind, direction) => {
  const filled = rows.filter((row) => !isEmpty(row.cells[column]));
  const empty = rows.filter((row) => isEmpty(row.cells[column]));
  filled.sort((one, other) => direction * compare(one.cells[column], other.cells[column], kind));
  return [...filled, ...empty];
};

const cellClass = (column, index, value) => {
  const classes = [];
  if (column.kind === "number" && index > 0) classes.push("number");
  if (column.kind === "money") classes.push("number");
  if (column.kind === "date" || column.kind === "moment") classes.push("when");
  if (index === 0) classes.push(typeof value === "number" ? "first number-like" : "first");
  if (column.key === "title" || column.key === "name") classes.push("title");
  if (isEmpty(value)) classes.push("empty");
  return classes.join(" ");
};

const cell = (table, row, index, app) => {
  const column = table.columns[index];
  const value = row.cells[index];
  let content = cellContent(value, column.kind, app, column.key);
  if (PILLS.has(column.key) && typeof value === "string" && value) {
    content = h("span", { class: `pill ${value.toLowerCase()}` }, value);
  }
  return h("td", { class: cellClass(column, index, value), role: "cell", "data-label": column.label }, content);
};

const rowName = (table, row) => {
  const title = table.columns.findIndex((column) => column.key === "title" || column.key === "name");
  return [...new Set([plain(row.cells[0]), title > 0 ? plain(row.cells[title]) : ""])].filter((word) => !isEmpty(word)).join(" ");
};

const tableRow = (table, row, place, app, hasActions) => {
  const about = rowName(table, row);
  return h("tr", { role: "row", class: row.mark ? `row-${row.mark}` : null },
    table.columns.map((_, index) => cell(table, row, index, app)),
    hasActions && h("td", { class: row.actions.length ? "row-actions" : "row-actions empty", role: "cell" },
      row.actions.map((action) => actionButton(action, place, app, { key: `row-${about}`, small: true, about }))));
};

const heading = (column, index, state, redraw) => {
  const order = state.column === index ? (state.direction > 0 ? "ascending" : "descending") : "none";
  const number = column.kind === "money" || (column.kind === "number" && index > 0);
  return h("th", { role: "columnheader", scope: "col", "aria-sort": order, class: number ? "number" : null },
    h("button", { type: "button", class: "sort", dataset: { key: `sort/${column.key}` }, onclick: () => {
      if (state.column !== index) Object.assign(state, { column: index, direction: 1 });
      else if (state.direction > 0) state.direction = -1;
      else state.column = null;
      redraw();
      announce(state.column === null ? "Original order" : `Sorted by ${column.label}, ${state.direction > 0 ? "ascending" : "descending"}`);
    } }, column.label, icon("chevron")));
};

/** A column that says of every row what the reader can see: that it belongs to the channel they are in. */
const saysNothing = (table, index, app) => {
  const here = app.room ? `#${app.room.name}` : "";
  return table.columns[index].key === "channel" && table.rows.length > 0 && table.rows.every((row) => row.cells[index] === here);
};

const withoutColumn = (table, index) => ({
  ...table,
  columns: table.columns.toSpliced(index, 1),
  rows: table.rows.map((row) => ({ ...row, cells: row.cells.toSpliced(index, 1) })),
});

/** A table. `key` keeps its sorting when the message is replaced; a title that stands above already is not repeated. */
export const tableBox = (given, place, app, key = "", above = "") => {
  const told = given.columns.findIndex((_, index) => saysNothing(given, index, app));
  const table = told < 0 ? given : withoutColumn(given, told);
  const state = states.get(key) ?? { column: null, direction: 1, all: false };
  if (key) states.set(key, state);
  const hasActions = table.rows.some((row) => row.actions?.length);
  const head = h("tr", { role: "row" });
  const body = h("tbody", { role: "rowgroup" });
  const more = h("button", { type: "button", class: "button small", onclick: () => { state.all = true; redraw(); } },
    `Show all ${number(table.rows.length)} rows`);
  const redraw = () => {
    const focused = head.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const kind = state.column === null ? "" : table.columns[state.column]?.kind;
    const rows = state.column === null ? table.rows : sorted(table.rows, state.column, kind, state.direction);
    refill(head, table.columns.map((column, index) => heading(column, index, state, redraw)),
      hasActions && h("th", { role: "columnheader", scope: "col" }, h("span", { class: "visually-hidden" }, "Actions")));
    refill(body, (state.all ? rows : rows.slice(0, SHOWN)).map((row) => tableRow(table, row, place, app, hasActions)));
    more.hidden = state.all || rows.length <= SHOWN;
    if (focused) head.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
  redraw();
  const cut = table.total > table.rows.length
    && `The first ${number(table.rows.length)} of ${number(table.total)} rows; an export has them all.`;
  return h("div", { class: "table-box" },
    table.title && table.title !== above && h("div", { class: "table-title" }, table.title),
    h("div", { class: "table-scroll" },
      h("table", { class: "table", role: "table", "aria-label": table.title || "Table" }, h("thead", { role: "rowgroup" }, head), body)),
    (table.note?.length > 0 || cut || !more.hidden) && h("div", { class: "table-foot" }, more, table.note?.length > 0 && h("span", {}, spans(table.note, app)), cut));
};
