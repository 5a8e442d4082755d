// The kinds of chart as SVG, at a width in pixels. Each gives its height, its nodes, and the spots that tell a value: where
// the words stand, and the area that belongs to them.
import { axisWords, cut, everyOther, isThere, liesDown, markWords, rounded, scale, valuesOf, valueWords, widest, widthOf } from "./chart_scales.js";
import { s } from "./dom.js";

const HEIGHT = 250;
const TOP = 26;
const ROW = 30;
const LABEL = 210;
const NEAR = 12;
const FEW = 40;
const TILTED = 14;
const SLANT = 0.75;
const ASIDE = 4;
const TALL = 12;
const COLOURS = 6;
const DASHES = [null, "7 4", "2 4", "9 3 2 3"];
export const HEAT_STEPS = 9;
const DARK = 6;

const text = (x, y, words, anchor = "middle", props = {}) => s("text", { x: rounded(x), y: rounded(y), "text-anchor": anchor, ...props }, words);
/** A label below its place, within the width of the picture; none that would have to go far for that. */
const below = (x, y, words, width) => {
  const half = widthOf(words) / 2;
  return x + half < width + NEAR && text(Math.min(Math.max(x, half), width - half), y, words);
};
const line = (kind, x1, y1, x2, y2) => s("line", { class: kind, x1, y1, x2, y2 });
const colour = (order) => `fill-${order % COLOURS}`;
const named = (series, words) => (series.name ? `${series.name} ${words}` : words);

/** What a label's spot says: all its values. */
const told = (chart, index) => `${chart.labels[index]}: ${chart.series.map((series) => named(series, valueWords(series.values[index], chart.unit))).join(", ")}`;

/** Where columns begin, at `least`, so that their tilted names, which reach to the left, are within the picture. */
const beginning = (labels, least, right, most) => Math.max(least, ...labels.map((label, index) => {
  const part = (index + 0.5) / labels.length;
  return ((Math.min(widthOf(label), most) + TALL) * SLANT - ASIDE - right * part) / (1 - part);
}));

/** The axes of values upward and of labels below, with a spot for each label as wide as its slot. */
const standing = (chart, width, values) => {
  const named = axisWords(chart.value_axis, chart.unit);
  const top = named ? TOP : 8;
  const least = widest(scale(values, 0, 1).marks.map(markWords)) + 14;
  const [right, bottom] = [width - 8, HEIGHT - (chart.label_axis ? 40 : 24)];
  const { marks, at: y } = scale(values, bottom, top);
  const most = Math.min(LABEL, width * 0.45);
  const fitting = everyOther(chart.labels, (right - least) / chart.labels.length, most);
  // Bars are all named: what has no room side by side is tilted. Of a line every so manieth point is enough.
  const tilts = chart.kind !== "line" && fitting > 1;
  const left = tilts ? beginning(chart.labels, least, right, most) : least;
  const slot = (right - left) / chart.labels.length;
  const x = (index) => rounded(left + slot * (index + 0.5));
  const every = tilts ? Math.ceil(TILTED / slot) : fitting;
  const deep = tilts ? Math.min(widest(chart.labels), most) * SLANT : 0;
  const nodes = [
    marks.map((mark) => [line("grid", left, y(mark), right, y(mark)), text(left - 8, y(mark) + 4, markWords(mark), "end")]),
    chart.labels.map((label, index) => index % every === 0 && (tilts
      ? text(x(index) + ASIDE, bottom + 13, cut(label, most), "end", { transform: `rotate(-45 ${x(index) + ASIDE} ${bottom + 13})` })
      : below(x(index), bottom + 17, cut(label, most), width))),
    text(2, 13, named, "start", { class: "axis-name" }),
    text((left + right) / 2, HEIGHT - 5 + deep, chart.label_axis, "middle", { class: "axis-name" }),
  ];
  const spots = chart.labels.map((_, index) => ({
    x: x(index), y: top, words: told(chart, index), area: { x: rounded(left + slot * index), y: top, width: rounded(slot), height: bottom - top },
  }));
  return { nodes, spots, x, y, slot, zero: line("axis", left, y(0), right, y(0)), height: HEIGHT + deep };
};

/** The axes of values to the right and of long labels down the left side. */
const lying = (chart, width, values) => {
  const room = Math.min(widest(chart.labels), LABEL, width * 0.45);
  const [left, top] = [room + 10, chart.label_axis ? TOP : 4];
  const rows = Math.max(ROW, (chart.kind === "stacked" ? 1 : chart.series.length) * 15 + 8);
  const bottom = top + rows * chart.labels.length;
  const { marks, at: x } = scale(values, left, width - 22);
  const y = (index) => rounded(top + rows * (index + 0.5));
  const nodes = [
    marks.map((mark, index) => [line("grid", x(mark), top, x(mark), bottom), (width > 460 || index % 2 === 0) && text(x(mark), bottom + 16, markWords(mark))]),
    chart.labels.map((label, index) => text(left - 8, y(index) + 4, cut(label, room), "end")),
    text(2, 13, chart.label_axis, "start", { class: "axis-name" }),
    text((left + width) / 2, bottom + 34, axisWords(chart.value_axis, chart.unit), "middle", { class: "axis-name" }),
  ];
  const spots = chart.labels.map((_, index) => ({
    x: (left + width) / 2, y: y(index) - rows / 2, words: told(chart, index), area: { x: 0, y: y(index) - rows / 2, width, height: rows },
  }));
  return { nodes, spots, x, y, slot: rows, zero: line("axis", x(0), top, x(0), bottom), height: bottom + (axisWords(chart.value_axis, chart.unit) ? 42 : 22) };
};

/** Bars from one value to another, as `[order, index, from, to]`; stacked ones above each other, those below nothing apart. */
const pieces = (chart) => {
  const [above, below] = [chart.labels.map(() => 0), chart.labels.map(() => 0)];
  return chart.series.flatMap((series, order) => chart.labels.map((_, index) => {
    const value = isThere(series.values[index]) ? series.values[index] : 0;
    if (chart.kind !== "stacked") return [order, index, 0, value];
    const stack = value < 0 ? below : above;
    stack[index] += value;
    return [order, index, stack[index] - value, stack[index]];
  }));
};

export const drawBars = (chart, width) => {
  const all = pieces(chart);
  const lies = liesDown(chart);
  const axes = (lies ? lying : standing)(chart, width, all.flatMap(([, , from, to]) => [from, to]));
  const side = chart.kind === "stacked" ? 1 : chart.series.length;
  const thick = rounded(Math.min(44, (axes.slot * 0.72) / side));
  const [along, across] = lies ? [axes.x, axes.y] : [axes.y, axes.x];
  const bars = all.map(([order, index, from, to]) => {
    const start = rounded(across(index) - (thick * side) / 2 + (side > 1 ? order * thick : 0));
    const [first, last] = [along(from), along(to)].sort((one, other) => one - other);
    const [long, wide] = [rounded(last - first), Math.max(1, rounded(thick - 1))];
    const place = lies ? { x: first, y: start, width: long, height: wide } : { x: start, y: first, width: wide, height: long };
    return s("rect", { class: `bar ${colour(order)}`, ...place });
  });
  return { ...axes, nodes: [axes.nodes, bars, axes.zero] };
};

/** A path through the values that are there, broken where one is not. */
const path = (values, x, y) => values.map((value, index) => {
  if (!isThere(value)) return "";
  return `${isThere(values[index - 1]) ? "L" : "M"}${x(index)} ${y(value)}`;
}).join("");

export const drawLines = (chart, width) => {
  const axes = standing(chart, width, valuesOf(chart));
  const few = chart.labels.length <= FEW;
  const drawn = chart.series.map((series, order) => [
    s("path", { class: `path line-${order % COLOURS}`, "stroke-dasharray": DASHES[order % DASHES.length], d: path(series.values, axes.x, axes.y) }),
    (few || series.values.filter(isThere).length === 1) && series.values.map((value, index) =>
      isThere(value) && s("circle", { class: colour(order), cx: axes.x(index), cy: axes.y(value), r: 3.5 })),
  ]);
  return { ...axes, nodes: [axes.nodes, axes.zero, drawn] };
};

export const drawPie = (chart, width) => {
  const { values } = chart.series[0];
  const total = values.reduce((sum, value) => sum + value, 0);
  const [cx, cy, outer, inner] = [width / 2, HEIGHT / 2, 112, 62];
  const point = (turn, radius) => {
    const angle = (turn - 0.25) * 2 * Math.PI;
    return `${rounded(cx + radius * Math.cos(angle))} ${rounded(cy + radius * Math.sin(angle))}`;
  };
  let turn = 0;
  const spots = [];
  const nodes = values.map((value, index) => {
    if (value === 0) return null;
    const [from, to] = [turn, turn + Math.min(value / total, 0.9999)];
    turn += value / total;
    const large = to - from > 0.5 ? 1 : 0;
    const d = `M${point(from, outer)}A${outer} ${outer} 0 ${large} 1 ${point(to, outer)}L${point(to, inner)}A${inner} ${inner} 0 ${large} 0 ${point(from, inner)}Z`;
    const words = `${chart.labels[index]}: ${valueWords(value, chart.unit)} (${Math.round((100 * value) / total)} %)`;
    const [x, y] = point((from + to) / 2, (outer + inner) / 2).split(" ").map(Number);
    spots.push({ x, y, words, path: d });
    return s("path", { class: `slice ${colour(index)}`, d });
  });
  const sum = [text(cx, cy + 5, valueWords(total, chart.unit, false), "middle", { class: "sum" }), text(cx, cy + 22, chart.unit)];
  return { nodes: [nodes, sum], spots, height: HEIGHT };
};

/** Which of the shades each value has, between the least and the most of all or of its row; alike ones the middle one. */
const shades = (chart) => chart.series.map((series) => {
  const measure = (chart.by_row ? series.values : valuesOf(chart)).filter(isThere);
  const [low, high] = [Math.min(...measure), Math.max(...measure)];
  return series.values.map((value) => isThere(value) && (high > low ? Math.round(((value - low) / (high - low)) * (HEAT_STEPS - 1)) : (HEAT_STEPS - 1) / 2));
});

export const drawHeat = (chart, width) => {
  const names = chart.series.map((series) => series.name);
  const room = Math.min(widest(names), LABEL, width * 0.38);
  const left = room + 10;
  const cell = (width - left - 2) / chart.labels.length;
  const high = names.length > 20 ? 18 : 26;
  const bottom = 4 + high * names.length;
  const every = everyOther(chart.labels, cell, LABEL);
  const words = chart.series.map((series) => series.values.map((value) => valueWords(value, chart.unit, false)));
  const fits = widest(words.flat()) + 6 < cell && high > 20;
  const found = shades(chart);
  const spots = [];
  const cells = chart.series.map((series, down) => chart.labels.map((label, across) => {
    const [x, y] = [rounded(left + cell * across), 4 + high * down];
    const shade = found[down][across];
    const area = { x, y, width: rounded(Math.max(cell - 1, 1)), height: high - 1 };
    spots.push({ x: x + cell / 2, y, words: `${series.name}, ${label}: ${valueWords(series.values[across], chart.unit)}`, area });
    return [
      s("rect", { class: `cell ${shade === false || shade === undefined ? "heat-none" : `heat-${shade}`}`, ...area }),
      fits && isThere(series.values[across]) && text(x + cell / 2, y + high / 2 + 4, words[down][across], "middle", { class: shade >= DARK ? "ink high" : "ink" }),
    ];
  }));
  const nodes = [
    cells,
    names.map((name, down) => text(left - 8, 4 + high * (down + 0.5) + 4, cut(name, room), "end")),
    chart.labels.map((label, across) => across % every === 0 && below(left + cell * (across + 0.5), bottom + 15, cut(label, LABEL), width)),
    text((left + width) / 2, bottom + 32, chart.label_axis, "middle", { class: "axis-name" }),
  ];
  return { nodes, spots, height: bottom + (chart.label_axis ? 38 : 20) };
};
