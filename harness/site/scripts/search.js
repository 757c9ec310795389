// The search over the tests of all suites: one text to look through for each, and only the rows that are shown in the document.
import { byId, counted, element, figure, say } from "../../reports/look/scripts/elements.js";
import { glyph } from "../../reports/look/scripts/glyphs.js";
import { NOT_RUN, PASS, VERDICTS } from "../../reports/look/scripts/run.js";
import { idsOf, load, testAddress } from "./loading.js";

const PAGE = 100;
const RESULTS = [["", "any result"], ["failing", "not passing somewhere"], ["differ", "engines differ"], ["pass", "passing wherever it ran"], ["unrun", "run by nobody"]];
const FEATURE = "feature:";

// The names of a suite in one text, a line each, and where each line begins.
class SuiteIndex {
  constructor(folder, data) {
    this.folder = folder;
    this.data = data;
    this.ids = idsOf(data);
    this.text = this.ids.join("\n").toLowerCase();
    if (this.text.length !== this.ids.reduce((sum, id) => sum + id.length + 1, -1)) {
      // A letter that is longer in small: each is found by itself.
      this.text = this.ids.map((id) => id.toLowerCase()).join("\n");
    }
    this.starts = new Int32Array(this.ids.length + 1);
    let at = 0;
    for (let line = 0; line < this.ids.length; line++) {
      this.starts[line] = at;
      const end = this.text.indexOf("\n", at);
      at = (end < 0 ? this.text.length : end) + 1;
    }
    this.starts[this.ids.length] = at;
    this.featureTests = new Map();
  }

  // The tests that hold every word, in order.
  find(words, fits) {
    const [first, ...others] = words, found = [];
    if (!first) {
      for (let test = 0; test < this.ids.length; test++) if (fits(this, test)) found.push(test);
      return found;
    }
    let test = 0, at = this.text.indexOf(first);
    while (at >= 0) {
      while (this.starts[test + 1] <= at) test++;
      const [start, end] = [this.starts[test], this.starts[test + 1]];
      const line = others.length ? this.text.slice(start, end) : "";
      if (others.every((word) => line.includes(word)) && fits(this, test)) found.push(test);
      at = this.text.indexOf(first, end);
    }
    return found;
  }

  hasFeature(test, feature) {
    if (!this.featureTests.has(feature)) {
      const number = this.data.features.findIndex((name) => name.toLowerCase() === feature);
      this.featureTests.set(feature, this.data.feature_sets.map((set) => number >= 0 && set.includes(number)));
    }
    return this.featureTests.get(feature)[this.data.case_features[test]];
  }

  marks(test) {
    return this.data.marks.map((text) => (text[test] === " " ? NOT_RUN : text.charCodeAt(test) - 48));
  }
}

const FITS = {
  "": () => true,
  failing: (marks) => marks.some((mark) => mark !== PASS && mark !== NOT_RUN),
  pass: (marks) => marks.includes(PASS) && marks.every((mark) => mark === PASS || mark === NOT_RUN),
  differ: (marks) => new Set(marks.filter((mark) => mark !== NOT_RUN)).size > 1,
  unrun: (marks) => marks.every((mark) => mark === NOT_RUN),
};

export async function searchView() {
  const content = byId("content"), field = byId("search");
  const folders = content.dataset.folders.split(" ").filter(Boolean);
  const asked = new URLSearchParams(location.search);
  field.value = asked.get("q") || "";
  const heading = element("h1", { id: "found-title", tabindex: -1 }, "Search");
  const suites = element("select", { "aria-label": "Suite" });
  const results = element("select", { "aria-label": "Result" }, RESULTS.map(([value, text]) => element("option", { value, selected: value === (asked.get("result") || "") }, text)));
  const list = element("div", { class: "card flush" });
  content.replaceChildren(
    element("div", { class: "head list-top" }, heading, element("form", { class: "filters", "aria-label": "Filters", onsubmit: (event) => event.preventDefault() }, suites, results)),
    element("p", { class: "quiet" }, "Words of a name, in any order; ", element("code", {}, "feature:NAME"), " for a feature."), list);
  heading.textContent = "Unpacking the names";
  const indexes = await Promise.all(folders.map(async (folder) => new SuiteIndex(folder, await load(`${folder}/names`))));
  const options = [["", "all suites"], ...indexes.map((index) => [index.folder, `${index.data.suite} in ${index.data.language}`])];
  suites.append(...options.map(([value, text]) => element("option", { value, selected: value === (asked.get("suite") || "") }, text)));
  const all = indexes.reduce((sum, index) => sum + index.ids.length, 0);
  const search = () => {
    const given = new URLSearchParams(Object.entries({ q: field.value, suite: suites.value, result: results.value }).filter(([, value]) => value));
    history.replaceState(null, "", `${location.pathname}${given.size ? `?${given}` : ""}`);
    const began = performance.now();
    const found = hits(indexes, field.value, suites.value, results.value);
    show(heading, list, found, all, field.value);
    document.documentElement.dataset.took = String(performance.now() - began);
  };
  field.oninput = search;
  field.form.onsubmit = (event) => { event.preventDefault(); list.querySelector("a")?.focus(); };
  suites.onchange = results.onchange = search;
  search();
}

// What fits, suite by suite.
function hits(indexes, query, folder, result) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const features = words.filter((word) => word.startsWith(FEATURE)).map((word) => word.slice(FEATURE.length));
  const plain = words.filter((word) => !word.startsWith(FEATURE)).sort((a, b) => b.length - a.length);
  const wanted = FITS[result];
  const fits = (index, test) => features.every((feature) => index.hasFeature(test, feature)) && (!result || wanted(index.marks(test)));
  return indexes.filter((index) => !folder || index.folder === folder).map((index) => ({ index, tests: index.find(plain, fits) }));
}

function show(heading, list, found, all, query) {
  const count = found.reduce((sum, one) => sum + one.tests.length, 0);
  heading.replaceChildren(`${figure(count)} `, element("span", { class: "quiet" }, `of ${counted(all, "test")}`));
  say(`${figure(count)} of ${figure(all)} tests`);
  if (!count) {
    list.replaceChildren(element("p", { class: "empty" }, "No test fits."));
    return;
  }
  const rows = element("ol", { class: "found" });
  const flat = function* () { for (const { index, tests } of found) for (const test of tests) yield [index, test]; };
  const walk = flat();
  const more = element("button", { type: "button" });
  let shown = 0;
  const add = () => {
    for (let number = 0; number < PAGE; number++) {
      const { value, done } = walk.next();
      if (done) break;
      rows.append(row(...value, query));
      shown++;
    }
    more.textContent = `${figure(Math.min(PAGE, count - shown))} more`;
    if (shown >= count) more.remove();
  };
  more.onclick = () => { const next = rows.children.length; add(); rows.children[next]?.querySelector("a").focus(); };
  list.replaceChildren(rows, more);
  add();
}

function row(index, test) {
  const id = index.ids[test], folder = id.slice(0, id.lastIndexOf("/") + 1);
  return element("li", { "data-row": "" },
    element("span", { class: "marks" }, index.marks(test).map((mark, engine) => {
      const label = `${index.data.engines[engine]}: ${VERDICTS[mark]}`;
      return element("span", { title: label }, glyph(mark, label));
    })),
    element("a", { href: testAddress(index.folder, id) }, folder ? element("span", { class: "folder" }, folder) : null, id.slice(folder.length)),
    element("span", { class: "quiet in" }, `${index.data.suite}, ${index.data.language}`));
}
