"""ECMA-262 15.1 to 15.6, 15.8 and 10.2.11: functions become host functions."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.generation.inference import has_loop, infer
from lockstep.reference.javascript.vm.generation.names import StaticScope, Unit, Variable
from lockstep.reference.javascript.vm.productions.patterns import Patterns

_CONSTRUCTORS = ("constructor", "derived")


def bound_name(declaration: js.FunctionDeclaration) -> str:
    """8.2.1 BoundNames; an anonymous `export default function` binds `*default*`."""
    name = declaration.function.name
    return "*default*" if name is None else name.name


class Functions(Patterns):
    """Closures, parameters, and the entry into a body."""

    templates: list[tuple[Any, ...]]
    # The shortest function that is compiled at its first call only, in characters; 0: none is.
    deferred_from = 0
    variable_scopes: dict[int, StaticScope]

    # Values

    def function_expression(self, node: js.FunctionExpression) -> Operand:
        function = node.function
        name = function.name.name if function.name is not None else ""
        return Operand(self.closure(function, name))

    def named(self, node: Any, name: str) -> Operand:
        """8.4 NamedEvaluation with a name known at compile time."""
        self.position(node)
        if node.__class__ is js.FunctionExpression:
            return Operand(self.closure(node.function, name))
        return self.class_definition(node.definition, name)

    def named_at_run_time(self, node: Any, key: ast.expr) -> Operand:
        """8.4 NamedEvaluation with a computed property key."""
        self.position(node)
        if node.__class__ is js.FunctionExpression:
            function = self.closure(node.function, "")
            self.evaluate(self.call("set_function_name_", function, key))
            return Operand(function)
        return self.class_definition(node.definition, "", key)

    def closure(self, node: js.Function, name: str) -> ast.expr:
        """Emit the host function of `node` and make its function object."""
        unit = self.begin_unit(node, name)
        body = self.function_body(node, unit)
        kind = node.kind
        template = (
            name,
            node.expected_argument_count,
            kind,
            unit.arity,  # type: ignore[attr-defined]
            node.strict,
            node.is_async,
            node.is_generator,
            unit.uses_new_target or kind == "derived",
            node.start,
            node.end,
            unit.uses_callee,
            unit.primed,  # type: ignore[attr-defined]
        )
        return self.finish_unit(unit, body, template)

    # Units

    def begin_unit(self, node: Any, name: str, *, transparent: bool | None = None) -> Unit:
        """Enter a new host function; `finish_unit` leaves it."""
        kind = getattr(node, "kind", "")
        unit = Unit(self.unit, name, transparent=kind == "arrow" if transparent is None else transparent)
        unit.kind = kind
        unit.extent = node.end - node.start
        unit.strict = getattr(node, "strict", True)
        unit.is_async = getattr(node, "is_async", False)
        unit.is_generator = getattr(node, "is_generator", False)
        unit.derived = kind == "derived"
        unit.this_name = self.fresh("this")
        unit.callee_name = "callee_"
        unit.new_target_name = "new_target"
        unit.saved_state = (self.unit, self.scope, self.out, self.line, self.column)  # type: ignore[attr-defined]
        unit.primed = False  # type: ignore[attr-defined]
        unit.arity = -1  # type: ignore[attr-defined]
        unit.host_parameters = []  # type: ignore[attr-defined]
        unit.host_rest = None  # type: ignore[attr-defined]
        self.unit = unit
        self.out = unit.body
        return unit

    def finish_unit(
        self, unit: Unit, body: list[ast.stmt], template: tuple[Any, ...], maker: str = "make_function_"
    ) -> ast.expr:
        """Leave the unit; emit its definition and the making of its object in the unit around."""
        definition, host = self.leave_unit(unit, body)
        index = len(self.templates)
        self.templates.append(template)
        entry = self.subscript(self.name("templates@"), self.constant(index))
        boxes = [box for box in unit.free_boxes.values() if box.unit is self.unit]
        made = self._defined(definition, host, boxes)
        return self.result(self.call(maker, entry, made)).expression

    def leave_unit(self, unit: Unit, body: list[ast.stmt]) -> tuple[ast.FunctionDef, str]:
        """Restore the unit around, and put the host function together; the unit keeps none of its code."""
        self.unit, self.scope, self.out, self.line, self.column = unit.saved_state  # type: ignore[attr-defined]
        parameters = unit.host_parameters  # type: ignore[attr-defined]
        this = unit.this_name if not unit.derived else "this@undefined"
        takes_this = unit.kind != "class"
        keyword_only = []
        if unit.uses_callee:
            keyword_only.append("callee_")
        if unit.uses_new_target or unit.derived:
            keyword_only.append("new_target")
        head: list[ast.stmt] = []
        if unit.nonlocals:
            head.append(self.placed(ast.Nonlocal(sorted(unit.nonlocals))))
        if unit.globals:
            head.append(self.placed(ast.Global(sorted(unit.globals))))
        head.extend(self.jump_head(unit))
        head.extend(self.cells_head(unit))
        generator = unit.is_async or unit.is_generator
        if generator and not unit.has_yield:
            yielding = self.evaluating(self.placed(ast.Yield(None)))
            head.append(self.branching(self.constant(False), [yielding]))
        if unit.derived:
            bind = self.assigning(unit.this_name, self.constant(None))
            head.append(self.branching(self.constant(False), [bind]))
        host = self.fresh(unit.name or "anonymous")
        definition = self.defining(
            host,
            [this, *parameters] if takes_this else parameters,
            head + body,
            defaults=[self.constant(None) for _ in parameters] if takes_this else [],
            rest=unit.host_rest,  # type: ignore[attr-defined]
            keywords=keyword_only,
        )
        for name in unit.nonlocals:
            # What a nested unit assigns in a unit further out passes through.
            self._pass_nonlocal(name)
        unit.body, unit.regions, unit.jump_numbers = [], [], {}
        return definition, host

    def _pass_nonlocal(self, name: str) -> None:
        return

    def _defined(self, definition: ast.FunctionDef, host: str, boxes: list[Variable]) -> ast.expr:
        """Define the host function; over boxes by a factory, so that it keeps the present ones."""
        if not boxes:
            self.emit(definition)
            return self.name(host)
        factory = self.fresh("factory")
        made = [definition, self.returning(self.name(host))]
        self.emit(self.defining(factory, [box.host for box in boxes], made))
        return self.call(factory, *[self.name(box.host) for box in boxes])

    # 10.2.11 FunctionDeclarationInstantiation

    def function_body(self, node: js.Function, unit: Unit) -> list[ast.stmt]:
        """The statements of the host function of `node`."""
        scope = node.scope
        dynamic = scope.contains_direct_eval or (
            scope.parameter_scope is not None and scope.parameter_scope.contains_direct_eval
        )
        outer = self.scope
        if node.name_scope is not None and node.name is not None:
            outer = self._name_scope(node, unit, outer, dynamic)
        static = StaticScope(outer, unit)
        self.scope = static
        self.meter()
        if dynamic and not node.strict and scope.has_parameter_expressions:
            # Step 20: variables of direct evals in the parameters stay outside the body's.
            self.open_environment(static, outer)
            self.variable_scopes[id(unit)] = static
            outer = static
            static = StaticScope(outer, unit)
            self.scope = static
        if not node.strict and node.kind != "arrow" and scope.uses_this:
            self._coerce_this(unit)
        if dynamic:
            self.open_environment(static, outer)
        arguments_needed = scope.uses_arguments and node.kind != "arrow"
        parameter_static = static
        parameter_bindings: Any = scope.parameter_scope or scope
        simple = scope.has_simple_parameters and not dynamic
        names = set(scope.parameter_names)
        # Step 22: the arguments object.
        if not dynamic and not scope.has_with and has_loop(node.body):
            unit.numeric, unit.counters = infer(node.body, scope)
        if simple:
            self._simple_parameters(node, unit, static, arguments_needed)
        else:
            for name in dict.fromkeys(scope.parameter_names):
                self._declare_binding(static, name, parameter_bindings.bindings.get(name), dynamic)
            for variable in static.variables.values():
                # Steps 21 and 26: a parameter is uninitialized until its turn comes.
                variable.has_dead_zone, variable.ready = True, False
            # A function in an initializer has to be compiled now: later its parameters are like others.
            deferred_from, self.deferred_from = self.deferred_from, 0
            self._complex_parameters(node, unit, static, arguments_needed, dynamic)
            self.deferred_from = deferred_from
            for variable in static.variables.values():
                variable.has_dead_zone, variable.ready = False, True
        generator = node.is_generator
        if generator and not simple:
            self.evaluate(self.placed(ast.Yield(None)))
            unit.has_yield = True
            unit.primed = True  # type: ignore[attr-defined]
        # Steps 27 and 28: the variables.
        if scope.parameter_scope is not None:
            static = StaticScope(parameter_static, unit)
            self.scope = static
            if dynamic:
                self.open_environment(static, parameter_static)
        self.variable_scopes[id(unit)] = static
        self._declare_body(scope, static, parameter_static, names, arguments_needed, dynamic)
        for declaration in scope.functions:
            self._hoist(declaration, static)
        self.body_with_resources(node.body, scope)
        if unit.derived:
            self.return_from_derived(self.constant(None))
        return unit.body

    def _coerce_this(self, unit: Unit) -> None:
        """10.2.1.2 for sloppy code: an object has the attribute, anything else is converted."""
        probe = self.placed(ast.Expr(self.attribute(self.name(unit.this_name), "extensible_")))
        with self.collected() as emitted:
            self.assign(unit.this_name, self.call("sloppy_this_", self.name(unit.this_name)))
        self.try_([probe], ("attribute_error_",), emitted)

    def _name_scope(
        self, node: js.Function, unit: Unit, outer: StaticScope | None, dynamic: bool
    ) -> StaticScope:
        scope = StaticScope(outer, unit)
        unit.uses_callee = True
        name = node.name.name  # type: ignore[union-attr]
        if dynamic:
            self.open_environment(scope, outer)
            self.evaluate(
                self.call(
                    "bind_function_name_",
                    self.environment(scope),
                    self.constant(name),
                    self.name("callee_"),
                )
            )
        else:
            scope.variables[name] = Variable("callee_", unit, node.name_scope.bindings[name])  # type: ignore[union-attr]
        return scope

    def open_environment(self, scope: StaticScope, outer: StaticScope | None) -> None:
        """Give `scope` an environment record behind the one that `outer` is in."""
        self.open_record(scope, self.call("new_environment_", self.environment_of(outer)))

    def environment_of(self, scope: StaticScope | None) -> ast.expr:
        """The record that a scope's record has as outer."""
        while scope is not None:
            if scope.environment:
                return self.environment(scope)
            if scope.variables:
                break
            scope = scope.parent
        return self.name("global_environment_")

    def _declare_binding(self, scope: StaticScope, name: str, binding: Any, dynamic: bool) -> None:
        if dynamic:
            self.evaluate(
                self.call(
                    "declare_",
                    self.environment(scope),
                    self.constant(name),
                    self.constant(binding is not None and binding.is_const),
                )
            )
        else:
            self.declare(scope, name, binding)

    def _simple_parameters(
        self, node: js.Function, unit: Unit, scope: StaticScope, arguments_needed: bool
    ) -> None:
        hosts = []
        last: dict[str, int] = {}
        for position, element in enumerate(node.parameters):
            last[element.target.name] = position  # type: ignore[union-attr]
        for position, element in enumerate(node.parameters):
            name = element.target.name  # type: ignore[union-attr]
            if last[name] == position:
                variable = self.declare(scope, name, node.scope.bindings.get(name))
                variable.ready = True
                hosts.append(variable.host)
            else:
                hosts.append(self.fresh(name))
        if not arguments_needed:
            unit.host_parameters = hosts  # type: ignore[attr-defined]
            unit.arity = len(hosts)  # type: ignore[attr-defined]
            return
        unit.host_rest = "arguments@"  # type: ignore[attr-defined]
        self._unpack(hosts)
        variable = self.declare(scope, "arguments", None)
        if node.strict:
            self.assign(variable.host, self.call("unmapped_arguments_", self.name("arguments@")))
            return
        unit.uses_callee = True
        mapped = [(position, hosts[position]) for position in sorted(last.values())]
        self.assign(variable.host, self._mapped_arguments(mapped))

    def _mapped_arguments(self, mapped: list[tuple[int, str]]) -> ast.expr:
        """10.4.4.7: getters and setters of the parameters as host closures."""
        pairs = []
        for position, host in mapped:
            setter = self.setter(host)
            empty = ast.arguments([], [], None, [], [], None, [])
            getter = self.placed(ast.Lambda(empty, self.name(host)))
            pairs.append(self.tuple_of([self.constant(position), getter, setter]))
        return self.call(
            "mapped_arguments_", self.name("arguments@"), self.name("callee_"), self.tuple_of(pairs)
        )

    def _unpack(self, hosts: list[str]) -> None:
        for position, host in enumerate(hosts):
            present = self.comparison(
                ">", self.call("len_", self.name("arguments@")), self.constant(position)
            )
            item = self.subscript(self.name("arguments@"), self.constant(position))
            self.assign(host, self.choice(present, item, self.constant(None)))

    def _complex_parameters(
        self, node: js.Function, unit: Unit, scope: StaticScope, arguments_needed: bool, dynamic: bool
    ) -> None:
        unit.host_rest = "arguments@"  # type: ignore[attr-defined]
        if arguments_needed:
            self._declare_binding(scope, "arguments", None, dynamic)
            if node.strict or not node.scope.has_simple_parameters:
                made = self.call("unmapped_arguments_", self.name("arguments@"))
            else:
                unit.uses_callee = True
                made = self.call(
                    "mapped_in_environment_",
                    self.name("arguments@"),
                    self.name("callee_"),
                    self.environment(scope),
                    self.constant(tuple(node.scope.parameter_names)),
                )
            self.initialize_name("arguments", made)
        if dynamic and node.scope.has_simple_parameters:
            # Step 26: parameters are bound to undefined first, so that duplicates may follow.
            for name in dict.fromkeys(node.scope.parameter_names):
                self.initialize_name(name, self.constant(None))
        for position, element in enumerate(node.parameters):
            self.position(element)
            present = self.comparison(
                ">", self.call("len_", self.name("arguments@")), self.constant(position)
            )
            item = self.subscript(self.name("arguments@"), self.constant(position))
            value = self.result(self.choice(present, item, self.constant(None)))
            self.element(element, None, value.expression, initialize=True)
        if node.rest is not None:
            self.position(node)
            packed = self.call("rest_array_", self.name("arguments@"), self.constant(len(node.parameters)))
            self.assign_target(node.rest, packed, initialize=True)

    def _declare_body(
        self,
        scope: Any,
        static: StaticScope,
        parameters: StaticScope,
        parameter_names: set[str],
        arguments_needed: bool,
        dynamic: bool,
    ) -> None:
        separate = scope.parameter_scope is not None
        empty: list[str] = []
        functions = {bound_name(declaration) for declaration in scope.functions}
        for name in dict.fromkeys([*scope.var_names, *scope.annex_b_names]):
            known = name in parameter_names or (arguments_needed and name == "arguments")
            if known and not separate:
                continue
            binding = scope.bindings.get(name)
            if known:
                self.scope = parameters
                initial = self.read_name(name).expression
                self.scope = static
                self._declare_binding(static, name, binding, dynamic)
                self.initialize_name(name, initial)
            elif dynamic:
                self._declare_binding(static, name, binding, dynamic)
                self.initialize_name(name, self.constant(None))
            else:
                variable = self.declare(static, name, binding)
                variable.ready = True
                if name not in functions:
                    empty.append(variable.host)
        if empty:
            self.emit(ast.Assign([self.target(host) for host in empty], self.constant(None)))
        lexical = static
        if dynamic and not self.unit.strict and scope.lexical_names:
            # Step 30: in sloppy code a record of their own, so that a direct eval's var can conflict.
            lexical = StaticScope(static, self.unit)
            self.open_environment(lexical, static)
            self.scope = lexical
        for name, binding in scope.bindings.items():
            if name in scope.lexical_names:
                self._declare_binding(lexical, name, binding, dynamic)
            elif (
                not dynamic
                and name not in static.variables
                and name not in parameters.variables
                and binding.kind in ("var", "function")
            ):
                self.declare(static, name, binding).ready = True

    def _hoist(self, declaration: js.FunctionDeclaration, variables: StaticScope | None = None) -> None:
        """Initialize the binding of a function declaration on entry to its scope, or in that of the variables."""
        self.position(declaration)
        name = bound_name(declaration)
        temporaries = self.unit.temporaries
        made = self.closure(declaration.function, "default" if name == "*default*" else name)
        scope = self.scope
        self.scope = variables or scope
        self.initialize_name(name, made)
        self.scope = scope
        self.unit.temporaries = temporaries

    def return_from_derived(self, value: ast.expr) -> None:
        """Return from a derived constructor: the value and `this`, which the caller checks."""
        owner = self.owner()
        this = self.temporary()
        value = self.saved(Operand(value, stable=False))
        if owner.guarded:
            # A `finally` may still bind `this`: the caller reads it when the body is left.
            empty = ast.arguments([], [], None, [], [], None, [])
            late = self.placed(ast.Lambda(empty, self.name(owner.this_name)))
            self.emit(ast.Return(self.tuple_of([value, self.call("late_this_", late)])))
            return
        self.guarded(this, self.name(owner.this_name), ("name_error_",), self.name("absent_"))
        self.emit(ast.Return(self.tuple_of([value, self.name(this)])))

    # Provided by the other parts of the compiler.

    def jump_head(self, unit: Unit) -> list[ast.stmt]:
        """The statements with which the host function of `unit` begins."""
        raise NotImplementedError

    def cells_head(self, unit: Unit) -> list[ast.stmt]:
        """What hands the cells of a unit to the functions in it that are compiled later."""
        raise NotImplementedError

    def class_definition(self, node: js.Class, name: str, key: ast.expr | None = None) -> Operand:
        """15.7.14."""
        raise NotImplementedError

    def statements(self, nodes: list[Any]) -> None:
        """Statements in order."""
        raise NotImplementedError

    def body_with_resources(self, nodes: list[Any], scope: Any) -> None:
        """Statements whose scope may hold `using` declarations."""
        raise NotImplementedError
