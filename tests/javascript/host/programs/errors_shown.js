const { inspect } = require("util");
Error.stackTraceLimit = 0;
const e = new Error("msg"); e.extra = 1;
class ValidationError extends Error { constructor(m, f) { super(m); this.name = "ValidationError"; this.field = f; } }
class Plain2 extends Error {}
class Wrapped extends TypeError { get name() { return "Wrapped"; } }
console.log(e, [e], { e });
console.log(new ValidationError("bad", "f"), new Plain2("p"), new Wrapped("w"));
console.log(new Error("outer", { cause: new Error("inner") }));
console.log(new Error("outer", { cause: "text" }), new Error("u", { cause: undefined }));
console.log(new AggregateError([new Error("a"), new TypeError("b")], "many"));
console.log(Object.assign(new Error("x"), { name: "Renamed" }), Object.assign(new TypeError("y"), { name: "Custom", code: 1 }));
const noMessage = new Error(); noMessage.message = ""; console.log(noMessage, new RangeError());
const weird = new Error("w"); weird.stack = "custom stack"; console.log(weird); weird.stack = undefined; console.log(weird);
const s = new Error("withStack"); s.stack = "Error: withStack\n    at foo (file.js:1:2)\n    at bar (file.js:3:4)"; console.log(s); console.log({ a: { s } });
const c = new Error("c", { cause: s }); c.stack = "Error: c\n    at foo (file.js:1:2)\n    at x1\n    at x2\n    at x3\n    at x4"; console.log(c);
console.log(Object.setPrototypeOf(new Error("np"), null));
const errname = new Error("m"); errname.name = "MyError"; console.log(errname, `${errname}`);
console.log(inspect(new Error("shown"), { showHidden: true }));
const m = new Error("multi\nline"); console.log([m], m);
console.log(Object.create(Error.prototype), Error.prototype);
console.log(new DOMException("d", "AbortError"), new URL("http://a/b?c"), new URLSearchParams("a=1&b=2"), new Event("q").type, new AbortController(), new TextDecoder().encoding);
console.log(new Map([[new Error("in map"), 1]]), new Set([new Error("in set")]));
