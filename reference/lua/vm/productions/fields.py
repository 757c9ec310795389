"""Reading and writing fields, and table constructors.

String keys are host attributes, positive integers are places in the table's list; whatever else is, or may be seen by a
metamethod, goes to the runtime.
"""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.results import Result
from lockstep.reference.lua.runtime.values import HOST_NAMES, TABLE_NAMES
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.describe import describe
from lockstep.reference.lua.syntax.order import has_late_object
from lockstep.reference.lua.vm.functions import FunctionBuilder
from lockstep.reference.lua.vm.kinds import INTEGER, NIL, OTHER, STRING
from lockstep.reference.lua.vm.productions.calls import all_values
from lockstep.reference.lua.vm.productions.operands import (
    CALLS,
    is_moving,
    is_multiple,
    is_simple,
    operands,
    stable,
)
from lockstep.reference.lua.vm.productions.places import Places

_RELATIONAL = frozenset(("==", "~=", "<", "<=", ">", ">="))
_READ_FAILURES = ("IndexError", "AttributeError", "TypeError")


def literal_key(node: nodes.Node) -> nodes.Node:
    """A key's node, a compile-time constant's where it names one."""
    if isinstance(node, nodes.Name) and node.variable.constant is not None:
        return node.variable.constant
    return node


def index(
    builder: FunctionBuilder, node: nodes.Index, result: Result | None, *, tested: bool = False
) -> ast.expr:
    """`object[key]`; `tested` where it is asked for presence, so that absence is not rare."""
    if has_late_object(node, builder.function, integers=builder.profile.integers) and is_moving(node.object):
        key, subject = operands(builder, [node.key, node.object])
    else:
        subject, key = operands(builder, [node.object, node.key], late=True)
    builder.point(node)
    builder.at(node)
    name = describe(node.object, builder.function)
    return read_field(builder, subject, key, literal_key(node.key), name, result, tested=tested)


def read_field(
    builder: FunctionBuilder,
    subject: ast.expr,
    key: ast.expr,
    key_node: nodes.Node,
    subject_name: str | None,
    result: Result | None = None,
    *,
    tested: bool = False,
) -> ast.expr:
    """`subject[key]` in a temporary."""
    names = [builder.constant(subject_name)] if subject_name else []
    if isinstance(subject, ast.Constant):
        subject = builder.keep(subject)
    slow = builder.call("$index", subject, key, *names)
    # A name's fast path gives its value or raises; the others look at their operands again where it gave nil.
    at_once = isinstance(key_node, nodes.String) and not tested
    held = builder.into(result) if at_once else builder.into(result, subject, key)
    if isinstance(key_node, nodes.String):
        _read_named(builder, subject, key_node.value, slow, held, tested)
        return builder.name(held)
    if isinstance(key_node, (nodes.Boolean, nodes.Nil, nodes.Function)) or (
        isinstance(key_node, nodes.Number) and not builder.kinds.is_positive(key_node)
    ):
        builder.assign(held, slow)
        return builder.name(held)
    if tested and _is_number(builder, key_node) and not _counts(builder, key_node):
        _read_tested(builder, subject, key, key_node, slow, held)
        return builder.name(held)
    element: ast.expr = builder.subscript(builder.attribute(subject, "array_part"), key)
    nothing = builder.constant(None)
    positive = builder.compare(key, ast.Gt(), builder.constant(0))
    strings = builder.attribute(subject, "__dict__")
    named = builder.call(builder.attribute(strings, "get"), key)
    absent = builder.is_none(builder.name(held))
    if builder.kinds.is_integer(key_node):
        if not builder.kinds.is_positive(key_node):
            element = builder.choice(positive, element, nothing)
    elif _is_place(builder, key_node):
        # The list refuses what is no int.
        element = builder.choice(positive, element, nothing)
    else:
        is_string = builder.is_type(key, "str")
        by_name = builder.choice(is_string, named, nothing)
        if builder.kinds.likely(key_node) == STRING:
            element = by_name
        else:
            in_array = builder.both(builder.is_type(key, "int"), positive)
            element = builder.choice(in_array, element, by_name)
        # A string key that is absent is looked for elsewhere only by a metatable.
        plain = builder.both(
            builder.is_type(subject, "$Table"), builder.is_none(builder.attribute(subject, "meta_table"))
        )
        absent = builder.both(absent, builder.negation(builder.both(is_string, plain)))
    with builder.collected() as missing:
        builder.assign(held, slow)
    with builder.collected() as otherwise:
        builder.if_(absent, missing)
    builder.guarded(held, element, _READ_FAILURES, slow, otherwise)
    return builder.name(held)


def _is_number(builder: FunctionBuilder, key_node: nodes.Node) -> bool:
    return builder.kinds.is_integer(key_node) or _is_place(builder, key_node)


def _counts(builder: FunctionBuilder, key_node: nodes.Node) -> bool:
    """Whether a key is a numeric loop's variable, which mostly stays inside the list."""
    return isinstance(key_node, nodes.Name) and builder.kinds.is_counter(key_node.variable)


def _read_tested(
    builder: FunctionBuilder,
    subject: ast.expr,
    key: ast.expr,
    key_node: nodes.Node,
    slow: ast.expr,
    result: str,
) -> None:
    """`subject[key]` with a number where an element is as likely absent as there: nothing is raised for that."""
    array = builder.temporary()
    size = builder.call("len", builder.name(array))
    # What has wrapped around is below every size: `is_positive` would not do.
    if builder.kinds.is_integer(key_node) and builder.kinds.interval(key_node)[0] > 0:
        inside = builder.compare(key, ast.Lt(), size)
    else:
        inside = builder.compare(builder.constant(0), ast.Lt(), key, ast.Lt(), size)
    element = builder.choice(inside, builder.subscript(builder.name(array), key), builder.constant(None))
    elsewhere = builder.either(
        builder.attribute(subject, "hash_part"), builder.is_some(builder.attribute(subject, "meta_table"))
    )
    with builder.collected() as further:
        builder.assign(result, slow)
    with builder.collected() as body:
        builder.assign(array, builder.attribute(subject, "array_part"))
        builder.assign(result, element)
    with builder.collected() as handler:
        builder.assign(result, slow)
    with builder.collected() as otherwise:
        builder.if_(builder.both(builder.is_none(builder.name(result)), elsewhere), further)
    builder.try_(body, ("AttributeError", "TypeError"), handler, otherwise)


def _is_place(builder: FunctionBuilder, key_node: nodes.Node) -> bool:
    """Whether a key is probably an integer."""
    if isinstance(key_node, nodes.Binary) and key_node.operator in ("+", "-", "*", "%", "//"):
        return True
    return builder.kinds.likely(key_node) == INTEGER


def _read_named(
    builder: FunctionBuilder, subject: ast.expr, name: str, slow: ast.expr, result: str, tested: bool
) -> None:
    if name in TABLE_NAMES:
        builder.assign(result, slow)
        return
    if name in HOST_NAMES:
        fast = builder.choice(builder.is_type(subject, "$Table"), builder.attribute(subject, name), slow)
        builder.guarded(result, fast, ("AttributeError",), slow)
        return
    if not tested:
        builder.guarded(result, builder.attribute(subject, name), ("AttributeError",), slow)
        return
    builder.assign(result, builder.call("getattr", subject, builder.constant(name), builder.constant(None)))
    with builder.collected() as missing:
        builder.assign(result, slow)
    builder.if_(builder.is_none(builder.name(result)), missing)


def next_place(builder: FunctionBuilder, node: nodes.Node) -> str | None:
    """The variable `t` of `#t + 1`."""
    if not (isinstance(node, nodes.Binary) and node.operator == "+"):
        return None
    size, one = node.left, node.right
    if not (isinstance(one, nodes.Number) and type(one.value) is int and one.value == 1):
        return None
    if not (isinstance(size, nodes.Unary) and size.operator == "#" and isinstance(size.operand, nodes.Name)):
        return None
    if not is_simple(size.operand) or size.operand.variable.constant is not None:
        return None
    return builder.chunk.host_name(size.operand.variable)


def write_field(
    builder: FunctionBuilder,
    subject: ast.expr,
    key: ast.expr,
    key_node: nodes.Node,
    value: ast.expr,
    value_node: nodes.Node | None,
    target: nodes.Index,
) -> None:
    """`subject[key] = value`, for the place `target`."""
    subject_name = describe(target.object, builder.function)
    names = [builder.constant(subject_name)] if subject_name else []
    if isinstance(subject, ast.Constant):
        subject = builder.keep(subject)
    with builder.collected() as slow:
        builder.evaluate(builder.call("$set_index", subject, key, value, *names))
    key_node = literal_key(key_node)
    plain = builder.is_none(builder.attribute(subject, "meta_table"))
    present = [] if never_nil(builder, value_node) else [builder.is_some(value)]
    if isinstance(value_node, nodes.Nil) or isinstance(key_node, (nodes.Boolean, nodes.Nil, nodes.Function)):
        builder.out.extend(slow)
        return
    if isinstance(key_node, nodes.String):
        _write_named(builder, subject, key_node.value, value, present, plain, slow)
        return
    if isinstance(key_node, nodes.Number) and not builder.kinds.is_positive(key_node):
        builder.out.extend(slow)
        return
    kinds = builder.kinds
    appends = isinstance(subject, ast.Name) and next_place(builder, key_node) == subject.id
    if not appends and _places(builder).changes(target):
        numbered = _changed(builder, subject, key, key_node, value, present, slow)
    else:
        numbered = _numbered(builder, subject, key, key_node, value, [*present, plain], slow, appends=appends)
    failures = ("AttributeError", "IndexError", "TypeError")
    if kinds.is_integer(key_node) or _is_place(builder, key_node):
        builder.try_(numbered, failures, slow)
        return
    strings = builder.subscript(builder.attribute(subject, "__dict__"), key)
    with builder.collected() as named:
        builder.store(strings, value)
    is_string = builder.both(builder.is_type(key, "str"), *present, plain)
    with builder.collected() as body:
        if kinds.likely(key_node) == STRING:
            builder.if_(is_string, named, slow)
        else:
            with builder.collected() as otherwise:
                builder.if_(is_string, named, slow)
            builder.if_(builder.is_type(key, "int"), numbered, otherwise)
    builder.try_(body, failures, slow)


def _places(builder: FunctionBuilder) -> Places:
    if builder.places is None:
        builder.places = Places(builder.function)
    return builder.places


def _changed(
    builder: FunctionBuilder,
    subject: ast.expr,
    key: ast.expr,
    key_node: nodes.Node,
    value: ast.expr,
    present: list[ast.expr],
    slow: list[ast.stmt],
) -> list[ast.stmt]:
    """`subject[key] = value` where an element is there already, which is no business of `__newindex`."""
    array = builder.temporary()
    element = builder.subscript(builder.name(array), key)
    tests = [builder.is_some(element), *present]
    if not (builder.kinds.is_integer(key_node) and builder.kinds.is_positive(key_node)):
        tests.insert(0, builder.compare(key, ast.Gt(), builder.constant(0)))
    with builder.collected() as store:
        builder.store(builder.subscript(builder.name(array), key), value)
    with builder.collected() as changed:
        builder.assign(array, builder.attribute(subject, "array_part"))
        builder.if_(builder.both(*tests), store, slow)
    return changed


def _numbered(
    builder: FunctionBuilder,
    subject: ast.expr,
    key: ast.expr,
    key_node: nodes.Node,
    value: ast.expr,
    allowed: list[ast.expr],
    slow: list[ast.stmt],
    *,
    appends: bool,
) -> list[ast.stmt]:
    """`subject[key] = value` in the table's list, or at its end."""
    array = builder.temporary()
    with builder.collected() as store:
        builder.store(builder.subscript(builder.name(array), key), value)
    with builder.collected() as append:
        builder.evaluate(builder.call(builder.attribute(builder.name(array), "append"), value))
    size = builder.variable(builder.temporary())
    bounds = [builder.compare(key, ast.Lt(), size)]
    if not (builder.kinds.is_integer(key_node) and builder.kinds.is_positive(key_node)):
        bounds.append(builder.compare(builder.constant(0), ast.Lt(), key))
    inside = builder.both(*bounds, *allowed)
    rest = builder.negation(builder.attribute(subject, "hash_part"))
    at_end = builder.both(builder.compare(key, ast.Eq(), size), rest, *allowed)
    with builder.collected() as numbered:
        builder.assign(array, builder.attribute(subject, "array_part"))
        builder.assign(size.id, builder.call("len", builder.name(array)))
        if appends:
            builder.if_(at_end, append, slow)
        else:
            with builder.collected() as further:
                builder.if_(at_end, append, slow)
            builder.if_(inside, store, further)
    return numbered


def _write_named(
    builder: FunctionBuilder,
    subject: ast.expr,
    name: str,
    value: ast.expr,
    present: list[ast.expr],
    plain: ast.expr,
    slow: list[ast.stmt],
) -> None:
    if name in TABLE_NAMES:
        builder.out.extend(slow)
        return
    known = plain
    if name not in HOST_NAMES:
        # What is there already is no business of `__newindex`.
        known = builder.either(plain, builder.is_some(builder.attribute(subject, name)))
    with builder.collected() as fast:
        builder.store(builder.attribute(subject, name), value)
    with builder.collected() as body:
        builder.if_(builder.both(*present, known), fast, slow)
    builder.try_(body, ("AttributeError",), slow)


def never_nil(builder: FunctionBuilder, node: nodes.Node | None) -> bool:
    """Whether an expression cannot be nil."""
    if node is None:
        return False
    if isinstance(node, (nodes.Boolean, nodes.Function, nodes.Constructor)):
        return True
    if isinstance(node, nodes.Binary) and node.operator in _RELATIONAL:
        return True
    kind = builder.kinds.kind(node)
    return kind != 0 and not kind & (NIL | OTHER)


def constructor(builder: FunctionBuilder, node: nodes.Constructor, result: Result | None) -> ast.expr:
    """A table constructor (manual 3.4.9)."""
    del result
    holder = builder.temporary()
    table = builder.name(holder)
    keyed = [key for key, _ in node.fields if key is not None]
    builder.point(node)
    builder.at(node)
    if keyed or not node.fields:
        _begin_table(builder, holder, [])
    items: list[ast.expr] = []
    simple_keys = all(isinstance(key, nodes.String) and key.value not in TABLE_NAMES for key in keyed)
    distinct = len({key.value for key in keyed if isinstance(key, nodes.String)}) == len(keyed)
    direct = simple_keys and distinct
    last = len(node.fields) - 1
    for number, (key_node, value_node) in enumerate(node.fields):
        if key_node is not None:
            key: ast.expr
            if direct:
                key, value = builder.constant(None), stable(builder, [value_node])[0]
            else:
                key, value = stable(builder, [key_node, value_node])
            builder.at(node)
            if direct:
                assert isinstance(key_node, nodes.String)
                _store_named(builder, table, key_node.value, value, value_node)
            else:
                builder.evaluate(builder.call("$set_index", table, key, value))
        elif number == last and is_multiple(value_node):
            items.append(builder.starred(all_values(builder, value_node)))
        else:
            items.append(_item(builder, value_node))
    if items:
        builder.point(node, node.ends)
        builder.at(node)
        _store_items(builder, node, holder, items, begun=bool(keyed), plain=not keyed or direct)
    return table


def _begin_table(builder: FunctionBuilder, holder: str, items: list[ast.expr]) -> None:
    """A new table, whose parts compiled code sets itself."""
    builder.assign(holder, builder.call("$new_table"))
    parts = {
        "array_part": builder.list_of([builder.constant(None), *items]),
        "hash_part": builder.placed(ast.Dict([], [])),
        "meta_table": builder.constant(None),
    }
    for name, value in parts.items():
        builder.store(builder.attribute(builder.name(holder), name), value)


def _item(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    value = builder.expression(node)
    if isinstance(value, ast.Constant) or (isinstance(node, nodes.Name) and is_simple(node)):
        return value
    return value if isinstance(value, ast.Name) and value.id.startswith("$") else builder.keep(value)


def _store_items(
    builder: FunctionBuilder,
    node: nodes.Constructor,
    holder: str,
    items: list[ast.expr],
    *,
    begun: bool,
    plain: bool,
) -> None:
    """Store the positional fields: at once where nothing stands in the list and the last one is not nil."""
    table = builder.name(holder)
    whole = builder.list_of([builder.constant(None), *items])
    key, last = node.fields[-1]
    with builder.collected() as slow:
        if not begun:
            _begin_table(builder, holder, [])
        builder.evaluate(builder.call("$store_positional", table, whole))
    if not plain or key is not None or isinstance(last, (*CALLS, nodes.Vararg)):
        builder.out.extend(slow)
        return
    with builder.collected() as fast:
        if begun:
            builder.store(builder.attribute(table, "array_part"), whole)
        else:
            _begin_table(builder, holder, items)
    if never_nil(builder, last):
        builder.out.extend(fast)
    else:
        builder.if_(builder.is_some(items[-1]), fast, slow)


def _store_named(
    builder: FunctionBuilder, table: ast.expr, key: str, value: ast.expr, value_node: nodes.Node
) -> None:
    with builder.collected() as store:
        builder.store(builder.attribute(table, key), value)
    if never_nil(builder, value_node):
        builder.out.extend(store)
    else:
        builder.if_(builder.is_some(value), store)
