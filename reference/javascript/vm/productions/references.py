"""ECMA-262 6.2.5: references, with their parts evaluated, to load from and store into."""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.nodes import STORE
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Builder
from lockstep.reference.javascript.vm.generation.enclosing import home_object, private_name, this_value
from lockstep.reference.javascript.vm.generation.operand import Operand
from lockstep.reference.javascript.vm.generation.variables import (
    PreparedName,
    prepare_name,
    read_dynamic,
    read_name,
    write_name,
)
from lockstep.reference.javascript.vm.productions.members import (
    constant_key,
    counter_of,
    get_computed,
    member,
    private_element,
)


class Reference:
    """A reference whose parts are evaluated."""

    __slots__ = ()

    def load(self, builder: Builder) -> Operand:
        """6.2.5.5 GetValue."""
        raise NotImplementedError

    def store(self, builder: Builder, value: ast.expr) -> None:
        """6.2.5.6 PutValue."""
        raise NotImplementedError


class NameReference(Reference):
    """A name that was resolved."""

    __slots__ = ("name", "prepared")

    def __init__(self, name: str, prepared: PreparedName) -> None:
        self.name = name
        self.prepared = prepared

    def load(self, builder: Builder) -> Operand:
        """See Reference."""
        found, rest, holder = self.prepared
        if found.environment is not None:
            return read_dynamic(builder, found, rest, self.name, holder)
        return read_name(builder, self.name)

    def store(self, builder: Builder, value: ast.expr) -> None:
        """See Reference."""
        write_name(builder, self.name, value, self.prepared)


class _DotReference(Reference):
    __slots__ = ("base", "name")

    def __init__(self, base: ast.expr, name: str) -> None:
        self.base = base
        self.name = name

    def load(self, builder: Builder) -> Operand:
        return member(builder, self.base, self.name)

    def store(self, builder: Builder, value: ast.expr) -> None:
        strict = builder.constant(builder.unit.strict)
        value = builder.saved(Operand(value, stable=True))
        place = builder.placed(ast.Attribute(self.base, host_name(self.name), STORE))
        body = builder.placed(ast.Assign([place], value))
        with builder.collected() as emitted:
            slow = builder.call("put_named_", self.base, builder.constant(self.name), value, strict)
            builder.evaluate(slow)
        builder.try_([body], ("attribute_error_",), emitted)


class _ComputedReference(Reference):
    """Also with the counter of a loop as key, which then is not loaded."""

    __slots__ = ("base", "helper", "key", "kind")

    def __init__(
        self, base: ast.expr, key: ast.expr, helper: str = "put_computed_", *, kind: str = ""
    ) -> None:
        self.base = base
        self.key = key
        self.helper = helper
        self.kind = kind

    def load(self, builder: Builder) -> Operand:
        return get_computed(builder, self.base, Operand(self.key, self.kind))

    def store(self, builder: Builder, value: ast.expr) -> None:
        strict = builder.constant(builder.unit.strict)
        if self.helper == "put_indexed_":
            index = self.key
        elif self.kind == "number":
            index = builder.name(builder.temporary())
        else:
            builder.evaluate(builder.call(self.helper, self.base, self.key, value, strict))
            return
        value = builder.saved(Operand(value, stable=True))
        slow = builder.call(self.helper, self.base, self.key, value, strict)
        _store_element(builder, self.base, self.key, index, value, slow)


def _store_element(
    builder: Builder, base: ast.expr, key: ast.expr, index: ast.expr, value: ast.expr, slow: ast.expr
) -> None:
    """Store over an element of a fast array, here and now; all else is for `slow`.

    The key is a host int and the index itself, or a Number whose host int is the index, a variable that is set here.
    """
    elements = builder.temporary()
    with builder.collected() as reads:
        if key is not index:
            assert isinstance(index, ast.Name)
            builder.assign(index.id, builder.call(builder.attribute(key, "__trunc__")))
        builder.assign(elements, builder.attribute(base, "elements_"))
    with builder.collected() as fails:
        builder.assign(elements, builder.constant(None))
    builder.try_(reads, ("integer_errors_",), fails)
    held = builder.name(elements)
    tests = [
        builder.comparison("is", builder.attribute(held, "__class__"), builder.name("list_")),
        builder.comparison("<", index, builder.call("len_", held)),
    ]
    if key is not index:
        tests.append(builder.comparison("==", index, key))
        tests.append(builder.comparison(">=", index, builder.constant(0)))
    old = builder.subscript(held, index)
    tests.append(builder.comparison("is not", old, builder.name("hole_")))
    with builder.collected() as fast:
        builder.store(builder.placed(ast.Subscript(held, index, STORE)), value)
    with builder.collected() as slowly:
        builder.evaluate(slow)
    builder.if_(builder.both(*tests), fast, slowly)


class _PrivateReference(Reference):
    __slots__ = ("base", "name")

    def __init__(self, base: ast.expr, name: ast.expr) -> None:
        self.base = base
        self.name = name

    def load(self, builder: Builder) -> Operand:
        return private_element(builder, self.base, self.name)

    def store(self, builder: Builder, value: ast.expr) -> None:
        """7.3.31 PrivateSet: a field is put where it stands, the rest is told."""
        value = builder.saved(Operand(value, stable=True))
        elements = builder.attribute(self.base, "private_")
        present, held = builder.temporary(), builder.temporary()
        with builder.collected() as look:
            builder.assign(held, elements)
            builder.assign(present, builder.subscript(builder.name(held), self.name))
        with builder.collected() as slowly:
            builder.evaluate(builder.call("private_set_", self.base, self.name, value))
        with builder.collected() as told:
            builder.evaluate(builder.call("private_set_", self.base, self.name, value))
        with builder.collected() as put:
            builder.store(builder.placed(ast.Subscript(builder.name(held), self.name, STORE)), value)
        is_function = builder.comparison(
            "is", builder.attribute(builder.name(present), "__class__"), builder.name("private_functions_")
        )
        with builder.collected() as otherwise:
            builder.if_(is_function, told, put)
        builder.try_(look, ("private_errors_",), slowly, otherwise)


class _SuperReference(Reference):
    __slots__ = ("home", "key", "this")

    def __init__(self, home: ast.expr, key: ast.expr, this: ast.expr) -> None:
        self.home = home
        self.key = key
        self.this = this

    def load(self, builder: Builder) -> Operand:
        return builder.result(builder.call("get_from_super_", self.home, self.key, self.this))

    def store(self, builder: Builder, value: ast.expr) -> None:
        strict = builder.constant(builder.unit.strict)
        key = builder.call("to_property_key_", self.key)
        builder.evaluate(builder.call("put_super_", self.home, key, value, self.this, strict))


class _InvalidReference(Reference):
    """A call as target (sloppy, annex B): a ReferenceError when it is reached, so that nothing happens afterwards."""

    __slots__ = ()

    def load(self, builder: Builder) -> Operand:
        return Operand(builder.constant(None))

    def store(self, builder: Builder, value: ast.expr) -> None:
        return


def reference_to(builder: Builder, node: js.Node, *, twice: bool = False) -> Reference:
    """Evaluate the parts of a reference; `twice` where it is read and then written."""
    builder.at(node)
    if isinstance(node, js.IdentifierReference):
        return NameReference(node.name, prepare_name(builder, node.name))
    if isinstance(node, js.DotMember):
        return _DotReference(builder.saved(builder.expression(node.base)), node.name)
    if isinstance(node, js.ComputedMember):
        return _computed(builder, node, twice=twice)
    if isinstance(node, js.PrivateMember):
        base = builder.saved(builder.expression(node.base))
        return _PrivateReference(base, private_name(builder, node.name))
    if isinstance(node, (js.SuperDot, js.SuperComputed)):
        return _of_super(builder, node, twice=twice)
    builder.evaluate(builder.expression(node).expression)
    builder.evaluate(builder.call("throw_invalid_target_"))
    return _InvalidReference()


def _computed(builder: Builder, node: js.ComputedMember, *, twice: bool) -> Reference:
    base = builder.saved(builder.expression(node.base))
    counter = counter_of(builder, node.expression)
    if counter is not None and not twice:
        # The value may change the counter, so its present value is kept.
        index = builder.temporary()
        builder.assign(index, builder.name(counter))
        return _ComputedReference(base, builder.name(index), "put_indexed_")
    operand = builder.expression(node.expression)
    name = constant_key(operand)
    if name is not None:
        return _DotReference(base, name)
    key = builder.saved(operand)
    builder.at(node)
    if twice and operand.kind not in ("number", "string"):
        key = builder.result(builder.call("reference_key_", base, key)).expression
    return _ComputedReference(base, key, kind=operand.kind)


def _of_super(builder: Builder, node: js.SuperDot | js.SuperComputed, *, twice: bool) -> Reference:
    this = builder.saved(this_value(builder))
    if isinstance(node, js.SuperDot):
        key: ast.expr = builder.constant(node.name)
    else:
        key = builder.saved(builder.expression(node.expression))
    home = builder.result(builder.call("super_base_", home_object(builder))).expression
    if isinstance(node, js.SuperComputed) and twice:
        key = builder.result(builder.call("to_property_key_", key)).expression
    return _SuperReference(home, key, this)
