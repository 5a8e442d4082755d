// Charts as SVG: a picture with a name and a description, its legend, and its numbers as a table.
import { freshId, h, s } from "./dom.js";
import { number } from "./format.js";
import { tableBox } from "./tables.js";

const WIDTH = 640;
const HEIGHT = 250;
const MARGIN = { top: 12, right: 12, bottom: 30, left: 56 };
const COLOURS = 6;
const LABEL_WIDTH = 62;

const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const rounded = (value) => Math.round(value * 100) / 100;
const colour = (index) => index % COLOURS;

/** Round marks for an axis from at most `low` to at least `high`, around five of them; of things counted, whole ones. */
export const ticks = (low, high, areCounts = false) => {
  const span = high - low || Math.abs(high) || 1;
  const rough = Math.max(span / 5, areCounts ? 1 : 0);
  const power = 10 ** Math.floor(Math.log10(rough));
  const stepSize = [1, 2, areCounts ? 3 : 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const marks = [];
  for (let mark = Math.floor(low / stepSize); mark * stepSize < high + stepSize * 0.999; mark += 1) marks.push(mark * stepSize);
  return marks;
};

const frame = (chart) => {
  const values = chart.series.flatMap((series) => series.values);
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values), values.every(Number.isInteger));
  const [low, high] = [marks[0], marks.at(-1)];
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  const y = (value) => rounded(MARGIN.top + height * (1 - (value - low) / (high - low)));
  const slot = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, chart.labels.length);
  const x = (index) => rounded(MARGIN.left + slot * (index + 0.5));
  const every = Math.ceil(LABEL_WIDTH / slot);
  const letters = Math.max(4, Math.floor((slot * every) / 7));
  const cut = (label) => (label.length > letters ? `${label.slice(0, letters - 1)}…` : label);
  const axes = [
    marks.map((mark) => s("g", {},
      s("line", { class: "grid", x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(mark), y2: y(mark) }),
      s("text", { x: MARGIN.left - 8, y: y(mark) + 4, "text-anchor": "end" }, short.format(mark)))),
    s("line", { class: "axis", x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(0), y2: y(0) }),
    chart.labels.map((label, index) => index % every === 0
      && s("text", { x: x(index), y: HEIGHT - 10, "text-anchor": "middle" }, cut(label))),
  ];
  return { axes, x, y, slot };
};

const tip = (chart, series, index) => s("title", {}, `${chart.labels[index] ?? ""}, ${series.name}: ${number(series.values[index])}`);

const bars = (chart) => {
  const { axes, x, y, slot } = frame(chart);
  const width = rounded(Math.min(44, (slot * 0.72) / chart.series.length));
  const left = (index, order) => rounded(x(index) - (width * chart.series.length) / 2 + order * width);
  return [axes, chart.series.map((series, order) => series.values.map((value, index) =>
    s("rect", { class: `fill-${colour(order)}`, x: left(index, order), y: Math.min(y(value), y(0)), width: Math.max(1, width - 1),
      height: Math.abs(y(value) - y(0)), rx: Math.min(3, width / 4) }, tip(chart, series, index))))];
};

const lines = (chart) => {
  const { axes, x, y } = frame(chart);
  const few = chart.labels.length <= 40;
  return [axes, chart.series.map((series, order) => [
    s("path", { class: `path line-${colour(order)}`,
      d: series.values.map((value, index) => `${index ? "L" : "M"}${x(index)} ${y(value)}`).join("") }),
    few && series.values.map((value, index) =>
      s("circle", { class: `fill-${colour(order)}`, cx: x(index), cy: y(value), r: 3.5 }, tip(chart, series, index))),
  ])];
};

const pie = (chart) => {
  const series = chart.series[0] ?? { name: "", values: [] };
  const total = series.values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const [cx, cy, outer, inner] = [WIDTH / 2, HEIGHT / 2, 112, 62];
  const point = (turn, radius) => {
    const angle = (turn - 0.25) * 2 * Math.PI;
    return `${rounded(cx + radius * Math.cos(angle))} ${rounded(cy + radius * Math.sin(angle))}`;
  };
  let turn = 0;
  return series.values.map((value, index) => {
    const share = total ? Math.max(0, value) / total : 0;
    if (share === 0) return null;
    const [from, to] = [turn, turn + Math.min(share, 0.9999)];
    turn += share;
    const large = share > 0.5 ? 1 : 0;
    const path = `M${point(from, outer)}A${outer} ${outer} 0 ${large} 1 ${point(to, outer)}`
      + `L${point(to, inner)}A${inner} ${inner} 0 ${large} 0 ${point(from, inner)}Z`;
    return s("path", { class: `slice fill-${colour(index)}`, d: path }, tip(chart, series, index));
  });
};

const DRAW = { bar: bars, stacked: bars, line: lines, pie };

const legend = (chart) => {
  const names = chart.kind === "pie"
    ? chart.labels.map((label, index) => `${label}: ${number(chart.series[0]?.values[index] ?? 0)}`)
    : chart.series.map((series) => series.name);
  if (names.length < 2) return null;
  return h("ul", { class: "legend" }, names.map((name, index) => h("li", {},
    s("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, s("rect", { width: 10, height: 10, rx: 2.5, class: `fill-${colour(index)}` })), name)));
};

const asTable = (chart) => ({
  title: "",
  columns: [{ key: "label", label: "Label", kind: "text" },
    ...chart.series.map((series, index) => ({ key: `s${index}`, label: series.name || "Value", kind: "number" }))],
  rows: chart.labels.map((label, index) => ({ cells: [label, ...chart.series.map((series) => series.values[index] ?? null)], actions: [], mark: "" })),
});

export const chartFigure = (chart, place, app) => {
  const id = freshId().slice(0, 8);
  const isEmpty = !DRAW[chart.kind] || chart.series.every((series) => series.values.length === 0);
  return h("figure", { class: "chart" },
    h("figcaption", {}, h("strong", {}, chart.title), h("span", {}, chart.summary)),
    !isEmpty && s("svg", { class: "plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-labelledby": `t-${id} d-${id}` },
      s("title", { id: `t-${id}` }, chart.title), s("desc", { id: `d-${id}` }, chart.summary), DRAW[chart.kind](chart)),
    !isEmpty && legend(chart),
    !isEmpty && h("details", {}, h("summary", {}, "Show the numbers"), tableBox(asTable(chart), place, app)));
};
