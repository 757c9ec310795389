// What Test262's host contract asks for (INTERPRETING.md), made of what a shell has. ES5, since it runs on the oldest engines.
(function (global) {
  if (typeof print !== "function") { global.print = function (value) { console.log(String(value)); }; }
  if (typeof $262 === "object" && $262 !== null) { return; }
  function missing(name) { return function () { throw new Error("this shell has no " + name); }; }
  var indirectEval = global.eval;
  function evalScriptOf(shell) {
    if (typeof shell.evalScript === "function") { return function (text) { return shell.evalScript(text); }; }
    if (typeof shell.evaluate === "function") { return function (text) { return shell.evaluate(text); }; }
    if (typeof shell.loadString === "function") { return function (text) { return shell.loadString(text); }; }
    return function (text) { return indirectEval(text); };
  }
  function of(global, create) {
    return { global: global, createRealm: create, evalScript: missing("evalScript"), gc: gc, detachArrayBuffer: detach,
      get IsHTMLDDA() { throw new Error("this shell has no IsHTMLDDA"); },
      get agent() { throw new Error("this shell has no agents"); } };
  }
  var gc = typeof global.gc === "function" ? function () { global.gc(); }
    : typeof global.fullGC === "function" ? function () { global.fullGC(); }
    : typeof global.imports === "object" ? function () { global.imports.system.gc(); } : missing("gc");
  var detach = typeof global.detachArrayBuffer === "function" ? global.detachArrayBuffer
    : typeof global.transferArrayBuffer === "function" ? global.transferArrayBuffer
    : typeof global.structuredClone === "function" ? function (buffer) { global.structuredClone(buffer, { transfer: [buffer] }); }
    : typeof ArrayBuffer === "function" && typeof ArrayBuffer.prototype.transfer === "function" ? function (buffer) { buffer.transfer(); }
    : missing("detachArrayBuffer");
  var create = typeof global.newGlobal === "function" ? function () {
      var other = global.newGlobal(), made = of(other, create);
      made.evalScript = function (text) { return other.evaluate(text); };
      other.$262 = made;
      return made;
    }
    : typeof global.createGlobalObject === "function" ? function () {
      var other = global.createGlobalObject(), made = of(other, create);
      made.evalScript = typeof other.loadString === "function" ? function (text) { return other.loadString(text); }
        : function (text) { return other.eval(text); };
      other.$262 = made;
      return made;
    }
    : typeof global.Realm === "object" && typeof global.Realm.create === "function" ? function () {
      var number = global.Realm.create(), made = of(global.Realm.global(number), create);
      made.evalScript = function (text) { return global.Realm.eval(number, text); };
      made.global.$262 = made;
      return made;
    }
    : missing("createRealm");
  var own = of(global, create);
  own.evalScript = evalScriptOf(global);
  global.$262 = own;
})(typeof globalThis === "object" ? globalThis : Function("return this")());
