// Verdicts: a shape, a colour and a word, so that none of them stands alone.
import { drawn, element, figure, percent } from "./elements.js";
import { NOT_RUN, PASS, VERDICTS } from "./run.js";

export function glyph(verdict, title) {
  const name = verdict === NOT_RUN ? "none" : VERDICTS[verdict];
  const use = drawn("use", { href: `#g-${name}` });
  const attributes = { class: `g v-${name}`, width: 16, height: 16 };
  if (title) return drawn("svg", { ...attributes, role: "img", "aria-label": title }, drawn("title", {}, title), use);
  return drawn("svg", { ...attributes, "aria-hidden": "true" }, use);
}

export const worded = (verdict) => element("span", { class: `word v-${VERDICTS[verdict].replace(" ", "-")}` }, glyph(verdict), VERDICTS[verdict]);

const ORDER = [0, 1, 2, 3, 4, 5, 6];

export function inWords(found) {
  return ORDER.filter((verdict) => found.counts[verdict])
    .map((verdict) => `${figure(found.counts[verdict])} ${VERDICTS[verdict]}`).join(", ");
}

// A bar of all verdicts; `idle` is the share that an engine that does nothing would pass.
export function bar(found, idle, slim = false) {
  const parts = ORDER.filter((verdict) => found.counts[verdict]).map((verdict) =>
    element("i", { class: `b-${VERDICTS[verdict]}`, style: `flex:${found.counts[verdict]} 0 ${verdict === PASS ? 0 : "2px"}` }));
  const floor = idle > 0 ? element("span", { class: "floor", style: `left:${(100 * idle).toFixed(2)}%` }) : null;
  return element("span", { class: slim ? "bar slim" : "bar", role: "img", "aria-label": inWords(found) || "nothing ran" },
    element("span", { class: "fill" }, parts), floor);
}

export function moved(found) {
  const parts = [];
  if (found.gained) parts.push(element("span", { class: "up" }, `▲${figure(found.gained)}`, element("span", { class: "hidden" }, " gained")));
  if (found.lost) parts.push(element("span", { class: "down" }, `▼${figure(found.lost)}`, element("span", { class: "hidden" }, " lost")));
  return parts.length ? element("span", { class: "moved" }, parts.flatMap((part, number) => (number ? [" ", part] : [part]))) : null;
}

export function legend(shares, idle) {
  const seen = ORDER.filter((verdict) => shares.some((found) => found.counts[verdict]));
  return element("p", { class: "legend" },
    seen.map((verdict) => element("span", {}, element("b", { class: `b-${VERDICTS[verdict]}` }), glyph(verdict), VERDICTS[verdict])),
    idle.passes ? element("span", {}, element("b", { class: "floor-key" }), `idle: an engine that does nothing would pass ${percent(idle.passes, idle.total)}`) : null);
}
