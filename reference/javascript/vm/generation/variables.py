"""Reading, writing and initializing guest variables: what the names of the guest become."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional, cast

from lockstep.reference.host.generation.nodes import STORE
from lockstep.reference.javascript.runtime.objects.keys import constant_name, host_name
from lockstep.reference.javascript.syntax.ast import Binding
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.names import Resolution, StaticScope, Unit, Variable, resolve
from lockstep.reference.javascript.vm.generation.operand import Operand

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

PreparedName = tuple[Resolution, Optional[StaticScope], str]
"""What a name means, where to go on if its record lacks it, and the host variable of the record that has it (13.1.3), or "".

For a global of strict code the host variable says whether it exists."""


def use(builder: Builder, variable: Variable) -> None:
    """Note that the current unit refers to `variable`."""
    unit: Unit | None = builder.unit
    if variable.boxed:
        while unit is not None and unit is not variable.unit:
            unit.names.free_boxes[variable.host] = variable
            unit = unit.parent


def record_of(builder: Builder, scope: StaticScope) -> ast.expr:
    """The environment record of `scope`: the only way in which code refers to one."""
    if scope.record is not None:
        use(builder, scope.record)
    return builder.name(scope.environment)


def open_record(builder: Builder, scope: StaticScope, record: ast.expr) -> None:
    """Let the names of `scope` be found in an environment record."""
    scope.environment = builder.fresh("environment")
    scope.record = Variable(scope.environment, builder.unit, None, boxed=True)
    builder.assign(scope.environment, record)


def read_variable(builder: Builder, variable: Variable) -> Operand:
    """Its value; the host raises in the temporal dead zone."""
    use(builder, variable)
    if not variable.ready:
        variable.early = True
    if variable.boxed:
        return builder.result(
            builder.subscript(builder.name(variable.host), builder.constant(0)), variable.kind
        )
    late = not variable.ready or variable.unit is not builder.unit
    if late and variable.has_dead_zone:
        # Evaluated here and now: where it is uninitialized, this is the place of the error.
        return builder.result(builder.name(variable.host), variable.kind)
    binding = variable.binding
    stable = binding is None or not binding.assigned
    if binding is not None and binding.kind == "var":
        stable = False
    return Operand(builder.name(variable.host), variable.kind, stable)


# 19.1: values that no program can change; what generated code calls them.
_NUMBERS = {"Infinity": "infinity_", "NaN": "nan_"}


def read_name(builder: Builder, name: str, *, for_typeof: bool = False) -> Operand:
    """13.1.3: the value that an IdentifierReference has."""
    if name == "undefined" and _is_global(builder, name):
        return Operand(builder.constant(None), "undefined")
    if name in _NUMBERS and _is_global(builder, name):
        return Operand(builder.name(_NUMBERS[name]), "number")
    found, rest = resolve(builder.scope, name)
    if found.variable is not None:
        return read_variable(builder, found.variable)
    if found.environment is not None:
        return read_dynamic(builder, found, rest, name, for_typeof=for_typeof)
    if found.is_script_constant:
        return builder.result(builder.name(constant_name(name)))
    identifier = builder.temporary()
    slow = builder.call("get_global_or_undefined_" if for_typeof else "get_global_", builder.constant(name))
    builder.guarded(identifier, builder.name(host_name(name)), ("name_error_",), slow)
    return Operand(builder.name(identifier))


def _is_global(builder: Builder, name: str) -> bool:
    found, _ = resolve(builder.scope, name)
    return found.variable is None and found.environment is None and not found.is_script_constant


def read_dynamic(
    builder: Builder,
    found: Resolution,
    rest: StaticScope | None,
    name: str,
    holder: str = "",
    *,
    for_typeof: bool = False,
) -> Operand:
    """A name that environment records may hold; `holder` names the record where it is resolved already."""
    assert found.environment is not None
    environment = record_of(builder, found.environment)
    strict = builder.constant(builder.unit.strict)
    if found.ends:
        if holder:
            read = builder.attribute(builder.name(holder), "get_binding_value")
            return builder.result(builder.call(read, builder.constant(name), strict))
        helper = "typeof_lookup_" if for_typeof else "lookup_"
        return builder.result(builder.call(helper, environment, builder.constant(name), strict))
    if not holder:
        holder = builder.temporary()
        builder.assign(holder, builder.call("holder_", environment, builder.constant(name)))
    identifier = builder.temporary()
    with builder.collected() as static:
        saved = builder.scope
        builder.scope = rest
        inner = read_name(builder, name, for_typeof=for_typeof)
        builder.scope = saved
        builder.assign(identifier, inner.expression)
    with builder.collected() as dynamic:
        read = builder.attribute(builder.name(holder), "get_binding_value")
        builder.assign(identifier, builder.call(read, builder.constant(name), strict))
    builder.if_(builder.comparison("is", builder.name(holder), builder.constant(None)), static, dynamic)
    return Operand(builder.name(identifier))


# Assignment.


def prepare_name(builder: Builder, name: str) -> PreparedName:
    """13.1.3 ResolveBinding, as far as it happens before the value is evaluated."""
    found, rest = resolve(builder.scope, name)
    if found.environment is not None:
        holder = builder.temporary()
        helper = "resolved_" if found.ends else "holder_"
        builder.assign(
            holder, builder.call(helper, record_of(builder, found.environment), builder.constant(name))
        )
        return found, rest, holder
    if found.variable is None and not found.is_script_constant and builder.unit.strict:
        # 9.1.1.4.5: in strict code the binding must exist before the value is evaluated.
        holder = builder.temporary()
        builder.guarded(
            holder,
            builder.name(host_name(name)),
            ("name_error_",),
            builder.call("global_exists_", builder.constant(name)),
        )
        exists = builder.temporary()
        builder.assign(exists, builder.comparison("is not", builder.name(holder), builder.name("missing_")))
        return found, rest, exists
    return found, rest, ""


def write_name(builder: Builder, name: str, value: ast.expr, prepared: PreparedName | None = None) -> None:
    """6.2.5.6 PutValue to a name."""
    found, rest, holder = prepared if prepared is not None else prepare_name(builder, name)
    if found.variable is not None:
        write_variable(builder, found.variable, value, name)
    elif found.environment is not None:
        _write_dynamic(builder, found, rest, name, value, holder)
    elif found.is_script_constant:
        builder.evaluate(builder.name(constant_name(name)))
        builder.evaluate(builder.call("throw_constant_", builder.constant(name)))
    else:
        _write_global(builder, name, value, holder)


def _write_dynamic(
    builder: Builder, found: Resolution, rest: StaticScope | None, name: str, value: ast.expr, holder: str
) -> None:
    strict = builder.constant(builder.unit.strict)
    if found.ends:
        builder.evaluate(builder.call("assign_", builder.name(holder), builder.constant(name), value, strict))
        return
    saved_value = builder.saved(Operand(value, stable=False))
    with builder.collected() as static:
        saved = builder.scope
        builder.scope = rest
        write_name(builder, name, saved_value)
        builder.scope = saved
    with builder.collected() as dynamic:
        builder.evaluate(
            builder.call("assign_", builder.name(holder), builder.constant(name), saved_value, strict)
        )
    builder.if_(builder.comparison("is", builder.name(holder), builder.constant(None)), static, dynamic)


def _write_global(builder: Builder, name: str, value: ast.expr, exists: str) -> None:
    host = host_name(name)
    value = builder.saved(Operand(value, stable=False))
    with builder.collected() as body:
        builder.evaluate(builder.name(host))
    with builder.collected() as handler:
        arguments = [builder.constant(name), value, builder.constant(builder.unit.strict)]
        if exists:
            arguments.append(builder.name(exists))
        builder.evaluate(builder.call("put_global_", *arguments))
    with builder.collected() as after:
        builder.assign(host, value)
    builder.unit.names.globals.add(host)
    clause = builder.placed(ast.ExceptHandler(builder.name("name_error_"), None, handler))
    builder.emit(ast.Try(body, [clause], after, []))


def write_variable(builder: Builder, variable: Variable, value: ast.expr, name: str) -> None:
    """Assign to a static variable, with the checks that assignment makes."""
    use(builder, variable)
    if variable.is_const or (variable.has_dead_zone and not _surely_ready(builder, variable)):
        value = builder.saved(Operand(value, stable=False))
    if variable.has_dead_zone and not _surely_ready(builder, variable):
        variable.early = True
        builder.evaluate(_raw(builder, variable))
    if not variable.is_const:
        _store(builder, variable, value)
    elif variable.binding is None or variable.binding.kind != "function_name" or builder.unit.strict:
        builder.evaluate(builder.call("throw_constant_", builder.constant(name)))


def _surely_ready(builder: Builder, variable: Variable) -> bool:
    return variable.ready and variable.unit is builder.unit


def _raw(builder: Builder, variable: Variable) -> ast.expr:
    if variable.boxed:
        return builder.subscript(builder.name(variable.host), builder.constant(0))
    return builder.name(variable.host)


def _store(builder: Builder, variable: Variable, value: ast.expr) -> None:
    if variable.boxed:
        target = ast.Subscript(builder.name(variable.host), builder.constant(0), STORE)
        builder.emit(ast.Assign([builder.placed(target)], value))
        return
    store_local(builder, variable, value)


def store_local(builder: Builder, variable: Variable, value: ast.expr) -> None:
    """Store into the host variable itself."""
    if variable.unit is not builder.unit:
        builder.unit.names.nonlocals.add(variable.host)
    builder.assign(variable.host, value)
    if variable.counter:
        # What is assigned to a counter is finite and integral: see `kinds`.
        if isinstance(value, ast.Constant):
            builder.assign(variable.counter, builder.constant(int(cast("float", value.value))))
        elif _is_step(value, variable.host):
            step = builder.constant(int(cast("float", cast("ast.Constant", value.right).value)))
            builder.assign(
                variable.counter, builder.operation(builder.name(variable.counter), value.op, step)
            )
        else:
            builder.assign(variable.counter, builder.call("int_", builder.name(variable.host)))


def _is_step(value: ast.expr, host: str) -> TypeGuard[ast.BinOp]:
    """Whether `value` is the host variable and a literal, added or subtracted."""
    return (
        isinstance(value, ast.BinOp)
        and isinstance(value.op, (ast.Add, ast.Sub))
        and isinstance(value.left, ast.Name)
        and value.left.id == host
        and isinstance(value.right, ast.Constant)
    )


def initialize_name(builder: Builder, name: str, value: ast.expr) -> None:
    """Initialize a lexical binding or parameter of the current scope, or assign a `var`."""
    found, _ = resolve(builder.scope, name)
    variable = found.variable
    if variable is not None:
        use(builder, variable)
        if variable.boxed:
            if variable.has_dead_zone and not variable.ready:
                append = builder.attribute(builder.name(variable.host), "append")
                builder.evaluate(builder.call(append, value))
            else:
                _store(builder, variable, value)
        else:
            store_local(builder, variable, value)
        variable.ready = True
    elif found.environment is not None:
        initialize = builder.attribute(record_of(builder, found.environment), "initialize_binding")
        builder.evaluate(builder.call(initialize, builder.constant(name), value))
    else:
        builder.evaluate(builder.call("initialize_lexical_", builder.constant(name), value))


def declare(
    builder: Builder, scope: StaticScope, name: str, binding: Binding | None, *, boxed: bool = False
) -> Variable:
    """A new static variable of the current unit."""
    variable = Variable(builder.fresh(name), builder.unit, binding, boxed)
    scope.variables[name] = variable
    if (
        binding is not None
        and name in builder.unit.numeric
        and not (binding.captured and (binding.assigned or binding.kind == "var"))
    ):
        variable.kind = "number"
        if name in builder.unit.counters and not binding.captured and not boxed:
            variable.counter = f"{variable.host}#"
    private = builder.unit.private
    if private is not None and scope is builder.unit.variable_scope and name in private.returning:
        variable.returns = "number"
    return variable


def open_environment(builder: Builder, scope: StaticScope, outer: StaticScope | None) -> None:
    """Give `scope` an environment record behind the one that `outer` is in."""
    open_record(builder, scope, builder.call("new_environment_", outer_record(builder, outer)))


def outer_record(builder: Builder, scope: StaticScope | None) -> ast.expr:
    """The record that a scope's record has as outer."""
    while scope is not None:
        if scope.environment:
            return record_of(builder, scope)
        if scope.variables:
            break
        scope = scope.parent
    return builder.name("global_environment_")


def declare_binding(
    builder: Builder, scope: StaticScope, name: str, binding: Binding | None, dynamic: bool
) -> None:
    """Declare a binding of the current scope, in its environment record where it has one."""
    if dynamic:
        builder.evaluate(
            builder.call(
                "declare_",
                record_of(builder, scope),
                builder.constant(name),
                builder.constant(binding is not None and binding.is_const),
            )
        )
    else:
        declare(builder, scope, name, binding)
