// Tables: sorted by a press on a heading, with buttons in their rows, and as cards on a phone.
import { actionButton } from "./actions.js";
import { announce } from "./a11y.js";
import { h, refill } from "./dom.js";
import { moment, money, number, zone } from "./format.js";
import { icon } from "./icons.js";
import { spans } from "./spans.js";
import { heldAt, hold, markOf, plain, pressed, rowId, settled, still } from "./stillness.js";

const SHOWN = 25;
const PILLS = new Set(["status", "priority"]);
const RANKS = ["urgent", "high", "medium", "low"];

// How each table on the page is sorted and how far it is unfolded, kept when its message is replaced; and what holds its
// rows and draws it again.
const states = new Map();

/** Hold the rows of the tables in a node in whose buttons the pointer is. */
export const holdUnderPointer = (node) => {
  for (const box of node.querySelectorAll(".table-box:has(.row-actions:hover)")) states.get(box.dataset.table)?.hold();
};

const isEmpty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** Tell whether a value is a day with a time, which is told in a zone. */
const hasTime = (value, kind) => (kind === "date" || kind === "moment") && typeof value === "string" && value.includes("T");

/**
 * Whatever a cell or field holds, as the reader should see it; a number that is a name, as that of a record, or a year
 * looks as it is typed, and the figures of a column have as many decimal `places`.
 */
export const cellContent = (value, kind, app, key = "", places = 0) => {
  if (isEmpty(value)) return "";
  if (Array.isArray(value)) return spans(value, app);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (kind === "money") return money(value, places);
  if (typeof value === "number") return key === "number" || kind === "text" ? String(value) : number(value, places);
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

/** Whether a column holds figures, which stand below each other by their ends; numbers that come first are names. */
const isFigures = ({ kind }, index) => kind === "money" || (kind === "number" && index > 0);

const cellClass = (column, index, value) => {
  const classes = [];
  if (isFigures(column, index)) classes.push("number");
  if (column.kind === "date" || column.kind === "moment") classes.push("when");
  if (index === 0) classes.push(typeof value === "number" ? "first number-like" : "first");
  if (isTitle(column)) classes.push("title");
  if (isEmpty(value)) classes.push("empty");
  return classes.join(" ");
};

const isTitle = (column) => column.key === "title" || column.key === "name";

/** The cell of a column that has no place of its own, as a sign behind another. */
const joinedCell = (column, value) => {
  const words = `${column.label} ${plain(value)}`;
  return h("span", { class: "joined", title: words }, h("span", { "aria-hidden": "true" }, "↻"), h("span", { class: "visually-hidden" }, words));
};

const cell = (table, row, index, app) => {
  const column = table.columns[index];
  const value = row.cells[index];
  let content = cellContent(value, column.kind, app, column.key, column.places);
  if (PILLS.has(column.key) && typeof value === "string" && value) {
    content = h("span", { class: `pill ${value.toLowerCase()}` }, value);
  }
  if (isTitle(column)) content = h("span", { class: "clamp", title: plain(value) }, content);
  const joined = table.columns.map((other, at) => other.joins === column.key && !isEmpty(row.cells[at]) && joinedCell(other, row.cells[at]));
  return h("td", { class: cellClass(column, index, value), role: "cell", "data-label": column.label }, content, joined);
};

const rowName = (table, row) => {
  const title = table.columns.findIndex(isTitle);
  return [...new Set([plain(row.cells[0]), title > 0 ? plain(row.cells[title]) : ""])].filter((word) => !isEmpty(word)).join(" ");
};

const rowButton = (action, row, app, { key, about }) => {
  const state = states.get(key);
  const mark = markOf(key, row);
  const isPressed = mark?.label === action.label;
  const [shown, at] = row.isGone && isPressed && mark.undo ? [mark.undo, mark.place] : [action, row.place];
  return actionButton(shown, at, app, {
    key: `row-${about}/${action.label}`,
    small: true,
    about,
    state: row.isGone && shown === action ? (isPressed ? "busy" : "off") : "",
    before: () => {
      state.hold();
      if (shown === action) pressed(key, row, action.label);
    },
    settled: (outcome) => {
      settled(key, row, outcome);
      state.redraw();
    },
  });
};

const tableRow = (table, columns, row, app, { key, hasActions }) => {
  const about = rowName(table, row);
  const mark = row.isGone ? "gone" : row.mark;
  return h("tr", { role: "row", class: mark ? `row-${mark}` : null, dataset: { row: rowId(row) } },
    columns.map((index) => cell(table, row, index, app)),
    hasActions && h("td", { class: row.actions.length ? "row-actions" : "row-actions empty", role: "cell" },
      row.actions.map((action) => rowButton(action, row, app, { key, about }))));
};

/** The heading of a table that is one page of several: pressed, it sorts them all, if they can be sorted by that. */
const pagedHeading = (column, index, sort) => h("th", {
  role: "columnheader", scope: "col", "aria-sort": column.ordered ? "ascending" : null, class: isFigures(column, index) ? "number" : null,
}, sort
  ? h("button", { type: "button", class: "sort", dataset: { key: `sort/${column.key}` }, onclick: sort }, column.label, icon("chevron"))
  : h("span", {}, column.label));

const heading = (column, index, state, redraw) => {
  const isGiven = state.column === null && column.ordered;
  const order = state.column === column.key ? (state.direction > 0 ? "ascending" : "descending") : isGiven ? "ascending" : "none";
  return h("th", { role: "columnheader", scope: "col", "aria-sort": order, class: isFigures(column, index) ? "number" : null },
    h("button", { type: "button", class: "sort", dataset: { key: `sort/${column.key}` }, onclick: () => {
      if (state.column !== column.key) Object.assign(state, { column: column.key, direction: 1 });
      else if (state.direction > 0) state.direction = -1;
      else state.column = null;
      redraw(true);
      announce(state.column === null ? "No longer sorted" : `Sorted by ${column.label}, ${state.direction > 0 ? "ascending" : "descending"}`);
    } }, column.label, icon("chevron")));
};

/** A column without a place of its own, or one that says of every row what the reader can see: that it is of this channel. */
const saysNothing = (table, index, app) => {
  const { implied, joins } = table.columns[index];
  if (implied || table.columns.some((column) => column.key === joins)) return true;
  const here = app.room ? `#${app.room.name}` : "";
  return table.columns[index].key === "channel" && table.rows.length > 0 && table.rows.every((row) => row.cells[index] === here);
};

/** How wide the columns of a table on show are, by their keys; nothing where it is not laid out as a table. */
const widthsOf = (main, keys) => {
  if (!main.isConnected || getComputedStyle(main).display !== "table") return null;
  return new Map([...main.tHead.rows[0].cells].map((cell, index) => [keys[index], cell.getBoundingClientRect().width]));
};

/** Give the columns of a held table the widths that they had, whatever comes into its rows; a new one makes all fit anew. */
const keepWidths = (main, keys, widths) => {
  const isKept = keys.every((key) => widths?.has(key));
  main.classList.toggle("held", isKept);
  if (!isKept) return;
  const cells = [...main.tHead.rows[0].cells];
  cells.forEach((cell, index) => { cell.style.width = `${widths.get(keys[index])}px`; });
  main.style.setProperty("--held", `${keys.reduce((sum, key) => sum + widths.get(key), 0)}px`);
};

const arranged = (table, { column, direction }) => {
  const index = table.columns.findIndex((each) => each.key === column);
  return index < 0 ? table.rows : sorted(table.rows, index, table.columns[index].kind, direction);
};

/**
 * A table. `key` keeps its sorting, and its rows where they are, when its message is replaced; a title that stands above
 * already is not repeated. Of a table that is one page of several, `sorter` returns what sorts them all by a column.
 */
export const tableBox = (given, place, app, key = "", above = "", sorter = null) => {
  const state = states.get(key) ?? { column: null, direction: 1, all: false };
  if (key) states.set(key, state);
  let table = still(key, { ...given, rows: given.rows.map((row) => ({ ...row, place })) });
  let rows = table.rows;
  const hasActions = rows.some((row) => row.actions?.length);
  const head = h("tr", { role: "row" });
  const body = h("tbody", { role: "rowgroup" });
  const more = h("button", { type: "button", class: "button small", onclick: () => { state.all = true; state.redraw(); } },
    `Show all ${number(rows.length)} rows`);
  const main = h("table", { class: "table", role: "table", "aria-label": table.title || "Table" }, h("thead", { role: "rowgroup" }, head), body);
  let keys = [];
  state.hold = () => {
    state.widths = widthsOf(main, keys) ?? state.widths;
    hold(key, table, rows, place.message?.reply?.tables && place.message.reply.text);
  };
  state.redraw = (sortsAnew = !heldAt(key)) => {
    const focused = main.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    table = heldAt(key)?.table ?? table;
    rows = sortsAnew && !sorter ? arranged(table, state) : table.rows;
    if (heldAt(key)) state.hold();
    const columns = [...table.columns.keys()].filter((index) => !saysNothing(table, index, app));
    refill(head, columns.map((index) => (sorter
      ? pagedHeading(table.columns[index], index, sorter(table.columns[index]))
      : heading(table.columns[index], index, state, state.redraw))),
      hasActions && h("th", { role: "columnheader", scope: "col" }, h("span", { class: "visually-hidden" }, "Actions")));
    refill(body, (state.all ? rows : rows.slice(0, SHOWN)).map((row) => tableRow(table, columns, row, app, { key, hasActions })));
    keys = [...columns.map((index) => table.columns[index].key), ...(hasActions ? ["actions"] : [])];
    keepWidths(main, keys, heldAt(key) && state.widths);
    more.hidden = state.all || rows.length <= SHOWN;
    if (focused) main.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
  state.redraw();
  const cut = table.total > given.rows.length
    && `The first ${number(given.rows.length)} of ${number(table.total)} rows; an export has them all.`;
  const inZone = zone() && given.rows.some((row) => row.cells.some((value, index) => hasTime(value, given.columns[index].kind)))
    && h("span", {}, `Times are those of ${zone()}.`);
  return h("div", { class: "table-box", dataset: { table: key } },
    table.title && table.title !== above && h("div", { class: "table-title" }, table.title),
    h("div", { class: "table-scroll" }, main),
    (table.note?.length > 0 || cut || inZone || !more.hidden) && h("div", { class: "table-foot" },
      more, table.note?.length > 0 && h("span", {}, spans(table.note, app)), inZone, cut));
};
