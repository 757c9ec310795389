"""Deep equality as `assert.deepEqual`, `assert.deepStrictEqual` and `util.isDeepStrictEqual` have it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.inspect.kinds import proxy_target
from lockstep.reference.javascript.runtime.intrinsics.keyed.map import JSMap
from lockstep.reference.javascript.runtime.intrinsics.keyed.ordered import OrderedEntries
from lockstep.reference.javascript.runtime.intrinsics.keyed.set import JSSet
from lockstep.reference.javascript.runtime.intrinsics.numbers.date import JSDate
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.keys import array_index
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, same_value
from lockstep.reference.javascript.runtime.objects.primitive_object import JSPrimitiveObject
from lockstep.reference.javascript.runtime.objects.regexp import JSRegExp
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.operations.operators import loosely_equal
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import PropertyKey, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_BY_IDENTITY = frozenset({"WeakMap", "WeakSet", "Promise", "WeakRef"})


class Comparison:
    """One comparison: how strict it is, and which pairs it is at."""

    def __init__(self, realm: Realm, *, strict: bool) -> None:
        self.realm = realm
        self.strict = strict
        self.pairs: list[tuple[JSObject, JSObject]] = []

    def equal(self, left: Value, right: Value) -> bool:
        """Whether two values are deeply equal."""
        if left is right:
            return True
        if self.strict:
            if not isinstance(left, JSObject) or not isinstance(right, JSObject):
                return same_value(left, right)
            if left.get_prototype_of() is not right.get_prototype_of():
                return False
        elif not isinstance(left, JSObject):
            if isinstance(right, JSObject):
                return False
            return loosely_equal(left, right) or (is_nan(left) and is_nan(right))
        elif not isinstance(right, JSObject):
            return False
        self.realm.agent.budget.step()
        one, other = proxy_target(left) or left, proxy_target(right) or right
        if one.is_callable_ or other.is_callable_:
            return one is other
        if any(before is one and against is other for before, against in self.pairs):
            return True
        self.pairs.append((one, other))
        try:
            return self._objects(one, other)
        finally:
            self.pairs.pop()

    def _objects(self, left: JSObject, right: JSObject) -> bool:
        if left.class_name_ != right.class_name_ or left.class_name_ in _BY_IDENTITY:
            return False
        if get(left, TO_STRING_TAG) is not get(right, TO_STRING_TAG) and get(left, TO_STRING_TAG) != get(
            right, TO_STRING_TAG
        ):
            return False
        if not self._contents(left, right):
            return False
        return self._properties(left, right)

    def _contents(self, left: JSObject, right: JSObject) -> bool:
        """What two objects of one kind hold besides properties."""
        if isinstance(left, JSDate) and isinstance(right, JSDate):
            return left.value_ == right.value_ or (is_nan(left.value_) and is_nan(right.value_))
        if isinstance(left, JSRegExp) and isinstance(right, JSRegExp):
            same = left.source_ == right.source_ and left.flags_ == right.flags_
            return same and get(left, "lastIndex") == get(right, "lastIndex")
        if isinstance(left, JSError):
            return all(
                self.equal(get(left, key), get(right, key))
                for key in ("message", "name", "cause", "errors")
                if key in ("message", "name") or left.has_property(key) or right.has_property(key)
            )
        if isinstance(left, JSPrimitiveObject) and isinstance(right, JSPrimitiveObject):
            return same_value(left.data_, right.data_)
        if isinstance(left, JSTypedArray) and isinstance(right, JSTypedArray):
            return self._views(left, right)
        if isinstance(left, JSArrayBuffer) and isinstance(right, JSArrayBuffer):
            return bytes(left.data_ or b"") == bytes(right.data_ or b"")
        if isinstance(left, JSArray):
            return get(left, "length") == get(right, "length")
        if isinstance(left, JSSet) and isinstance(right, JSSet):
            return self._sets(left.data_, right.data_)
        if isinstance(left, JSMap) and isinstance(right, JSMap):
            return self._maps(left.data_, right.data_)
        return True

    def _views(self, left: JSTypedArray, right: JSTypedArray) -> bool:
        if left.kind_ is not right.kind_ or left.length_() != right.length_():
            return False
        pairs = zip(list(left.elements_ or ()), list(right.elements_ or ()))
        if self.strict:
            return all(same_value(one, other) for one, other in pairs)
        return all(one == other for one, other in pairs)

    def _sets(self, left: OrderedEntries, right: OrderedEntries) -> bool:
        if len(left) != len(right):
            return False
        rest = [key for key, _ in right.pairs() if not left.has(key)]
        for key, _ in left.pairs():
            if right.has(key):
                continue
            place = next((place for place, other in enumerate(rest) if self.equal(key, other)), None)
            if place is None:
                return False
            del rest[place]
        return True

    def _maps(self, left: OrderedEntries, right: OrderedEntries) -> bool:
        if len(left) != len(right):
            return False
        rest = [(key, value) for key, value in right.pairs() if not left.has(key)]
        for key, value in left.pairs():
            if right.has(key):
                if not self.equal(value, right.get(key)):
                    return False
                continue
            place = next(
                (
                    place
                    for place, (other, held) in enumerate(rest)
                    if self.equal(key, other) and self.equal(value, held)
                ),
                None,
            )
            if place is None:
                return False
            del rest[place]
        return True

    def _keys(self, value: JSObject) -> list[PropertyKey]:
        """The enumerable own keys that count."""
        skip_indices = value.class_name_ == "TypedArray"
        found = []
        for key in self.realm.keys_of(value):
            if key.__class__ is not str and not self.strict:
                continue
            if skip_indices and array_index(key) >= 0:
                continue
            own = value.get_own_property(key)
            if own is not None and own.enumerable:
                found.append(key)
        return found

    def _properties(self, left: JSObject, right: JSObject) -> bool:
        keys = self._keys(left)
        if len(keys) != len(self._keys(right)):
            return False
        for key in keys:
            own = right.get_own_property(key)
            if own is None or not own.enumerable:
                return False
        return all(self.equal(get(left, key), get(right, key)) for key in keys)


def is_nan(value: Value) -> bool:
    """Whether a value is NaN."""
    return isinstance(value, float) and math.isnan(value)


def is_deep_equal(realm: Realm, left: Value, right: Value, *, strict: bool) -> bool:
    """Whether two values are deeply equal."""
    return Comparison(realm, strict=strict).equal(left, right)
