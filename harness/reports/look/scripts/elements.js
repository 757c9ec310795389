// Elements, numbers and words: what every other part is written with.

export const byId = (id) => document.getElementById(id);

// A text becomes a text node, never markup: guests wrote many of them.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made[key] = value;
    else if (key === "style") made.style.cssText = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.flat(Infinity));
  return made;
}

const FIGURES = new Intl.NumberFormat("en");
export const figure = (number) => FIGURES.format(number);
export const counted = (number, one, many) => `${figure(number)} ${number === 1 ? one : many || `${one}s`}`;

// Never rounded up to 100.
export function percent(part, whole) {
  if (!whole) return "–";
  return part === whole ? "100 %" : `${Math.min(Math.floor((1000 * part) / whole + 0.5) / 10, 99.9).toFixed(1)} %`;
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});
const dated = (form, text) => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text) : form.format(date);
};
export const day = (text) => dated(DAY, text);
export const moment = (text) => dated(MOMENT, text);

// A name may break after a sign in it, and before a capital.
export function breakable(text) {
  return text.split(/(?<=[/:._-])|(?<=[a-z])(?=[A-Z])/).flatMap((part, number) => (number ? [element("wbr"), part] : [part]));
}

export function say(text) {
  byId("said").textContent = text;
}

export async function copy(text, button) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page from a file may have no clipboard; a selection has.
    const field = element("textarea", { class: "hidden" });
    field.value = text;
    document.body.append(field);
    field.select();
    done = document.execCommand("copy");
    field.remove();
  }
  say(done ? "Copied." : "The browser does not let a page copy here.");
  if (!button) return;
  const before = button.textContent;
  button.textContent = done ? "Copied" : "Not allowed";
  setTimeout(() => { button.textContent = before; }, 1600);
}
