// Begins: theme, keys, and what the view of this page needs.
import { byId, element } from "../../reports/look/scripts/elements.js";
import { keptTheme, nextTheme, setTheme } from "../../reports/look/scripts/theme.js";
import { watchComparison } from "./comparison.js";
import { help, watchKeys } from "./keys.js";
import { ROOT } from "./loading.js";
import { searchView } from "./search.js";
import { watchTest } from "./test.js";

const LOOK_AGAIN = 3000;
const VIEWS = { search: searchView, test: watchTest, diff: watchComparison };

// A server tells when its store has a newer run.
function watchStamp(stamp) {
  setInterval(async () => {
    const answer = await fetch(`${ROOT}stamp`).catch(() => null);
    if (answer?.ok && await answer.text() !== stamp) location.reload();
  }, LOOK_AGAIN);
}

async function begin() {
  byId("theme").hidden = byId("keys").hidden = false;
  byId("theme").onclick = nextTheme;
  byId("keys").onclick = help;
  // The address of some pages names what they show: going past the head must not change it.
  document.querySelector(".skip").onclick = (event) => { event.preventDefault(); byId("main").focus(); byId("main").scrollIntoView(); };
  setTheme(keptTheme());
  watchKeys();
  if (document.documentElement.dataset.stamp) watchStamp(document.documentElement.dataset.stamp);
  await VIEWS[document.body.dataset.view]?.();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}

begin().catch((error) => {
  (byId("content") || byId("main")).append(element("p", { class: "note" }, `The data of this page cannot be read: ${error.message}`));
  throw error;
});
