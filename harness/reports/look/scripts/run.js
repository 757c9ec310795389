// The run: unpacked columns, with what every view asks of them.
import { byId } from "./elements.js";

export const PASS = 0;
export const NOT_RUN = 7;
export const VERDICTS = ["pass", "fail", "error", "timeout", "crash", "unsupported", "skipped", "not run"];
// From good to bad: of a test's modes the worst is shown.
const BADNESS = [0, 4, 5, 6, 7, 2, 1, -1];
// Stands in a reason for the test's own name.
export const OWN_NAME = "\ue000";
const PLACE = / at (\S+?):(\d+)/g;

export const unpack = (id) => unpackText(byId(id).textContent);

export async function unpackText(text) {
  const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text)
    : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// The lines that a reason names, of the files that fit.
export const linesIn = (reason, fits) => [...reason.matchAll(PLACE)].filter(([, file]) => fits(file)).map(([, , line]) => Number(line));

export class SuiteRun {
  constructor(data, engines) {
    this.data = data;
    this.name = data.name;
    this.engines = data.engines.map((name) => ({ name, ...engines.find((one) => one.name === name) }));
    this.names = data.names ? data.names.split("\n") : [];
    this.size = this.names.length;
    this.folderOf = new Int32Array(this.size);
    this.start = new Int32Array(this.size + 1);
    let at = 0;
    data.sizes.forEach((size, folder) => { this.folderOf.fill(folder, at, at + size); at += size; });
    for (let test = 0; test < this.size; test++) {
      this.start[test + 1] = this.start[test] + data.modes[data.case_modes[test]].length;
    }
    this.executions = this.start[this.size];
    this.cells = data.cells.map((text) => verdicts(text));
    this.why = data.cells.map((_, engine) => this.reasonsOf(engine));
    this.idle = Uint8Array.from(data.idle, Number);
    this.steps = data.cells.map(() => new Int8Array(this.executions));
    this.before = new Map();
    this.moves = (data.moves || []).filter(([, , run]) => run === null || run === data.this_run);
    for (const [row, engine, , before, after] of this.moves) {
      this.before.set(row * this.engines.length + engine, before);
      this.steps[engine][row] = after === PASS ? 1 : before === PASS ? -1 : 0;
    }
    this.root = tree(data);
    this.places = new Map();
    this.counted = new Map();
  }

  reasonsOf(engine) {
    const found = new Int32Array(this.executions).fill(-1);
    const cells = this.cells[engine];
    let next = 0;
    for (let row = 0; row < cells.length; row++) {
      if (cells[row] !== PASS && cells[row] !== NOT_RUN) found[row] = this.data.why[engine][next++];
    }
    return found;
  }

  id(test) {
    const folder = this.data.folders[this.folderOf[test]];
    return folder ? `${folder}/${this.names[test]}` : this.names[test];
  }

  // What a filter of the command line knows it by: a point of a case by its case.
  caseOf(test) {
    return this.data.points?.[test] || this.id(test);
  }

  find(id) {
    if (!this.places.size) for (let test = 0; test < this.size; test++) this.places.set(this.id(test), test);
    return this.places.get(id);
  }

  modes(test) {
    return this.data.modes[this.data.case_modes[test]];
  }

  reason(test, engine, row) {
    const number = this.why[engine][row];
    return number < 0 ? "" : this.data.reasons[number].replaceAll(OWN_NAME, this.id(test));
  }

  // The lines of the test's own file that a reason names.
  linesOf(test, engine, row) {
    const number = this.why[engine][row];
    if (number < 0) return [];
    const name = this.caseOf(test).split("/").pop().split("@")[0];
    return linesIn(this.data.reasons[number], (file) => file === OWN_NAME || file.split("/").pop() === name);
  }

  cause(engine, row) {
    const number = this.why[engine][row];
    return number < 0 ? "" : this.data.causes[this.data.reason_causes[number]];
  }

  // The worst verdict of a test on an engine, and whether its modes differ.
  worst(test, engine) {
    const cells = this.cells[engine];
    let worst = NOT_RUN, mixed = false;
    for (let row = this.start[test]; row < this.start[test + 1]; row++) {
      if (row > this.start[test] && cells[row] !== cells[row - 1]) mixed = true;
      if (BADNESS[cells[row]] > BADNESS[worst]) worst = cells[row];
    }
    return { verdict: worst, mixed };
  }

  // What an engine does in the tests of a range: counts by verdict, gained, lost.
  count(engine, from, to) {
    const key = `${engine} ${from} ${to}`;
    const known = this.counted.get(key);
    if (known) return known;
    const counts = new Int32Array(8), cells = this.cells[engine], steps = this.steps[engine];
    let gained = 0, lost = 0;
    for (let row = this.start[from]; row < this.start[to]; row++) {
      counts[cells[row]]++;
      if (steps[row] > 0) gained++;
      else if (steps[row] < 0) lost++;
    }
    const found = tally(counts, gained, lost);
    this.counted.set(key, found);
    return found;
  }

  // The same over a list of tests.
  countOf(engine, tests) {
    const counts = new Int32Array(8), cells = this.cells[engine], steps = this.steps[engine];
    let gained = 0, lost = 0;
    for (const test of tests) {
      for (let row = this.start[test]; row < this.start[test + 1]; row++) {
        counts[cells[row]]++;
        if (steps[row] > 0) gained++;
        else if (steps[row] < 0) lost++;
      }
    }
    return tally(counts, gained, lost);
  }

  idleIn(from, to) {
    let passes = 0;
    for (let row = this.start[from]; row < this.start[to]; row++) passes += this.idle[row];
    return { passes, total: this.start[to] - this.start[from] };
  }

  idleOver(tests) {
    let passes = 0, total = 0;
    for (const test of tests) {
      const found = this.idleIn(test, test + 1);
      passes += found.passes;
      total += found.total;
    }
    return { passes, total };
  }

  folder(path) {
    let node = this.root;
    for (const part of path ? path.split("/") : []) {
      node = node && node.children.get(part);
    }
    return node;
  }

  get features() {
    if (!this.byFeature) {
      this.byFeature = (this.data.features || []).map((name) => ({ name, tests: [] }));
      const sets = this.data.feature_sets || [];
      (this.data.case_features || []).forEach((set, test) => {
        for (const feature of sets[set]) this.byFeature[feature].tests.push(test);
      });
      this.byFeature = this.byFeature.filter((one) => one.tests.length).sort((a, b) => (a.name < b.name ? -1 : 1));
    }
    return this.byFeature;
  }

  featuresOf(test) {
    if (!this.data.case_features) return [];
    return this.data.feature_sets[this.data.case_features[test]].map((number) => this.data.features[number]);
  }
}

function verdicts(text) {
  const found = new Uint8Array(text.length);
  for (let row = 0; row < text.length; row++) {
    const code = text.charCodeAt(row) - 48;
    found[row] = code < 0 ? NOT_RUN : code;
  }
  return found;
}

function tally(counts, gained, lost) {
  let total = 0;
  for (let verdict = 0; verdict < NOT_RUN; verdict++) total += counts[verdict];
  return { counts, total, passes: counts[PASS], gained, lost };
}

// Folders as a tree; the tests of a folder and of all below it stand together.
function tree(data) {
  const root = { path: "", name: "", children: new Map(), from: 0, to: data.sizes.reduce((sum, size) => sum + size, 0), own: 0 };
  let at = 0;
  data.folders.forEach((path, number) => {
    let node = root;
    for (const part of path ? path.split("/") : []) {
      if (!node.children.has(part)) {
        const inside = node.path ? `${node.path}/${part}` : part;
        node.children.set(part, { path: inside, name: part, children: new Map(), from: at, to: at, own: 0 });
      }
      node = node.children.get(part);
      node.to = at + data.sizes[number];
    }
    node.own = data.sizes[number];
    at += data.sizes[number];
  });
  return root;
}
