// Writes the tables of this folder from the Unicode data of the engine that runs it:
//     node generate.mjs NAMES.json FOLDER
// NAMES.json: {"categories": [...], "scripts": [...], "binary": [...]}, the names in syntax/regexp/unicode_names.py.
// The engine must know Unicode 17 (`process.versions.unicode`).
import { readFileSync, writeFileSync } from "node:fs";

const [, , namesFile, folder] = process.argv;
const names = JSON.parse(readFileSync(namesFile, "utf8"));
const version = process.versions.unicode;
const all = [];
for (let code = 0; code <= 0x10ffff; code++) all.push(String.fromCodePoint(code));

function encode(regexp) {
  const runs = [];
  let inside = false;
  let last = 0;
  for (let code = 0; code <= 0x10ffff; code++) {
    if (regexp.test(all[code]) !== inside) {
      inside = !inside;
      runs.push((code - last).toString(36));
      last = code;
    }
  }
  return runs.join(" ");
}

function tables(list, expression) {
  const values = new Map();
  const aliases = new Map();
  const byText = new Map();
  for (const name of [...list].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const text = encode(new RegExp(`^\\p{${expression(name)}}$`, "u"));
    if (byText.has(text)) aliases.set(name, byText.get(text));
    else {
      byText.set(text, name);
      values.set(name, text);
    }
  }
  return { values, aliases };
}

function wrapped(text) {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.length + word.length > 136) {
      lines.push(line);
      line = "";
    }
    line += word + " ";
  }
  lines.push(line.trimEnd());
  return lines;
}

function dictionary(name, type, comment, map, literal) {
  const rows = [...map].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  let out = `${name}: ${type} = {\n`;
  for (const [key, value] of rows) {
    const lines = wrapped(value);
    if (lines.length === 1 && lines[0].length + key.length < 90) out += `    "${key}": "${lines[0]}",\n`;
    else out += `    "${key}": (\n${lines.map((line) => `        "${line}"\n`).join("")}    ),\n`;
  }
  return `${out}}\n"""${comment}"""\n`;
}

function write(file, title, body) {
  const head = `"""${title}, Unicode ${version}; written by generate.mjs."""\n\nfrom __future__ import annotations\n\nfrom typing import Final\n\n`;
  writeFileSync(`${folder}/${file}.py`, head + body);
}

const RUNS = "Lengths in base 36 of the runs of code points that alternately lack and have the property.";
const TYPE = "Final[dict[str, str]]";

const leaves = names.categories.filter((name) => /^[A-Z][a-z]$/.test(name) && name !== "Cn" && name !== "LC");
const categories = tables(leaves, (name) => `gc=${name}`);
write("general_category", "UAX #44 General_Category", dictionary("GENERAL_CATEGORY", TYPE, RUNS, categories.values));

const scripts = tables(names.scripts.filter((name) => name !== "Zzzz" && name !== "Unknown"), (name) => `sc=${name}`);
write(
  "scripts",
  "UAX #24 Script",
  dictionary("SCRIPT", TYPE, RUNS, scripts.values) +
    dictionary("SCRIPT_ALIASES", TYPE, "Long names and their short ones.", scripts.aliases),
);

const extensions = new Map();
for (const name of scripts.values.keys()) {
  const text = encode(new RegExp(`^\\p{scx=${name}}$`, "u"));
  if (text !== scripts.values.get(name)) extensions.set(name, text);
}
write(
  "script_extensions",
  "UAX #24 Script_Extensions, where they differ from Script",
  dictionary("SCRIPT_EXTENSIONS", TYPE, RUNS, extensions),
);

const computed = new Set(["Any", "ASCII", "Assigned"]);
const binary = tables(names.binary.filter((name) => !computed.has(name)), (name) => name);
write(
  "binary_properties",
  "UAX #44 and UTS #51 binary properties",
  dictionary("BINARY", TYPE, RUNS, binary.values) +
    dictionary("BINARY_ALIASES", TYPE, "Long names and their short ones.", binary.aliases),
);

// Case: rows of (first, last, step, distance to the result).
function rows(name, pairs, comment) {
  const found = [];
  for (const [code, result] of pairs) {
    const row = found.at(-1);
    const distance = result - code;
    if (row && row[3] === distance && (row[1] === row[0] ? code - row[1] <= 2 : code - row[1] === row[2])) {
      row[2] = code - row[1];
      row[1] = code;
    } else found.push([code, code, 1, distance]);
  }
  const hex = (number) => "0x" + number.toString(16).toUpperCase();
  const lines = found.map((row) => `    (${hex(row[0])}, ${hex(row[1])}, ${row[2]}, ${row[3]}),\n`).join("");
  return `${name}: Final = (\n${lines})\n"""${comment}"""\n`;
}

const upper = [];
for (let code = 0; code <= 0xffff; code++) {
  const text = all[code].toUpperCase();
  if (text.length !== 1 || text === all[code]) continue;
  const result = text.charCodeAt(0);
  if (code >= 128 && result < 128) continue;
  upper.push([code, result]);
}
const cased = all.filter((text) => /[\p{CWCM}\p{CWCF}]/u.test(text));
const joined = cased.join("");
const folding = [];
for (const text of cased) {
  const first = joined.match(new RegExp(text, "iu"))[0].codePointAt(0);
  if (first !== text.codePointAt(0)) folding.push([text.codePointAt(0), first]);
}
const ROW = "Rows of (first, last, step, distance): each code unit or point that changes, and how far.";
write("to_uppercase", "22.2.2.7.3 Canonicalize without the flags u and v", rows("TO_UPPERCASE", upper, ROW));
write(
  "case_folding",
  "Classes of simple case folding, each mapped to its first member",
  rows("CASE_FOLDING", folding, ROW),
);

// Properties of strings. Candidates are built the way UTS #51 ED-16 builds sequences, and the engine says which are RGI.
const modifiers = [0x1f3fb, 0x1f3fc, 0x1f3fd, 0x1f3fe, 0x1f3ff];
const emoji = all.map((text, code) => code).filter((code) => /^\p{Emoji}$/u.test(all[code]) && code > 0xff);
const variants = (code) => {
  const found = [[code]];
  if (!/^\p{Emoji_Presentation}$/u.test(all[code])) found.push([code, 0xfe0f]);
  if (/^\p{Emoji_Modifier_Base}$/u.test(all[code])) for (const modifier of modifiers) found.push([code, modifier]);
  return found;
};
const elements = emoji.flatMap(variants);
const modifiedElements = elements.filter((element) => modifiers.includes(element[1]));
const plainElements = elements.filter((element) => !modifiers.includes(element[1]));
const text = (parts) => parts.map((part) => String.fromCodePoint(...part)).join("\u200d");
const zwj = /^\p{RGI_Emoji_ZWJ_Sequence}$/v;
const sequences = new Map();
const consider = (...parts) => {
  const candidate = text(parts);
  if (zwj.test(candidate)) sequences.set(candidate, parts);
};
for (const first of elements) for (const second of plainElements) consider(first, second);
for (const first of modifiedElements) for (const second of modifiedElements) consider(first, second);
for (const [first, second] of [...sequences.values()]) consider(first, second, [0x27a1, 0xfe0f]);
const people = [0x1f466, 0x1f467, 0x1f468, 0x1f469, 0x1f9d1, 0x1f9d2].flatMap(variants);
for (const first of people)
  for (const last of people) {
    for (const middle of plainElements) consider(first, middle, last);
    consider(first, [0x2764, 0xfe0f], [0x1f48b], last);
  }
for (const a of people) for (const b of people) for (const c of people) if (a.length + b.length + c.length === 3) {
  consider(a, b, c);
  for (const d of people) if (d.length === 1) consider(a, b, c, d);
}
// One row for all sequences that differ in their modifiers only.
const templates = new Map();
for (const parts of sequences.values()) {
  const used = [];
  const shape = parts
    .map((part) =>
      part.map((code) => (modifiers.includes(code) ? (used.push(code), "M") : code.toString(16).toUpperCase())).join("+"),
    )
    .join(" ");
  if (!templates.has(shape)) templates.set(shape, []);
  templates.get(shape).push(used.join());
}
const lines = [];
for (const [shape, used] of templates) {
  const slots = shape.split("M").length - 1;
  if (slots === 0) lines.push(shape);
  else if (slots === 1 && used.length === 5) lines.push(shape);
  else if (slots === 2 && used.length === 25) lines.push(shape);
  else if (slots === 2 && used.length === 20) lines.push(shape.replaceAll("M", "N"));
  else throw new Error(`${shape}: ${used.length}`);
}
const regional = all.slice(0x1f1e6, 0x1f200);
const flags = [];
for (const a of regional) {
  let row = "";
  for (const b of regional) if (/^\p{RGI_Emoji_Flag_Sequence}$/v.test(a + b)) row += String.fromCharCode(b.codePointAt(0) - 0x1f1e6 + 65);
  if (row) flags.push([String.fromCharCode(a.codePointAt(0) - 0x1f1e6 + 65), row]);
}
const basic = emoji.concat([0x23, 0x2a, 0xa9, 0xae]).sort((a, b) => a - b);
const plain = basic.filter((code) => /^\p{Basic_Emoji}$/v.test(all[code]));
const variation = basic.filter((code) => /^\p{Basic_Emoji}$/v.test(all[code] + "\ufe0f"));
const bases = emoji.filter((code) => /^\p{RGI_Emoji_Modifier_Sequence}$/v.test(all[code] + all[0x1f3fb]));
const runs = (codes) => {
  const set = new Set(codes.map((code) => all[code]));
  return encode({ test: (candidate) => set.has(candidate) });
};
const string = (name, value, comment) =>
  `${name}: Final = (\n${wrapped(value).map((line) => `    "${line}"\n`).join("")})\n"""${comment}"""\n`;
write(
  "emoji_sequences",
  "UTS #51 emoji sequences",
  string("BASIC_EMOJI", runs(plain), RUNS) +
    string("BASIC_EMOJI_WITH_VARIATION_SELECTOR", runs(variation), "Likewise, those that U+FE0F follows.") +
    string("MODIFIER_BASES", runs(bases), "Likewise, those that any modifier follows.") +
    dictionary("FLAGS", TYPE, "The second letters of region codes by their first.", new Map(flags)) +
    `ZWJ_SEQUENCES: Final = (\n${lines.map((line) => `    "${line}",\n`).join("")})\n` +
    `"""Code points with U+200D at each blank. M stands for any modifier, N and N for two that differ."""\n`,
);
