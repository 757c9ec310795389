"""Nodes to host code: statements where they are needed, expressions where they suffice.

A guest function is a host function, a local a host local, a loop a host `while`, a var a host global of the
environment's cells. A value that is computed before statements have to run is put into a temporary first, so the
order of evaluation is the guest's.
"""

from __future__ import annotations

import ast
from typing import Any, Callable

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.runtime.collections.maps import map_of
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.names import Keyword, truthy
from lockstep.reference.clojure.vm import intrinsics
from lockstep.reference.clojure.vm.destinations import DISCARD, RETURN, Destination, host_name
from lockstep.reference.clojure.vm.functions import Functions
from lockstep.reference.clojure.vm.inference import Held

Node = nodes.Node
_CORE = "clojure.core/"


class FunctionCompiler(Functions):
    """Compiles the body of one host function.

    Args:
        builder: makes host nodes.
        constants: of the compilation unit.
        metered: whether function entries and loop back-edges take steps.
        names: host names of captured locals that differ from `host_name`.
    """

    # Names and temporaries.

    def temporary(self) -> str:
        """A fresh host local."""
        self.counter[0] += 1
        return f"~{self.counter[0]}"

    def name_of(self, binding: nodes.Binding) -> str:
        """The host local of a guest local."""
        return self.names.get(binding.number) or host_name(binding)

    def bind(self, binding: nodes.Binding) -> str:
        """The host local of a guest local that is bound here."""
        if self.in_loop:
            self.changing.add(binding.number)
        return self.name_of(binding)

    def held(self, value: ast.expr) -> tuple[ast.expr, str]:
        """The first use of `value`, and the name for the later ones."""
        if (
            isinstance(value, ast.Name)
            and not value.id.startswith((":", "~~"))
            and ("/" not in value.id or "~" in value.id)
        ):
            return value, value.id
        name = self.temporary()
        return self.builder.walrus(name, value), name

    def position(self, node: Node) -> None:
        """Give what is built from here on the position of `node`."""
        self.builder.line = node.line
        self.builder.column = node.column

    # Blocks.

    def within(self, compile_block: Callable[[], Any]) -> tuple[list[ast.stmt], Any]:
        """The statements that `compile_block` emits, and what it returns."""
        outer, self.block = self.block, []
        result = compile_block()
        inner, self.block = self.block, outer
        return inner, result

    def emitted(self, node: Node, destination: Destination) -> list[ast.stmt]:
        """The statements that bring `node` to its destination."""
        return self.within(lambda: self.emit(node, destination))[0]

    def finish(self, destination: Destination, value: ast.expr) -> None:
        """Bring a value to its destination."""
        builder = self.builder
        if destination.returns:
            self.block.append(builder.returning(value))
            return
        if destination.name is not None:
            if not (isinstance(value, ast.Name) and value.id == destination.name):
                self.block.append(builder.assigning(destination.name, value))
        elif not isinstance(value, (ast.Constant, ast.Name)):
            self.block.append(builder.evaluating(value))
        if destination.leave:
            self.block.append(builder.placed(ast.Break()))

    def emit(self, node: Node, destination: Destination) -> None:
        """Emit statements that bring the value of `node` to its destination."""
        statement = _STATEMENTS.get(node.__class__)
        if statement is None:
            self.finish(destination, self.expression(node))
        else:
            self.position(node)
            statement(self, node, destination)

    def expression(self, node: Node) -> ast.expr:
        """An expression for the value of `node`; statements that it needs are emitted before."""
        make = _EXPRESSIONS.get(node.__class__)
        if make is None:
            name = self.temporary()
            self.emit(node, Destination(name))
            return self.builder.name(name)
        self.position(node)
        result = make(self, node)
        self.position(node)
        return result

    def expressions(self, parts: list[Node]) -> list[ast.expr]:
        """Expressions for `parts`, evaluated in order even where later ones emit statements."""
        results: list[ast.expr] = []
        for part in parts:
            before = len(self.block)
            value = self.expression(part)
            if len(self.block) > before:
                spilled: list[ast.stmt] = []
                for index, earlier in enumerate(results):
                    if not _is_stable(earlier):
                        name = self.temporary()
                        spilled.append(self.builder.assigning(name, earlier))
                        results[index] = self.builder.name(name)
                self.block[before:before] = spilled
            results.append(value)
        return results

    # Conditions.

    def test(self, node: Node) -> ast.expr:
        """A host condition that holds where `node` is logically true."""
        builder = self.builder
        if isinstance(node, nodes.Invoke) and isinstance(node.function, nodes.VarRef):
            made = self.predicate(node)
            if made is not None:
                return made
        elif isinstance(node, nodes.Const):
            return builder.constant(truthy(node.value))
        elif isinstance(node, nodes.Let):
            self.emit_bindings(node)
            return self.test(node.body)
        elif isinstance(node, nodes.Do):
            for statement in node.statements:
                self.emit(statement, DISCARD)
            return self.test(node.result)
        elif isinstance(node, nodes.If):
            made = self.both_tests(node)
            if made is not None:
                return made
        return self.truth(self.expression(node))

    def both_tests(self, node: nodes.If) -> ast.expr | None:
        """A condition whose value is a condition: `and`, `or`, `when` inside of a test."""
        condition = self.test(node.test)
        body, consequent = self.within(lambda: self.test(node.consequent))
        other, alternative = self.within(lambda: self.test(node.alternative))
        if not body and not other:
            return self.builder.choice(condition, consequent, alternative)
        name = self.temporary()
        body.append(self.builder.assigning(name, consequent))
        other.append(self.builder.assigning(name, alternative))
        self.block.append(self.builder.branching(condition, body, other))
        return self.builder.name(name)

    def truth(self, value: ast.expr) -> ast.expr:
        """`value` is neither nil nor false."""
        builder = self.builder
        first, name = self.held(value)
        return builder.both(
            builder.compare(first, ast.IsNot(), builder.constant(None)),
            builder.compare(builder.name(name), ast.IsNot(), builder.name("%false")),
        )

    def predicate(self, node: nodes.Invoke) -> ast.expr | None:
        """The host condition of a call of a predicate that has one."""
        function = node.function
        assert isinstance(function, nodes.VarRef)
        make = intrinsics.TESTS.get(function.name) if function.namespace == "clojure.core" else None
        if make is None:
            return None
        self.position(node)
        if isinstance(function, nodes.Linked):
            return make(self, node.arguments)
        return self.guarded(node, make, "test") if function.name in intrinsics.GUARDED else None

    def guarded(self, node: nodes.Invoke, make: intrinsics.Compile, kind: str) -> ast.expr | None:
        """What is inlined as long as the var has its first value, else a call through the var.

        Args:
            node: the call.
            make: makes the inlined form.
            kind: "test" for a condition of the host, "predicate" for the value of one, "call" for any other value.
        """
        builder = self.builder
        function = node.function
        assert isinstance(function, nodes.VarRef)
        if len(node.arguments) not in intrinsics.GUARDED[function.name]:
            return None
        arguments: list[Node] = []
        for argument, value in zip(node.arguments, self.expressions(node.arguments)):
            if isinstance(argument, (nodes.Const, nodes.LocalRef)):
                arguments.append(argument)
                continue
            name = self.temporary()
            self.block.append(builder.assigning(name, value))
            arguments.append(Held(name, argument))
        self.position(node)
        first = nodes.Linked(function.namespace, function.name).key
        unchanged = builder.compare(builder.name(function.key), ast.Is(), builder.name(first))
        inlined = make(self, arguments)
        call = builder.call(builder.name(function.key), *self.expressions(arguments))
        if inlined is None:
            return call
        if kind == "predicate":
            inlined = builder.choice(inlined, builder.name("%true"), builder.name("%false"))
        return builder.choice(unchanged, inlined, self.truth(call) if kind == "test" else call)

    def held_value(self, node: Held) -> ast.expr:
        """A value that stands in a host local."""
        return self.builder.name(node.name)

    # Expressions.

    def constant(self, node: nodes.Const) -> ast.expr:
        """A constant."""
        return self.constants.expression(node.value)

    def fresh_nan(self, _: nodes.FreshNaN) -> ast.expr:
        """NaN, boxed anew."""
        return self.builder.runtime("fresh_nan")

    def local(self, node: nodes.LocalRef) -> ast.expr:
        """A local."""
        return self.builder.name(self.name_of(node.binding))

    def var(self, node: nodes.VarRef) -> ast.expr:
        """The value of a var: a host global."""
        return self.builder.name(node.key)

    def the_var(self, node: nodes.TheVar) -> ast.expr:
        """The var itself."""
        return self.builder.runtime(
            "var", self.builder.constant(node.namespace), self.builder.constant(node.name)
        )

    def class_ref(self, node: nodes.ClassRef) -> ast.expr:
        """A class by name."""
        return self.builder.runtime("class", self.builder.constant(node.name))

    def conditional(self, node: nodes.If) -> ast.expr:
        """`if`, as an expression where its parts are."""
        builder = self.builder
        condition = self.test(node.test)
        body, consequent = self.within(lambda: self.expression(node.consequent))
        other, alternative = self.within(lambda: self.expression(node.alternative))
        self.position(node)
        if not body and not other:
            return builder.choice(condition, consequent, alternative)
        name = self.temporary()
        body.append(builder.assigning(name, consequent))
        other.append(builder.assigning(name, alternative))
        self.block.append(builder.branching(condition, body, other))
        return builder.name(name)

    def do(self, node: nodes.Do) -> ast.expr:
        """`do`."""
        for statement in node.statements:
            self.emit(statement, DISCARD)
        return self.expression(node.result)

    def emit_bindings(self, node: nodes.Let) -> None:
        """Assign the bindings of a `let*`."""
        for binding, init in node.bindings:
            self.types.learn_let(binding, init)
            self.emit(init, Destination(self.bind(binding)))

    def let(self, node: nodes.Let) -> ast.expr:
        """`let*`."""
        self.emit_bindings(node)
        return self.expression(node.body)

    def invoke(self, node: nodes.Invoke) -> ast.expr:
        """A call: an intrinsic, a keyword lookup, or a host call."""
        builder = self.builder
        function = node.function
        if isinstance(function, nodes.VarRef) and function.namespace in intrinsics.NAMESPACES:
            if not isinstance(function, nodes.Linked) and function.name in intrinsics.GUARDED_TESTS:
                made = self.guarded(node, intrinsics.TESTS[function.name], "predicate")
                if made is not None:
                    return made
            condition = self.predicate(node)
            if condition is not None:
                self.position(node)
                return builder.choice(condition, builder.name("%true"), builder.name("%false"))
            made = self.intrinsic(node, function)
            if made is not None:
                return made
        elif isinstance(function, nodes.Const):
            if function.value.__class__ is Keyword and len(node.arguments) == 1:
                return intrinsics.lookup(self, node.arguments[0], function)
            if function.value.__class__ in _NOT_CALLABLE:
                values = self.expressions(node.arguments)
                return builder.runtime("not_callable", self.constants.expression(function.value), *values)
        values = self.expressions([function, *node.arguments])
        self.position(node)
        return builder.call(values[0], *values[1:])

    def intrinsic(self, node: nodes.Invoke, function: nodes.VarRef) -> ast.expr | None:
        """A call that compiles to host operations, if it is one."""
        make = intrinsics.CALLS.get(function.name)
        if make is None:
            return None
        if isinstance(function, nodes.Linked):
            return make(self, node.arguments)
        return self.guarded(node, make, "call") if function.name in intrinsics.GUARDED else None

    def step(self) -> None:
        """Take one step of the budget."""
        self.block.extend(self.builder.step(self.builder.name("%budget")))

    def collection(self, kind: str) -> Callable[[Any], ast.expr]:
        """A vector, map or set of expressions."""

        def make(node: Any) -> ast.expr:
            return self.builder.runtime(kind, self.builder.list_of(self.expressions(node.items)))

        return make

    def vector(self, node: nodes.VectorOf) -> ast.expr:
        """A vector."""
        return self.collection("vector")(node)

    def map(self, node: nodes.MapOf) -> ast.expr:
        """A map: a host dict display where the keys are keywords, all different."""
        keys = node.items[::2]
        builder = self.builder
        constants = {
            part.value for part in keys if isinstance(part, nodes.Const) and part.value.__class__ is Keyword
        }
        if len(constants) == len(keys):
            values = self.expressions(node.items)
            table = builder.placed(ast.Dict([*values[::2]], values[1::2]))
            return builder.call("%Map", table)
        return self.collection("map_literal")(node)

    def set(self, node: nodes.SetOf) -> ast.expr:
        """A set."""
        return self.collection("set_literal")(node)

    def with_metadata(self, node: nodes.WithMeta) -> ast.expr:
        """A literal with metadata."""
        return self.builder.runtime("with_meta", *self.expressions([node.value, node.metadata]))

    def define(self, node: nodes.Def) -> ast.expr:
        """`def`."""
        builder = self.builder
        value = self.expression(node.init) if node.init is not None else builder.name("%missing")
        metadata: ast.expr = builder.constant(None)
        if node.metadata is not None:
            if not _is_stable(value):
                name = self.temporary()
                self.block.append(builder.assigning(name, value))
                value = builder.name(name)
            metadata = self.expression(node.metadata)
        return builder.runtime(
            "define",
            builder.constant(node.namespace),
            builder.constant(node.name),
            value,
            metadata,
            builder.constant(node.dynamic),
        )

    def set_var(self, node: nodes.SetVar) -> ast.expr:
        """`set!` of a var."""
        builder = self.builder
        value = self.expression(node.value)
        return builder.runtime(
            "set_var", builder.constant(node.namespace), builder.constant(node.name), value
        )

    def set_field(self, node: nodes.SetField) -> ast.expr:
        """`set!` of a field."""
        values = self.expressions([node.target, node.value])
        change = "set_own_field" if node.own else "set_field"
        return self.builder.runtime(change, values[0], self.builder.constant(node.field), values[1])

    def field(self, node: nodes.FieldRef) -> ast.expr:
        """A field."""
        read = "own_field" if node.own else "field"
        return self.builder.runtime(read, self.expression(node.target), self.builder.constant(node.field))

    def new(self, node: nodes.New) -> ast.expr:
        """A constructor call."""
        values = self.expressions(node.arguments)
        return self.builder.runtime("new", self.builder.constant(node.class_name), *values)

    def method_call(self, node: nodes.MethodCall) -> ast.expr:
        """A method call."""
        values = self.expressions([node.target, *node.arguments])
        self.position(node)
        return self.builder.runtime("method", self.builder.constant(node.method), *values)

    def static_call(self, node: nodes.StaticCall) -> ast.expr:
        """A static method call."""
        values = self.expressions(node.arguments)
        self.position(node)
        return self.builder.runtime(
            "static", self.builder.constant(node.class_name), self.builder.constant(node.method), *values
        )

    def static_field(self, node: nodes.StaticField) -> ast.expr:
        """A static field."""
        return self.builder.runtime(
            "static_field", self.builder.constant(node.class_name), self.builder.constant(node.field)
        )

    def type_definition(self, node: nodes.TypeDefinition) -> ast.expr:
        """`deftype*` and `reify*`."""
        builder = self.builder
        interfaces = builder.list_of(self.expressions(node.interfaces))
        arities = builder.list_of([builder.constant(one) for one in node.arities])
        functions = builder.list_of([self.function(function) for _, function in node.methods])
        fields, mutable = (
            builder.list_of([builder.constant(field) for field in names])
            for names in (node.fields, node.mutable)
        )
        arguments = [
            builder.constant(node.name),
            fields,
            mutable,
            builder.constant(node.is_record),
            interfaces,
            arities,
            functions,
        ]
        if node.metadata is not None:
            arguments.append(self.expression(node.metadata))
        return builder.runtime("make_type", *arguments)

    def import_class(self, node: nodes.Import) -> ast.expr:
        """`import*`."""
        return self.builder.runtime("import", self.builder.constant(node.name))

    # Statements.

    def emit_if(self, node: nodes.If, destination: Destination) -> None:
        """`if`."""
        condition = self.test(node.test)
        body = self.emitted(node.consequent, destination)
        other = self.emitted(node.alternative, destination)
        self.position(node)
        if other and destination.returns:
            self.block.append(self.builder.branching(condition, body, []))
            self.block.extend(other)
        else:
            self.block.append(self.builder.branching(condition, body, other))

    def emit_do(self, node: nodes.Do, destination: Destination) -> None:
        """`do`."""
        for statement in node.statements:
            self.emit(statement, DISCARD)
        self.emit(node.result, destination)

    def emit_let(self, node: nodes.Let, destination: Destination) -> None:
        """`let*`."""
        self.emit_bindings(node)
        self.emit(node.body, destination)

    def emit_loop(self, node: nodes.Loop, destination: Destination) -> None:
        """`loop*`: a host `while`, left by `return` or `break`."""
        self.types.learn_loop(node)
        outside = self.in_loop
        for binding, init in node.bindings:
            self.emit(init, Destination(self.bind(binding)))
        if not node.target.recurs:
            self.emit(node.body, destination)
            return
        self.in_loop = True
        self.changing.update(binding.number for binding in node.target.bindings)
        inner = RETURN if destination.returns else Destination(destination.name, leave=True)
        body = self.within(lambda: self.loop_body(node.body, inner))[0]
        self.in_loop = outside
        self.block.append(self.builder.looping(body))
        if destination.leave:
            self.block.append(self.builder.placed(ast.Break()))

    def emit_recur(self, node: nodes.Recur, _: Destination) -> None:
        """`recur`: assign all at once, go on."""
        builder = self.builder
        pairs = [
            (self.name_of(binding), value)
            for binding, value in zip(node.target.bindings, self.expressions(node.arguments))
        ]
        pairs = [
            (name, value) for name, value in pairs if not (isinstance(value, ast.Name) and value.id == name)
        ]
        self.position(node)
        if len(pairs) == 1:
            self.block.append(builder.assigning(*pairs[0]))
        elif pairs:
            self.block.append(
                builder.unpacking(
                    [name for name, _ in pairs], builder.tuple_of([value for _, value in pairs])
                )
            )
        self.block.append(builder.placed(ast.Continue()))

    def emit_throw(self, node: nodes.Throw, _: Destination) -> None:
        """`throw`."""
        value = self.expression(node.exception)
        self.position(node)
        self.block.append(self.builder.placed(ast.Raise(self.builder.runtime("throwable", value), None)))

    def emit_try(self, node: nodes.Try, destination: Destination) -> None:
        """`try`: one host handler that asks the clauses in order."""
        if not node.catches and node.final is None:
            self.emit(node.body, destination)
            return
        builder = self.builder
        body = self.emitted(node.body, destination)
        handlers: list[Any] = []
        if node.catches:
            error = self.temporary()
            handler = self.within(lambda: self.handler(node, error, destination))[0]
            handlers.append(builder.placed(ast.ExceptHandler(builder.name("%Exception"), error, handler)))
        clause = node.final
        final = self.within(lambda: self.final_clause(clause))[0] if clause is not None else []
        self.position(node)
        passing: list[ast.stmt] = [builder.placed(ast.Pass())]
        if node.final is not None and not final:
            final = list(passing)
        self.block.append(builder.placed(ast.Try(body or passing, handlers, [], final)))

    def final_clause(self, final: Node | None) -> None:
        """A `finally` clause; a limit that ends the run leaves no step for it."""
        if self.metered:
            self.step()
        assert final is not None
        self.emit(final, DISCARD)

    def handler(self, node: nodes.Try, error: str, destination: Destination) -> None:
        """The clauses of a `try`."""
        builder = self.builder
        name = self.temporary()
        self.block.append(builder.assigning(name, builder.runtime("caught", builder.name(error))))
        clauses = []
        for clause in node.catches:
            if self.in_loop:
                self.changing.add(clause.binding.number)
            body: list[ast.stmt] = [builder.assigning(self.name_of(clause.binding), builder.name(name))]
            body += self.emitted(clause.body, destination)
            test = builder.runtime("matches", builder.name(name), builder.constant(clause.class_name))
            clauses.append((test, body))
        orelse: list[ast.stmt] = [builder.placed(ast.Raise(None, None))]
        for test, body in reversed(clauses):
            orelse = [builder.branching(test, body, orelse)]
        self.block.extend(orelse)

    def emit_case(self, node: nodes.Case, destination: Destination) -> None:
        """`case*`: a table of the constants, then a chain over the few bodies."""
        builder = self.builder
        subject = self.expression(node.subject)
        table: list[Value] = []
        for index, (constants, _) in enumerate(node.groups):
            for constant in constants:
                table += [constant, index]
        name = self.temporary()
        made = self.constants.expression(map_of(*table))
        self.block.append(builder.assigning(name, builder.runtime("case", made, subject)))
        orelse = self.emitted(node.default, destination)
        for index in range(len(node.groups) - 1, -1, -1):
            body = self.emitted(node.groups[index][1], destination)
            test = builder.compare(builder.name(name), ast.Eq(), builder.constant(index))
            orelse = [builder.branching(test, body, orelse)]
        self.block.extend(orelse)


def _is_stable(value: ast.expr) -> bool:
    """Whether `value` means the same after other statements ran."""
    if isinstance(value, ast.Constant):
        return True
    return (
        isinstance(value, ast.Name)
        and not value.id.startswith("~~")
        and (value.id[0] in ":%~" or "~" in value.id or value.id.startswith("const:"))
    )


_NOT_CALLABLE = frozenset({int, float, str, type(None)})

_EXPRESSIONS: dict[type, Callable[[FunctionCompiler, Any], ast.expr]] = {
    nodes.Const: FunctionCompiler.constant,
    nodes.FreshNaN: FunctionCompiler.fresh_nan,
    nodes.LocalRef: FunctionCompiler.local,
    nodes.VarRef: FunctionCompiler.var,
    nodes.Linked: FunctionCompiler.var,
    nodes.TheVar: FunctionCompiler.the_var,
    nodes.ClassRef: FunctionCompiler.class_ref,
    nodes.If: FunctionCompiler.conditional,
    nodes.Do: FunctionCompiler.do,
    nodes.Let: FunctionCompiler.let,
    nodes.Invoke: FunctionCompiler.invoke,
    nodes.Fn: FunctionCompiler.function,
    nodes.VectorOf: FunctionCompiler.vector,
    nodes.MapOf: FunctionCompiler.map,
    nodes.SetOf: FunctionCompiler.set,
    nodes.WithMeta: FunctionCompiler.with_metadata,
    nodes.Def: FunctionCompiler.define,
    nodes.SetVar: FunctionCompiler.set_var,
    nodes.SetField: FunctionCompiler.set_field,
    nodes.FieldRef: FunctionCompiler.field,
    nodes.New: FunctionCompiler.new,
    nodes.MethodCall: FunctionCompiler.method_call,
    nodes.StaticCall: FunctionCompiler.static_call,
    nodes.StaticField: FunctionCompiler.static_field,
    nodes.TypeDefinition: FunctionCompiler.type_definition,
    nodes.Import: FunctionCompiler.import_class,
    Held: FunctionCompiler.held_value,
}

_STATEMENTS: dict[type, Callable[[FunctionCompiler, Any, Destination], None]] = {
    nodes.If: FunctionCompiler.emit_if,
    nodes.Do: FunctionCompiler.emit_do,
    nodes.Let: FunctionCompiler.emit_let,
    nodes.Loop: FunctionCompiler.emit_loop,
    nodes.Recur: FunctionCompiler.emit_recur,
    nodes.Letfn: FunctionCompiler.emit_letfn,
    nodes.Throw: FunctionCompiler.emit_throw,
    nodes.Try: FunctionCompiler.emit_try,
    nodes.Case: FunctionCompiler.emit_case,
}
