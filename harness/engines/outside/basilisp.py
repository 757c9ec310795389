"""Basilisp, Clojure on CPython's VM, as an outside engine."""

from __future__ import annotations

import contextlib
import io
import time
from importlib import import_module
from importlib.metadata import version

from lockstep.harness.engines.outside.serving import Message, serve


def main() -> None:
    """Serve Basilisp."""
    import_module("basilisp.main").init()
    import_module("basilisp.core")
    compiler = import_module("basilisp.lang.compiler")
    reader = import_module("basilisp.lang.reader")
    runtime = import_module("basilisp.lang.runtime")
    symbol = import_module("basilisp.lang.symbol")
    count = 0

    def run(message: Message, output: io.StringIO) -> Message:
        nonlocal count
        count += 1
        name = f"lockstep-case-{count}"
        started = time.perf_counter()
        try:
            with runtime.ns_bindings(name) as namespace, contextlib.redirect_stdout(output):
                namespace.refer_all(runtime.Namespace.get(symbol.symbol("basilisp.core")))
                context = compiler.CompilerContext(message["name"])
                out = runtime.Var.find_safe(symbol.symbol("*out*", ns="basilisp.core"))
                with runtime.bindings({out: output}):
                    for form in reader.read_str(message["source"], runtime.resolve_alias):
                        compiler.compile_and_exec_form(form, context, namespace)
        except Exception as error:  # noqa: BLE001  # whatever the guest raised is the outcome
            return {
                "completion": "threw",
                "phase": "eval",
                "error": type(error).__name__,
                "message": str(error),
            }
        return {"completion": "completed", "ms": (time.perf_counter() - started) * 1000}

    serve("basilisp", "clojure", f"Basilisp {version('basilisp')}", run)


if __name__ == "__main__":
    main()
