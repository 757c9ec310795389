"""`util.inspect` of node 20: the text of any value. What runs of the guest's is what runs in node: tags, `constructor.name`, own inspections."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Callable, Final

from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.inspect import collections
from lockstep.reference.javascript.host.inspect.errors import format_error
from lockstep.reference.javascript.host.inspect.functions import function_base
from lockstep.reference.javascript.host.inspect.kinds import (
    Layer,
    constructor_name,
    default_prefix,
    is_built_in_name,
    other_keys,
    prefix,
    proxy_target,
    shown_keys,
    tag_of,
)
from lockstep.reference.javascript.host.inspect.layout import ARRAY, ARRAY_EXTRAS, OBJECT, single_text
from lockstep.reference.javascript.host.inspect.options import Inspection
from lockstep.reference.javascript.host.inspect.primitives import (
    format_primitive,
    key_text,
    number_text,
)
from lockstep.reference.javascript.runtime.completions import is_overflow, thrown_value
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import JSPromise
from lockstep.reference.javascript.runtime.intrinsics.keyed.iterators import JSMapIterator
from lockstep.reference.javascript.runtime.intrinsics.keyed.map import JSMap
from lockstep.reference.javascript.runtime.intrinsics.keyed.set import JSSet
from lockstep.reference.javascript.runtime.intrinsics.numbers.date import JSDate
from lockstep.reference.javascript.runtime.intrinsics.numbers.date_time import iso_string
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.primitive_object import JSPrimitiveObject, JSStringObject
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.objects.proxy import JSProxy
from lockstep.reference.javascript.runtime.objects.regexp import JSRegExp
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_boolean,
    to_number,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.objects import call, get
from lockstep.reference.javascript.runtime.symbols import ITERATOR
from lockstep.reference.javascript.runtime.values import (
    ABSENT,
    HOLE,
    Null,
    PropertyKey,
    Value,
    null,
    undefined,
)

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

# What one level may hold before the rest is only named.
_LONGEST_LEVEL: Final = 1 << 27
_PROTOTYPE_LAYERS: Final = 3
_OLD_PROPERTIES: Final = ["arguments", "caller"]
_ITERATORS: Final = {"Map Iterator": "Map", "Set Iterator": "Set"}


def inspect(realm: Realm, value: Value, **options: Value) -> str:
    """The text of `value` under options of `util.inspect`."""
    return inspected(Inspection(realm, options), value)


def inspected(context: Inspection, value: Value) -> str:
    """The text of `value`, in a fresh inspection."""
    context.nested = inspected
    return format_value(context, value, 0)


def format_value(context: Inspection, value: Value, level: float, *, of_view: bool = False) -> str:
    """The text of a value that lies `level` deep."""
    if not isinstance(value, JSObject):
        return format_primitive(context, value)
    context.realm.agent.budget.step()
    original = value
    if isinstance(value, JSProxy):
        target = proxy_target(value)
        if target is None:
            return context.style("<Revoked Proxy>", "special")
        if context.show_proxy:
            return _proxy(context, value, level)
        value = target
    if context.custom:
        own = get(value, context.custom_symbol)
        if (
            is_callable(own)
            and own is not hosting_of(context.realm).inspect_function
            and not _is_prototype(value)
        ):
            return _customised(context, own, original, level)
    if any(one is value for one in context.seen):
        number = context.circular.setdefault(value, len(context.circular) + 1)
        return context.style(f"[Circular *{number}]", "special")
    return _format_object(context, value, level, of_view)


def _is_prototype(value: JSObject) -> bool:
    constructor = get(value, "constructor")
    return isinstance(constructor, JSObject) and get(constructor, "prototype") is value


def _customised(context: Inspection, own: JSObject, original: JSObject, level: float) -> str:
    realm = context.realm
    depth: Value = null if math.isinf(context.depth) else context.depth - level

    def stylize(_this: Value, text: Value = undefined, style: Value = undefined, *_rest: Value) -> Value:
        return context.style(to_string(text), to_string(style))

    options = context.options_object(of_guest=native(realm, stylize, 2, "stylize"))
    result = own.call_n(original, depth, options, hosting_of(realm).inspect_function)
    if result is original:
        return _format_object(context, proxy_target(original) or original, level, False)
    if not isinstance(result, str):
        return format_value(context, result, level)
    return result.replace("\n", "\n" + " " * context.indentation)


def _proxy(context: Inspection, proxy: JSProxy, level: float) -> str:
    if level > context.depth:
        return context.style("Proxy [Array]", "special")
    context.indentation += 2
    parts = [format_value(context, part, level + 1) for part in (proxy.target_, proxy.handler_)]
    context.indentation -= 2
    return single_text(context, parts, "", ("Proxy [", "]"), ARRAY_EXTRAS, level + 1)


class _Plan:
    """How an object will be written.

    Attributes:
        keys: the properties that are shown.
        base: what stands before the braces.
        braces: what stands around the parts.
        parts: makes the parts that are no properties.
        kind: how properties are written.
        done: the whole text, if there is nothing else to show.
        elements: for columns: the elements of an array.
    """

    __slots__ = ("base", "braces", "done", "elements", "keys", "kind", "parts")

    def __init__(self, keys: list[PropertyKey], opening: str = "{", closing: str = "}") -> None:
        self.keys = keys
        self.base = ""
        self.braces = [opening, closing]
        self.parts: Callable[[float], list[str]] | None = None
        self.kind = OBJECT
        self.done: str | None = None
        self.elements: Sequence[Value] | None = None


def _format_object(context: Inspection, value: JSObject, level: float, of_view: bool) -> str:
    layers: list[Layer] | None = [] if context.show_hidden and level <= context.depth else None
    constructor = constructor_name(context, value, level, layers)
    tag = tag_of(context, value)
    inherited = _inherited(context, layers, level) if layers else []
    plan = _plan(context, value, constructor, tag, level, of_view)
    if plan.done is not None and not plan.keys and not inherited:
        return plan.done
    if level > context.depth:
        if isinstance(value, JSRegExp):
            return context.style(plan.base, "regexp")
        shown = default_prefix(value, constructor, tag)[:-1]
        if value.class_name_ == "Array" and constructor is not None:
            shown = prefix(constructor, tag, "Array")[:-1]
        return context.style(shown if constructor is None else f"[{shown}]", "special")
    return _written(context, value, plan, inherited, level + 1, default_prefix(value, constructor, tag)[:-1])


def _written(
    context: Inspection, value: JSObject, plan: _Plan, inherited: list[str], level: float, name: str
) -> str:
    context.seen.append(value)
    context.current_depth = level
    indentation = context.indentation
    try:
        output = plan.parts(level) if plan.parts is not None else []
        output.extend(
            format_property(context, value, level, key, plan.kind) for key in context.realm.each(plan.keys)
        )
        output.extend(inherited)
    except Exception as error:
        if not is_overflow(error):
            raise
        thrown_value(error, context.realm)
        context.seen.pop()
        context.indentation = indentation
        return context.style(
            f"[{name}: Inspection interrupted prematurely. Maximum call stack size exceeded.]", "special"
        )
    number = context.circular.get(value)
    if number is not None:
        reference = context.style(f"<ref *{number}>", "special")
        if context.compact is True:
            plan.braces[0] = f"{reference} {plan.braces[0]}"
        else:
            plan.base = f"{reference} {plan.base}" if plan.base else reference
    context.seen.pop()
    if to_boolean(context.sorted):
        _sort(context, output, plan)
    text = single_text(context, output, plan.base, plan.braces, plan.kind, level, plan.elements)
    length = context.written.get(context.indentation, 0) + len(text)
    context.written[context.indentation] = length
    context.realm.agent.budget.bulk(len(text))
    if length > _LONGEST_LEVEL:
        context.depth = -1
    return text


def _sort(context: Inspection, output: list[str], plan: _Plan) -> None:
    start = 0 if plan.kind == OBJECT else len(output) - len(plan.keys)
    rest = output[start:]
    if context.sorted is True:
        rest.sort()
    else:
        made = context.realm.make_array(list(rest))
        call(get(made, "sort"), made, context.sorted)
        rest = [to_string(one) for one in made.elements_]
    output[start:] = rest


def _plan(
    context: Inspection, value: JSObject, constructor: str | None, tag: str, level: float, of_view: bool
) -> _Plan:
    if constructor is None or value.has_property(ITERATOR):
        plan = _plan_of_iterable(context, value, constructor, tag)
        if plan is not None:
            return plan
    plan = _Plan(shown_keys(context, value))
    if value.is_callable_:
        plan.base = function_base(context.realm, value, constructor, tag)
        plan.done = context.style(plan.base, "special")
        if context.show_hidden and _has_old_properties(value) and "name" in plan.keys:
            place = plan.keys.index("name") + 1
            plan.keys[place:place] = _OLD_PROPERTIES
    elif constructor == "Object" and not isinstance(value, (JSError, JSPrimitiveObject)):
        if value.class_name_ == "Arguments":
            plan.braces[0] = "[Arguments] {"
        elif tag:
            plan.braces[0] = f"{prefix(constructor, tag, 'Object')}{{"
        plan.done = f"{plan.braces[0]}}}"
    elif isinstance(value, JSRegExp):
        plan.base = _led(f"/{value.source_}/{value.flags_}", prefix(constructor, tag, "RegExp"), "RegExp ")
        plan.done = context.style(plan.base, "regexp")
    elif isinstance(value, JSDate):
        shown = "Invalid Date" if math.isnan(value.value_) else iso_string(value.value_)
        plan.base = _led(shown, prefix(constructor, tag, "Date"), "Date ")
        plan.done = context.style(plan.base, "date")
    elif _is_error(context, value):
        plan.base = plan.done = format_error(context, value, constructor, tag, plan.keys)
    elif isinstance(value, JSPrimitiveObject):
        plan.base = _boxed(context, value, plan.keys, constructor, tag)
        plan.done = plan.base if plan.keys else context.style(plan.base, value.class_name_.lower())
    else:
        _plan_other(context, value, plan, constructor, tag, of_view)
    return plan


def _has_old_properties(value: Value) -> bool:
    """Whether V8 gives the function own properties `arguments` and `caller`: sloppy ones have them."""
    template = getattr(value, "template_", None)
    return (
        template is not None
        and template.kind == "normal"
        and not template.strict
        and not (template.is_async or template.is_generator)
    )


def _is_error(context: Inspection, value: JSObject) -> bool:
    """Whether a value is an error, or inherits from one."""
    if isinstance(value, JSError):
        return True
    if value.is_exotic_ or value.class_name_ != "Object":
        return False
    wanted = context.realm.error_prototype
    current: JSObject | Null = value
    while current is not null and not current.is_exotic_:
        current = current.prototype_
        if current is wanted:
            return True
    return False


def _led(text: str, lead: str, usual: str) -> str:
    return text if lead == usual else lead + text


def _plan_of_iterable(
    context: Inspection, value: JSObject, constructor: str | None, tag: str
) -> _Plan | None:
    kind = value.class_name_
    if kind == "Array":
        length = int(to_number(get(value, "length")))
        lead = prefix(constructor, tag, "Array", f"({length})") if constructor != "Array" or tag else ""
        plan = _Plan(other_keys(context, value), f"{lead}[", "]")
        plan.kind = ARRAY_EXTRAS
        plan.parts = lambda level: _elements(context, value, level, length)
        plan.elements = collections.elements_for_columns(value)
        plan.done = f"{lead}[]" if length == 0 else None
        return plan
    if isinstance(value, (JSSet, JSMap)):
        size = len(value.data_)
        lead = prefix(constructor, tag, kind, f"({size})")
        plan = _Plan(shown_keys(context, value), f"{lead}{{")
        plan.parts = lambda level: collections.entries(context, value, level, format_value)
        plan.done = f"{lead}{{}}" if size == 0 else None
        return plan
    if isinstance(value, JSTypedArray):
        name = f"{value.kind_.name}Array"
        size = value.length_()
        lead = prefix(constructor, tag, name if constructor is None else "", f"({size})")
        plan = _Plan(other_keys(context, value), f"{lead}[", "]")
        plan.kind = ARRAY_EXTRAS
        plan.parts = lambda level: collections.typed_elements(context, value, level, format_value)
        plan.elements = collections.elements_for_columns(value)
        plan.done = f"{lead}[]" if size == 0 and not context.show_hidden else None
        return plan
    if isinstance(value, JSMapIterator):
        plan = _Plan(shown_keys(context, value), collections.iterator_opening(_ITERATORS[kind], tag, value))
        plan.parts = lambda level: collections.iterator_entries(context, value, level, format_value)
        return plan
    return None


def _plan_other(
    context: Inspection, value: JSObject, plan: _Plan, constructor: str | None, tag: str, of_view: bool
) -> None:
    kind = value.class_name_
    if isinstance(value, JSArrayBuffer):
        lead = prefix(constructor, tag, "SharedArrayBuffer" if value.shared_ is not None else "ArrayBuffer")
        if of_view:
            length = context.style(number_text(float(value.byte_length_())), "number")
            plan.done = f"{lead}{{ byteLength: {length} }}"
        else:
            plan.parts = lambda _level: collections.buffer_contents(context, value)
        plan.braces[0] = f"{lead}{{"
        if plan.done is None or plan.keys:
            plan.keys.insert(0, "byteLength")
    elif kind == "DataView":
        plan.braces[0] = f"{prefix(constructor, tag, 'DataView')}{{"
        plan.keys[:0] = ["byteLength", "byteOffset", "buffer"]
    elif isinstance(value, JSPromise):
        plan.braces[0] = f"{prefix(constructor, tag, 'Promise')}{{"
        plan.parts = lambda level: collections.promise_state(context, value, level, format_value)
    elif kind in ("WeakSet", "WeakMap"):
        plan.braces[0] = f"{prefix(constructor, tag, kind)}{{"
        plan.parts = lambda _level: [context.style("<items unknown>", "special")]
    elif kind == "Module":
        plan.braces[0] = f"{prefix(constructor, tag, 'Module')}{{"
        names, plan.keys = plan.keys, []
        plan.parts = lambda level: [_export(context, value, level, name) for name in names]
    else:
        lead = default_prefix(value, constructor, tag)
        plan.braces[0] = f"{lead}{{"
        plan.done = f"{lead}{{}}"


def _export(context: Inspection, namespace: JSObject, level: float, name: PropertyKey) -> str:
    try:
        return format_property(context, namespace, level, name, OBJECT)
    except Exception as error:
        thrown_value(error, context.realm)
        return f"{key_text(context, name, True)}: {context.style('<uninitialized>', 'special')}"


def _boxed(
    context: Inspection, value: JSPrimitiveObject, keys: list[PropertyKey], constructor: str | None, tag: str
) -> str:
    kind = value.class_name_
    if isinstance(value, JSStringObject):
        del keys[: len(value.data_)]
    base = f"[{kind}"
    if kind != constructor:
        base += " (null prototype)" if constructor is None else f" ({constructor})"
    base += f": {format_primitive(context, value.data_, lambda text, _style: text)}]"
    return base + (f" [{tag}]" if tag and tag != constructor else "")


def _elements(context: Inspection, array: JSObject, level: float, length: int) -> list[str]:
    shown = int(min(context.longest_array, length))
    elements = array.elements_
    if elements is not None and HOLE not in elements[:shown]:
        output = [
            format_property(context, array, level, str(index), ARRAY)
            for index in range(min(shown, len(elements)))
        ]
        if length > shown:
            output.append(collections.more_items(length - shown))
        return output
    return collections.sparse_elements(
        context, array, length, shown, lambda key: format_property(context, array, level, key, ARRAY)
    )


def format_property(
    context: Inspection,
    holder: JSObject,
    level: float,
    key: PropertyKey,
    kind: int,
    found: Property | None = None,
    original: Value = None,
) -> str:
    """A property of an object, with its key unless it is an element."""
    own = found or holder.get_own_property(key)
    if own is None:
        is_old = key in _OLD_PROPERTIES and _has_old_properties(holder)
        own = Property(null, True, False, True) if is_old else Property(get(holder, key), True, True, True)
    extra = " "
    if own.get is ABSENT:
        if own.value is undefined:
            text = context.style("undefined", "undefined")
        else:
            more = 3 if context.compact is True and kind == OBJECT else 2
            context.indentation += more
            text = format_value(context, own.value, level)
            if more == 3 and context.break_length < len(text):
                extra = "\n" + " " * context.indentation
            context.indentation -= more
    elif own.get is not undefined:
        text = _getter(context, own, holder if original is None else original, level)
    else:
        text = (
            context.style("[Setter]", "special")
            if own.set is not undefined
            else context.style("undefined", "undefined")
        )
    if kind == ARRAY:
        return text
    return f"{key_text(context, key, own.enumerable)}:{extra}{text}"


def _getter(context: Inspection, own: Property, holder: Value, level: float) -> str:
    style = context.style
    has_setter = own.set is not undefined and own.set is not ABSENT
    label = "Getter/Setter" if has_setter else "Getter"
    asked = context.getters
    wanted = asked is True or (asked == "get" and not has_setter) or (asked == "set" and has_setter)
    if not wanted:
        return style(f"[{label}]", "special")
    try:
        value = own.get.call_n(holder)
        context.indentation += 2
        if isinstance(value, JSObject) and not value.is_callable_:
            text = f"{style(f'[{label}]', 'special')} {format_value(context, value, level)}"
        else:
            shown = format_primitive(context, value) if not isinstance(value, JSObject) else to_string(value)
            text = f"{style(f'[{label}:', 'special')} {shown}{style(']', 'special')}"
        context.indentation -= 2
        return text
    except Exception as error:
        thrown = thrown_value(error, context.realm)
        message = get(thrown, "message") if isinstance(thrown, JSObject) else undefined
        shown = f"<Inspection threw ({to_string(message)})>"
        return f"{style(f'[{label}:', 'special')} {shown}{style(']', 'special')}"


def _inherited(context: Inspection, layers: list[Layer], level: float) -> list[str]:
    """Accessors and data of the guest's own prototypes, where hidden properties are shown."""
    main, current = layers[0]
    output: list[str] = []
    known: set[PropertyKey] = set()
    for depth in range(_PROTOTYPE_LAYERS):
        if depth or main is current:
            above = current.get_prototype_of()
            if above is null:
                break
            current = above
            own = current.get_own_property("constructor")
            if (
                own is not None
                and own.get is ABSENT
                and is_callable(own.value)
                and is_built_in_name(context.realm, get(own.value, "name"))
            ):
                break
        keys = current.own_property_keys()
        context.seen.append(main)
        for key in keys:
            if key == "constructor" or key in known or main.get_own_property(key) is not None:
                continue
            own = current.get_own_property(key)
            if own is None or (own.get is ABSENT and is_callable(own.value)):
                continue
            text = format_property(context, current, level, key, OBJECT, own, main)
            output.append(f"\u001b[2m{text}\u001b[22m" if context.colours else text)
        context.seen.pop()
        known.update(keys)
    return output
