"""What code takes from the function around: `this`, its function object, `new.target`, private names, and its suspension."""

from __future__ import annotations

import ast

from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.names import Unit
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.variables import read_variable

GIVEN_INSTANCE = "this@given"
"""The host variable of the instance on which a derived constructor runs, or undefined."""


def await_value(builder: Builder, value: ast.expr) -> Operand:
    """27.7.5.3 Await."""
    unit = builder.unit
    while unit.kind == "class" and unit.parent is not None:
        unit.has_yield = True
        unit = unit.parent
    unit.has_yield = True
    return builder.result(yielded(builder, value))


def yielded(builder: Builder, value: ast.expr) -> ast.expr:
    """What the caller of the host generator sends for `value`."""
    return builder.placed(ast.Yield(value))


def delegated(builder: Builder, value: ast.expr) -> ast.expr:
    """The result of a host generator that runs in place of this one."""
    return builder.placed(ast.YieldFrom(value))


def private_name(builder: Builder, name: str) -> ast.expr:
    """The Private Name that `#name` stands for here."""
    scope = builder.scope
    while scope is not None:
        variable = scope.variables.get(name)
        if variable is not None:
            return read_variable(builder, variable).expression
        scope = scope.parent
    raise AssertionError(name)


def home_object(builder: Builder) -> ast.expr:
    """The [[HomeObject]] of the function around."""
    return builder.attribute(callee_object(builder), "home_object_")


def callee_object(builder: Builder) -> ast.expr:
    """The active function object."""
    owner = builder.unit.owner
    owner.given.uses_callee = True
    return builder.name(owner.given.callee)


def this_value(builder: Builder) -> Operand:
    """`this`; in derived constructors the host raises before super()."""
    owner = builder.unit.owner
    if owner.given.binding:
        return builder.result(builder.call(builder.attribute(builder.name(owner.given.binding), "read")))
    if owner.derived:
        return builder.result(builder.name(owner.given.this))
    return Operand(builder.name(owner.given.this))


def bind_this(builder: Builder, owner: Unit, made: ast.expr) -> None:
    """9.1.1.3.1 BindThisValue."""
    if owner.given.binding:
        builder.evaluate(builder.call(builder.attribute(builder.name(owner.given.binding), "bind"), made))
        return
    # 3. If envRec.[[ThisBindingStatus]] is initialized, throw a ReferenceError exception.
    with builder.collected() as body:
        builder.evaluate(builder.name(owner.given.this))
    with builder.collected() as after:
        builder.evaluate(builder.call("throw_bound_twice_"))
    nothing = builder.placed(ast.Pass())
    clause = builder.placed(ast.ExceptHandler(builder.name("name_error_"), None, [nothing]))
    builder.emit(ast.Try(body, [clause], after, []))
    if owner is not builder.unit:
        builder.unit.names.nonlocals.add(owner.given.this)
    builder.assign(owner.given.this, made)


def shared_this(builder: Builder) -> ast.expr:
    """The `this` of a derived constructor as an object that code elsewhere can read and bind; else undefined."""
    owner = builder.unit.owner
    if owner.given.binding:
        return builder.name(owner.given.binding)
    if not owner.derived:
        return builder.constant(None)
    reader = builder.thunk(builder.name(owner.given.this))
    writer = make_setter(builder, owner.given.this)
    return builder.result(builder.call("this_binding_", reader, writer)).expression


def make_setter(builder: Builder, host: str) -> ast.expr:
    """A host function that stores into a local or cell of the code around."""
    setter = builder.fresh("set")
    body = [builder.placed(ast.Nonlocal([host])), builder.assigning(host, builder.name("value@"))]
    builder.emit(builder.defining(setter, ["value@"], body))
    return builder.name(setter)


def return_from_derived(builder: Builder, value: ast.expr) -> None:
    """Return from a derived constructor: the value and `this`, which the caller checks."""
    owner = builder.unit.owner
    this = builder.temporary()
    value = builder.saved(Operand(value, stable=False))
    if builder.finalizers:
        # A `finally` may still bind `this`: the caller reads it when the body is left.
        late = builder.thunk(builder.name(owner.given.this))
        builder.emit(ast.Return(builder.tuple_of([value, builder.call("late_this_", late)])))
        return
    builder.guarded(this, builder.name(owner.given.this), ("name_error_",), builder.name("absent_"))
    if owner.in_place and isinstance(value, ast.Constant) and value.value is None:
        is_given = builder.comparison("is", builder.name(this), builder.name(GIVEN_INSTANCE))
        builder.if_(is_given, [builder.returning(builder.constant(None))])
    builder.emit(ast.Return(builder.tuple_of([value, builder.name(this)])))
