// Rows that stay where they are once one of them was pressed: what leaves the list is struck through, with Undo in place
// of the button that did it, until the list is asked for again. Nothing moves under the pointer.

// By the key of a table: the table as it is held, and by the name of a row what its pressed button came to.
const held = new Map();

/** The text of a cell, without its marks. */
export const plain = (value) => (Array.isArray(value) ? value.map((span) => (typeof span === "string" ? span : span.text)).join("") : value);

/** What tells a row from the others of its table: its first cell. */
export const rowId = (row) => String(plain(row.cells[0]));

/** Hold a table with its rows in this order; `text` is what stands above it. */
export const hold = (key, table, rows, text) => {
  const known = held.get(key);
  const [marks, isPressed] = [known?.marks ?? new Map(), known?.isPressed ?? false];
  held.set(key, { table: { ...table, rows }, text: text ?? known?.text, marks, isPressed });
};

/** Let the tables of a message go: it is asked for anew. */
export const letGo = (prefix) => {
  for (const key of held.keys()) if (key.startsWith(prefix)) held.delete(key);
};

/** What is held under a key: `{table, text}`, or nothing. */
export const heldAt = (key) => held.get(key);

const aligned = (row, columns, wanted) => ({
  ...row,
  cells: wanted.map((column) => row.cells[columns.findIndex((each) => each.key === column.key)] ?? null),
});

/** The columns as they were held: one that is folded unfolds where a row that was there now says something else in it. */
const unfolded = (kept, fresh) => kept.columns.map((column, index) => {
  const isNews = (row) => fresh.has(rowId(row)) && plain(fresh.get(rowId(row)).cells[index]) !== plain(row.cells[index]);
  return column.implied && kept.rows.some(isNews) ? { ...column, implied: false } : column;
});

/**
 * A fresh table as it is to be shown: as it is, or with the rows of the held one in their places. New ones come behind,
 * but not where one was pressed: whoever is at work in a list asks for it again when they want to see others.
 */
export const still = (key, table) => {
  const kept = held.get(key);
  if (!kept) return table;
  const fresh = new Map(table.rows.map((row) => [rowId(row), aligned(row, table.columns, kept.table.columns)]));
  const columns = unfolded(kept.table, fresh);
  const rows = kept.table.rows.map((row) => fresh.get(rowId(row)) ?? { ...row, isGone: true });
  for (const row of rows) fresh.delete(rowId(row));
  kept.table = { ...table, columns, rows: kept.isPressed ? rows : [...rows, ...fresh.values()] };
  return kept.table;
};

/** Note that a button of a row was pressed. */
export const pressed = (key, row, label) => {
  const kept = held.get(key);
  kept.isPressed = true;
  kept.marks.set(rowId(row), { label });
};

/** What the pressed button of a row came to: `{label, undo, place}`. */
export const markOf = (key, row) => held.get(key)?.marks.get(rowId(row));

/** Note how a press ended: with something that can be taken back, or with what was taken back. */
export const settled = (key, row, outcome) => {
  const kept = held.get(key);
  if (!kept || !outcome.done || outcome.form) return;
  const answer = outcome.answer?.message.reply;
  const mark = kept.marks.get(rowId(row));
  if (mark?.undo) {
    if (answer?.problem) return;
    kept.marks.delete(rowId(row));
    kept.table.rows = kept.table.rows.map((each) => (rowId(each) === rowId(row) ? { ...each, isGone: false } : each));
  } else if (mark) {
    const undo = answer?.actions?.find((action) => action.style !== "danger" && /^undo\b/i.test(action.label));
    if (undo) Object.assign(mark, { undo, place: outcome.answer });
  }
};
