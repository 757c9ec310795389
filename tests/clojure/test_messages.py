"""What a guest is told names nothing of the host, whatever went wrong; and data is never evaluated."""

from __future__ import annotations

import re

import pytest

from lockstep.reference.clojure.engine import create_engine
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Output

HOST = re.compile(
    r"__[a-z]+__|<lambda>|<locals>|Functions\b|object has|positional|NoneType|'[a-z]+' object|_host"
)
PROGRAMS = {
    "(:k)": "ArityException: Wrong number of args (0) passed to: :k",
    "({:a 1})": "ArityException: Wrong number of args (0) passed to: clojure.lang.PersistentArrayMap",
    "(resolve 'a 'b 'c)": "ArityException: Wrong number of args (3) passed to: clojure.core/resolve",
    "(macroexpand-1)": "ArityException: Wrong number of args (0) passed to: clojure.core/macroexpand-1",
    "(list*)": "ArityException: Wrong number of args (0) passed to: clojure.core/list*",
    "(volatile! 1 2)": "ArityException: Wrong number of args (2) passed to: clojure.core/volatile!",
    "(binding [*out* 1] (println 1))": "ClassCastException: class java.lang.Long cannot be cast to class java.io.Writer",
    "(get-method 1 2)": "ClassCastException",
    "(let [t (reify Object)] (+ 1 t))": "ClassCastException: class user$reify__",
    "(String/valueOf)": "IllegalArgumentException: No matching method valueOf found taking 0 args",
    "(.put (java.util.HashMap.) 1)": "IllegalArgumentException: No matching method put found taking 1 args",
    "(ns-publics 1)": "ClassCastException: class java.lang.Long cannot be cast to class clojure.lang.Symbol",
    '(* 2147483645 "wild")': "ClassCastException: class java.lang.String cannot be cast to class java.lang.Number",
    '(keyword "a" nil)': "NullPointerException",
    '(read "x")': "ClassCastException: class java.lang.String cannot be cast to class java.io.PushbackReader",
    "(vswap! 5 inc)": "ClassCastException: class java.lang.Long cannot be cast to class clojure.lang.Volatile",
    "(alter-meta! 5 assoc :a 1)": "ClassCastException: class java.lang.Long cannot be cast to class clojure.lang.IReference",
    "(.putAll (java.util.HashMap.) [1])": "ClassCastException: class java.lang.Long cannot be cast to class java.util.Map$Entry",
    '(clojure.edn/read-string "#=(+ 1 2)")': "RuntimeException: No dispatch macro for: =",
}


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
def test_messages(backend: str) -> None:
    engine = create_engine(backend)
    for text, wanted in PROGRAMS.items():
        session = engine.session(Budget(), Output())
        error = session.evaluate(Program(text, "m.clj"), Budget()).error
        assert error is not None, text
        told = f"{error.name}: {error.message}" if not error.message.startswith(error.name) else error.message
        assert wanted in told, (text, told)
        assert not HOST.search(told), told


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
def test_a_product_with_a_text_takes_no_memory(backend: str) -> None:
    """The host would repeat the text: eight gigabytes of it."""
    engine = create_engine(backend)
    forms = ["(* n s)", "(* s n)", "(reduce * [n s])", "(*' n s)", "(unchecked-multiply n s)", "(* n s 0)"]
    for form in forms:
        text = f'(let [n 2147483645 s "wild"] (try {form} (catch ClassCastException e :cast)))'
        done = engine.session(Budget(), Output()).evaluate(Program(text, "p.clj"), Budget())
        assert done.value == ":cast", (form, done)
