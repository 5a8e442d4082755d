// What all kinds of chart share: how values are worded, the marks of an axis, and which labels have room.
import { number } from "./format.js";

const LONG = 14;
const MOST_SEGMENTS = 7;
const CODE = /^[A-Z]{3}$/;

const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 2 });
export const rounded = (value) => Math.round(value * 100) / 100;
export const isThere = (value) => typeof value === "number";
export const hasValues = (chart) => chart.labels.length > 0 && chart.series.some((series) => series.values.some(isThere));
export const valuesOf = (chart) => chart.series.flatMap((series) => series.values).filter(isThere);

/** A circle has no room for values below nothing, or for a crowd. */
export const isRound = (chart) => {
  const values = chart.series[0]?.values ?? [];
  return chart.kind === "pie" && values.length <= MOST_SEGMENTS && values.every((value) => value >= 0) && values.some((value) => value > 0);
};

/** With as many decimals as the currency has. */
const money = (unit) => {
  const places = new Intl.NumberFormat("en", { style: "currency", currency: unit }).resolvedOptions().maximumFractionDigits;
  return new Intl.NumberFormat(undefined, { minimumFractionDigits: places, maximumFractionDigits: places });
};

/** A value as people read it; money has its cents. */
export const valueWords = (value, unit = "", withUnit = true) => {
  if (!isThere(value)) return "–";
  const words = CODE.test(unit) ? money(unit).format(value) : number(value);
  return withUnit && unit ? `${words} ${unit}` : words;
};

export const markWords = (value) => short.format(value);
export const axisWords = (name, unit) => (name && unit && !name.toLowerCase().split(" ").includes(unit.toLowerCase()) ? `${name} (${unit})` : name || unit);
export const longest = (labels) => Math.max(...labels.map((label) => label.length));
export const liesDown = (chart) => longest(chart.labels) > LONG;

let ruler = null;

/** How many pixels words take in a chart. */
export const widthOf = (words) => {
  if (!ruler) {
    ruler = document.createElement("canvas").getContext("2d");
    ruler.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  }
  return ruler.measureText(words).width;
};
export const widest = (labels) => Math.max(...labels.map(widthOf));

/** A label, cut where it has no room. */
export const cut = (label, room) => {
  if (widthOf(label) <= room) return label;
  const letters = [...label];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
};

/** Round marks for an axis from at most `low` to at least `high`, around five of them; of things counted, whole ones. */
export const ticks = (low, high, areCounts = false) => {
  const span = high - low || Math.abs(high) || 1;
  const rough = Math.max(span / 5, areCounts ? 1 : 0);
  const power = 10 ** Math.floor(Math.log10(rough));
  const stepSize = [1, 2, areCounts && power === 1 ? 3 : 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const marks = [];
  for (let mark = Math.floor(low / stepSize); mark * stepSize < high + stepSize * 0.999; mark += 1) marks.push(mark * stepSize);
  return marks;
};

/** From values to places between `from` and `to`, with marks that hold them all and nothing. */
export const scale = (values, from, to) => {
  // Nothing but zeros would have no height.
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values) || (Math.min(0, ...values) < 0 ? 0 : 1), values.every(Number.isInteger));
  const [low, high] = [marks[0], marks.at(-1)];
  return { marks, at: (value) => rounded(from + ((to - from) * (value - low)) / (high - low)) };
};

const GAP = 12;

/** Of labels in a row of slots, how manieth is written: so that they don't touch, and none takes more than `most`. */
export const everyOther = (labels, slot, most) => Math.max(1, Math.ceil((Math.min(widest(labels), most) + GAP) / slot));
