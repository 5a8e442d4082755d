// Charts: a picture with its name and its sentence, values on its marks by pointer and by keyboard, and its numbers as a table.
import { drawBars, drawHeat, drawLines, drawPie, HEAT_STEPS } from "./chart_kinds.js";
import { axisWords, hasValues, isRound, valueWords } from "./chart_scales.js";
import { freshId, h, refill, s } from "./dom.js";
import { tableBox } from "./tables.js";

const NARROWEST = 260;
const WIDEST = 700;
const BY_DIGIT = 12;
const DRAW = { bar: drawBars, stacked: drawBars, line: drawLines, pie: drawPie, heat: drawHeat };
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

const swatch = (fill) => s("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" },
  s("rect", { width: 10, height: 10, rx: 2.5, class: fill }));

const legend = (chart) => {
  if (chart.kind === "heat") {
    const most = [chart.by_row ? "most of each row" : "most", axisWords(chart.value_axis, chart.unit)];
    return h("p", { class: "legend scale" }, "least",
      h("span", {}, Array.from({ length: HEAT_STEPS }, (_, step) => swatch(`heat-${step}`))), most.filter(Boolean).join(" · "));
  }
  const isPie = chart.kind === "pie";
  const names = isPie
    ? chart.labels.map((label, index) => `${label}: ${valueWords(chart.series[0].values[index], chart.unit)}`)
    : chart.series.map((series) => series.name);
  return names.length > 1 && h("ul", { class: "legend" }, names.map((name, index) => h("li", {}, swatch(`fill-${index % 6}`), name)));
};

const column = (key, label, kind) => ({ key, label, kind });

/** The numbers behind a chart, in rows by what there is more of. */
const asTable = (chart) => {
  const named = (series) => series.name || axisWords(chart.value_axis, chart.unit) || "Value";
  if (chart.kind === "heat" && chart.labels.length <= BY_DIGIT) {
    return {
      title: "",
      columns: [column("label", "", "text"), ...chart.labels.map((label, index) => column(`l${index}`, label, "number"))],
      rows: chart.series.map((series) => ({ cells: [series.name, ...series.values], actions: [], mark: "" })),
    };
  }
  return {
    title: "",
    columns: [column("label", chart.label_axis || "Label", "text"), ...chart.series.map((series, index) => column(`s${index}`, named(series), "number"))],
    rows: chart.labels.map((label, index) => ({ cells: [label, ...chart.series.map((series) => series.values[index] ?? null)], actions: [], mark: "" })),
  };
};

/** Draw into a node at its width, and again when that changes; the spot in hand says its values in `told`. */
const plot = (chart, id) => {
  const told = h("p", { class: "chart-tip", "aria-live": "polite" });
  const svg = s("svg", {
    class: "plot", role: "img", tabindex: 0, "aria-labelledby": `t-${id} d-${id}`, "aria-roledescription": "chart, arrow keys read its values",
  });
  const box = h("div", { class: "plot-box" }, svg, told);
  let spots = [];
  let current = -1;
  let width = 0;

  const show = (index) => {
    svg.querySelector(".spot.current")?.classList.remove("current");
    current = index;
    const spot = spots[index];
    told.textContent = spot?.words ?? "";
    if (!spot) return;
    svg.querySelectorAll(".spot")[index]?.classList.add("current");
    const half = Math.min(told.offsetWidth / 2, width / 2);
    told.style.left = `${Math.min(Math.max(spot.x, half), width - half)}px`;
    told.style.top = `${Math.max(spot.y - 8, 0)}px`;
  };
  const draw = (room) => {
    const next = Math.round(Math.min(Math.max(room, NARROWEST), WIDEST));
    if (next === width) return;
    width = next;
    const drawn = DRAW[isRound(chart) ? "pie" : chart.kind === "pie" ? "bar" : chart.kind](chart, width);
    spots = drawn.spots;
    svg.setAttribute("viewBox", `0 0 ${width} ${drawn.height}`);
    svg.setAttribute("width", width);
    svg.setAttribute("height", drawn.height);
    refill(svg, s("title", { id: `t-${id}` }, chart.title), s("desc", { id: `d-${id}` }, chart.summary), drawn.nodes,
      spots.map((spot, index) => s(spot.path ? "path" : "rect", { class: "spot", "data-spot": index, d: spot.path, ...spot.area })));
    show(-1);
  };
  const move = (event) => {
    if (event.key === "Escape") return show(-1);
    const last = spots.length - 1;
    const next = { Home: 0, End: last }[event.key] ?? (STEPS[event.key] && Math.min(Math.max(current + STEPS[event.key], 0), last));
    if (next === undefined) return undefined;
    event.preventDefault();
    return show(next);
  };
  svg.addEventListener("keydown", move);
  svg.addEventListener("blur", () => show(-1));
  for (const kind of ["pointerover", "pointerdown"]) svg.addEventListener(kind, (event) => show(Number(event.target.dataset.spot ?? -1)));
  svg.addEventListener("pointerleave", () => show(-1));
  new ResizeObserver(([entry]) => draw(entry.contentRect.width)).observe(box);
  draw(Math.min(document.documentElement.clientWidth - 80, WIDEST));
  return box;
};

/** A chart of a reply; its sentence is left out where that has been `said` already, its numbers where a table has them. */
export const chartFigure = (chart, place, app, said = "", isTold = false) => {
  const id = freshId().slice(0, 8);
  const isDrawn = hasValues(chart);
  return h("figure", { class: "chart" },
    h("figcaption", {}, h("strong", {}, chart.title), !said.includes(chart.summary) && h("span", {}, chart.summary), chart.caption && h("span", { class: "caption" }, chart.caption)),
    isDrawn && plot(chart, id),
    isDrawn && legend(isRound(chart) || chart.kind !== "pie" ? chart : { ...chart, kind: "bar" }),
    isDrawn && !isTold && h("details", {}, h("summary", {}, "Show the numbers"), tableBox(asTable(chart), place, app)));
};
