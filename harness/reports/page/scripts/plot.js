// The history of a suite: a line for each engine, drawn when the page was made.
import { counted, element, figure, percent } from "../../look/scripts/elements.js";

export function plot(suite) {
  const found = suite.data.plot;
  if (!found) return null;
  const left = found.left_out;
  const told = left ? element("p", { class: "quiet" }, `${counted(left, "count")} of runs of another extent (a filter, an interrupt) ${left === 1 ? "is" : "are"} not drawn: their shares cannot be compared with these.`) : null;
  const body = found.svg ? [element("div", { class: "scroll plain", tabindex: 0, role: "region", "aria-label": "Plot, scrolls sideways" }, drawing(found.svg)), table(found.rows)]
    : element("p", { class: "empty" }, "One run of this extent so far; with the next one a line begins here.");
  return element("section", { "aria-labelledby": "history-title" }, element("h2", { id: "history-title" }, "History"), element("div", { class: "card" }, body), told);
}

// The drawing is our own markup, in which names are escaped; nothing in it runs.
const drawing = (text) => [...new DOMParser().parseFromString(text, "text/html").body.children];

function table(rows) {
  return element("details", {}, element("summary", {}, "The same as a table"),
    element("div", { class: "scroll plain" }, element("table", {},
      element("thead", {}, element("tr", {}, ["run", "engine", "pass", "executions", "share", "suite", "engine's hash"].map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, rows.map(([when, engine, passes, total, revision, hash]) => element("tr", {},
        [when, engine, figure(passes), figure(total), percent(passes, total), revision, hash].map((text) => element("td", {}, text))))))));
}
