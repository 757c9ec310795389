// The history of a suite: a line for each engine, told apart by dash and mark as well as by colour.
import { counted, day, drawn, element, figure, hour, moment, percent } from "../../look/scripts/elements.js";
import { PASS } from "../../look/scripts/run.js";

const [HEIGHT, LEFT, TOP, BOTTOM] = [270, 52, 16, 28];
// Room for the longest label at the end of a line.
const LETTER = 6.6;
const [NARROWEST, WIDEST] = [360, 1120];
const DASHES = ["", "7 4", "2 4", "12 4 2 4", "1 3", "9 3 1 3 1 3"];
// How much two runs may differ in size and still be points of one line.
const SAME_EXTENT = 0.02;

export function plot(suite) {
  const { data } = suite;
  if (!data.runs || !data.runs.length) return null;
  let left = 0;
  const lines = suite.engines.map((engine, number) => {
    const present = suite.count(number, 0, suite.size);
    const points = (data.lines[number] || []).map(([run, counts, revision, hash]) => ({
      run, revision, hash, started: data.runs[run][1], passes: counts[PASS], total: counts.reduce((sum, count) => sum + count, 0),
    }));
    if (data.this_run === null || data.this_run === undefined) {
      points.push({ run: data.runs.length, revision: data.revision, hash: engine.hash, started: null, passes: present.passes, total: present.total });
    }
    const alike = points.filter((point) => Math.abs(point.total - present.total) <= SAME_EXTENT * present.total);
    left += points.length - alike.length;
    return { engine, number, points: alike };
  }).filter((line) => line.points.length);
  const runs = new Set(lines.flatMap((line) => line.points.map((point) => point.run)));
  const told = left ? element("p", { class: "quiet" }, `${counted(left, "count")} of runs of another extent (a filter, an interrupt) ${left === 1 ? "is" : "are"} not drawn: their shares cannot be compared with these.`) : null;
  const body = runs.size < 2 ? element("p", { class: "empty" }, "One run of this extent so far; with the next one a line begins here.")
    : [figureOf(suite, lines, [...runs].sort((a, b) => a - b)), tableOf(lines)];
  return element("section", { "aria-labelledby": "history-title" }, element("h2", { id: "history-title" }, "History"), element("div", { class: "card" }, body), told);
}

function figureOf(suite, lines, runs) {
  // Drawn for the window, so that its letters have their own size.
  const WIDTH = Math.max(NARROWEST, Math.min(WIDEST, document.documentElement.clientWidth - 62));
  const RIGHT = 34 + LETTER * Math.max(...lines.map((line) => line.engine.name.length + 7));
  const shares = lines.flatMap((line) => line.points.map((point) => point.passes / point.total));
  const [low, high] = range(Math.min(...shares), Math.max(...shares));
  const x = (run) => LEFT + ((WIDTH - LEFT - RIGHT) * runs.indexOf(run)) / (runs.length - 1);
  const y = (share) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - share)) / (high - low);
  const grid = ticks(low, high).map((share) => [
    drawn("path", { d: `M${LEFT} ${y(share)}H${WIDTH - RIGHT}`, class: "grid" }),
    drawn("text", { x: LEFT - 8, y: y(share) + 4, "text-anchor": "end" }, `${+(100 * share).toFixed(2)} %`),
  ]);
  const ends = spread(lines.map((line) => y(line.points.at(-1).passes / line.points.at(-1).total)));
  const drawnLines = lines.map((line, index) => {
    const at = line.points.map((point) => [x(point.run), y(point.passes / point.total)]);
    const [endX, endY] = at.at(-1);
    return drawn("g", { class: `track c${line.number % 8}` },
      drawn("path", { d: `M${at.map((place) => place.map((value) => value.toFixed(1)).join(" ")).join("L")}`, "stroke-dasharray": DASHES[line.number % DASHES.length] }),
      line.points.map((point, number) => mark(line.number, at[number], drawn("title", {}, said(line, point)))),
      drawn("path", { class: "lead", d: `M${endX + 6} ${endY}L${WIDTH - RIGHT + 18} ${ends[index]}` }),
      drawn("text", { x: WIDTH - RIGHT + 22, y: ends[index] + 4 }, `${line.engine.name} ${percent(line.points.at(-1).passes, line.points.at(-1).total)}`));
  });
  const days = new Set(runs.map((run) => day(suite.data.runs[run]?.[1])));
  const when = days.size > 1 ? day : hour;
  const dates = (WIDTH < 600 ? [0, runs.length - 1] : [0, Math.floor((runs.length - 1) / 2), runs.length - 1]).filter((place, number, all) => all.indexOf(place) === number).map((place, number, all) =>
    drawn("text", { x: x(runs[place]), y: HEIGHT - 6, "text-anchor": number === 0 ? "start" : number === all.length - 1 ? "end" : "middle" },
      suite.data.runs[runs[place]] ? when(suite.data.runs[runs[place]][1]) : "this run"));
  const summary = lines.map((line) => `${line.engine.name} from ${percent(line.points[0].passes, line.points[0].total)} to ${percent(line.points.at(-1).passes, line.points.at(-1).total)}`).join("; ");
  return element("div", { class: "scroll plain", tabindex: 0, role: "region", "aria-label": "Plot, scrolls sideways" },
    drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "plot", role: "img", "aria-label": `Share that passes over ${runs.length} runs: ${summary}` }, grid, drawnLines, dates));
}

const said = (line, point) => `${line.engine.name}, ${point.started ? moment(point.started) : "this run"}: ${figure(point.passes)} of ${figure(point.total)}, ${percent(point.passes, point.total)}; suite ${point.revision || "without revision"}, engine ${point.hash}`;

function range(low, high) {
  const room = Math.max((high - low) * 0.15, 0.005);
  return [Math.max(0, low - room), Math.min(1, high + room)];
}

function ticks(low, high) {
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25].find((size) => (high - low) / size <= 6) || 0.5;
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + 1e-9; value += step) found.push(value);
  return found;
}

// Labels keep 15 units between each other.
function spread(places) {
  const order = places.map((place, number) => [place, number]).sort((a, b) => a[0] - b[0]);
  const found = [];
  let next = -Infinity;
  for (const [place, number] of order) { next = Math.max(place, next + 15); found[number] = next; }
  const over = next - (HEIGHT - 8);
  if (over > 0) for (const [, number] of order) found[number] -= over;
  return found;
}

function mark(number, [x, y], title) {
  const size = 3.6;
  const shapes = [
    () => drawn("circle", { cx: x, cy: y, r: size }, title),
    () => drawn("rect", { x: x - size, y: y - size, width: 2 * size, height: 2 * size }, title),
    () => drawn("path", { class: "dot", d: `M${x} ${y - size - 1}l${size + 1} ${2 * size}h${-2 * size - 2}z` }, title),
    () => drawn("path", { class: "dot", d: `M${x} ${y - size - 1}l${size + 1} ${size + 1}l${-size - 1} ${size + 1}l${-size - 1} ${-size - 1}z` }, title),
  ];
  return shapes[number % shapes.length]();
}

function tableOf(lines) {
  return element("details", {}, element("summary", {}, "The same as a table"),
    element("div", { class: "scroll plain" }, element("table", {},
      element("thead", {}, element("tr", {}, ["run", "engine", "pass", "executions", "share", "suite", "engine's hash"].map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, lines.flatMap((line) => line.points.map((point) => element("tr", {},
        element("td", {}, point.started ? moment(point.started) : "this run"), element("td", {}, line.engine.name), element("td", {}, figure(point.passes)),
        element("td", {}, figure(point.total)), element("td", {}, percent(point.passes, point.total)), element("td", {}, point.revision), element("td", {}, point.hash))))))));
}
