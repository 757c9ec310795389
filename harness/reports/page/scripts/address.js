// The address names the state: every view is a link, and back works.

const NAMES = ["suite", "view", "test", "folder", "feature", "by", "engine", "show", "cause", "q", "sort", "open"];
const scrolled = new Map();
let followed = false;
let draw = () => {};

export function state() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(NAMES.map((name) => [name, given.get(name) || ""]));
}

// The address of another state: what is said, and of the present one what `kept` names.
export function href(changes, kept = ["suite"]) {
  const present = state(), given = new URLSearchParams();
  for (const name of NAMES) {
    const value = name in changes ? changes[name] : kept.includes(name) ? present[name] : "";
    if (value) given.set(name, value);
  }
  return `#${given.toString().replace(/%2F/g, "/").replace(/%3A/g, ":").replace(/%2C/g, ",")}`;
}

export const SCOPE = ["suite", "folder", "feature", "engine", "show", "cause", "q"];

export function go(address) {
  followed = true;
  remember();
  if (address === location.hash || (address === "#" && !location.hash)) draw(true);
  else location.hash = address;
}

// A change that is no step of its own: a letter in the search, a folder opened.
export function amend(address) {
  history.replaceState(null, "", address);
  draw(false);
}

function remember() {
  scrolled.set(shown, window.scrollY);
}
let shown = "";

export function watch(drawing) {
  draw = drawing;
  history.scrollRestoration = "manual";
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.classList.contains("skip")) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });
  window.addEventListener("scroll", () => { if (shown === location.hash) remember(); }, { passive: true });
  window.addEventListener("popstate", () => {
    const fresh = followed;
    followed = false;
    shown = location.hash;
    drawing(true);
    window.scrollTo(0, fresh ? 0 : scrolled.get(shown) || 0);
  });
  shown = location.hash;
  drawing(false);
}
