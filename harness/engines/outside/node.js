// Node.js as an outside engine: speaks the worker protocol, runs each program in a fresh context.
"use strict";

const childProcess = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const vm = require("node:vm");
const { agents } = require("../../languages/preludes/agents.js");

const VERSION = 1;

// What the host contract of Test262 asks for, in a fresh context; `write` takes printed lines, `threads` and `timers` are the program's.
function createRealm(write, threads, timers) {
  const context = vm.createContext({});
  const global = vm.runInContext("globalThis", context);
  const print = (...values) => write(values.map(String).join(" "));
  const define = (name, value) =>
    Object.defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true });
  define("print", print);
  define("console", { log: print, info: print, warn: print, error: print });
  define("setTimeout", (callback, delay) => { timers.push(setTimeout(() => callback(), delay)); });
  define("$262", {
    global,
    createRealm: () => createRealm(write, threads, timers).$262,
    evalScript: (source) => vm.runInContext(source, context, { filename: "evalScript" }),
    detachArrayBuffer: (buffer) => { structuredClone(buffer, { transfer: [buffer] }); },
    gc: () => globalThis.gc && globalThis.gc(),
    agent: threads.agent,
    get IsHTMLDDA() { throw new Error("IsHTMLDDA is not supported"); },
  });
  return { context, global, $262: global.$262 };
}

function place(error, name) {
  const stack = error !== null && typeof error === "object" && typeof error.stack === "string" ? error.stack : "";
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = new RegExp(`${escaped}:(\\d+)(?::(\\d+))?`).exec(stack);
  return found ? { file: name, line: Number(found[1]), column: Number(found[2] || 0) } : undefined;
}

function describe(error) {
  try {
    if (error !== null && (typeof error === "object" || typeof error === "function")) {
      const constructor = error.constructor;
      const name = (constructor && constructor.name) || error.name || "";
      return { error: String(name), message: String(error.message === undefined ? error : error.message) };
    }
    return { error: "", message: String(error) };
  } catch {
    return { error: "", message: "an error that cannot be printed" };
  }
}

function threw(phase, error, name) {
  if (error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
    return { completion: "timeout", message: "time limit reached", reason: "time" };
  }
  return { completion: "threw", phase, ...describe(error), location: place(error, name) };
}

function runScript(source, name, realm, timeout) {
  let script;
  try {
    script = new vm.Script(source, { filename: name, importModuleDynamically: importer(realm, new Map()) });
  } catch (error) {
    return threw("parse", error, name);
  }
  try {
    script.runInContext(realm.context, timeout === undefined ? {} : { timeout });
  } catch (error) {
    return threw("eval", error, name);
  }
  return undefined;
}

function load(file, realm, modules) {
  let module = modules.get(file);
  if (module === undefined) {
    const source = fs.readFileSync(file, "utf8");
    module = file.endsWith(".json")
      ? new vm.SyntheticModule(["default"], function () { this.setExport("default", JSON.parse(source)); },
        { context: realm.context })
      : new vm.SourceTextModule(source, {
        context: realm.context, identifier: file, importModuleDynamically: importer(realm, modules),
      });
    modules.set(file, module);
  }
  return module;
}

function importer(realm, modules) {
  return async (specifier, referrer) => {
    const base = referrer.identifier || referrer.filename || realm.path || ".";
    const module = load(path.resolve(path.dirname(base), specifier), realm, modules);
    await link(module, realm, modules);
    await module.evaluate();
    return module;
  };
}

async function link(module, realm, modules) {
  if (module.status === "unlinked") {
    await module.link((specifier, from) => load(path.resolve(path.dirname(from.identifier), specifier), realm, modules));
  }
}

async function runModule(message, realm, timeout) {
  const modules = new Map();
  const identifier = message.path || message.name;
  let module;
  try {
    module = new vm.SourceTextModule(message.source, {
      context: realm.context, identifier, importModuleDynamically: importer(realm, modules),
    });
    modules.set(identifier, module);
  } catch (error) {
    return threw("parse", error, identifier);
  }
  try {
    await link(module, realm, modules);
  } catch (error) {
    return threw("analysis", error, identifier);
  }
  try {
    await module.evaluate(timeout === undefined ? {} : { timeout });
  } catch (error) {
    return threw("eval", error, identifier);
  }
  return undefined;
}

// The reasons of the promises that were rejected without a handler, by promise.
const rejected = new Map();

const milliseconds = () => Number(process.hrtime.bigint()) / 1e6;

async function run(message) {
  const lines = [];
  rejected.clear();
  const threads = agents();
  const timers = [];
  const realm = createRealm((line) => lines.push(line + "\n"), threads, timers);
  realm.path = message.path;
  const limits = message.limits || {};
  const timeout = limits.seconds === undefined ? undefined : Math.ceil(limits.seconds * 1000);
  let failure;
  for (const [name, source] of message.includes || []) {
    failure = failure || runScript(source, name, realm, timeout);
  }
  const started = milliseconds();
  if (failure === undefined && message.mode === "module") {
    failure = await runModule(message, realm, timeout);
  } else if (failure === undefined) {
    const source = message.mode === "strict" ? `"use strict"; ${message.source}` : message.source;
    failure = runScript(source, message.path || message.name, realm, timeout);
  }
  // Its promise jobs belong to the time that the program takes.
  await new Promise((resolve) => setImmediate(resolve));
  const elapsed = milliseconds() - started;
  // Promise jobs and timers of the program run before its outcome is taken; async tests say when they are done.
  const waits = (message.includes || []).some(([name]) => name.endsWith("doneprintHandle.js"));
  const deadline = Date.now() + (timeout || 10000);
  do {
    await new Promise((resolve) => setImmediate(resolve));
  } while (failure === undefined && waits && Date.now() < deadline &&
           !lines.some((line) => line.startsWith("Test262:AsyncTest")));
  timers.forEach(clearTimeout);
  await threads.end();
  const [reason] = rejected.values();
  const unhandled = failure === undefined && rejected.size ? threw("eval", reason, message.name) : undefined;
  return {
    type: "outcome", id: message.id, completion: "completed", ...failure, unhandled, output: lines.join(""), ms: elapsed,
  };
}

// A file that is run as `node FILE` runs it: a process of its own, which finds libraries in the roots.
function runCommand(message) {
  const { limits = {}, roots = [], path: file } = message;
  const started = milliseconds();
  const found = childProcess.spawnSync(process.execPath, [file, ...(message.arguments || [])], {
    cwd: message.folder || undefined,
    env: { ...process.env, NODE_PATH: roots.join(path.delimiter) },
    input: "",
    maxBuffer: limits.output || 64 << 20,
    timeout: limits.seconds === undefined ? undefined : Math.ceil(limits.seconds * 1000),
  });
  const output = found.stdout.toString("utf8");
  const errors = found.stderr.toString("utf8");
  const common = { type: "outcome", id: message.id, output, ms: milliseconds() - started };
  if (found.error && found.error.code === "ETIMEDOUT") {
    return { ...common, completion: "timeout", message: "time limit reached", reason: "time" };
  }
  const ended = { ...common, exit_status: found.status === null ? 128 : found.status, standard_error: errors };
  if (found.status === 0) {
    return { ...ended, completion: "completed" };
  }
  const said = errors.split("\n").find((line) => line.includes("Error")) || `exit status ${found.status}`;
  return { ...ended, completion: "threw", phase: "eval", error: "", message: said };
}

const reply = (message) => fs.writeSync(1, JSON.stringify(message) + "\n");

// A rejection that nobody handles belongs to the program, not to this process.
process.on("unhandledRejection", (reason, promise) => rejected.set(promise, reason));
process.on("rejectionHandled", (promise) => rejected.delete(promise));
process.on("uncaughtException", () => {});

async function serve() {
  for await (const line of readline.createInterface({ input: process.stdin, terminal: false })) {
    const message = JSON.parse(line);
    if (message.type === "start") {
      const host = `node ${process.version} (V8 ${process.versions.v8})`;
      reply({ type: "ready", version: VERSION, engine: "node", language: "javascript", implementation: host, host });
    } else if (message.type === "run") {
      reply(message.mode === "program" ? runCommand(message) : await run(message));
    } else if (message.type === "inventory") {
      reply({ type: "inventory", id: message.id, names: {} });
    } else if (message.type === "stop") {
      process.exit(0);
    }
  }
}

serve();
