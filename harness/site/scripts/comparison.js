// Two engines, or two states of one, beside each other: where they differ, by cause.
import { byId, counted, day, element, figure, percent, say } from "../../reports/look/scripts/elements.js";
import { glyph } from "../../reports/look/scripts/glyphs.js";
import { NOT_RUN, PASS, SuiteRun, VERDICTS } from "../../reports/look/scripts/run.js";
import { load, testAddress } from "./loading.js";

const MOST_GROUPS = 60, MOST_TESTS = 12;

export async function watchComparison() {
  const content = byId("content"), { folder, suite: name } = content.dataset;
  const [names, columns] = await Promise.all([load(`${folder}/names`), load(`${folder}/columns`)]);
  const suite = new SuiteRun({ name, ...names, ...columns, engines: columns.states.map((state) => state.name) }, []);
  const states = columns.states;
  const given = () => new URLSearchParams(location.hash.slice(1));
  const chosen = (side, otherwise) => { const place = states.findIndex((state) => state.name === given().get(side)); return place < 0 ? Math.min(otherwise, states.length - 1) : place; };
  const another = (left) => { const place = states.findIndex((state) => state.engine === state.name && state.engine !== states[left].engine); return place < 0 ? states.length - 1 : place; };
  const labels = states.map((state) => `${state.engine}, ${day(state.started)}${state.version ? `, ${state.version}` : ""}${state.name === state.engine ? "" : " (another state)"}`);
  const choice = (side, label) => element("label", {}, label, element("select", { id: side, onchange: () => {
    const address = new URLSearchParams({ left: states[byId("left").selectedIndex].name, right: states[byId("right").selectedIndex].name });
    history.replaceState(null, "", `#${address}`);
    draw();
  } }, labels.map((text, number) => element("option", { value: number }, text))));
  const result = element("div", { id: "differences" });
  content.replaceChildren(element("h1", { id: "test-title", tabindex: -1 }, `Any two on ${name}`), element("div", { class: "sides" }, choice("left", "this"), choice("right", "beside this")), result);
  const draw = () => {
    const [left, right] = [chosen("left", 0), chosen("right", another(chosen("left", 0)))];
    byId("left").selectedIndex = left;
    byId("right").selectedIndex = right;
    result.replaceChildren(...differences(suite, folder, states, left, right));
  };
  window.addEventListener("hashchange", draw);
  draw();
}

// Executions that both ran, by what they differ in.
function compared(suite, left, right) {
  const groups = new Map();
  let shared = 0, differ = 0, otherwise = 0, better = 0;
  for (let test = 0; test < suite.size; test++) {
    for (let row = suite.start[test]; row < suite.start[test + 1]; row++) {
      const [one, other] = [suite.cells[left][row], suite.cells[right][row]];
      if (one === NOT_RUN || other === NOT_RUN) continue;
      shared++;
      const causes = [suite.cause(left, row), suite.cause(right, row)];
      if (one === other && causes[0] === causes[1]) continue;
      if (one === other) otherwise++; else differ++;
      if (one === PASS) better++;
      const key = `${one}\n${other}\n${causes.join("\n")}`;
      let group = groups.get(key);
      if (!group) groups.set(key, group = { sides: [one, other], causes, same: one === other, count: 0, tests: [] });
      group.count++;
      if (group.tests.at(-1) !== test) group.tests.push(test);
    }
  }
  return { shared, differ, otherwise, better, groups: [...groups.values()].sort((a, b) => a.same - b.same || b.count - a.count) };
}

function differences(suite, folder, states, left, right) {
  const found = compared(suite, left, right), names = [states[left], states[right]].map((state) => (state.name === state.engine ? state.engine : `${state.engine} of ${day(state.started)}`));
  const only = (side, other) => { let count = 0; suite.cells[side].forEach((cell, row) => { if (cell !== NOT_RUN && suite.cells[other][row] === NOT_RUN) count++; }); return count; };
  const lacking = [[left, right, names[0]], [right, left, names[1]]].map(([side, other, name]) => [only(side, other), name]).filter(([count]) => count);
  const summary = `${figure(found.shared - found.differ)} of ${counted(found.shared, "execution")} that both ran agree (${percent(found.shared - found.differ, found.shared)}), ${figure(found.differ)} differ`;
  say(summary);
  return [
    element("p", { class: "sub" }, `${summary}: ${figure(found.better)} pass on ${names[0]} only. `, found.otherwise ? `${figure(found.otherwise)} fail on both in another way. ` : "",
      lacking.map(([count, name]) => `${figure(count)} ran on ${name} only. `)),
    found.groups.length ? element("ol", { class: "groups" }, found.groups.slice(0, MOST_GROUPS).map((group) => groupItem(suite, folder, group, names)))
      : element("p", { class: "calm" }, found.shared ? "They agree on everything that both ran." : "There is nothing that both ran."),
    found.groups.length > MOST_GROUPS ? element("p", { class: "quiet" }, `${figure(found.groups.length - MOST_GROUPS)} more causes: they are in columns.json.`) : null,
  ].filter(Boolean);
}

function groupItem(suite, folder, group, names) {
  const test = (number) => element("li", {}, element("a", { href: testAddress(folder, suite.id(number)) }, suite.id(number)));
  const shown = [...group.tests].sort((a, b) => suite.id(a).length - suite.id(b).length).slice(0, MOST_TESTS);
  return element("li", { class: "card" },
    element("h3", {}, counted(group.count, "execution"), group.same ? element("span", { class: "quiet" }, ", failing on both") : null),
    element("dl", {}, names.map((name, side) => [element("dt", {}, name),
      element("dd", {}, glyph(group.sides[side], VERDICTS[group.sides[side]]), group.sides[side] === PASS ? "passes" : group.causes[side] || VERDICTS[group.sides[side]])])),
    element("details", {}, element("summary", {}, counted(group.tests.length, "test")), element("ul", {}, shown.map(test)),
      group.tests.length > shown.length ? element("p", { class: "quiet" }, `and ${figure(group.tests.length - shown.length)} more`) : null));
}
