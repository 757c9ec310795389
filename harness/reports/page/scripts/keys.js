// Keys, and the help that names them.
import { byId, element } from "../../look/scripts/elements.js";
import { SCOPE, go, href, state } from "./address.js";
import { stepRow } from "./list.js";
import { nextTheme } from "../../look/scripts/theme.js";

const KEYS = [
  ["/", "search"], ["j  k", "next, previous row of a list"], ["Enter", "open it"], ["n  p", "next, previous test of the list"],
  ["u", "up: from a test to its list, from a list to the overview"], ["o", "overview"], ["t", "tests that do not pass"], ["c", "copy the command of a test"],
  ["d", "dark, light, or as the system has it"], ["Esc", "leave the search, close this"], ["?", "this help"],
];

export function help() {
  const dialog = byId("help");
  if (!dialog.firstChild) {
    dialog.append(element("h2", { id: "help-title" }, "Keys"),
      element("dl", {}, KEYS.map(([keys, meaning]) => [element("dt", {}, keys.split("  ").map((key) => element("kbd", {}, key))), element("dd", {}, meaning)])),
      element("p", { class: "quiet" }, "Every view has an address of its own: a link to it can be kept or sent with the file, and the browser's back works."),
      element("form", { method: "dialog" }, element("button", { autofocus: true }, "Close")));
  }
  dialog.showModal();
}

const ACTIONS = {
  "/": () => byId("search").focus(),
  "?": help,
  j: () => stepRow(1),
  k: () => stepRow(-1),
  n: () => byId("next")?.click(),
  p: () => byId("prev")?.click(),
  o: () => go(href({})),
  t: () => go(href({ view: "tests" })),
  u: () => up(),
  c: () => byId("copy")?.click(),
  d: nextTheme,
};

function up() {
  const present = state();
  if (present.test) go(href({ test: "", view: "tests" }, SCOPE));
  else go(href({}, ["suite", "folder"]));
}

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
      if (stepRow(1)) event.preventDefault();
    } else if (!typing && ACTIONS[event.key]) {
      event.preventDefault();
      ACTIONS[event.key]();
    }
  });
}
