// What ran, and how each engine did: the head of the page.
import { breakable, counted, element, figure, moment, percent } from "../../look/scripts/elements.js";
import { NOT_RUN, VERDICTS } from "../../look/scripts/run.js";
import { href } from "./address.js";
import { bar, legend, moved } from "../../look/scripts/glyphs.js";

export function facts(run, suite) {
  const { data } = suite;
  const name = data.web ? element("a", { href: `${data.web.repository}/tree/${data.revision}`, rel: "noreferrer" }, data.revision) : data.revision;
  return element("div", { class: "facts" },
    element("h1", {}, suite.name, " ", element("span", { class: "revision" }, name)),
    element("p", { class: "sub" }, `${moment(run.started)}. `, since(suite)),
    element("p", { class: "chips" },
      run.whole ? chip("whole suite") : chip(run.complete ? "part of the suite" : "did not come to its end", "warn"),
      run.complete ? null : chip(`${figure(run.done)} of ${figure(run.planned)} executions`, "warn"),
      run.options ? chip(element("code", {}, run.options), "wide") : null,
      chip(counted(suite.size, "test")), chip(counted(executed(suite), "execution")),
      chip(counted(suite.engines.length, "engine")),
      data.unsteady.length ? element("a", { class: "chip warn", href: href({ view: "tests", show: "unsteady" }) }, `${figure(data.unsteady.length)} unsteady`) : null),
    notes(run, suite));
}

const executed = (suite) => suite.engines.reduce((sum, _, engine) => sum + suite.count(engine, 0, suite.size).total, 0);

const chip = (text, kind = "") => element("span", { class: `chip ${kind}`.trim() }, text);

function notes(run, suite) {
  const told = [];
  if (suite.data.missing) told.push(`Without sources, features and links: ${suite.data.missing}.`);
  if (suite.data.past_problem) told.push(`Without history: ${suite.data.past_problem}.`);
  const idle = suite.idleIn(0, suite.size);
  if (idle.passes * 2 > idle.total) told.push(`An engine that does nothing would pass ${percent(idle.passes, idle.total)} of these executions: read the shares from there upwards (the tick in each bar).`);
  return told.map((text) => element("p", { class: "note" }, text));
}

function since(suite) {
  const { data } = suite;
  if (!data.runs || !data.runs.length) return "No earlier run is in the history of this machine.";
  const earlier = data.this_run === null || data.this_run === undefined ? data.runs.length : data.this_run;
  if (!earlier) return "The first run of this suite in the history of this machine.";
  let gained = 0, lost = 0, other = 0;
  suite.steps.forEach((steps) => steps.forEach((step) => { if (step > 0) gained++; else if (step < 0) lost++; }));
  other = suite.moves.length - gained - lost;
  const when = `since the last run in the history (${moment(data.runs[earlier - 1][1])})`;
  if (!suite.moves.length) return `No verdict changed ${when}.`;
  const link = (show, kind, text) => element("a", { class: kind, href: href({ view: "tests", show }) }, text);
  const parts = [];
  if (gained) parts.push(link("gained", "up", `▲ ${figure(gained)} gained`));
  if (lost) parts.push(link("lost", "down", `▼ ${figure(lost)} lost`));
  if (other) parts.push(link("changed", "", `${figure(other)} otherwise`));
  return [`Changed ${when}: `, parts.flatMap((part, number) => (number ? [", ", part] : [part])), "."];
}

export function suiteTabs(suites, chosen) {
  if (suites.length < 2) return null;
  return element("nav", { class: "tabs", "aria-label": "Suites" }, suites.map((suite) => {
    const all = suite.engines.map((_, engine) => suite.count(engine, 0, suite.size));
    const passes = all.reduce((sum, found) => sum + found.passes, 0), total = all.reduce((sum, found) => sum + found.total, 0);
    return element("a", { href: href({ suite: suite.name }, []), "aria-current": suite === chosen ? "page" : null },
      suite.name, " ", element("span", { class: "quiet" }, percent(passes, total)));
  }));
}

export function engineRows(run, suite) {
  const all = suite.engines.map((_, engine) => suite.count(engine, 0, suite.size));
  const overall = suite.idleIn(0, suite.size);
  const rows = suite.engines.map((engine, number) => {
    const found = all[number];
    const about = [engine.version, engine.host === engine.version ? "" : engine.host].filter(Boolean).join(", ");
    const own = idleOf(suite, number);
    return element("li", {},
      element("div", { class: "who" }, element("h3", {}, breakable(engine.name)), element("span", { class: "quiet", title: engine.hash ? `hash ${engine.hash}` : null }, about)),
      element("div", { class: "share" }, element("span", { class: "big" }, percent(found.passes, found.total)), moved(found)),
      element("div", { class: "how" }, bar(found, own),
        element("span", { class: "counts" }, [0, 1, 2, 3, 4, 5, 6].filter((verdict) => found.counts[verdict]).map((verdict) =>
          element("a", { href: href({ view: "tests", engine: engine.name, show: VERDICTS[verdict] }) }, `${figure(found.counts[verdict])} ${VERDICTS[verdict]}`)),
        found.counts[NOT_RUN] && !run.complete ? element("span", { class: "quiet" }, `${figure(found.counts[NOT_RUN])} not run`) : null)));
  });
  return element("section", { "aria-labelledby": "engines-title" }, element("h2", { id: "engines-title", class: "hidden" }, "Engines"), element("ul", { class: "engines" }, rows), legend(all, overall));
}

// Of what this engine ran, the share that an engine that does nothing would pass.
function idleOf(suite, engine) {
  const cells = suite.cells[engine];
  let ran = 0, idle = 0;
  for (let row = 0; row < cells.length; row++) {
    if (cells[row] !== NOT_RUN) { ran++; idle += suite.idle[row]; }
  }
  return ran ? idle / ran : 0;
}

