"""The reference evaluator: one function per node class, locals in a list per function call.

It follows clojure.org/reference/special_forms and /evaluation in order and words. There are no caches; a `recur`
is a value that goes back to its loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable, cast

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.analysis.toplevel import (
    analysed_forms,
    analyser_of,
    macroexpand_1,
    top_level_forms,
)
from lockstep.reference.clojure.runtime.collections.maps import Map, map_of
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.forms import Forms
from lockstep.reference.clojure.runtime.operations import (
    MISSING,
    LazyRest,
    Operations,
    case_index,
    caught,
    rest_seq,
    vector_literal,
    with_meta,
)
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import ArityFault
from lockstep.reference.clojure.runtime.values.interfaces import Function, Tried
from lockstep.reference.clojure.runtime.values.names import truthy
from lockstep.reference.clojure.runtime.values.numbers import not_a_number
from lockstep.reference.clojure.syntax.reader import Reader
from lockstep.reference.clojure.treewalk.library_cache import cached_nodes
from lockstep.reference.host.errors import Location
from lockstep.reference.host.generation.code_cache import CodeCache

Frame = Any

_TRACED = 40


class Again:
    """What `recur` evaluates to: new values for the bindings of its target."""

    __slots__ = ("target", "values")

    def __init__(self, target: nodes.Target, values: list[Value]) -> None:
        self.target = target
        self.values = values


class TreeWalker:
    """The tree-walker for one environment."""

    def __init__(self, environment: Environment, cache: CodeCache) -> None:
        self.environment = environment
        self.cache = cache
        self.operations = Operations(environment)
        self.cells = environment.cells
        self.file = ""

    def expand(self, form: Value) -> Value:
        """`macroexpand-1`."""
        return macroexpand_1(self.environment, form)

    def evaluate(self, form: Value) -> Value:
        """The value of a form."""
        analyser = analyser_of(self.environment, str(self.environment.value("*file*")))
        result = None
        for one in top_level_forms(analyser, form):
            result = self.run(*analyser.analyse(one), analyser.file)
        return result

    def run(self, node: nodes.Node, size: int, file: str) -> Value:
        """Evaluate an analysed top-level form."""
        outer, self.file = self.file, file
        try:
            return self.eval(node, [None] * size)
        except Exception as error:
            self.note(error, node, "")
            raise
        finally:
            self.file = outer

    def load(self, source: str, name: str, *, library: bool = False, required: bool = False) -> Value:
        """Read and evaluate all forms of a source; the analysed forms of a library are cached."""
        environment = self.environment
        linking, environment.linking = environment.linking, library
        try:
            return self._load(source, name, library=library)
        finally:
            environment.linking = linking

    def _load(self, source: str, name: str, *, library: bool) -> Value:
        environment = self.environment
        if library:
            known = cached_nodes(self.cache, environment.interner, source, name)
            if known is not None and known.ready:
                result = None
                for node, size in known.nodes:
                    result = self.run(node, size, name)
                return result
        reader = Reader(source, name, Forms(environment), environment.features)
        made = []
        result = None
        for node, size in analysed_forms(environment, reader, name):
            made.append((node, size))
            result = self.run(node, size, name)
        if library and known is not None:
            known.store(made)
        return result

    def disassemble(self, source: str, name: str) -> Iterator[str]:
        """The nodes of each form of a source; they are run on the way."""
        reader = Reader(source, name, Forms(self.environment), self.environment.features)
        for node, size in analysed_forms(self.environment, reader, name):
            yield shown(node)
            self.run(node, size, name)

    def eval(self, node: nodes.Node, frame: Frame) -> Value:
        """The value of a node."""
        return _EVALUATE[node.__class__](self, node, frame)

    def note(self, error: Exception, node: nodes.Node, name: str) -> None:
        """Note the guest frames that an error leaves."""
        known = getattr(error, "guest_frames", None)
        if known is None:
            known = []
            error.__dict__["guest_frames"] = known
        if len(known) < _TRACED:
            known.append((name, Location(self.file, node.line, node.column)))

    # Evaluation of symbols and constants: clojure.org/reference/evaluation

    def constant(self, node: nodes.Const, _: Frame) -> Value:
        """A form that evaluates to itself, or was quoted."""
        return node.value

    def fresh_nan(self, _: nodes.FreshNaN, __: Frame) -> Value:
        """NaN, boxed anew."""
        return not_a_number()

    def local(self, node: nodes.LocalRef, frame: Frame) -> Value:
        """A symbol that is bound locally."""
        return frame[node.slot]

    def var(self, node: nodes.VarRef, _: Frame) -> Value:
        """A symbol that names a var: its value."""
        return self.cells[node.key]

    def the_var(self, node: nodes.TheVar, _: Frame) -> Value:
        """(var symbol)."""
        return self.operations.var(node.namespace, node.name)

    def class_ref(self, node: nodes.ClassRef, _: Frame) -> Value:
        """A symbol that names a class."""
        return self.operations.class_named(node.name)

    def vector(self, node: nodes.VectorOf, frame: Frame) -> Value:
        """A vector: its elements are evaluated in order."""
        return vector_literal([self.eval(item, frame) for item in node.items])

    def map(self, node: nodes.MapOf, frame: Frame) -> Value:
        """A map: keys and values are evaluated in order."""
        return self.operations.map_literal([self.eval(item, frame) for item in node.items])

    def set(self, node: nodes.SetOf, frame: Frame) -> Value:
        """A set: its elements are evaluated in order."""
        return self.operations.set_literal([self.eval(item, frame) for item in node.items])

    def metadata(self, node: nodes.Node, frame: Frame) -> Map:
        """The map that stands before a literal or a definition."""
        return cast("Map", self.eval(node, frame))

    def with_metadata(self, node: nodes.WithMeta, frame: Frame) -> Value:
        """A literal with metadata, which is evaluated too."""
        return with_meta(self.eval(node.value, frame), self.metadata(node.metadata, frame))

    def invoke(self, node: nodes.Invoke, frame: Frame) -> Value:
        """A call: the operator, then the operands from left to right, then the call."""
        function: Tried = self.eval(node.function, frame)
        arguments = [self.eval(argument, frame) for argument in node.arguments]
        try:
            return function(*arguments)
        except Exception as error:
            self.note(error, node, getattr(function, "__qualname__", ""))
            raise

    # Special forms: clojure.org/reference/special_forms

    def define(self, node: nodes.Def, frame: Frame) -> Value:
        """(def symbol doc-string? init?)."""
        value = MISSING if node.init is None else self.eval(node.init, frame)
        metadata = None if node.metadata is None else self.metadata(node.metadata, frame)
        return self.operations.define(node.namespace, node.name, value, metadata, node.dynamic)

    def conditional(self, node: nodes.If, frame: Frame) -> Value:
        """(if test then else?)."""
        if truthy(self.eval(node.test, frame)):
            return self.eval(node.consequent, frame)
        return self.eval(node.alternative, frame)

    def do(self, node: nodes.Do, frame: Frame) -> Value:
        """(do expr*)."""
        for statement in node.statements:
            self.eval(statement, frame)
        return self.eval(node.result, frame)

    def let(self, node: nodes.Let, frame: Frame) -> Value:
        """(let* [binding*] expr*)."""
        for binding, init in node.bindings:
            frame[binding.slot] = self.eval(init, frame)
        return self.eval(node.body, frame)

    def function(self, node: nodes.Fn, frame: Frame) -> Value:
        """(fn* name? [param*] expr*): closes over the values of the locals it names."""
        function, _ = self.closure(node, frame)
        if node.metadata is not None:
            return with_meta(function, self.metadata(node.metadata, frame))
        return function

    def closure(self, node: nodes.Fn, frame: Frame) -> tuple[Value, list[tuple[int, Value]]]:
        """A function, and the values that it closes over, by slot."""
        captured = [(inside, frame[outside]) for outside, inside in node.captures]
        file = self.file
        environment = self.environment
        fixed = {len(arity.parameters): arity for arity in node.arities if arity.rest is None}
        last = node.arities[-1]
        variadic = last if last.rest is not None else None
        least = len(variadic.parameters) if variadic is not None else 0

        def function(*arguments: Value) -> Value:
            budget = environment.budget
            budget.steps -= 1
            if budget.steps < 0:
                budget.exhausted()
            count = len(arguments)
            arity = fixed.get(count)
            if variadic is not None and (
                arity is None or (arguments and arguments[-1].__class__ is LazyRest)
            ):
                if count < least:
                    raise ArityFault(count, node.name)
                arity = variadic
            elif arity is None:
                raise ArityFault(count, node.name)
            inner: Frame = [None] * node.size
            for slot, value in captured:
                inner[slot] = value
            if node.own is not None:
                inner[node.own.slot] = function
            for binding, value in zip(arity.parameters, arguments):
                inner[binding.slot] = value
            if arity.rest is not None:
                inner[arity.rest.slot] = rest_seq(arguments[least:])
            outer, self.file = self.file, file
            try:
                return self.rounds(arity.target, arity.body, inner)
            finally:
                self.file = outer

        function.__name__ = function.__qualname__ = node.name
        if variadic is not None:
            function.__dict__["fixed"] = least
        return function, captured

    def rounds(self, target: nodes.Target, body: nodes.Node, frame: Frame) -> Value:
        """The value of a body that a `recur` may repeat."""
        result = self.eval(body, frame)
        while result.__class__ is Again:
            budget = self.environment.budget
            budget.steps -= 1
            if budget.steps < 0:
                budget.exhausted()
            for binding, value in zip(target.bindings, result.values):
                frame[binding.slot] = value
            result = self.eval(body, frame)
        return result

    def loop(self, node: nodes.Loop, frame: Frame) -> Value:
        """(loop* [binding*] expr*)."""
        for binding, init in node.bindings:
            frame[binding.slot] = self.eval(init, frame)
        return self.rounds(node.target, node.body, frame)

    def recur(self, node: nodes.Recur, frame: Frame) -> Value:
        """(recur expr*): the expressions are evaluated in order, then bound in parallel."""
        return Again(node.target, [self.eval(argument, frame) for argument in node.arguments])

    def letfn(self, node: nodes.Letfn, frame: Frame) -> Value:
        """(letfn* [name fn]* expr*): all names are visible in all functions."""
        made = [(binding, function, *self.closure(function, frame)) for binding, function in node.bindings]
        for binding, _, function, _ in made:
            frame[binding.slot] = function
        for _, function_node, _, captured in made:
            captured[:] = [(inside, frame[outside]) for outside, inside in function_node.captures]
        return self.eval(node.body, frame)

    def throw(self, node: nodes.Throw, frame: Frame) -> Value:
        """(throw expr)."""
        error = self.operations.throwable(self.eval(node.exception, frame))
        error.__dict__["guest_frames"] = [("", Location(self.file, node.line, node.column))]
        raise error

    def attempt(self, node: nodes.Try, frame: Frame) -> Value:
        """(try expr* catch-clause* finally-clause?)."""
        try:
            return self.eval(node.body, frame)
        except Exception as error:
            thrown = caught(error)
            for clause in node.catches:
                if self.operations.matches(thrown, clause.class_name):
                    frame[clause.binding.slot] = thrown
                    return self.eval(clause.body, frame)
            raise
        finally:
            if node.final is not None:
                # A limit that ends the run leaves no step for it.
                self.environment.step()
                self.eval(node.final, frame)

    def case(self, node: nodes.Case, frame: Frame) -> Value:
        """(case* expr default clause*)."""
        parts: list[Value] = []
        for index, (constants, _) in enumerate(node.groups):
            for constant in constants:
                parts += [constant, index]
        chosen = cast("int", case_index(map_of(*parts), self.eval(node.subject, frame)))
        return self.eval(node.default if chosen < 0 else node.groups[chosen][1], frame)

    def set_var(self, node: nodes.SetVar, frame: Frame) -> Value:
        """(set! var-symbol expr)."""
        return self.operations.set_var(node.namespace, node.name, self.eval(node.value, frame))

    # Host interop: clojure.org/reference/java_interop

    def set_field(self, node: nodes.SetField, frame: Frame) -> Value:
        """(set! (. object field) expr)."""
        target = self.eval(node.target, frame)
        value = self.eval(node.value, frame)
        change = self.operations.set_own_field if node.own else self.operations.set_field
        return change(target, node.field, value)

    def field(self, node: nodes.FieldRef, frame: Frame) -> Value:
        """(.-field object)."""
        read = self.operations.own_field if node.own else self.operations.field
        return read(self.eval(node.target, frame), node.field)

    def new(self, node: nodes.New, frame: Frame) -> Value:
        """(new Class args*)."""
        return self.operations.new(
            node.class_name, *[self.eval(argument, frame) for argument in node.arguments]
        )

    def method_call(self, node: nodes.MethodCall, frame: Frame) -> Value:
        """(.method object args*)."""
        target = self.eval(node.target, frame)
        arguments = [self.eval(argument, frame) for argument in node.arguments]
        return self.operations.method(node.method, target, *arguments)

    def static_call(self, node: nodes.StaticCall, frame: Frame) -> Value:
        """(Class/method args*)."""
        arguments = [self.eval(argument, frame) for argument in node.arguments]
        return self.operations.static(node.class_name, node.method, *arguments)

    def static_field(self, node: nodes.StaticField, _: Frame) -> Value:
        """Class/field."""
        return self.operations.static_field(node.class_name, node.field)

    # Types: clojure.org/reference/datatypes

    def type_definition(self, node: nodes.TypeDefinition, frame: Frame) -> Value:
        """(deftype* ...) and (reify* ...)."""
        return self.operations.make_type(
            node.name,
            node.fields,
            node.mutable,
            node.is_record,
            [self.eval(interface, frame) for interface in node.interfaces],
            node.arities,
            [cast("Function", self.function(function, frame)) for _, function in node.methods],
            None if node.metadata is None else self.metadata(node.metadata, frame),
        )

    def import_class(self, node: nodes.Import, _: Frame) -> Value:
        """(import* "class")."""
        return self.operations.import_class(node.name)


_EVALUATE: dict[type, Callable[[TreeWalker, Any, Frame], Value]] = {
    nodes.Const: TreeWalker.constant,
    nodes.FreshNaN: TreeWalker.fresh_nan,
    nodes.LocalRef: TreeWalker.local,
    nodes.VarRef: TreeWalker.var,
    nodes.Linked: TreeWalker.var,
    nodes.TheVar: TreeWalker.the_var,
    nodes.ClassRef: TreeWalker.class_ref,
    nodes.VectorOf: TreeWalker.vector,
    nodes.MapOf: TreeWalker.map,
    nodes.SetOf: TreeWalker.set,
    nodes.WithMeta: TreeWalker.with_metadata,
    nodes.Invoke: TreeWalker.invoke,
    nodes.Def: TreeWalker.define,
    nodes.If: TreeWalker.conditional,
    nodes.Do: TreeWalker.do,
    nodes.Let: TreeWalker.let,
    nodes.Fn: TreeWalker.function,
    nodes.Loop: TreeWalker.loop,
    nodes.Recur: TreeWalker.recur,
    nodes.Letfn: TreeWalker.letfn,
    nodes.Throw: TreeWalker.throw,
    nodes.Try: TreeWalker.attempt,
    nodes.Case: TreeWalker.case,
    nodes.SetVar: TreeWalker.set_var,
    nodes.SetField: TreeWalker.set_field,
    nodes.FieldRef: TreeWalker.field,
    nodes.New: TreeWalker.new,
    nodes.MethodCall: TreeWalker.method_call,
    nodes.StaticCall: TreeWalker.static_call,
    nodes.StaticField: TreeWalker.static_field,
    nodes.TypeDefinition: TreeWalker.type_definition,
    nodes.Import: TreeWalker.import_class,
}


def shown(node: object, depth: int = 0) -> str:
    """A node and what it consists of, one a line."""
    lines = []
    pad = "  " * depth
    simple = []
    inner = []
    for kind in type(node).__mro__:
        for name in getattr(kind, "__slots__", ()):
            value = getattr(node, name, None)
            if isinstance(value, (nodes.Node, list, tuple)) and value:
                inner.append((name, value))
            elif name not in {"line", "column", "metadata"} and value is not None:
                simple.append(f"{name}={getattr(value, 'name', value)!r}")
    lines.append(f"{pad}{type(node).__name__}({', '.join(simple)}) @{getattr(node, 'line', '')}")
    for name, value in inner:
        if name == "metadata":
            continue
        lines.append(f"{pad}  .{name}")
        for part in value if isinstance(value, (list, tuple)) else [value]:
            for one in part if isinstance(part, tuple) else [part]:
                if isinstance(one, (nodes.Node, nodes.Arity, nodes.Catch)):
                    lines.append(shown(one, depth + 2))
                else:
                    lines.append(f"{pad}    {getattr(one, 'name', one)!r}")
    return "\n".join(lines)
