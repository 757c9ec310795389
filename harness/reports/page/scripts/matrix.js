// One matrix: folders or features against engines, with bars and what changed.
import { breakable, element, figure, percent } from "../../look/scripts/elements.js";
import { amend, href } from "./address.js";
import { bar, inWords, moved } from "../../look/scripts/glyphs.js";

const MOST_ROWS = 400;
// Folders are opened up to so many rows, where there is room beside their names.
const [ROWS_AT_FIRST, ROOMY] = [14, 700];
// In the address: none is open.
const NONE = "-";

export function matrix(suite, view) {
  const byFeature = view.by === "feature" && suite.features.length > 0;
  const node = suite.folder(view.folder) || suite.root;
  const columns = suite.engines.map((_, engine) => engine).filter((engine) => suite.count(engine, node.from, node.to).total);
  const rows = byFeature ? featureRows(suite, node, view) : folderRows(suite, node, view);
  sortRows(rows, suite, view);
  const idle = suite.idleIn(0, suite.size).passes > 0;
  return element("section", { "aria-labelledby": "matrix-title" },
    element("div", { class: "head" },
      element("h2", { id: "matrix-title" }, byFeature ? "Features" : crumbs(suite, node, view)),
      suite.features.length > 1 ? element("div", { class: "switch", role: "group", "aria-label": "Rows" },
        choice("folders", !byFeature, href({ by: "", folder: view.folder })),
        choice("features", byFeature, href({ by: "feature", folder: view.folder }))) : null),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Matrix, scrolls sideways" },
      element("table", { class: "matrix", style: `--columns:${columns.length}` },
        element("thead", {}, element("tr", {},
          element("th", { scope: "col" }, byFeature ? "feature" : "folder"),
          element("th", { scope: "col", class: "wide-only" }, "executions"),
          idle ? element("th", { scope: "col", title: "what an engine that does nothing would pass" }, "idle") : null,
          columns.map((engine) => header(suite.engines[engine].name, view)))),
        element("tbody", {}, rows.slice(0, MOST_ROWS).map((row) => body(suite, row, columns, idle, view))))),
    rows.length > MOST_ROWS ? element("p", { class: "quiet" }, `${figure(rows.length - MOST_ROWS)} more rows: choose a folder above.`) : null);
}

const choice = (text, chosen, address) => element("a", { href: address, "aria-current": chosen ? "true" : null }, text);

function crumbs(suite, node, view) {
  if (!node.path) return "Folders";
  const parts = node.path.split("/");
  return [element("a", { href: href({ by: view.by }) }, suite.name),
    parts.map((part, depth) => [" / ", depth === parts.length - 1 ? part
      : element("a", { href: href({ folder: parts.slice(0, depth + 1).join("/"), by: view.by }) }, part)])];
}

function header(name, view) {
  const sorted = view.sort === name;
  return element("th", { scope: "col", class: "engine", "aria-sort": sorted ? "ascending" : "none" },
    element("button", { type: "button", class: "sort", title: sorted ? "by name" : "most that does not pass first",
      onclick: () => amend(href({ sort: sorted ? "" : name }, ["suite", "folder", "by", "open"])) }, breakable(name), sorted ? " ▴" : ""));
}

function folderRows(suite, node, view) {
  const open = view.open ? new Set(view.open.split(",")) : openAtFirst(node);
  const rows = [];
  const add = (parent, depth) => {
    for (const first of sortedChildren(parent, suite, view)) {
      // A folder with one folder in it and nothing else is one row with it.
      let child = first, name = first.name;
      while (child.children.size === 1 && !child.own) {
        [child] = child.children.values();
        name += `/${child.name}`;
      }
      const opened = open.has(child.path);
      rows.push({ name, node: child, depth, opened, openable: child.children.size > 0, open,
        address: { folder: child.path }, of: (engine) => suite.count(engine, child.from, child.to), idle: () => suite.idleIn(child.from, child.to) });
      if (opened) add(child, depth + 1);
    }
  };
  add(node, 0);
  if (node.own) {
    const [from, to] = [node.from, node.from + node.own];
    rows.push({ name: node.children.size ? "tests directly in it" : "its tests", depth: 0, address: { folder: node.path, view: "tests", show: "all" },
      of: (engine) => suite.count(engine, from, to), idle: () => suite.idleIn(from, to), direct: node });
  }
  return rows;
}

// With few rows, the folders that are small enough stand open.
function openAtFirst(node) {
  const open = new Set();
  if (window.innerWidth < ROOMY) return open;
  let room = ROWS_AT_FIRST - node.children.size;
  for (const first of [...node.children.values()].sort((a, b) => a.children.size - b.children.size)) {
    let child = first;
    while (child.children.size === 1 && !child.own) [child] = child.children.values();
    if (!child.children.size || child.children.size > room) continue;
    room -= child.children.size;
    open.add(child.path);
  }
  return open;
}

function sortedChildren(node, suite, view) {
  const children = [...node.children.values()];
  const engine = suite.engines.findIndex((one) => one.name === view.sort);
  if (engine < 0) return children;
  return children.map((child) => [missing(suite.count(engine, child.from, child.to)), child])
    .sort((a, b) => b[0] - a[0]).map(([, child]) => child);
}

const missing = (found) => found.total - found.passes;

function featureRows(suite, node, view) {
  return suite.features.map((feature) => {
    const tests = node.path ? feature.tests.filter((test) => test >= node.from && test < node.to) : feature.tests;
    return { name: feature.name, depth: 0, address: { feature: feature.name, folder: view.folder, view: "tests", show: "all" },
      tests, of: (engine) => suite.countOf(engine, tests), idle: () => suite.idleOver(tests) };
  }).filter((row) => row.tests.length);
}

function sortRows(rows, suite, view) {
  if (view.by !== "feature" || !view.sort) return;
  const engine = suite.engines.findIndex((one) => one.name === view.sort);
  if (engine < 0) return;
  const worth = new Map(rows.map((row) => [row, missing(row.of(engine))]));
  rows.sort((a, b) => worth.get(b) - worth.get(a));
}

function body(suite, row, columns, idle, view) {
  const found = columns.map((engine) => row.of(engine));
  const total = Math.max(0, ...found.map((one) => one.total));
  const floor = row.idle();
  return element("tr", {},
    element("th", { scope: "row" }, element("span", { class: "label", style: `--depth:${row.depth}` }, view.by === "feature" ? null : opener(row, view),
      element("a", { href: href(row.address) }, breakable(row.name)))),
    element("td", { class: "wide-only" }, figure(total)),
    idle ? element("td", { class: "quiet" }, floor && floor.passes ? percent(floor.passes, floor.total) : "–") : null,
    columns.map((engine, column) => cell(suite, row, engine, found[column], floor)));
}

function opener(row, view) {
  if (!row.openable) return element("span", { class: "tree" });
  const open = new Set(row.open);
  open.delete(NONE);
  if (row.opened) open.delete(row.node.path); else open.add(row.node.path);
  return element("button", { type: "button", class: "tree", "aria-expanded": String(row.opened), "aria-label": `${row.opened ? "Close" : "Open"} ${row.node.path}`,
    "data-keep": `open ${row.node.path}`,
    onclick: () => amend(href({ open: [...open].join(",") || NONE }, ["suite", "folder", "by", "sort"])) }, row.opened ? "▾" : "▸");
}

function cell(suite, row, engine, found, floor) {
  if (!found.total) return element("td", { class: "quiet" }, "–");
  const name = suite.engines[engine].name;
  const show = found.passes === found.total ? "all" : "failing";
  const address = href({ ...row.address, engine: name, view: "tests", show });
  return element("td", {}, moved(found), " ",
    element("a", { class: "number", href: address, title: `${name}: ${inWords(found)}`,
      "aria-label": `${percent(found.passes, found.total)} of ${row.name} on ${name}` }, percent(found.passes, found.total)),
    bar(found, floor ? floor.passes / floor.total : 0, true));
}
