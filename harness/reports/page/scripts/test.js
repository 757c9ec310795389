// One test: what it must do, what every engine did, its source with the failing line, and the command to run it again.
import { breakable, counted, day, element, figure, moment } from "../../look/scripts/elements.js";
import { NOT_RUN, PASS, VERDICTS, unpack } from "../../look/scripts/run.js";
import { SCOPE, href } from "./address.js";
import { worded } from "../../look/scripts/glyphs.js";
import { commandBox, commandOf, expectationList, fillSource, sourceBox } from "../../look/scripts/onetest.js";

let texts = null;

// The texts of tests are unpacked when the first one is asked for.
const sourceTexts = () => (texts ||= unpack("texts"));

export function testView(run, suite, test, tests, view) {
  const id = suite.id(test);
  const place = tests.indexOf(test);
  const outcomes = outcomesOf(suite, test);
  return element("article", { class: "test", "aria-labelledby": "test-title" },
    element("nav", { class: "crumbs", "aria-label": "Folders" },
      element("a", { href: href({}) }, suite.name),
      id.split("/").slice(0, -1).map((part, depth, all) => [" / ", element("a", { href: href({ folder: all.slice(0, depth + 1).join("/") }) }, part)])),
    element("div", { class: "head" }, element("h1", { id: "test-title", tabindex: -1 }, breakable(suite.names[test])), neighbours(suite, tests, place)),
    element("p", { class: "chips" }, suite.featuresOf(test).map((name) => element("a", { class: "chip", href: href({ feature: name, view: "tests", show: "all" }) }, name)),
      suite.modes(test).filter(Boolean).map((mode) => element("span", { class: "chip" }, `mode ${mode}`))),
    expectations(suite, test),
    element("div", { class: "scroll did" }, element("table", { class: "outcomes" },
      element("thead", {}, element("tr", {}, ["engine", "verdict", "what it did"].map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, outcomes.map((one) => outcomeRow(suite, test, one))))),
    again(suite, test, outcomes, view),
    element("p", { class: "links" }, webLink(suite, test), timeline(suite, test)),
    source(suite, test, outcomes));
}

function neighbours(suite, tests, place) {
  if (place < 0 || tests.length < 2) return null;
  const link = (at, text, label) => (tests[at] === undefined ? element("span", { class: "quiet" }, text)
    : element("a", { href: href({ test: suite.id(tests[at]) }, SCOPE), id: label, rel: label, title: suite.id(tests[at]) }, text));
  return element("nav", { class: "neighbours", "aria-label": "Tests of this list" }, link(place - 1, "‹ previous", "prev"),
    element("span", { class: "quiet" }, ` ${figure(place + 1)} of ${figure(tests.length)} `), link(place + 1, "next ›", "next"));
}

// What does not pass first; engines and modes that agree are one row.
function outcomesOf(suite, test) {
  const found = new Map();
  suite.engines.forEach((engine, number) => {
    const rows = new Map();
    suite.modes(test).forEach((mode, index) => {
      const row = suite.start[test] + index, verdict = suite.cells[number][row];
      if (verdict === NOT_RUN) return;
      const reason = suite.reason(test, number, row), before = suite.before.get(row * suite.engines.length + number);
      const key = JSON.stringify([verdict, reason, before]);
      if (!rows.has(key)) rows.set(key, { verdict, reason, before, modes: [], rows: [], number });
      rows.get(key).modes.push(mode);
      rows.get(key).rows.push(row);
    });
    for (const [key, one] of rows) {
      const whole = `${key} ${one.modes.join()}`;
      if (!found.has(whole)) found.set(whole, { ...one, engines: [] });
      found.get(whole).engines.push(engine);
    }
  });
  return [...found.values()].sort((a, b) => (a.verdict === PASS) - (b.verdict === PASS));
}

function outcomeRow(suite, test, one) {
  const every = one.modes.length === suite.modes(test).length;
  const cause = one.verdict === PASS ? "" : `${VERDICTS[one.verdict]}: ${suite.cause(one.number, one.rows[0])}`;
  const single = one.engines.length === 1 ? one.engines[0].version : "";
  return element("tr", {},
    element("th", { scope: "row" }, one.engines.map((engine, number) => [number ? ", " : "", element("span", { title: engine.version || null }, breakable(engine.name))]),
      every ? null : element("span", { class: "quiet" }, ` ${one.modes.join(", ")}`), single ? element("small", { class: "quiet" }, single) : null),
    element("td", {}, worded(one.verdict), one.before === undefined ? null
      : element("small", { class: one.verdict === PASS ? "up" : one.before === PASS ? "down" : "quiet" }, `${one.verdict === PASS ? "▲ " : one.before === PASS ? "▼ " : ""}${VERDICTS[one.before]} in the last run`)),
    element("td", {}, one.reason ? element("code", { class: "got" }, one.reason) : element("span", { class: "quiet" }, one.verdict === PASS ? "as expected" : "no reason given"),
      unsteadiness(suite, one), output(suite, one),
      cause ? element("a", { class: "alike", href: href({ cause, view: "tests" }) }, "all with this cause") : null));
}

// The head of what it printed, which the record keeps.
function output(suite, one) {
  const number = suite.data.printed?.[one.number]?.[one.rows[0]];
  if (number === undefined) return null;
  const shown = element("pre", { class: "printed" });
  sourceTexts().then((all) => { shown.textContent = all[number]; });
  return element("details", {}, element("summary", {}, "what it printed"), shown);
}

function unsteadiness(suite, one) {
  const found = suite.data.unsteady.filter(([row, engine]) => one.rows.includes(row) && one.engines.includes(suite.engines[engine]));
  return found.slice(0, 1).map(([, engine, first]) => element("small", {}, `${suite.engines[engine].name} is unsteady: ${first} before it was ${VERDICTS[one.verdict]}`));
}

function expectations(suite, test) {
  const { expected, expectations: wanted } = suite.data;
  const found = new Map();
  suite.modes(test).forEach((mode, index) => {
    const number = expected && expected[suite.start[test] + index];
    if (number === undefined) return;
    found.set(number, [...(found.get(number) || []), mode]);
  });
  return expectationList([...found].map(([number, modes]) => [modes, wanted[number]]));
}

function again(suite, test, outcomes, view) {
  const failing = [...new Set(outcomes.filter((one) => one.verdict !== PASS).flatMap((one) => one.engines.map((engine) => engine.name)))];
  const engines = failing.length ? failing : [view.engine || suite.engines[0].name];
  const unnamed = suite.engines.filter((engine) => engines.includes(engine.name) && engine.named === false).map((engine) => engine.name);
  return [commandBox(commandOf(suite.name, engines, suite.caseOf(test))),
    unnamed.length ? element("p", { class: "quiet unnamed" }, `${unnamed.join(", ")}: a name that was given with a command, which records do not keep. Give it again (--engine '${unnamed[0]}=COMMAND'), or name it in lockstep.toml.`) : null];
}

function webLink(suite, test) {
  const { web, revision } = suite.data;
  if (!web) return null;
  const id = suite.caseOf(test);
  const path = web.folder ? id.split("/").slice(0, -1).join("/") : id;
  return element("a", { href: web.base + path.split("/").map(encodeURIComponent).join("/"), rel: "noreferrer" }, `in the suite's repository at ${revision}`);
}

// When each engine's verdict on it changed, of the runs that the history has.
function timeline(suite, test) {
  const moves = (suite.data.moves || []).filter(([row]) => row >= suite.start[test] && row < suite.start[test + 1]);
  if (!moves.length) return suite.data.runs && suite.data.runs.length > 1 ? element("span", { class: "quiet" }, `no verdict changed since ${day(suite.data.runs[0][1])}`) : null;
  return element("details", {}, element("summary", {}, counted(moves.length, "change of its verdicts", "changes of its verdicts")),
    element("ul", {}, moves.map(([row, engine, run, before, after]) => element("li", {},
      `${run === null ? "this run" : moment(suite.data.runs[run][1])}: ${suite.engines[engine].name} ${suite.modes(test)[row - suite.start[test]]} `, worded(before), " → ", worded(after)))));
}

// The lines that reasons name, each with the engines that name it.
function failingLines(suite, test, outcomes) {
  const found = new Map();
  for (const one of outcomes) {
    for (const line of suite.linesOf(test, one.number, one.rows[0])) {
      const named = found.get(line) || new Set();
      for (const engine of one.engines) named.add(engine.name);
      found.set(line, named);
    }
  }
  return found;
}

function source(suite, test, outcomes) {
  const [number, firstLine] = suite.data.sources?.[test] || [];
  const path = suite.id(test);
  if (number === undefined) {
    const why = suite.data.missing || (outcomes.every((one) => one.verdict === PASS)
      ? "Every engine passes it, and a page carries only the sources of tests that some engine does not pass."
      : "There was no room for its source in this page.");
    return element("p", { class: "note" }, element("code", {}, path), " ", why);
  }
  const box = sourceBox(element("p", { class: "quiet" }, "Unpacking."));
  sourceTexts().then((all) => fillSource(box, all[number], firstLine, failingLines(suite, test, outcomes)));
  return box;
}
