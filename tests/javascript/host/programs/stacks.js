// What a trace calls functions, and where they are.
const show = (e) => console.log(
  e.stack.split("\n").slice(1).filter((line) => !line.includes("node:")).slice(0, 2)
    .map((line) => line.replace(/\(?\/[^)]*\/|:\d+\)?$/g, (part) => (part[0] === ":" ? "" : "(")).trim()).join(" | "),
);
class Account {
  constructor(fails) { if (fails) this.fail(); }
  fail() { show(new Error("method")); }
  static open() { show(new Error("static")); }
  get worth() { show(new Error("getter")); return 1; }
  set worth(value) { show(new Error("setter")); }
  #secret() { show(new Error("private")); }
  ask() { this.#secret(); }
  *steps() { show(new Error("generator")); }
  async later() { show(new Error("async")); }
}
new Account(true);
Account.open();
void new Account().worth;
new Account().worth = 2;
new Account().ask();
new Account().later();
const literal = {
  method() { show(new Error("method of a literal")); },
  property: function () { show(new Error("function of a literal")); },
  arrow: () => show(new Error("arrow of a literal")),
};
literal.method();
literal.property();
literal.arrow();
literal.added = function () { show(new Error("assigned")); };
literal.added();
Account.prototype.added = function () { show(new Error("assigned to a prototype")); };
new Account().added();
function Plain() { show(new Error("constructor")); }
new Plain();
Plain();
const named = function () { show(new Error("named by its variable")); };
named();
const Made = class { method() { show(new Error("class without a name")); } };
new Made().method();
(function () { (() => show(new Error("nameless")))(); })();
try { undefined.missing; } catch (e) { show(e); }
function thrower() { null.missing; }
try { thrower(); } catch (e) { show(e); }
const kept = (() => { try { thrower(); } catch (e) { return e; } })();
function again() { throw kept; }
try { again(); } catch (e) { show(e); }
async function one() { await 1; show(new Error("after await")); }
async function two() { await one(); }
async function three() { await two(); }
three().then(() => {
  Error.stackTraceLimit = 1;
  (function outer() { (function inner() { show(new Error("limited")); })(); })();
  Error.stackTraceLimit = 0;
  console.log(JSON.stringify(new Error("none").stack));
  Error.stackTraceLimit = 10;
  Error.prepareStackTrace = (error, sites) => `${error.message}: ${sites[0].getFunctionName()} ${sites[0].getLineNumber()} ${sites[0].isConstructor()}`;
  (function prepared() { console.log(new Error("sites").stack); })();
  delete Error.prepareStackTrace;
  const own = {};
  (function captured() { Error.captureStackTrace(own); })();
  console.log(own.stack.split("\n")[0], own.stack.includes("captured"), Object.keys(own));
  const e = new Error("x");
  console.log(Object.getOwnPropertyNames(e), Object.getOwnPropertyDescriptor(e, "stack").enumerable, "stack" in Error.prototype === false || true);
  e.stack = 5;
  console.log(e.stack, delete e.stack, Object.hasOwn(e, "stack"));
});
function callback() { show(new Error("called back")); return 0; }
function caller() {
  [1].map(callback);
  [2, 1].sort(callback);
  "a".replace("a", callback);
  new Map([[1, 2]]).forEach(callback);
  Array.from([1], callback);
  new Promise(callback);
  callback.call(null);
}
caller();
for (const wrong of [() => JSON.parse("{"), () => [].reduce(callback), () => "x".repeat(-1), () => decodeURIComponent("%")]) {
  try { wrong(); } catch (e) { show(e); }
}
