"""The macros that every file is full of: `let`, `fn`, `loop`, `defn`, `defmacro`, `case`, types and `reify`.

They are host functions because they run at every analysis; the other macros are written in core.clj.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from lockstep.reference.clojure.runtime.collections.interface import LazySeq, Seq, iterate, list_of
from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP, Map, MapInterface
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import OBJECT, JavaClass
from lockstep.reference.clojure.runtime.kernel.destructuring import Destructuring, call, core, kernel, local
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.operations import with_meta
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import key_of
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault
from lockstep.reference.clojure.runtime.values.interfaces import IObj
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Symbol

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

    from lockstep.reference.clojure.runtime.environment import Environment


def _is_list(form: Value) -> TypeGuard[Seq | LazySeq]:
    return isinstance(form, (Seq, LazySeq))


def _same_position(form: IObj, source: Value) -> Value:
    metadata = getattr(source, "metadata", None)
    return form.with_meta(metadata) if metadata is not None and form.metadata is None else form


@KERNEL.define("seq-to-map")
def seq_to_map(value: Value) -> Value:
    """What map destructuring looks into: a sequence of keys and values becomes a map."""
    if not _is_list(value):
        return value
    items = list(iterate(value))
    if len(items) <= 1:
        return items[0] if items else EMPTY_MAP
    extra = items.pop() if len(items) % 2 else None
    table = {key_of(items[index]): items[index + 1] for index in range(0, len(items), 2)}
    result = Map(table)
    # PersistentArrayMap.createAsIfByAssoc: what is left over is added like an entry.
    return result if extra is None else result.conj(extra)


_RESERVED = frozenset({"__meta", "__hash", "__hasheq", "__extmap"})

CORE.macros.update(["let", "loop", "fn", "defn", "defmacro", "case", "deftype", "defrecord", "reify"])


class Macros:
    """The macros of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.destructuring = Destructuring(environment)

    def _check_pairs(self, name: str, bindings: Value) -> Vector:
        if not isinstance(bindings, Vector):
            raise argument_fault(f"{name} requires a vector for its binding")
        if bindings.size % 2:
            raise argument_fault(f"{name} requires an even number of forms in binding vector")
        return bindings

    def let(self, form: Value, _: Value, bindings: Value, *body: Value) -> Value:
        """`let`."""
        made = self.destructuring.expand(self._check_pairs("let", bindings))
        return _same_position(call(local("let*"), made, *body), form)

    def loop(self, form: Value, _: Value, bindings: Value, *body: Value) -> Value:
        """`loop`; destructured parameters are bound again in each round."""
        items = self._check_pairs("loop", bindings).elements()
        names = items[::2]
        if all(isinstance(name, Symbol) for name in names):
            return _same_position(call(local("loop*"), bindings, *body), form)
        plain: list[Value] = [
            name if isinstance(name, Symbol) else self.destructuring.fresh("loop") for name in names
        ]
        outer: list[Value] = []
        inner: list[Value] = []
        for name, symbol, value in zip(names, plain, items[1::2]):
            outer += [symbol, value]
            if name is not symbol:
                outer += [name, symbol]
                inner += [name, symbol]
        pairs = [part for symbol in plain for part in (symbol, symbol)]
        looping = call(local("loop*"), Vector(pairs), call(core("let"), Vector(inner), *body))
        return call(core("let"), Vector(outer), looping)

    def fn(self, form: Value, _: Value, *parts: Value) -> Value:
        """`fn`."""
        items = list(parts)
        name = items.pop(0) if items and isinstance(items[0], Symbol) else None
        if not items:
            raise argument_fault("Parameter declaration missing")
        if isinstance(items[0], Vector):
            clauses: list[Any] = [self.clause(items)]
        else:
            clauses = []
            for clause in items:
                if not _is_list(clause):
                    shown = self.environment.print_text(clause)
                    raise argument_fault(f"Invalid signature {shown} should be a list")
                clauses.append(list_of(self.clause(list(iterate(clause)))))
            made = call(local("fn*"), *([name] if name is not None else []), *clauses)
            return _same_position(made, form)
        return _same_position(call(local("fn*"), *([name] if name is not None else []), *clauses[0]), form)

    def clause(self, parts: list[Value]) -> list[Value]:
        """Parameters and body of one arity: conditions and destructuring moved into the body."""
        if not parts or not isinstance(parts[0], Vector):
            shown = self.environment.print_text(parts[0] if parts else None)
            raise argument_fault(f"Parameter declaration {shown} should be a vector")
        parameters, body = parts[0], parts[1:]
        if len(body) > 1 and isinstance(body[0], MapInterface):
            body = self.conditions(body[0], body[1:])
        elif isinstance(parameters.metadata, MapInterface) and parameters.metadata.contains(
            self.environment.keyword("pre")
        ):
            body = self.conditions(parameters.metadata, body)
        plain: list[Value] = []
        bindings: list[Value] = []
        for parameter in parameters.elements():
            if isinstance(parameter, Symbol):
                plain.append(parameter)
            else:
                symbol = self.destructuring.fresh("p")
                plain.append(symbol)
                bindings += [parameter, symbol]
        if bindings:
            body = [call(core("let"), Vector(bindings), *body)]
        return [Vector(plain, parameters.metadata), *body]

    def conditions(self, options: MapInterface, body: list[Value]) -> list[Value]:
        """The body with its pre- and postconditions."""
        keyword = self.environment.keyword
        before = options.lookup(keyword("pre"))
        after = options.lookup(keyword("post"))
        if before is None and after is None:
            return [options, *body]
        if after is not None:
            checks = [call(core("assert"), check) for check in iterate(after)]
            result = local("%")
            body = [call(core("let"), Vector([result, call(local("do"), *body)]), *checks, result)]
        if before is not None:
            body = [*[call(core("assert"), check) for check in iterate(before)], *body]
        return body

    def defn(self, form: Value, _: Value, name: Value, *parts: Value) -> Value:
        """`defn`."""
        symbol, rest = self.definition(name, list(parts))
        function = self.placed(call(core("fn"), *rest), form)
        return self.placed(call(local("def"), symbol, function), form)

    def placed(self, made: IObj, form: Value) -> Value:
        """`made` at the position of `form`, without the rest of its metadata."""
        metadata = getattr(form, "metadata", None)
        if metadata is None:
            return made
        keyword = self.environment.keyword
        line, column = keyword("line"), keyword("column")
        return made.with_meta(Map({line: metadata.lookup(line), column: metadata.lookup(column)}))

    def definition(self, name: Value, parts: list[Value]) -> tuple[Symbol, list[Value]]:
        """The name with the metadata of a `defn`, and what is left for `fn`."""
        if not isinstance(name, Symbol):
            raise argument_fault("First argument to defn must be a symbol")
        keyword = self.environment.keyword
        metadata: MapInterface = EMPTY_MAP
        if parts and isinstance(parts[0], str):
            metadata = metadata.assoc_key(keyword("doc"), parts.pop(0))
        if parts and isinstance(parts[0], MapInterface):
            metadata = metadata.conj(parts.pop(0))
        if not parts:
            raise argument_fault("Parameter declaration missing")
        if isinstance(parts[0], Vector):
            lists: list[Value] = [parts[0]]
        else:
            if isinstance(parts[-1], MapInterface):
                metadata = metadata.conj(parts.pop())
            lists = [next(iter(part)) for part in parts if _is_list(part) and part.seq()]
        quoted = call(local("quote"), list_of([_without_meta(one) for one in lists]))
        metadata = EMPTY_MAP.assoc_key(keyword("arglists"), quoted).conj(metadata)
        if name.metadata is not None:
            metadata = metadata.conj(name.metadata)
        return name.with_meta(metadata), parts

    def defmacro(self, form: Value, _: Value, name: Value, *parts: Value) -> Value:
        """`defmacro`: a function that takes `&form` and `&env` first, and a mark on the var."""
        symbol, rest = self.definition(name, list(parts))
        hidden = [local("&form"), local("&env")]
        if isinstance(rest[0], Vector):
            clauses: list[Value] = [Vector([*hidden, *rest[0].elements()]), *rest[1:]]
        else:
            clauses = []
            for clause in rest:
                items = list(iterate(clause))
                clauses.append(call(Vector([*hidden, *cast("Vector", items[0]).elements()]), *items[1:]))
        function = call(core("fn"), *clauses)
        plain = Symbol(None, symbol.name)
        return call(
            local("do"),
            _same_position(call(local("def"), symbol, function), form),
            call(kernel("set-macro"), call(local("var"), plain)),
            call(local("var"), plain),
        )

    def case(self, _: Value, __: Value, subject: Value, *clauses: Value) -> Value:
        """`case`."""
        items = list(clauses)
        default: Value
        if len(items) % 2:
            default = items.pop()
        else:
            shown = call(core("str"), "No matching clause: ", local("case__value"))
            default = call(
                local("throw"), call(local("new"), local("java.lang.IllegalArgumentException"), shown)
            )
        groups = []
        seen = set()
        for index in range(0, len(items), 2):
            test = items[index]
            constants = list(iterate(test)) if _is_list(test) else [test]
            for constant in constants:
                if key_of(constant) in seen:
                    raise argument_fault(
                        f"Duplicate case test constant: {self.environment.print_text(constant)}"
                    )
                seen.add(key_of(constant))
            groups.append(Vector([Vector(constants), items[index + 1]]))
        name = local("case__value")
        return call(local("let*"), Vector([name, subject]), call(local("case*"), name, default, *groups))

    def _parse(self, specification: list[Value]) -> tuple[list[Value], list[Value]]:
        """Interfaces and methods of a type's body."""
        interfaces: list[Value] = []
        methods: list[Value] = []
        for part in specification:
            if _is_list(part):
                methods.append(self.method(list(iterate(part))))
            else:
                interfaces.append(part)
        return interfaces, methods

    def method(self, parts: list[Value]) -> Value:
        """A method with destructured parameters moved into its body."""
        name = Symbol(None, cast("Symbol", parts[0]).name)
        if len(parts) > 1 and isinstance(parts[1], Vector):
            plain = [
                Symbol(None, one.name) if isinstance(one, Symbol) else one for one in parts[1].elements()
            ]
            return call(name, *self.clause([Vector(plain), *parts[2:]]))
        return call(name, *[list_of(self.clause(list(iterate(one)))) for one in parts[1:]])

    def _options(self, parts: list[Value]) -> list[Value]:
        while len(parts) > 1 and parts[0].__class__.__name__ == "Keyword":
            parts = parts[2:]
        return parts

    def _class_name(self, name: Symbol) -> str:
        return f"{self.environment.current.name.replace('-', '_')}.{name.name}"

    def deftype(self, _: Value, __: Value, name: Symbol, fields: Vector, *parts: Value) -> Value:
        """`deftype`."""
        self._check_fields(fields)
        interfaces, methods = self._parse(self._options(list(parts)))
        full = local(self._class_name(name))
        made = call(local("deftype*"), full, fields, FALSE, Vector(interfaces), *methods)
        declared = call(core("declare"), local(f"->{name.name}"))
        maker = self._positional(name, full, fields)
        return call(local("do"), declared, call(kernel("declare-type"), full.name), made, maker, full)

    def _check_fields(self, fields: Value) -> None:
        """What the fields of a type must be (core_deftype.clj, validate-fields)."""
        if not isinstance(fields, Vector):
            raise Fault("AssertionError", "No fields vector given.")
        names = [field.name if isinstance(field, Symbol) else None for field in fields.elements()]
        if None in names:
            raise Fault("AssertionError", "defrecord and deftype fields must be symbols")
        if _RESERVED & set(names):
            raise Fault("AssertionError", "The names in #{__meta __hash __hasheq __extmap} are reserved.")
        if len(set(names)) != len(names):
            raise argument_fault("duplicate field name")

    def _positional(self, name: Symbol, full: Symbol, fields: Vector) -> Value:
        """The factory `->Name`."""
        plain: list[Value] = [Symbol(None, cast("Symbol", field).name) for field in fields.elements()]
        doc = f"Positional factory function for class {full.name}."
        return call(
            core("defn"), local(f"->{name.name}"), doc, Vector(plain), call(local("new"), full, *plain)
        )

    def defrecord(self, _: Value, __: Value, name: Symbol, fields: Vector, *parts: Value) -> Value:
        """`defrecord`."""
        self._check_fields(fields)
        interfaces, methods = self._parse(self._options(list(parts)))
        full = local(self._class_name(name))
        plain: list[Value] = [Symbol(None, cast("Symbol", field).name) for field in fields.elements()]
        made = call(local("deftype*"), full, Vector(plain), TRUE, Vector(interfaces), *methods)
        declared = call(core("declare"), local(f"->{name.name}"), local(f"map->{name.name}"))
        maker = self._positional(name, full, fields)
        argument = local("m__map")
        from_map = call(
            core("defn"),
            local(f"map->{name.name}"),
            f"Factory function for class {full.name}, taking a map of keywords to field values.",
            Vector([argument]),
            call(kernel("record-create"), full, argument),
        )
        return call(
            local("do"), declared, call(kernel("declare-type"), full.name), made, maker, from_map, full
        )

    def reify(self, form: Value, _: Value, *parts: Value) -> Value:
        """`reify`."""
        interfaces, methods = self._parse(self._options(list(parts)))
        made = call(local("reify*"), Vector(interfaces), *methods)
        metadata = getattr(form, "metadata", None)
        return made if metadata is None else made.with_meta(metadata)

    def destructure(self, bindings: Vector) -> Vector:
        """`destructure`."""
        return self.destructuring.expand(bindings)

    def declare_type(self, name: str) -> None:
        """Make the name of a type known, so that its methods may refer to it."""
        environment = self.environment
        if name not in environment.types:
            environment.types[name] = made = JavaClass(name, (OBJECT,))
            environment.current.mappings[made.simple_name] = made


def _without_meta(vector: Value) -> Value:
    return with_meta(vector, None) if isinstance(vector, Vector) and vector.metadata is not None else vector


@CORE.installer
def install(environment: Environment) -> dict[str, Value]:
    """The macros."""
    macros = Macros(environment)
    made: dict[str, Value] = {
        "let": macros.let,
        "loop": macros.loop,
        "fn": macros.fn,
        "defn": macros.defn,
        "defmacro": macros.defmacro,
        "case": macros.case,
        "deftype": macros.deftype,
        "defrecord": macros.defrecord,
        "reify": macros.reify,
    }
    return {**made, "destructure": macros.destructure}


@KERNEL.installer
def install_kernel(environment: Environment) -> dict[str, Value]:
    """What their expansions call."""
    return {"declare-type": Macros(environment).declare_type}
