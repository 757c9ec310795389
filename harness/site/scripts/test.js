// The page of a test: what it must do, what every engine did, its history, its source with the failing lines.
import { breakable, byId, counted, day, element, moment } from "../../reports/look/scripts/elements.js";
import { worded } from "../../reports/look/scripts/glyphs.js";
import { commandBox, commandOf, expectationList, fillSource, sourceBox } from "../../reports/look/scripts/onetest.js";
import { OWN_NAME, PASS, VERDICTS, linesIn } from "../../reports/look/scripts/run.js";
import { ROOT, idsOf, load, testAddress } from "./loading.js";

const TESTS = 64;

export async function watchTest() {
  window.addEventListener("hashchange", () => showTest(true));
  await showTest(false);
}

const asked = () => decodeURIComponent(location.hash.slice(1));

async function showTest(moveFocus) {
  const content = byId("content"), { folder } = content.dataset, id = asked();
  const found = id ? await findTest(folder, id) : null;
  if (asked() !== id) return;  // another was asked for meanwhile
  content.replaceChildren(found ? testArticle(folder, ...found) : unknown(folder, id));
  leadTo(found ? found[0].folders || {} : {}, found ? id : "");
  document.title = `${id || "No test"} - ${document.querySelector(".brand").textContent}`;
  const source = content.querySelector(".source");
  if (source) found[2](source);
  window.scrollTo(0, 0);
  if (moveFocus) byId("test-title").focus({ preventScroll: true });
}

const unknown = (folder, id) => element("div", {}, element("h1", { id: "test-title", tabindex: -1 }, "No such test"),
  element("p", {}, id ? ["This suite has no test ", element("code", {}, id), ". "] : "The address names no test. ",
    element("a", { href: `${ROOT}search.html?q=${encodeURIComponent(id.split("/").pop())}` }, "Search for it")));

// The folders that the test is in, behind what the page leads to by itself.
function leadTo(folders, id) {
  const place = document.querySelector("nav.crumbs"), parts = id.split("/").slice(0, -1);
  for (const added of place.querySelectorAll(".inside")) added.remove();
  place.append(...parts.map((part, depth) => element("span", { class: "inside" }, " / ",
    element("a", { href: `${ROOT}${folders[parts.slice(0, depth + 1).join("/")]}` }, part))));
}

// Folder by folder, what stands directly in one before what is below it.
function before(one, other) {
  const [left, right] = [one.split("/"), other.split("/")];
  const [name, otherName] = [left.pop(), right.pop()];
  if (!left.length) left.push("");
  if (!right.length) right.push("");
  for (let depth = 0; depth < Math.min(left.length, right.length); depth++) {
    if (left[depth] !== right[depth]) return left[depth] < right[depth];
  }
  return left.length === right.length ? name < otherName : left.length < right.length;
}

async function findTest(folder, id) {
  const firsts = await load(`${folder}/tests/index`);
  let low = 0, high = firsts.length;
  while (high - low > 1) { const middle = (low + high) >> 1; if (before(id, firsts[middle])) high = middle; else low = middle; }
  return (firsts.length && await inShard(folder, low, id)) || byName(folder, id);
}

async function inShard(folder, number, id) {
  const shard = await load(`${folder}/tests/${number}`);
  const place = shard.tests.findIndex((test) => test.name === id);
  return place < 0 ? null : [shard, place, (box) => fill(box, shard, shard.tests[place])];
}

// Names that this browser sorts in another way than the site was are found by a look through all of them.
async function byName(folder, id) {
  const place = idsOf(await load(`${folder}/names`)).indexOf(id);
  return place < 0 ? null : inShard(folder, Math.floor(place / TESTS), id);
}

function testArticle(folder, shard, place) {
  const test = shard.tests[place], parts = test.name.split("/");
  return element("article", { class: "test", "aria-labelledby": "test-title" },
    element("div", { class: "head" }, element("h1", { id: "test-title", tabindex: -1 }, breakable(parts.at(-1))), neighbours(folder, shard, place)),
    element("p", { class: "chips" }, (test.features || []).map((name) => element("a", { class: "chip", href: `${ROOT}search.html?${new URLSearchParams({ q: `feature:${name}`, suite: folder })}` }, name)),
      test.modes.filter(Boolean).map((mode) => element("span", { class: "chip" }, `mode ${mode}`))),
    expectationList(test.expected || []),
    outcomes(shard, test),
    again(shard, test),
    element("p", { class: "links" }, test.web ? element("a", { href: test.web, rel: "noreferrer" }, `in the suite's repository at ${shard.revision}`) : null,
      test.clause ? element("a", { href: test.clause, rel: "noreferrer" }, "the clause that it tests") : null),
    past(shard, test),
    test.source ? sourceBox() : element("p", { class: "note" }, "The suite's files were not at hand when the site was made: without its source."));
}

function neighbours(folder, shard, place) {
  const link = (id, text, label) => (id ? element("a", { href: testAddress(folder, id), id: label, rel: label, title: id }, text) : element("span", { class: "quiet" }, text));
  return element("nav", { class: "neighbours", "aria-label": "Tests of the suite" },
    link(shard.tests[place - 1]?.name || shard.before, "‹ previous", "prev"), " ", link(shard.tests[place + 1]?.name || shard.after, "next ›", "next"));
}

function outcomes(shard, test) {
  const rows = test.outcomes || [];
  if (!rows.length) return element("p", { class: "calm" }, "No engine has run it.");
  return element("div", { class: "scroll did" }, element("table", { class: "outcomes" },
    element("thead", {}, element("tr", {}, ["engine", "verdict", "what it did"].map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, rows.map((one) => outcome(shard, test, one)))));
}

function outcome(shard, test, one) {
  const verdict = VERDICTS.indexOf(one.verdict), engines = one.engines.map((number) => shard.engines[number]);
  const every = one.modes.length === test.modes.length;
  const thrown = [one.error, one.message].filter(Boolean).join(": ");
  const place = one.location && `${one.location.file}:${one.location.line}${one.location.column ? `:${one.location.column}` : ""}`;
  const facts = [place && !(one.reason || "").includes(`${one.location.file}:${one.location.line}`) && `at ${place}`, one.phase && !(one.reason || "").includes(one.phase) && `in ${one.phase}`].filter(Boolean).join(" ");
  return element("tr", {},
    element("th", { scope: "row" }, engines.map((engine, number) => [number ? ", " : "", element("a", { href: `${ROOT}${engine.page}`, title: engine.version || null }, breakable(engine.name))]),
      every ? null : element("span", { class: "quiet" }, ` ${one.modes.join(", ")}`),
      engines.length === 1 && engines[0].version && engines[0].version !== engines[0].name ? element("small", { class: "quiet" }, engines[0].version) : null),
    element("td", {}, worded(verdict)),
    element("td", {}, one.reason ? element("code", { class: "got" }, one.reason) : element("span", { class: "quiet" }, verdict === PASS ? "as expected" : "no reason given"),
      thrown && !(one.reason || "").includes(one.message || one.error) ? element("code", { class: "got" }, thrown) : null,
      facts ? element("small", { class: "quiet" }, facts) : null,
      one.first ? element("small", {}, `unsteady: ${one.first}`) : null,
      one.output ? element("details", {}, element("summary", {}, "what it printed"), element("pre", { class: "printed" }, one.output)) : null));
}

function again(shard, test) {
  const failing = (test.outcomes || []).filter((one) => one.verdict !== "pass").flatMap((one) => one.engines);
  const numbers = [...new Set(failing.length ? failing : shard.engines.length ? [0] : [])];
  if (!numbers.length) return null;
  const engines = numbers.map((number) => shard.engines[number]);
  const unnamed = engines.filter((engine) => engine.named === false).map((engine) => engine.name);
  return [commandBox(commandOf(shard.suite, engines.map((engine) => engine.name), test.case || test.name)),
    unnamed.length ? element("p", { class: "quiet unnamed" }, `${unnamed.join(", ")}: a name that was given with a command, which records do not keep. Give it again (--engine '${unnamed[0]}=COMMAND'), or name it in lockstep.toml.`) : null];
}

function past(shard, test) {
  const changes = test.changes || [], first = shard.engines.map((engine) => engine.since).filter(Boolean).sort()[0];
  if (!changes.length) return first ? element("p", { class: "quiet" }, `No verdict on it has changed since ${day(first)}.`) : null;
  return element("section", { "aria-labelledby": "past-title" }, element("h2", { id: "past-title" }, counted(changes.length, "change of its verdicts", "changes of its verdicts")),
    element("ul", { class: "lines" }, changes.map((one) => element("li", {}, element("time", { datetime: one.started }, one.started.length > 10 ? moment(one.started) : day(one.started)), `: ${shard.engines[one.engine].name} ${one.mode} `.replace("  ", " "),
      worded(VERDICTS.indexOf(one.before)), " → ", worded(VERDICTS.indexOf(one.after)), one.revision ? element("span", { class: "quiet" }, `, suite ${one.revision}`) : null))));
}

// The source, with the lines that messages and places name.
function fill(box, shard, test) {
  const own = test.case || test.name, name = own.split("/").pop().split("@")[0], hits = new Map();
  const fits = (file) => file === OWN_NAME || file.split("/").pop() === name;
  for (const one of test.outcomes || []) {
    const lines = linesIn((one.reason || "").replaceAll(own, OWN_NAME), fits);
    if (one.location && fits(one.location.file)) lines.push(one.location.line);
    for (const line of lines) {
      const named = hits.get(line) || new Set();
      for (const number of one.engines) named.add(shard.engines[number].name);
      hits.set(line, named);
    }
  }
  fillSource(box, test.source, test.first || 1, hits);
}
