// `$262.agent` of Test262's host contract (INTERPRETING.md) for hosts with worker threads: each agent is one.
// `agents()` makes those of one program; `end()` of what it returns ends all that were started.
"use strict";

const { MessageChannel, Worker, receiveMessageOnPort } = require("node:worker_threads");

// In the shared memory of an agent: it runs; broadcasts that were sent to it, and that it took.
const RUNS = 0, SENT = 1, TAKEN = 2;
const GONE = 0x7fffffff;
// Agents that are broken are not waited for without end.
const LONGEST_MS = 10_000;

// What an agent runs first. It blocks until a broadcast comes, which the contract allows: nothing follows that call.
const PRELUDE = `
"use strict";
const { receiveMessageOnPort, workerData } = require("node:worker_threads");
const vm = require("node:vm");
const { script, flags, order, port } = workerData;
const idle = new Int32Array(new SharedArrayBuffer(4));
let taken = 0;
// An agent lives until it leaves, also while it only waits for a promise.
const living = setInterval(() => {}, 1 << 30);
globalThis.$262 = { agent: {
  receiveBroadcast(callback) {
    while (Atomics.load(flags, ${SENT}) === taken) Atomics.wait(flags, ${SENT}, taken);
    const { message } = receiveMessageOnPort(port);
    taken += 1;
    Atomics.store(flags, ${TAKEN}, taken);
    Atomics.notify(flags, ${TAKEN});
    callback(message.memory, message.id);
  },
  report(value) { port.postMessage({ place: Atomics.add(order, 0, 1), text: String(value) }); },
  sleep(milliseconds) { Atomics.wait(idle, 0, 0, milliseconds); },
  monotonicNow() { return Number(process.hrtime.bigint()) / 1e6; },
  leaving() { clearInterval(living); },
} };
Atomics.store(flags, ${RUNS}, 1);
Atomics.notify(flags, ${RUNS});
try {
  vm.runInThisContext(script, { filename: "agent" });
} catch (error) {
  // Nobody waits for it any more.
  Atomics.store(flags, ${TAKEN}, ${GONE});
  Atomics.notify(flags, ${TAKEN});
  throw error;
}
`;

function agents() {
  const started = [];
  const reports = [];
  const order = new Int32Array(new SharedArrayBuffer(4));
  const idle = new Int32Array(new SharedArrayBuffer(4));
  return {
    agent: {
      start(script) {
        const { port1: port, port2: theirs } = new MessageChannel();
        const flags = new Int32Array(new SharedArrayBuffer(12));
        const workerData = { script: String(script), flags, order, port: theirs };
        const worker = new Worker(PRELUDE, { eval: true, workerData, transferList: [theirs] });
        // What an agent throws is no error of the program: it reports nothing then.
        worker.on("error", () => {});
        // The program ends when it is at its end itself.
        worker.unref();
        port.unref();
        started.push({ worker, port, flags });
        Atomics.wait(flags, RUNS, 0, LONGEST_MS);
      },
      broadcast(memory, id) {
        for (const { port, flags } of started) {
          port.postMessage({ memory, id });
          Atomics.add(flags, SENT, 1);
          Atomics.notify(flags, SENT);
        }
        for (const { flags } of started) {
          const wanted = Atomics.load(flags, SENT);
          const taken = Atomics.load(flags, TAKEN);
          if (taken < wanted) Atomics.wait(flags, TAKEN, taken, LONGEST_MS);
        }
      },
      getReport() {
        for (const { port } of started) {
          for (let found = receiveMessageOnPort(port); found; found = receiveMessageOnPort(port)) reports.push(found.message);
        }
        reports.sort((one, other) => one.place - other.place);
        return reports.length ? reports.shift().text : null;
      },
      sleep(milliseconds) { Atomics.wait(idle, 0, 0, milliseconds); },
      monotonicNow() { return Number(process.hrtime.bigint()) / 1e6; },
    },
    async end() {
      await Promise.all(started.splice(0).map(({ worker, port }) => { port.close(); return worker.terminate(); }));
    },
  };
}

module.exports = { agents };
