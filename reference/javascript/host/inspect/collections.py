"""How inspection writes what collections hold: elements, entries, bytes, the state of promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.inspect.layout import ARRAY_EXTRAS, single_text
from lockstep.reference.javascript.host.inspect.primitives import format_primitive, plural
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    PENDING,
    REJECTED,
    JSPromise,
)
from lockstep.reference.javascript.runtime.intrinsics.keyed.iterators import JSMapIterator
from lockstep.reference.javascript.runtime.intrinsics.keyed.map import JSMap
from lockstep.reference.javascript.runtime.intrinsics.keyed.ordered import remaining
from lockstep.reference.javascript.runtime.intrinsics.keyed.set import JSSet
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.keys import array_index
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import HOLE, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.host.inspect.options import Inspection

Format = Callable[..., str]
_VIEW_KEYS = ("BYTES_PER_ELEMENT", "length", "byteLength", "byteOffset", "buffer")


def more_items(count: float) -> str:
    """`... 3 more items`."""
    return plural(count, "item")


def elements_for_columns(value: Value) -> Sequence[Value] | None:
    """The elements of an array or typed array, to know whether they are numbers."""
    elements = getattr(value, "elements_", None)
    return () if elements is None else elements


def sparse_elements(
    context: Inspection, array: JSObject, length: int, shown: int, written: Callable[[str], str]
) -> list[str]:
    """The elements of an array with holes, each run of holes as one."""
    output: list[str] = []
    index = 0
    budget = context.realm.agent.budget
    for key in _present(context, array):
        if len(output) >= shown:
            break
        place = array_index(key)
        if place < 0:
            break
        if place != index:
            output.append(_holes(context, place - index))
            index = place
            if len(output) >= shown:
                break
        budget.step()
        output.append(written(key))
        index += 1
    rest = length - index
    if rest > 0:
        output.append(_holes(context, rest) if len(output) < shown else more_items(rest))
    return output


def _present(context: Inspection, array: JSObject) -> Sequence[str]:
    elements = array.elements_
    if elements is not None:
        context.realm.agent.budget.elements(len(elements))
        return [str(index) for index, element in enumerate(elements) if element is not HOLE]
    return [str(key) for key in context.realm.keys_of(array) if array_index(key) >= 0]


def _holes(context: Inspection, count: int) -> str:
    return context.style(f"<{count} empty item{'s' if count > 1 else ''}>", "undefined")


def entries(context: Inspection, value: JSMap | JSSet, level: float, form: Format) -> list[str]:
    """The entries of a Map or the values of a Set."""
    shown = int(min(context.longest_array, len(value.data_)))
    output: list[str] = []
    context.indentation += 2
    for key, held in value.data_.pairs():
        if len(output) >= shown:
            break
        text = form(context, key, level)
        output.append(f"{text} => {form(context, held, level)}" if isinstance(value, JSMap) else text)
    if len(value.data_) > shown:
        output.append(more_items(len(value.data_) - shown))
    context.indentation -= 2
    return output


def iterator_opening(kind: str, tag: str, iterator: JSMapIterator) -> str:
    """`[Map Iterator] {`, or `[Map Entries] {`."""
    name = f"{kind} Iterator"
    if tag != name:
        name = f"{tag}] [{name}" if tag else name
    if iterator.kind_ == "key+value" or iterator.kind_ not in ("key", "value"):
        name = name[: -len("Iterator")] + "Entries"
    return f"[{name}] {{"


def iterator_entries(context: Inspection, iterator: JSMapIterator, level: float, form: Format) -> list[str]:
    """What the iterator has not handed out yet; it stays where it is."""
    left = remaining_entries(iterator)
    shown = int(min(context.longest_array, len(left)))
    output: list[str] = []
    context.indentation += 2
    for entry in left[:shown]:
        if iterator.kind_ == "key":
            output.append(form(context, entry[0], level))
        elif iterator.kind_ == "value":
            output.append(form(context, entry[1], level))
        else:
            pair = [form(context, one, level) for one in entry]
            output.append(single_text(context, pair, "", ("[", "]"), ARRAY_EXTRAS, level))
    context.indentation -= 2
    if len(left) > shown:
        output.append(more_items(len(left) - shown))
    return output


def remaining_entries(iterator: JSMapIterator) -> list[tuple[Value, Value]]:
    """The entries that an iterator of a Map or Set has not handed out yet; it is not moved."""
    return [] if iterator.entries_ is None else remaining(iterator.entries_)


def typed_elements(context: Inspection, view: JSTypedArray, level: float, form: Format) -> list[str]:
    """The elements of a typed array."""
    length = view.length_()
    shown = int(min(context.longest_array, length))
    elements = view.elements_
    output = [format_primitive(context, elements[index]) for index in range(shown)]
    if length > shown:
        output.append(more_items(length - shown))
    if context.show_hidden:
        context.indentation += 2
        output.extend(f"[{key}]: {form(context, get(view, key), level, of_view=True)}" for key in _VIEW_KEYS)
        context.indentation -= 2
    return output


def buffer_contents(context: Inspection, buffer: JSArrayBuffer) -> list[str]:
    """The bytes of an ArrayBuffer."""
    if buffer.data_ is None:
        return [context.style("(detached)", "special")]
    length = buffer.byte_length_()
    shown = int(min(context.longest_array, length, 1 << 20))
    text = bytes(buffer.data_[:shown]).hex(" ")
    if length > shown:
        text += f" {plural(length - shown, 'byte')}"
    return [f"{context.style('[Uint8Contents]', 'special')}: <{text}>"]


def promise_state(context: Inspection, promise: JSPromise, level: float, form: Format) -> list[str]:
    """What became of a promise."""
    if promise.state_ == PENDING:
        return [context.style("<pending>", "special")]
    context.indentation += 2
    text = form(context, promise.result_, level)
    context.indentation -= 2
    return [f"{context.style('<rejected>', 'special')} {text}" if promise.state_ == REJECTED else text]
