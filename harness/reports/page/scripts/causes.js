// Which tests are meant, and why they do not pass: one selection, counted by cause.
import { element, figure } from "../../look/scripts/elements.js";
import { NOT_RUN, PASS, VERDICTS } from "../../look/scripts/run.js";
import { SCOPE, href } from "./address.js";
import { glyph } from "../../look/scripts/glyphs.js";

export const SHOWS = [
  ["failing", "not passing"], ["changed", "changed since the last run"], ["gained", "gained"], ["lost", "lost"],
  ["differ", "engines differ"], ["unsteady", "unsteady"], ["all", "all"],
];

export const shownOf = (view) => view.show || (view.q || view.feature ? "all" : "failing");

// The tests that a state means, in order.
export function selected(suite, view) {
  const node = suite.folder(view.folder);
  if (!node) return [];
  const engines = view.engine ? [suite.engines.findIndex((one) => one.name === view.engine)].filter((one) => one >= 0) : suite.engines.map((_, number) => number);
  const fits = fitting(suite, view);
  const meant = (test) => {
    for (let row = suite.start[test]; row < suite.start[test + 1]; row++) {
      for (const engine of engines) if (fits(row, engine)) return true;
    }
    return false;
  };
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  const feature = view.feature ? new Set((suite.features.find((one) => one.name === view.feature) || { tests: [] }).tests) : null;
  const found = [];
  for (let test = node.from; test < node.to; test++) {
    if (feature && !feature.has(test)) continue;
    if (words.length && !named(suite, test, words) && !(view.show !== "all" && told(suite, test, engines, words))) continue;
    if (meant(test)) found.push(test);
  }
  return found;
}

function named(suite, test, words) {
  suite.lower ||= Array.from({ length: suite.size }, (_, number) => suite.id(number).toLowerCase());
  return words.every((word) => suite.lower[test].includes(word));
}

function told(suite, test, engines, words) {
  suite.said ||= suite.data.reasons.map((reason) => reason.toLowerCase());
  for (const engine of engines) {
    for (let row = suite.start[test]; row < suite.start[test + 1]; row++) {
      const number = suite.why[engine][row];
      if (number >= 0 && words.every((word) => suite.said[number].includes(word))) return true;
    }
  }
  return false;
}

// Whether an execution is one of those that a state shows.
export function fitting(suite, view) {
  const show = shownOf(view), cause = view.cause;
  const verdict = VERDICTS.indexOf(show);
  const wanted = {
    all: (row, engine) => suite.cells[engine][row] !== NOT_RUN,
    failing: (row, engine) => suite.cells[engine][row] !== PASS && suite.cells[engine][row] !== NOT_RUN,
    changed: (row, engine) => suite.before.has(row * suite.engines.length + engine),
    gained: (row, engine) => suite.steps[engine][row] > 0,
    lost: (row, engine) => suite.steps[engine][row] < 0,
    differ: (row, engine) => suite.cells[engine][row] !== NOT_RUN
      && suite.cells.some((cells) => cells[row] !== NOT_RUN && cells[row] !== suite.cells[engine][row]),
    unsteady: (row, engine) => suite.data.unsteady.some(([at, on]) => at === row && on === engine),
  }[show] || ((row, engine) => suite.cells[engine][row] === verdict);
  return cause ? (row, engine) => wanted(row, engine) && causeKey(suite, row, engine) === cause : wanted;
}

const causeKey = (suite, row, engine) => `${VERDICTS[suite.cells[engine][row]]}: ${suite.cause(engine, row)}`;

// Causes of what a state shows among some tests, most frequent first.
export function causesOf(suite, tests, view) {
  const engineName = view.engine, fits = fitting(suite, view);
  const found = new Map();
  const engines = suite.engines.map((_, number) => number).filter((number) => !engineName || suite.engines[number].name === engineName);
  for (const engine of engines) {
    const cells = suite.cells[engine], why = suite.why[engine], numbers = suite.data.reason_causes;
    for (const test of tests) {
      for (let row = suite.start[test]; row < suite.start[test + 1]; row++) {
        if (why[row] < 0 || !fits(row, engine)) continue;
        const key = cells[row] * 1e6 + numbers[why[row]];
        let cause = found.get(key);
        if (!cause) {
          cause = { verdict: cells[row], text: suite.data.causes[numbers[why[row]]], count: 0, example: test, engines: new Map(), folders: new Set(), lost: 0, last: -1, tests: 0 };
          found.set(key, cause);
        }
        cause.count++;
        if (cause.last !== test) { cause.tests++; cause.last = test; }
        cause.engines.set(engine, (cause.engines.get(engine) || 0) + 1);
        cause.folders.add(suite.folderOf[test]);
        if (suite.steps[engine][row] < 0) cause.lost++;
        if (suite.id(test).length < suite.id(cause.example).length) cause.example = test;
      }
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

export function causeList(suite, causes, most, view) {
  if (!causes.length) return element("p", { class: "empty" }, "Nothing here fails.");
  const length = Math.max(...causes.map((cause) => cause.count));
  return element("ol", { class: "causes" }, causes.slice(0, most).map((cause) => {
    const key = `${VERDICTS[cause.verdict]}: ${cause.text}`;
    const chosen = view.cause === key;
    const engines = [...cause.engines].sort((a, b) => b[1] - a[1]);
    return element("li", { class: chosen ? "on" : "", style: `--part:${(100 * cause.count) / length}%` },
      element("b", {}, figure(cause.count)),
      element("div", {},
        element("a", { class: "cause", href: href({ cause: chosen ? "" : key, view: "tests", show: view.show }, SCOPE), "aria-current": chosen ? "true" : null },
          glyph(cause.verdict, VERDICTS[cause.verdict]), element("span", {}, cause.text || "no reason given")),
        element("small", {}, suite.engines.length > 1 && !view.engine ? engines.slice(0, 4).map(([engine, count]) => `${suite.engines[engine].name} ${figure(count)}`).join(", ") + (engines.length > 4 ? `, ${engines.length - 4} more engines` : "") + "; " : "",
          `${figure(cause.folders.size)} ${cause.folders.size === 1 ? "folder" : "folders"}`,
          cause.lost ? element("span", { class: "down" }, `; ▼ ${figure(cause.lost)} of them passed in the last run`) : "",
          "; ", element("a", { href: href({ test: suite.id(cause.example), cause: key }, SCOPE) }, element("span", { class: "hidden" }, "example: "), suite.names[cause.example]))));
  }));
}
