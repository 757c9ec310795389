// What every page shows of one test in the same way: what it must do, its source with the failing lines, the command to run it again.
import { copy, element } from "./elements.js";
import { glyph } from "./glyphs.js";

// `found` are pairs of modes and what is expected in them.
export function expectationList(found) {
  return found.map(([modes, text]) => element("dl", { class: "expected" },
    element("dt", {}, "expected", found.length > 1 ? ` in ${modes.join(", ")}` : ""),
    element("dd", {}, element("code", {}, text))));
}

export const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
// A filter is a glob: what would be one of its signs stands in brackets.
const literal = (text) => text.replace(/[[*?]/g, "[$&]");

export const commandOf = (suite, engines, test) =>
  `lockstep run ${quoted(suite)} --engine ${quoted(engines.join(","))} --filter ${quoted(literal(test))} --list`;

export function commandBox(command) {
  const button = element("button", { type: "button", id: "copy", onclick: () => copy(command, button) }, "Copy");
  return element("div", { class: "again", role: "group", "aria-label": "Command that runs it again" }, element("code", { tabindex: 0 }, command), button);
}

export const sourceBox = (...children) =>
  element("div", { class: "source", tabindex: 0, role: "region", "aria-label": "Source" }, ...children);

// The text, numbered; `hits` has the names of engines by the lines that their messages name.
export function fillSource(box, text, firstLine, hits) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  box.replaceChildren(element("pre", {}, lines.map((line, index) => {
    const at = index + firstLine, engines = hits.get(at);
    return element("span", { class: engines ? "line hit" : "line", id: `L${at}` }, element("b", { "aria-hidden": "true" }, String(at)), element("code", {}, line || " "),
      engines ? element("em", {}, glyph(1), ` ${[...engines].join(", ")}`) : null);
  })));
  const first = box.querySelector(".hit");
  if (first && first.offsetTop > box.clientHeight - 60) box.scrollTop = first.offsetTop - box.clientHeight / 2;
}
