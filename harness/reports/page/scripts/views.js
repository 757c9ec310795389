// The three views: overview, tests, one test; the address says which.
import { byId, counted, element, figure, moment } from "../../look/scripts/elements.js";
import { PASS, SuiteRun, VERDICTS, unpack } from "../../look/scripts/run.js";
import { SCOPE, amend, go, href, state, watch } from "./address.js";
import { engineRows, facts, suiteTabs } from "./engines.js";
import { glyph } from "../../look/scripts/glyphs.js";
import { matrix } from "./matrix.js";
import { SHOWS, causeList, causesOf, selected, shownOf } from "./causes.js";
import { plot } from "./plot.js";
import { paintNow, sayFound, testList, watchLists } from "./list.js";
import { testView } from "./test.js";
import { help, watchKeys } from "./keys.js";
import { keptTheme, nextTheme, setTheme } from "../../look/scripts/theme.js";

const PREVIEW = 12;
const MOST_CAUSES = 60;
let run = null, suites = [];
const remembered = { key: "", tests: [] };

const suiteOf = (view) => suites.find((suite) => suite.name === view.suite) || suites[0];

// The tests of a state; the last answer is kept, since a test's view asks for its list again and again.
function testsOf(suite, view) {
  const key = JSON.stringify([suite.name, ...SCOPE.map((name) => view[name])]);
  if (remembered.key !== key) Object.assign(remembered, { key, tests: selected(suite, view) });
  return remembered.tests;
}

function top() {
  const search = element("input", { type: "search", id: "search", placeholder: "Search all tests, passing ones too", "aria-label": "Search all tests, passing ones too", autocomplete: "off", spellcheck: "false",
    oninput: () => typed(search.value) });
  byId("top").replaceChildren(element("div", { class: "bar-top" },
    element("a", { class: "brand", href: "#", title: "Overview" }, "Lockstep"),
    element("form", { role: "search", onsubmit: (event) => { event.preventDefault(); document.querySelector("a.name")?.focus(); } }, search, element("kbd", { "aria-hidden": "true" }, "/")),
    element("nav", { "aria-label": "Views" }, element("a", { href: "#", id: "to-overview" }, "Overview"), element("a", { href: "#view=tests", id: "to-tests" }, "Tests")),
    element("button", { type: "button", id: "theme", onclick: nextTheme }, "Auto"),
    element("button", { type: "button", id: "keys", "aria-label": "Keys", title: "Keys", onclick: help }, "?")));
}

// The first letter is a step back can undo; the others only amend it.
function typed(text) {
  const view = state();
  const address = href({ q: text, view: text || view.view ? "tests" : "", test: "", show: view.q || text ? view.show : "" }, SCOPE);
  if (view.q || !text) amend(address);
  else { history.pushState(null, "", address); amend(address); }
  window.scrollTo(0, 0);
}

function render(moveFocus) {
  const view = state(), suite = suiteOf(view), main = byId("main");
  const kept = document.activeElement?.dataset?.keep;
  const test = view.test ? suite.find(view.test) : undefined;
  if (document.activeElement !== byId("search")) byId("search").value = view.q;
  const listing = !view.test && (view.view === "tests" || view.q);
  byId("to-overview").toggleAttribute("aria-current", !listing && !view.test);
  byId("to-tests").toggleAttribute("aria-current", Boolean(listing));
  byId("to-overview").href = href({});
  byId("to-tests").href = href({ view: "tests" });
  document.querySelector(".brand").href = href({});
  if (view.test) main.replaceChildren(test === undefined ? unknownTest(view) : testView(run, suite, test, testsOf(suite, view), view));
  else if (listing) main.replaceChildren(...listView(suite, view));
  else main.replaceChildren(...overview(suite, view));
  document.title = [view.test, view.q || view.folder, suite.name, "Lockstep"].filter(Boolean).join(" - ");
  paintNow();
  if (kept) main.querySelector(`[data-keep="${CSS.escape(kept)}"]`)?.focus();
  if (moveFocus) (byId("test-title") || main).focus({ preventScroll: true });
}

const unknownTest = (view) => element("div", {}, element("h1", { id: "test-title", tabindex: -1 }, "No such test"),
  element("p", {}, "This run has no test ", element("code", {}, view.test), ". ", element("a", { href: href({ q: view.test.split("/").pop() }) }, "Search for its name")));

function overview(suite, asked) {
  const view = suite.folder(asked.folder) ? asked : { ...asked, folder: "" };
  const scope = { ...view, q: "", show: "failing", cause: "", feature: "", engine: "" };
  const tests = testsOf(suite, scope);
  const causes = causesOf(suite, tests, scope);
  const folder = view.folder ? ` in ${view.folder}` : "";
  const all = (most, count, address, noun) => (count > most ? element("p", { class: "more" }, element("a", { href: address }, `All ${figure(count)} ${noun}`)) : null);
  const address = href({ view: "tests", folder: view.folder });
  return [
    suiteTabs(suites, suite),
    view.folder ? null : facts(run, suite),
    view.folder ? null : engineRows(run, suite),
    matrix(suite, view),
    tests.length ? element("div", { class: "two" },
      element("section", { "aria-labelledby": "causes-title" }, element("h2", { id: "causes-title" }, `Causes${folder}`), element("div", { class: "card flush" }, causeList(suite, causes, PREVIEW, scope)),
        all(PREVIEW, causes.length, address, "causes")),
      element("section", { "aria-labelledby": "tests-title" }, element("h2", { id: "tests-title" }, `${counted(tests.length, "test")} not passing${suite.engines.length > 1 ? " everywhere" : ""}${folder}`),
        element("div", { class: "card flush" }, testList(suite, preview(suite, tests), scope, PREVIEW)), all(PREVIEW, tests.length, address, "tests")))
      : element("p", { class: "calm" }, glyph(PASS), ` Every test${folder} passes${suite.engines.length > 1 ? " on every engine that ran it" : ""}. `,
        element("a", { href: href({ view: "tests", folder: view.folder, show: "all" }) }, `All ${counted(suite.folder(view.folder).to - suite.folder(view.folder).from, "test")}`)),
    view.folder ? null : plot(suite),
    view.folder ? null : slowest(suite),
  ].filter(Boolean);
}

// What was lost comes first; the rest is taken from all over the list.
function preview(suite, tests) {
  if (tests.length <= PREVIEW) return tests;
  const lost = tests.filter((test) => suite.steps.some((steps) => steps.subarray(suite.start[test], suite.start[test + 1]).includes(-1))).slice(0, PREVIEW);
  const room = PREVIEW - lost.length;
  const others = Array.from({ length: room }, (_, number) => tests[Math.floor((number * tests.length) / room)]);
  return [...new Set([...lost, ...others])];
}

function slowest(suite) {
  const found = suite.data.slow.slice(0, 10);
  if (!found.length || found[0][2] < 1000) return null;
  const testOf = (row) => { let low = 0, high = suite.size; while (high - low > 1) { const middle = (low + high) >> 1; if (suite.start[middle] <= row) low = middle; else high = middle; } return low; };
  return element("details", { class: "slow" }, element("summary", {}, "Slowest executions"),
    element("div", { class: "scroll" }, element("table", { class: "matrix" }, element("tbody", {}, found.map(([row, engine, ms]) => {
      const test = testOf(row);
      return element("tr", {}, element("th", { scope: "row" }, element("a", { href: href({ test: suite.id(test) }) }, suite.id(test)), " ", suite.modes(test)[row - suite.start[test]]),
        element("td", {}, suite.engines[engine].name), element("td", {}, `${(ms / 1000).toFixed(1)} s`));
    })))));
}

function listView(suite, view) {
  const tests = testsOf(suite, view);
  const show = shownOf(view);
  const causes = show === "pass" ? [] : causesOf(suite, tests, view);
  const node = suite.folder(view.folder) || suite.root;
  sayFound(tests.length, suite.size);
  const chips = [["folder", view.folder], ["feature", view.feature], ["cause", view.cause], ["search", view.q]].filter(([, value]) => value);
  const narrow = causes.length > 0;
  return [
    suiteTabs(suites, suite),
    element("div", { class: "head list-top" },
      element("h1", { id: "test-title", tabindex: -1 }, `${figure(tests.length)} `, element("span", { class: "quiet" }, `of ${figure(node.to - node.from)} tests`)),
      element("form", { class: "filters", "aria-label": "Filters", onsubmit: (event) => event.preventDefault() },
        select("Engine", "engine", [["", "any engine"], ...suite.engines.map((engine) => [engine.name, engine.name])], view.engine),
        select("Result", "show", [...shows(suite), ...VERDICTS.slice(0, 7).filter((name, verdict) => suite.cells.some((_, engine) => suite.count(engine, 0, suite.size).counts[verdict])).map((name) => [name, name])], show))),
    chips.length ? element("p", { class: "chips" }, chips.map(([name, value]) => element("a", { class: "chip wide", href: href({ [name === "search" ? "q" : name]: "", view: "tests" }, SCOPE), title: "Take this away" },
      element("span", { class: "quiet" }, `${name} `), value, element("span", { "aria-hidden": "true" }, " ×"), element("span", { class: "hidden" }, ", take this away")))) : null,
    narrow ? element("details", { class: "card flush why", open: !view.q && !view.cause && tests.length > 1, ontoggle: paintNow }, element("summary", {}, `${figure(causes.length)} ${causes.length === 1 ? "cause" : "causes"}`), causeList(suite, causes, MOST_CAUSES, view)) : null,
    element("div", { class: "card flush" }, testList(suite, tests, view)),
  ].filter(Boolean);
}

function shows(suite) {
  const changed = suite.moves.length > 0, several = suite.engines.length > 1;
  return SHOWS.filter(([name]) => ({ changed, gained: changed, lost: changed, differ: several, unsteady: suite.data.unsteady.length > 0 }[name] ?? true));
}

function select(label, name, options, chosen) {
  const made = element("select", { "aria-label": label, "data-keep": `filter ${name}`, onchange: () => go(href({ [name]: made.value, view: "tests" }, SCOPE)) },
    options.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));
  return made;
}

function foot() {
  const carried = suites.reduce((sum, suite) => sum + Object.keys(suite.data.sources || {}).length, 0);
  const left = suites.reduce((sum, suite) => sum + (suite.data.left_out || 0), 0);
  const save = element("button", { type: "button", class: "plain", onclick: () => {
    const link = element("a", { href: URL.createObjectURL(new Blob([JSON.stringify(run)], { type: "application/json" })), download: "lockstep-run.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  } }, "Save the data of this page as JSON");
  byId("foot").replaceChildren(
    element("p", {}, "Shares are passes over all executions of the suite in this run, unsupported and skipped ones included; never rounded up to 100. ",
      `In this page are the sources of ${counted(carried, "test")} that some engine does not pass${left ? `; for ${figure(left)} more there was no room or no file` : ""}.`),
    element("p", {}, `Made ${moment(run.made)} by lockstep. `, save));
}

async function begin() {
  if (typeof DecompressionStream === "undefined") {
    byId("main").textContent = "This browser cannot unpack the page's data (DecompressionStream): any of the last years can.";
    return;
  }
  run = await unpack("run");
  suites = run.suites.map((data) => new SuiteRun(data, run.engines));
  top();
  setTheme(keptTheme());
  if (!suites.length) {
    byId("main").textContent = "This run holds no results.";
    return;
  }
  watchLists();
  watchKeys();
  watch(render);
  foot();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}

begin().catch((error) => {
  byId("main").textContent = `The page's data cannot be read: ${error}`;
  throw error;
});

