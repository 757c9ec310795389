// Packed data in scripts beside the page: a page from a file may load nothing else.
import { unpackText } from "../../reports/look/scripts/run.js";

export const ROOT = document.body.dataset.root;
const waiting = new Map(), known = new Map();

globalThis.lockstepData = (key, text) => waiting.get(key)?.(text);

// The data of that key, once.
export function load(key) {
  if (!known.has(key)) {
    known.set(key, new Promise((resolve, reject) => {
      waiting.set(key, resolve);
      const script = document.createElement("script");
      script.src = `${ROOT}${key}.js`;
      script.onerror = () => reject(new Error(`${key}.js cannot be loaded`));
      document.head.append(script);
    }).then(unpackText));
  }
  return known.get(key);
}

// The names of a suite's tests, whole: its folders stand once in what is loaded.
export function idsOf(data) {
  const names = data.names ? data.names.split("\n") : [];
  const found = [];
  let at = 0;
  data.folders.forEach((folder, number) => {
    for (let index = 0; index < data.sizes[number]; index++) found.push(folder ? `${folder}/${names[at++]}` : names[at++]);
  });
  return found;
}

export const testAddress = (folder, id) => `${ROOT}${folder}/test.html#${encodeURIComponent(id).replaceAll("%2F", "/")}`;
