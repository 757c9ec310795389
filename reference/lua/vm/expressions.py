"""Expressions as host expressions: what can fail or call is emitted as statements, in the guest's order."""

from __future__ import annotations

import ast
from typing import Any, Callable

from reference.lua.runtime.values import HOST_NAMES, TABLE_NAMES
from reference.lua.syntax import nodes
from reference.lua.syntax.describe import describe
from reference.lua.vm import operators
from reference.lua.vm.functions import FUNCTION_CLASSES, FunctionBuilder, is_boxed

_CALLS = (nodes.Call, nodes.MethodCall)
_RELATIONAL = frozenset(("==", "~=", "<", "<=", ">", ">="))
_ARITHMETIC = frozenset(("+", "-", "*", "/", "//", "%"))
_MAX_ENTRIES = 4


def is_multiple(node: nodes.Node) -> bool:
    """Whether an expression may have any number of values."""
    return isinstance(node, (*_CALLS, nodes.Vararg))


def is_simple(node: nodes.Node) -> bool:
    """Whether evaluating an expression emits nothing and nothing can change its value meanwhile."""
    if isinstance(node, nodes.Name):
        variable = node.variable
        return not (variable.captured and variable.assigned)
    return isinstance(node, (nodes.Nil, nodes.Boolean, nodes.Number, nodes.String))


def is_quiet(node: nodes.Node) -> bool:
    """Whether evaluating an expression calls nothing."""
    return isinstance(node, (nodes.Name, nodes.Nil, nodes.Boolean, nodes.Number, nodes.String, nodes.Vararg))


def expression(builder: FunctionBuilder, node: nodes.Node, result: str | None = None) -> ast.expr:
    """One value; in the host variable `result` if it is computed."""
    return _FORMS[node.__class__](builder, node, result)


def operands(builder: FunctionBuilder, expressions: list[nodes.Node]) -> list[ast.expr]:
    """One value each, unchanged by what is evaluated after it."""
    values = []
    for position, node in enumerate(expressions):
        value = expression(builder, node)
        moving = isinstance(node, nodes.Name) and not is_simple(node)
        if moving and not all(is_quiet(later) for later in expressions[position + 1 :]):
            value = builder.keep(value)
        values.append(value)
    return values


def argument_list(builder: FunctionBuilder, expressions: list[nodes.Node]) -> tuple[list[ast.expr], bool]:
    """The values of an expression list as host arguments; whether their number is open."""
    if not expressions or not is_multiple(expressions[-1]):
        return operands(builder, expressions), False
    last = expressions[-1]
    values = operands(builder, expressions[:-1])
    if not isinstance(last, nodes.Vararg):
        values = [
            builder.keep(value) if isinstance(node, nodes.Name) and not is_simple(node) else value
            for node, value in zip(expressions, values)
        ]
    return [*values, builder.starred(all_values(builder, last))], True


def all_values(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    """The values of a multiple expression as a host sequence."""
    if isinstance(node, nodes.Vararg):
        return builder.name("$varargs")
    return builder.call("$values", raw_call(builder, node))


def _literal(builder: FunctionBuilder, node: nodes.Node, result: str | None) -> ast.expr:
    del result
    return builder.literal(node)


def _vararg(builder: FunctionBuilder, node: nodes.Node, result: str | None) -> ast.expr:
    del node, result
    varargs = builder.name("$varargs")
    first = builder.subscript(varargs, builder.constant(0))
    return builder.choice(varargs, first, builder.constant(None))


def _name(builder: FunctionBuilder, node: nodes.Name, result: str | None) -> ast.expr:
    del result
    return builder.read(node.variable)


def _parenthesised(builder: FunctionBuilder, node: nodes.Parenthesised, result: str | None) -> ast.expr:
    return expression(builder, node.expression, result)


# Fields


def _index(builder: FunctionBuilder, node: nodes.Index, result: str | None) -> ast.expr:
    subject, key = operands(builder, [node.object, node.key])
    key_node = node.key
    if isinstance(key_node, nodes.Name) and key_node.variable.constant is not None:
        key_node = key_node.variable.constant
    builder.at(node)
    return read_field(builder, subject, key, key_node, describe(node.object, builder.function), result)


def read_field(
    builder: FunctionBuilder,
    subject: ast.expr,
    key: ast.expr,
    key_node: nodes.Node,
    subject_name: str | None,
    result: str | None = None,
) -> ast.expr:
    """`subject[key]` in a temporary."""
    names = [builder.constant(subject_name)] if subject_name else []
    if isinstance(subject, ast.Constant):
        subject = builder.keep(subject)
    slow = builder.call("$index", subject, key, *names)
    result = result or builder.temporary()
    if isinstance(key_node, nodes.String):
        text = key_node.value
        if text in TABLE_NAMES:
            builder.assign(result, slow)
            return builder.name(result)
        fast: ast.expr = builder.attribute(subject, text)
        if text in HOST_NAMES:
            fast = builder.choice(builder.is_type(subject, "$Table"), fast, slow)
        builder.guarded(result, fast, ("AttributeError",), slow)
        return builder.name(result)
    with builder.collected() as missing:
        builder.assign(result, slow)
    element: ast.expr = builder.subscript(builder.attribute(subject, "array_part"), key)
    if operators.is_integer(builder, key_node):
        positive = isinstance(key_node, nodes.Number) and key_node.value > 0
        if not positive:
            inside = builder.compare(key, ast.Gt(), builder.constant(0))
            element = builder.choice(inside, element, builder.constant(None))
        builder.guarded(result, element, ("IndexError", "AttributeError"), slow)
    elif isinstance(key_node, (nodes.Boolean, nodes.Nil, nodes.Function, nodes.Number)):
        builder.assign(result, slow)
        return builder.name(result)
    else:
        in_array = builder.both(
            builder.is_type(key, "int"), builder.compare(key, ast.Gt(), builder.constant(0))
        )
        strings = builder.attribute(subject, "__dict__")
        by_name: ast.expr = builder.choice(
            builder.is_type(key, "str"),
            builder.call(builder.attribute(strings, "get"), key),
            builder.constant(None),
        )
        if isinstance(key_node, nodes.Binary) and key_node.operator in ("+", "-", "*", "%", "//"):
            by_name = builder.constant(None)
        builder.guarded(
            result, builder.choice(in_array, element, by_name), ("IndexError", "AttributeError"), slow
        )
    builder.if_(builder.is_none(builder.name(result)), missing)
    return builder.name(result)


def write_field(
    builder: FunctionBuilder,
    subject: ast.expr,
    key: ast.expr,
    key_node: nodes.Node,
    value: ast.expr,
    value_node: nodes.Node | None,
    subject_name: str | None,
) -> None:
    """`subject[key] = value`."""
    names = [builder.constant(subject_name)] if subject_name else []
    if isinstance(subject, ast.Constant):
        subject = builder.keep(subject)
    with builder.collected() as slow:
        builder.evaluate(builder.call("$set_index", subject, key, value, *names))
    if isinstance(key_node, nodes.Name) and key_node.variable.constant is not None:
        key_node = key_node.variable.constant
    plain = builder.is_none(builder.attribute(subject, "meta_table"))
    present = [] if never_nil(value_node) else [builder.is_some(value)]
    if isinstance(value_node, nodes.Nil):
        builder.statements.extend(slow)
        return
    if isinstance(key_node, nodes.String):
        text = key_node.value
        if text in TABLE_NAMES:
            builder.statements.extend(slow)
            return
        if text in HOST_NAMES:
            known = plain
        else:
            known = builder.either(plain, builder.is_some(builder.attribute(subject, text)))
        with builder.collected() as fast:
            builder.store(builder.attribute(subject, text), value)
        with builder.collected() as body:
            builder.if_(builder.both(*present, known), fast, slow)
        builder.try_(body, ("AttributeError",), slow)
        return
    if isinstance(key_node, (nodes.Boolean, nodes.Nil, nodes.Function)):
        builder.statements.extend(slow)
        return
    integer = operators.is_integer(builder, key_node)
    array = builder.temporary()
    with builder.collected() as store:
        builder.store(builder.subscript(builder.name(array), key), value)
    with builder.collected() as append:
        builder.evaluate(builder.call(builder.attribute(builder.name(array), "append"), value))
    size = builder.call("len", builder.name(array))
    inside = builder.compare(builder.constant(0), ast.Lt(), key, ast.Lt(), size)
    at_end = builder.both(
        builder.compare(key, ast.Eq(), size), builder.negation(builder.attribute(subject, "hash_part"))
    )
    with builder.collected() as numbered:
        builder.assign(array, builder.attribute(subject, "array_part"))
        with builder.collected() as further:
            builder.if_(builder.both(at_end, *present, plain), append, slow)
        builder.if_(builder.both(inside, *present, plain), store, further)
    if integer:
        builder.try_(numbered, ("AttributeError",), slow)
        return
    strings = builder.subscript(builder.attribute(subject, "__dict__"), key)
    with builder.collected() as named:
        builder.store(strings, value)
    with builder.collected() as body:
        with builder.collected() as otherwise:
            builder.if_(builder.both(builder.is_type(key, "str"), *present, plain), named, slow)
        builder.if_(builder.is_type(key, "int"), numbered, otherwise)
    builder.try_(body, ("AttributeError",), slow)


def never_nil(node: nodes.Node | None) -> bool:
    """Whether an expression cannot be nil."""
    return isinstance(
        node, (nodes.Number, nodes.String, nodes.Boolean, nodes.Function, nodes.Constructor)
    ) or (isinstance(node, nodes.Binary) and node.operator in _RELATIONAL)


# Calls


def raw_call(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    """A call, with whatever it gives: one value, a list, or a tail call to finish."""
    target, arguments = prepared_call(builder, node)
    return builder.keep(builder.call(target, *arguments))


def prepared_call(builder: FunctionBuilder, node: nodes.Node) -> tuple[ast.expr, list[ast.expr]]:
    """The entry point that a call calls, and its arguments."""
    if isinstance(node, nodes.MethodCall):
        subject = expression(builder, node.object)
        if not isinstance(subject, ast.Name) or (
            isinstance(node.object, nodes.Name) and not is_simple(node.object)
        ):
            subject = builder.keep(subject)
        builder.at(node)
        function = _method(builder, node, subject)
        arguments, is_open = argument_list(builder, node.arguments)
        arguments = [subject, *arguments]
        name: str | None = f"method '{node.name}'"
    else:
        assert isinstance(node, nodes.Call)
        function = expression(builder, node.function)
        if isinstance(node.function, nodes.Name):
            if not is_simple(node.function) and not all(map(is_quiet, node.arguments)):
                function = builder.keep(function)
        elif not isinstance(function, ast.Name):
            function = builder.keep(function)
        arguments, is_open = argument_list(builder, node.arguments)
        name = describe(node.function, builder.function)
    builder.at(node)
    return entry_point(builder, function, arguments, is_open, name), arguments


def entry_point(
    builder: FunctionBuilder, function: ast.expr, arguments: list[ast.expr], is_open: bool, name: str | None
) -> ast.expr:
    """A function's entry for so many arguments."""
    count = -1 if is_open or len(arguments) > _MAX_ENTRIES else len(arguments)
    names = [builder.constant(name)] if name else []
    slow = builder.call("$entry", function, builder.constant(count), *names)
    result = builder.temporary()
    entry = "cn" if count < 0 else f"c{count}"
    builder.guarded(result, builder.attribute(function, entry), ("AttributeError",), slow)
    return builder.name(result)


def _method(builder: FunctionBuilder, node: nodes.MethodCall, subject: ast.expr) -> ast.expr:
    """`subject.name` where it is mostly found in the metatable's `__index`."""
    subject_name = describe(node.object, builder.function)
    names = [builder.constant(subject_name)] if subject_name else []
    slow = builder.call("$index", subject, builder.constant(node.name), *names)
    result = builder.temporary()
    if node.name in TABLE_NAMES or node.name in HOST_NAMES:
        builder.assign(result, slow)
        return builder.name(result)
    builder.assign(
        result, builder.call("getattr", subject, builder.constant(node.name), builder.constant(None))
    )
    meta_index = builder.attribute(builder.attribute(subject, "meta_table"), "__index")
    with builder.collected() as inherited:
        builder.guarded(result, builder.attribute(meta_index, node.name), ("AttributeError",), slow)
    builder.if_(builder.is_none(builder.name(result)), inherited)
    return builder.name(result)


def _call(builder: FunctionBuilder, node: nodes.Node, result: str | None) -> ast.expr:
    target, arguments = prepared_call(builder, node)
    result = result or builder.temporary()
    builder.assign(result, builder.call(target, *arguments))
    with builder.collected() as several:
        builder.assign(result, builder.call("$first", builder.name(result)))
    builder.if_(builder.is_type(builder.name(result), "list"), several)
    return builder.name(result)


# Functions


def _function(builder: FunctionBuilder, node: nodes.Function, result: str | None) -> ast.expr:
    from reference.lua.vm.statements import function_definition  # noqa: PLC0415  # mutual recursion

    builder.at(node)
    definition, host_name = function_definition(builder, node)
    carried = sorted({
        builder.chunk.host_name(variable)
        for variable in node.upvalues
        if variable.in_loop and variable.captured and variable.constant is None
        and (is_boxed(variable) or not variable.assigned)
    })  # fmt: skip
    if carried:
        # Each round of a loop has variables of its own: the closure gets this round's as a factory's parameters.
        maker = builder.temporary()
        builder.at(node)
        made = ast.Return(builder.name(host_name), lineno=builder.line, col_offset=builder.offset)
        builder.emit(_host_function(builder, maker, carried, [definition, made]))
        builder.at(node)
        host: ast.expr = builder.call(builder.name(maker), *(builder.name(name) for name in carried))
    else:
        builder.emit(definition)
        host = builder.name(host_name)
    count = len(node.parameters)
    if node.is_vararg:
        value = builder.call("$VarargFunction", host)
    elif count < len(FUNCTION_CLASSES):
        value = builder.call(FUNCTION_CLASSES[count], host)
    else:
        value = builder.call("$FunctionN", host, builder.constant(count))
    if result is None:
        return builder.keep(value)
    builder.assign(result, value)
    return builder.name(result)


def _host_function(
    builder: FunctionBuilder, name: str, parameters: list[str], body: list[ast.stmt]
) -> ast.FunctionDef:
    position: dict[str, Any] = {"lineno": builder.line, "col_offset": builder.offset}
    arguments = ast.arguments(
        [], [ast.arg(one, None, **position) for one in parameters], None, [], [], None, []
    )
    return ast.FunctionDef(name, arguments, body, [], None, **position)


# Operators


def _binary(builder: FunctionBuilder, node: nodes.Binary, result: str | None) -> ast.expr:
    if node.operator in _RELATIONAL:
        value = condition(builder, node)
        builder.at(node)
        return builder.choice(value, builder.name("$true"), builder.name("$false"))
    if node.operator == "..":
        parts = [node.left]
        last = node.right
        while isinstance(last, nodes.Binary) and last.operator == "..":
            parts.append(last.left)
            last = last.right
        parts.append(last)
        return operators.concatenation(builder, node, list(zip(parts, stable(builder, parts))))
    if isinstance(node.right, _CALLS) and node.operator in _ARITHMETIC:
        # The last operand may stay a list of results: the host refuses to compute with it.
        left = stable(builder, [node.left, node.right], last=False)[0]
        right = raw_call(builder, node.right)
        return operators.arithmetic(builder, node, left, right, result, raw_right=True)
    left, right = stable(builder, [node.left, node.right])
    return operators.arithmetic(builder, node, left, right, result)


def stable(builder: FunctionBuilder, expressions: list[nodes.Node], *, last: bool = True) -> list[ast.expr]:
    """The operands of an operator as host names or constants, so that they may be used twice.

    Without `last` the caller evaluates the last one itself.
    """
    values: list[ast.expr] = []
    for position, node in enumerate(expressions if last else expressions[:-1]):
        value = expression(builder, node)
        later = expressions[position + 1 :]
        moving = isinstance(node, nodes.Name) and not is_simple(node) and not all(map(is_quiet, later))
        if moving or not isinstance(value, (ast.Name, ast.Constant)):
            value = builder.keep(value)
        values.append(value)
    return values


def _unary(builder: FunctionBuilder, node: nodes.Unary, result: str | None) -> ast.expr:
    operand_node = node.operand
    if node.operator == "not":
        value = condition(builder, operand_node)
        builder.at(node)
        return builder.choice(value, builder.name("$false"), builder.name("$true"))
    if node.operator == "-" and isinstance(operand_node, nodes.Number):
        number = operand_node.value
        if number and type(number) in (int, float) and number != -(1 << 63):
            return builder.constant(-number)
        if type(number) is int and builder.profile.integers:
            # Zero, and the lowest integer, which is its own negation.
            return builder.constant(number)
        return builder.constant(-float(number))
    value = stable(builder, [operand_node])[0]
    builder.at(node)
    name = describe(operand_node, builder.function)
    names = [builder.constant(name)] if name else []
    result = result or builder.temporary()
    if node.operator == "#":
        array = builder.attribute(value, "array_part")
        size = builder.operation(builder.call("len", array), ast.Sub(), builder.constant(1))
        plain = builder.both(
            builder.is_type(value, "$Table"), builder.is_none(builder.attribute(value, "meta_table"))
        )
        builder.assign(result, builder.choice(plain, size, builder.call("$length", value, *names)))
        return builder.name(result)
    if node.operator == "~":
        slow = builder.call("$bitwise_not", value, *names)
        builder.guarded(result, builder.unary(ast.Invert(), value), ("TypeError",), slow)
        return builder.name(result)
    slow = builder.call("$negate", value, *names)
    with builder.collected() as body:
        builder.assign(result, builder.unary(ast.USub(), value))
        with builder.collected() as fix:
            builder.assign(result, slow)
        bad = builder.compare(builder.name(result), ast.Gt(), builder.constant(builder.profile.highest))
        if not builder.profile.integers:
            bad = builder.negation(builder.name(result))  # type: ignore[assignment]
        builder.if_(bad, fix)
    with builder.collected() as handler:
        builder.assign(result, slow)
    builder.try_(body, ("TypeError",), handler)
    return builder.name(result)


def _logical(builder: FunctionBuilder, node: nodes.Logical, result: str | None) -> ast.expr:
    left = expression(builder, node.left)
    result = builder.temporary() if result is None or not is_quiet(node.right) else result
    builder.at(node)
    builder.assign(result, left)
    with builder.collected() as rest:
        right = expression(builder, node.right)
        builder.at(node)
        builder.assign(result, right)
    test = truth(builder, builder.name(result), negated=node.operator == "or")
    builder.if_(test, rest)
    return builder.name(result)


def truth(builder: FunctionBuilder, value: ast.expr, negated: bool = False) -> ast.expr:
    """Whether a value (a host name) counts as true, or as false."""
    if negated:
        return builder.either(
            builder.is_none(value), builder.compare(value, ast.Is(), builder.name("$false"))
        )
    return builder.both(builder.is_some(value), builder.compare(value, ast.IsNot(), builder.name("$false")))


def condition(builder: FunctionBuilder, node: nodes.Node) -> ast.expr:
    """An expression as a host truth value."""
    if isinstance(node, nodes.Binary) and node.operator in _RELATIONAL:
        left, right = stable(builder, [node.left, node.right])
        return operators.comparison(builder, node, left, right)
    if isinstance(node, nodes.Unary) and node.operator == "not":
        return builder.negation(condition(builder, node.operand))
    if isinstance(node, nodes.Logical):
        return _logical_condition(builder, node)
    if isinstance(node, (nodes.Number, nodes.String, nodes.Constructor, nodes.Function)):
        if isinstance(node, (nodes.Constructor, nodes.Function)):
            expression(builder, node)
        return builder.constant(True)
    if isinstance(node, (nodes.Nil, nodes.Boolean)):
        return builder.constant(isinstance(node, nodes.Boolean) and node.value)
    value = expression(builder, node)
    if not isinstance(value, ast.Name):
        value = builder.keep(value)
    builder.at(node)
    return truth(builder, value)


def _logical_condition(builder: FunctionBuilder, node: nodes.Logical) -> ast.expr:
    left = condition(builder, node.left)
    with builder.collected() as rest:
        right = condition(builder, node.right)
        builder.at(node)
        if len(builder.statements) == 0:
            quiet = True
        else:
            quiet = False
            result = builder.temporary()
            builder.assign(result, right)
    builder.at(node)
    if quiet:
        return (builder.both if node.operator == "and" else builder.either)(left, right)
    builder.assign(result, left)
    test: ast.expr = builder.name(result)
    builder.if_(test if node.operator == "and" else builder.negation(test), rest)
    return builder.name(result)


# Constructors


def _constructor(builder: FunctionBuilder, node: nodes.Constructor, result: str | None) -> ast.expr:
    result = builder.temporary()
    items: list[ast.expr] = []
    strings: list[tuple[str, ast.expr, nodes.Node]] = []
    keyed = [key for key, _ in node.fields if key is not None]
    simple_keys = all(isinstance(key, nodes.String) and key.value not in TABLE_NAMES for key in keyed)
    distinct = len({key.value for key in keyed if isinstance(key, nodes.String)}) == len(keyed)
    direct = simple_keys and distinct
    builder.at(node)
    builder.assign(result, builder.call("$Table"))
    table = builder.name(result)
    last = len(node.fields) - 1
    for number, (key_node, value_node) in enumerate(node.fields):
        if key_node is not None:
            key = builder.constant(None) if direct else stable(builder, [key_node])[0]
            value = stable(builder, [value_node])[0]
            builder.at(node)
            if direct:
                assert isinstance(key_node, nodes.String)
                strings.append((key_node.value, value, value_node))
                _store_named(builder, table, key_node.value, value, value_node)
            else:
                builder.evaluate(builder.call("$set_index", table, key, value))
        elif number == last and is_multiple(value_node):
            items.append(builder.starred(all_values(builder, value_node)))
        else:
            value = expression(builder, value_node)
            if not isinstance(value, ast.Constant) and not (
                isinstance(value_node, nodes.Name) and is_simple(value_node)
            ):
                value = (
                    value if isinstance(value, ast.Name) and value.id.startswith("$") else builder.keep(value)
                )
            items.append(value)
    if items:
        builder.at(node)
        whole = builder.list_of([builder.constant(None), *items])
        plain = not keyed or direct
        never = isinstance(
            node.fields[last][1], (nodes.Number, nodes.String, nodes.Boolean, nodes.Constructor)
        )
        if plain and node.fields[last][0] is None and never and not is_multiple(node.fields[last][1]):
            builder.store(builder.attribute(table, "array_part"), whole)
        else:
            builder.evaluate(builder.call("$store_positional", table, whole))
    return builder.name(result)


def _store_named(
    builder: FunctionBuilder, table: ast.expr, key: str, value: ast.expr, value_node: nodes.Node
) -> None:
    with builder.collected() as store:
        builder.store(builder.attribute(table, key), value)
    if never_nil(value_node):
        builder.statements.extend(store)
    else:
        builder.if_(builder.is_some(value), store)


_FORMS: dict[type[nodes.Node], Callable[..., ast.expr]] = {
    nodes.Nil: _literal,
    nodes.Boolean: _literal,
    nodes.Number: _literal,
    nodes.String: _literal,
    nodes.Vararg: _vararg,
    nodes.Name: _name,
    nodes.Parenthesised: _parenthesised,
    nodes.Index: _index,
    nodes.Call: _call,
    nodes.MethodCall: _call,
    nodes.Function: _function,
    nodes.Binary: _binary,
    nodes.Unary: _unary,
    nodes.Logical: _logical,
    nodes.Constructor: _constructor,
}
