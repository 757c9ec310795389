// Keys, and the help that names them.
import { byId, element } from "../../reports/look/scripts/elements.js";
import { nextTheme } from "../../reports/look/scripts/theme.js";

const KEYS = [
  ["/", "search"], ["j  k", "next, previous link of a list"], ["Enter", "open it"], ["n  p", "next, previous test"],
  ["u", "up: to what this is a part of"], ["c", "copy the command of a test"], ["d", "dark, light, or as the system has it"],
  ["Esc", "leave the search, close this"], ["?", "this help"],
];
const ROWS = ".found a, .tests td:last-child a, .matrix tbody th a, .moves th a, .suites tbody th a, .groups summary, .parity .mark-cell a, .plain-list a";

export function help() {
  const dialog = byId("help");
  if (!dialog.firstChild) {
    dialog.append(element("h2", { id: "help-title" }, "Keys"),
      element("dl", {}, KEYS.map(([keys, meaning]) => [element("dt", {}, keys.split("  ").map((key) => element("kbd", {}, key))), element("dd", {}, meaning)])),
      element("form", { method: "dialog" }, element("button", { autofocus: true }, "Close")));
  }
  dialog.showModal();
}

// The link that j and k move to; the first is the one in sight.
function step(by) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
  if (!rows.length) return false;
  const present = rows.indexOf(document.activeElement);
  const covered = byId("top").getBoundingClientRect().bottom;
  const inSight = Math.max(0, rows.findIndex((row) => row.getBoundingClientRect().top >= covered));
  const row = present < 0 ? rows[inSight] : rows[present + by];
  if (!row) return false;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

const ACTIONS = {
  "/": () => byId("search").focus(),
  "?": help,
  j: () => step(1),
  k: () => step(-1),
  n: () => byId("next")?.click(),
  p: () => byId("prev")?.click(),
  u: () => [...document.querySelectorAll(".crumbs a")].at(-1)?.click(),
  c: () => byId("copy")?.click(),
  d: nextTheme,
};

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    const typing = event.target.matches?.("input, select, textarea");
    if (event.key === "Escape" && typing) {
      if (event.target.id === "search" && event.target.value) {
        event.target.value = "";
        event.target.dispatchEvent(new Event("input", { bubbles: true }));
      } else event.target.blur();
      event.preventDefault();
    } else if (typing && event.key === "ArrowDown" && event.target.id === "search") {
      if (step(1)) event.preventDefault();
    } else if (!typing && ACTIONS[event.key]) {
      event.preventDefault();
      ACTIONS[event.key]();
    }
  });
}
