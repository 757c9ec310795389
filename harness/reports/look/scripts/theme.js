// Dark, light, or as the system has it; the choice is kept.
import { byId, element } from "./elements.js";

const THEMES = ["", "light", "dark"];

export function nextTheme() {
  const root = document.documentElement;
  const next = THEMES[(THEMES.indexOf(root.dataset.theme || "") + 1) % THEMES.length];
  setTheme(next);
  try {
    localStorage.setItem("lockstep-theme", next);
  } catch {
    // A page from a file may have no storage: the choice holds as long as the page.
  }
}

export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  const button = byId("theme");
  if (button) {
    button.replaceChildren(element("span", { class: "hidden" }, "Theme: "), theme ? theme[0].toUpperCase() + theme.slice(1) : "Auto");
  }
}

export function keptTheme() {
  try {
    return localStorage.getItem("lockstep-theme") || "";
  } catch {
    return "";
  }
}
