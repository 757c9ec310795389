// Runs the parts of a program on Node.js, Deno or Bun, as scripts of one global scope, and says how it ended.
// It is given to the host as a file of its own; `PARTS` is put in front of it: {mode, includes, name, source, path, mark, agents}.
const vm = require("node:vm");
const { Buffer } = require("node:buffer");
const fs = require("node:fs");
const { pathToFileURL } = require("node:url");
const write = (text) => fs.writeSync(1, text);
globalThis.print = (value) => write(`${String(value)}\n`);

let threads;

function realm(global, evaluate) {
  return {
    global,
    createRealm() {
      const context = vm.createContext({});
      const inner = vm.runInContext("globalThis", context);
      inner.print = globalThis.print;
      inner.$262 = realm(inner, (text) => vm.runInContext(text, context, { filename: "evalScript" }));
      return inner.$262;
    },
    evalScript: evaluate,
    detachArrayBuffer: (buffer) => { structuredClone(buffer, { transfer: [buffer] }); },
    gc: () => { if (typeof globalThis.gc === "function") globalThis.gc(); },
    get agent() { return (threads ??= require(PARTS.agents).agents()).agent; },
    get IsHTMLDDA() { throw new Error("this host has no IsHTMLDDA"); },
  };
}
globalThis.$262 = realm(globalThis, (text) => vm.runInThisContext(text, { filename: "evalScript" }));

function described(error) {
  try {
    if (error !== null && (typeof error === "object" || typeof error === "function")) {
      const name = (error.constructor && error.constructor.name) || error.name || "";
      const message = error.message === undefined ? String(error) : error.message;
      return { error: String(name), message: String(message), stack: typeof error.stack === "string" ? error.stack : "" };
    }
    return { error: "", message: String(error), stack: "" };
  } catch {
    return { error: "", message: "an error that cannot be printed", stack: "" };
  }
}

function report(phase, error) {
  const text = JSON.stringify({ phase, ...described(error) });
  fs.writeSync(2, `\n${PARTS.mark}${Buffer.from(text).toString("base64")}\n`);
  process.exit(1);
}

// `import()` in a script is resolved beside the script's real file.
const dynamic = vm.constants ? vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER : undefined;

function compiled(name, source) {
  try {
    return new vm.Script(source, { filename: name, importModuleDynamically: dynamic });
  } catch (error) {
    return report("parse", error);
  }
}

process.on("uncaughtException", (error) => report("eval", error));
process.on("unhandledRejection", () => {});
for (const [name, source] of PARTS.includes) compiled(name, source).runInThisContext();
if (PARTS.mode === "module") {
  let linked = false;
  globalThis[Symbol.for("lockstep.linked")] = () => { linked = true; };
  import(pathToFileURL(PARTS.path).href).catch((error) => {
    // What the host itself refuses (a module that is not there, an attribute) is refused when it links.
    const early = error instanceof SyntaxError || /^ERR_/.test(error && error.code);
    report(early && !linked ? "early" : "eval", error);
  });
} else {
  const strict = PARTS.mode === "strict" ? '"use strict";' : "";
  compiled(PARTS.path, strict + PARTS.source).runInThisContext();
}
