"""Iterators over several iterables: Iterator.concat (27.1.3.2.1), Iterator.zip and Iterator.zipKeyed (joint iteration)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.control.iterator_helper import create_iterator_helper
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
    IteratorRecord,
    get_iterator,
    get_iterator_flattenable,
    get_iterator_from_method,
    iterator_close_all,
)
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    get,
    get_method,
)
from lockstep.reference.javascript.runtime.symbols import ITERATOR
from lockstep.reference.javascript.runtime.values import PropertyKey, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_MODES = ("shortest", "longest", "strict")


def iterator_concat(realm: Realm, this: Value, *items: Value) -> JSObject:
    """27.1.3.2.1 Iterator.concat ( ...items )."""
    iterables = []
    for item in items:
        if not isinstance(item, JSObject):
            raise type_error(f"{describe(item)} is not an object")
        method = get_method(item, ITERATOR, realm)
        if method is undefined:
            raise type_error(f"{describe(item)} is not iterable")
        iterables.append((item, method))
    underlying: list[IteratorRecord] = []

    def steps() -> Iterator[Value]:
        for item, method in iterables:
            record = get_iterator_from_method(item, method)
            underlying.append(record)
            while True:
                value = record.step()
                if value is DONE:
                    break
                yield value
            underlying.clear()

    return create_iterator_helper(realm, underlying, steps())


def _options(realm: Realm, iterables: Value, options: Value) -> tuple[str, JSObject | None]:
    """Steps 1 to 7 of both: the mode and the padding option."""
    if not isinstance(iterables, JSObject):
        raise type_error(f"{describe(iterables)} is not an object")
    if options is undefined:
        options = object_create(null)
    elif not isinstance(options, JSObject):
        raise type_error("The options are not an object")
    mode = get(options, "mode")
    if mode is undefined:
        mode = "shortest"
    if mode.__class__ is not str or mode not in _MODES:
        raise type_error("The mode is none of 'shortest', 'longest', 'strict'")
    if mode != "longest":
        return mode, undefined
    padding = get(options, "padding")
    if padding is not undefined and not isinstance(padding, JSObject):
        raise type_error("The padding is not an object")
    return mode, padding


def iterator_zip(
    realm: Realm, this: Value, iterables: Value = undefined, options: Value = undefined
) -> JSObject:
    """Iterator.zip ( iterables [ , options ] )."""
    mode, padding_option = _options(realm, iterables, options)
    iterators: list[IteratorRecord] = []
    input_iterator = get_iterator(realm, iterables)
    while True:
        try:
            item = input_iterator.step()
        except Exception as error:
            iterator_close_all(iterators, error)
            raise
        if item is DONE:
            break
        try:
            iterators.append(get_iterator_flattenable(realm, item, reject_strings=True))
        except Exception as error:
            iterator_close_all([input_iterator, *iterators], error)
            raise
    padding: list[Value] = [undefined] * len(iterators)
    if mode == "longest" and padding_option is not undefined:
        try:
            _read_padding(realm, padding_option, padding)
        except Exception as error:
            iterator_close_all(iterators, error)
            raise
    return _zip(realm, iterators, mode, padding, realm.make_array)


def _read_padding(realm: Realm, option: Value, padding: list[Value]) -> None:
    """14.b: as many values as the iterator has, the rest undefined."""
    record = get_iterator(realm, option)
    for index in range(len(padding)):
        value = record.step()
        if value is DONE:
            return
        padding[index] = value
    record.close()


def iterator_zip_keyed(
    realm: Realm, this: Value, iterables: Any = undefined, options: Value = undefined
) -> JSObject:
    """Iterator.zipKeyed ( iterables [ , options ] )."""
    mode, padding_option = _options(realm, iterables, options)
    iterators: list[IteratorRecord] = []
    keys: list[PropertyKey] = []
    all_keys = iterables.own_property_keys()
    try:
        for key in all_keys:
            descriptor = iterables.get_own_property(key)
            if descriptor is None or not descriptor.enumerable:
                continue
            value = get(iterables, key)
            if value is not undefined:
                keys.append(key)
                iterators.append(get_iterator_flattenable(realm, value, reject_strings=True))
        padding = [undefined if padding_option is undefined else get(padding_option, key) for key in keys]
    except Exception as error:
        iterator_close_all(iterators, error)
        raise

    def finish_results(results: list[Value]) -> JSObject:
        made = object_create(null)
        for key, value in zip(keys, results):
            create_data_property_or_throw(made, key, value)
        return made

    return _zip(realm, iterators, mode, padding, finish_results)


def _zip(
    realm: Realm,
    iterators: list[IteratorRecord],
    mode: str,
    padding: list[Value],
    finish_results: Callable[[list[Value]], JSObject],
) -> JSObject:
    """IteratorZip ( iters, mode, padding, finishResults )."""
    open_iterators = list(iterators)

    def step(record: IteratorRecord, read: Callable[[IteratorRecord], Value]) -> Value:
        """IteratorStep or IteratorStepValue; closes the others if it throws."""
        try:
            value = read(record)
        except Exception as error:
            open_iterators.remove(record)
            iterator_close_all(open_iterators, error)
            raise
        if value is DONE:
            open_iterators.remove(record)
        return value

    def check_all_done() -> None:
        """3.b.iii.3.d.iii: after the first one all others must be done."""
        for record in iterators[1:]:
            if step(record, _step_without_value) is not DONE:
                iterator_close_all(open_iterators, type_error("The iterators are not equally long"))

    def steps() -> Iterator[Value]:
        if not iterators:
            return
        finished = [False] * len(iterators)
        while True:
            results = []
            for index, record in enumerate(iterators):
                if finished[index]:
                    results.append(padding[index])
                    continue
                value = step(record, IteratorRecord.step)
                if value is DONE:
                    if mode == "shortest":
                        iterator_close_all(open_iterators)
                        return
                    if mode == "strict":
                        if index:
                            iterator_close_all(
                                open_iterators, type_error("The iterators are not equally long")
                            )
                        check_all_done()
                        return
                    if not open_iterators:
                        return
                    finished[index] = True
                    value = padding[index]
                results.append(value)
            yield finish_results(results)

    return create_iterator_helper(realm, open_iterators, steps())


def _step_without_value(record: IteratorRecord) -> Value:
    """7.4.8 IteratorStep."""
    return DONE if record.is_done_after_step() else undefined


STATIC = functions(
    ("concat", iterator_concat, 0, "27.1.3.2.1", "proposal-iterator-sequencing"),
    ("zip", iterator_zip, 1, "27.1.3.2.4", "proposal-joint-iteration"),
    ("zipKeyed", iterator_zip_keyed, 1, "27.1.3.2.5", "proposal-joint-iteration"),
)
