// The list of tests: only the rows in sight are in the document, whatever its length.
import { element, figure, say } from "../../look/scripts/elements.js";
import { NOT_RUN, PASS, VERDICTS } from "../../look/scripts/run.js";
import { SCOPE, href } from "./address.js";
import { glyph } from "../../look/scripts/glyphs.js";

const AHEAD = 8;

// A table of tests; `most` cuts it, without it the list is virtual.
export function testList(suite, tests, view, most = 0) {
  if (!tests.length) return element("p", { class: "empty" }, "No test fits.");
  const rows = most ? Math.min(most, tests.length) : tests.length;
  const several = suite.engines.length > 1;
  const list = element("div", { class: `list${several ? "" : " single"}`, role: "table", "aria-label": "Tests", "aria-rowcount": rows + 1, style: `--marks:${suite.engines.length};--names:${Math.min(118, 12 + 6.6 * Math.max(...suite.engines.map((engine) => engine.name.length)))}px` });
  list.append(element("div", { class: "list-head", role: "row", "aria-rowindex": 1 },
    suite.engines.map((engine) => element("span", { role: "columnheader", class: "up-name" }, element("span", {}, engine.name))),
    element("span", { role: "columnheader", class: "what" }, "test and what it did")));
  const body = element("div", { class: "list-body", role: "rowgroup" });
  list.append(body);
  const made = (number) => testRow(suite, tests[number], number, view);
  if (most) body.append(...Array.from({ length: rows }, (_, number) => made(number)));
  else virtual(body, rows, made);
  return list;
}

function virtual(body, rows, made) {
  let first = -1, last = -1;
  const paint = (force) => {
    if (!body.isConnected) return;
    const height = parseFloat(getComputedStyle(body).getPropertyValue("--row")) || 36;
    body.style.height = `${rows * height}px`;
    const above = -body.getBoundingClientRect().top;
    const from = Math.max(0, Math.floor(above / height) - AHEAD);
    const to = Math.min(rows, Math.ceil((above + window.innerHeight) / height) + AHEAD);
    if (!force && from === first && to === last) return;
    const focused = body.contains(document.activeElement) ? document.activeElement.closest("[data-row]")?.dataset.row : null;
    [first, last] = [from, to];
    body.replaceChildren(...Array.from({ length: Math.max(0, to - from) }, (_, index) => {
      const row = made(from + index);
      row.style.transform = `translateY(${(from + index) * height}px)`;
      return row;
    }));
    if (focused) body.querySelector(`[data-row="${focused}"] a.name`)?.focus({ preventScroll: true });
  };
  body.classList.add("virtual");
  body.paint = paint;
  paintLists.add(body);
  requestAnimationFrame(() => paint(true));
}

const paintLists = new Set();

export function watchLists() {
  const paintAll = (force) => {
    for (const body of paintLists) {
      if (body.isConnected) body.paint(force);
      else paintLists.delete(body);
    }
  };
  window.addEventListener("scroll", () => paintAll(false), { passive: true });
  window.addEventListener("resize", () => paintAll(true));
}

export const paintNow = () => { for (const body of paintLists) if (body.isConnected) body.paint(true); };

function testRow(suite, test, number, view) {
  const folder = suite.data.folders[suite.folderOf[test]];
  const told = firstFailure(suite, test, view.engine);
  return element("div", { class: "row", role: "row", "aria-rowindex": number + 2, "data-row": number, "data-test": suite.id(test) },
    suite.engines.map((engine, column) => {
      const { verdict, mixed } = suite.worst(test, column);
      const label = `${engine.name}: ${VERDICTS[verdict]}${mixed ? ", its modes differ" : ""}`;
      return element("span", { role: "cell", class: `mark${mixed ? " mixed" : ""}${step(suite, test, column)}`, title: label }, glyph(verdict, label));
    }),
    element("span", { role: "cell", class: "what" },
      element("a", { class: "name", href: href({ test: suite.id(test) }, SCOPE) }, folder ? element("span", { class: "folder" }, `${folder}/`) : null, element("span", {}, suite.names[test])),
      element("span", { class: "told" }, told)));
}

function step(suite, test, engine) {
  for (let row = suite.start[test]; row < suite.start[test + 1]; row++) {
    if (suite.steps[engine][row]) return suite.steps[engine][row] > 0 ? " gained" : " lost";
  }
  return "";
}

function firstFailure(suite, test, engineName) {
  for (let engine = 0; engine < suite.engines.length; engine++) {
    if (engineName && suite.engines[engine].name !== engineName) continue;
    for (let row = suite.start[test]; row < suite.start[test + 1]; row++) {
      if (suite.cells[engine][row] === PASS || suite.cells[engine][row] === NOT_RUN) continue;
      const reason = suite.reason(test, engine, row) || VERDICTS[suite.cells[engine][row]];
      return suite.engines.length > 1 ? `${suite.engines[engine].name}: ${reason}` : reason;
    }
  }
  return "";
}

// The row that j and k move to.
export function stepRow(by) {
  const rows = [...document.querySelectorAll(".row[data-row]")];
  if (!rows.length) return false;
  const present = document.activeElement.closest?.("[data-row]");
  const covered = document.querySelector(".list-head").getBoundingClientRect().bottom;
  const top = rows.find((row) => row.getBoundingClientRect().top >= covered - 1) || rows[0];
  const wanted = present ? Number(present.dataset.row) + by : Number(top.dataset.row);
  const row = rows.find((one) => Number(one.dataset.row) === wanted);
  if (!row) return false;
  row.querySelector("a.name").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

export function sayFound(count, all) {
  say(`${figure(count)} of ${figure(all)} tests`);
}

