// The runner of node:test, with TAP as its report. Called with what it needs of the host.
(function ({ write, later, fail, now, inspect }) {
  const counts = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 };

  function shaped(name, options, fn) {
    if (typeof name === "function") [name, options, fn] = [name.name || "<anonymous>", {}, name];
    else if (name !== null && typeof name === "object") [name, options, fn] = [options?.name || "<anonymous>", name, options];
    if (typeof options === "function") [options, fn] = [{}, options];
    return [String(name), options ?? {}, fn];
  }

  class Test {
    constructor(parent, kind, name, options, fn) {
      this.parent = parent;
      this.kind = kind;
      this.name = name;
      this.options = options;
      this.fn = fn;
      this.children = [];
      this.hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
      this.depth = parent ? parent.depth + 1 : -1;
      this.error = undefined;
      this.failed = false;
      this.notes = [];
      this.skipped = options.skip;
      this.todo = options.todo;
      this.finished = new Promise((resolve) => { this.finish = resolve; });
      this.started = false;
      this.printed = 0;
    }

    get indent() { return "    ".repeat(Math.max(0, this.depth)); }

    add(kind, name, options, fn, more) {
      const child = new Test(this, kind, ...shaped(name, options, fn));
      if (more) Object.assign(child, more);
      this.children.push(child);
      return child;
    }

    async hook(which, context) {
      for (const step of this.hooks[which]) await invoke(step, context);
    }

    async eachHooks(which, context) {
      if (this.parent) {
        if (which === "beforeEach") await this.parent.eachHooks(which, context);
        await this.hook(which, context);
        if (which === "afterEach") await this.parent.eachHooks(which, context);
      } else await this.hook(which, context);
    }

    async run() {
      this.started = true;
      const begin = now();
      if (this.depth >= 0) write(`${this.indent}# Subtest: ${this.name}\n`);
      if (this.skipped === undefined || this.skipped === false) await this.body();
      for (const child of this.children) if (!child.started) await child.run();
      if (this.kind === "suite") {
        try { await this.hook("after", this.context()); } catch (error) { this.refuse(error); }
      }
      const wrong = this.children.filter((child) => child.failed && !child.todo).length;
      if (wrong && !this.failed) this.refuse(new Error(`${wrong} subtest${wrong > 1 ? "s" : ""} failed`), "subtestsFailed");
      this.report(now() - begin);
      this.finish();
    }

    async body() {
      const context = this.context();
      try {
        if (this.kind === "suite") {
          await invoke(this.fn ?? (() => {}), context);
          await this.hook("before", context);
          return;
        }
        if (this.parent) await this.parent.eachHooks("beforeEach", context);
        await invoke(this.fn ?? (() => {}), context);
        for (const child of this.children) await child.finished;
        await this.hook("after", context);
      } catch (error) {
        this.refuse(error);
      }
      if (this.kind !== "suite" && this.parent) {
        try { await this.parent.eachHooks("afterEach", context); } catch (error) { this.refuse(error); }
      }
    }

    refuse(error, type = "testCodeFailure") {
      this.failed = true;
      this.error ??= error;
      this.failureType ??= type;
    }

    context() {
      const test = this;
      if (this.made) return this.made;
      return (this.made = {
        name: this.name,
        signal: new AbortController().signal,
        mock: mocks(),
        diagnostic: (text) => { test.notes.push(text); },
        skip: (text) => { test.skipped = text ?? true; },
        todo: (text) => { test.todo = text ?? true; },
        plan() {},
        before: (fn) => { test.hooks.before.push(fn); },
        after: (fn) => { test.hooks.after.push(fn); },
        beforeEach: (fn) => { test.hooks.beforeEach.push(fn); },
        afterEach: (fn) => { test.hooks.afterEach.push(fn); },
        test: (name, options, fn) => {
          const child = test.add("test", name, options, fn);
          const previous = test.last ?? Promise.resolve();
          return (test.last = previous.then(() => child.run()));
        },
      });
    }

    report(duration) {
      if (this.depth < 0) return;
      if (this.children.length) write(`${this.indent}    1..${this.children.length}\n`);
      const number = (this.parent.printed += 1);
      let line = `${this.failed ? "not ok" : "ok"} ${number} - ${this.name}`;
      if (this.skipped !== undefined && this.skipped !== false) line += ` # SKIP${typeof this.skipped === "string" ? ` ${this.skipped}` : ""}`;
      else if (this.todo !== undefined && this.todo !== false) line += ` # TODO${typeof this.todo === "string" ? ` ${this.todo}` : ""}`;
      let details = `${this.indent}${line}\n${this.indent}  ---\n${this.indent}  duration_ms: ${duration}\n`;
      if (this.kind === "suite") details += `${this.indent}  type: 'suite'\n`;
      if (this.failed) details += explained(this.error, this.failureType, `${this.indent}  `);
      write(`${details}${this.indent}  ...\n`);
      for (const note of this.notes) write(`${this.indent}# ${note}\n`);
      if (this.kind === "suite") {
        counts.suites += 1;
        return;
      }
      counts.tests += 1;
      if (this.skipped !== undefined && this.skipped !== false) counts.skipped += 1;
      else if (this.todo !== undefined && this.todo !== false) counts.todo += 1;
      else if (this.failed) counts.fail += 1;
      else counts.pass += 1;
    }
  }

  function explained(error, type, indent) {
    const isError = error !== null && typeof error === "object";
    const message = isError && "message" in error ? String(error.message) : inspect(error);
    const lines = [`failureType: '${type}'`, `error: ${message.includes("\n") ? `|-\n${message.replace(/^/gm, "  ")}` : `'${message.replace(/'/g, "\\'")}'`}`];
    lines.push(`code: '${isError && error.code !== undefined ? error.code : "ERR_TEST_FAILURE"}'`);
    if (isError && typeof error.stack === "string" && error.stack.includes("\n    at ")) {
      lines.push(`stack: |-\n${error.stack.slice(error.stack.indexOf("\n    at ") + 1).replace(/^ {4}at /gm, "  ")}`);
    }
    return lines.map((line) => `${line.replace(/^/gm, indent)}\n`).join("");
  }

  // A step that takes a callback ends when it is called.
  function invoke(fn, context) {
    if (fn.length < 2) return fn.call(context, context);
    return new Promise((resolve, reject) => {
      fn.call(context, context, (error) => (error ? reject(error) : resolve()));
    });
  }

  function mocks() {
    const restored = [];
    function spy(original = () => {}, implementation = original) {
      const calls = [];
      let current = implementation;
      const made = function (...args) {
        const record = { arguments: args, error: undefined, result: undefined, this: this, target: new.target };
        calls.push(record);
        try {
          return (record.result = new.target ? Reflect.construct(current, args) : Reflect.apply(current, this, args));
        } catch (error) {
          record.error = error;
          throw error;
        }
      };
      made.mock = {
        get calls() { return [...calls]; },
        callCount: () => calls.length,
        resetCalls: () => { calls.length = 0; },
        mockImplementation: (next) => { current = next; },
        restore: () => { current = original; },
      };
      return made;
    }
    return {
      fn: (original, implementation) => spy(original, typeof implementation === "function" ? implementation : undefined),
      method(object, name, implementation) {
        const original = object[name];
        const made = spy(original, typeof implementation === "function" ? implementation : undefined);
        restored.push(() => { object[name] = original; });
        object[name] = made;
        const { restore } = made.mock;
        made.mock.restore = () => { object[name] = original; restore(); };
        return made;
      },
      reset() { for (const step of restored) step(); },
      restoreAll() { for (const step of restored) step(); },
    };
  }

  const root = new Test(null, "suite", "<root>", {}, () => {});
  let current = root;
  let waiting = false;
  let begin;

  function start() {
    if (waiting) return;
    waiting = true;
    begin = now();
    later(async () => {
      write("TAP version 13\n");
      await root.hook("before", root.context());
      for (let index = 0; index < root.children.length; index += 1) await root.children[index].run();
      await root.hook("after", root.context());
      write(`1..${root.children.length}\n`);
      for (const name of ["tests", "suites", "pass", "fail", "cancelled", "skipped", "todo"]) write(`# ${name} ${counts[name]}\n`);
      write(`# duration_ms ${now() - begin}\n`);
      if (counts.fail || root.children.some((child) => child.failed && !child.todo)) fail();
    });
  }

  function declared(kind, more) {
    return function (name, options, fn) {
      const child = current.add(kind, name, options, fn, more);
      if (kind === "suite") {
        const outer = current;
        const own = child.fn;
        current = child;
        try {
          const result = own?.call(child.context(), child.context());
          child.fn = () => result;
        } catch (error) {
          child.fn = () => { throw error; };
        } finally {
          current = outer;
        }
      }
      start();
      return child.finished;
    };
  }

  function family(kind) {
    const made = declared(kind);
    made.skip = declared(kind, { skipped: true });
    made.todo = declared(kind, { todo: true });
    made.only = declared(kind);
    return made;
  }

  const test = family("test");
  const describe = family("suite");
  const hook = (which) => (fn) => { current.hooks[which].push(fn); };
  return Object.assign(test, {
    test,
    it: family("test"),
    describe,
    suite: describe,
    before: hook("before"),
    after: hook("after"),
    beforeEach: hook("beforeEach"),
    afterEach: hook("afterEach"),
    mock: mocks(),
    run() { throw new Error("run() of node:test is not available in this host"); },
  });
})
