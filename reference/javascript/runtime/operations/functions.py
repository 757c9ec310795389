"""ECMA-262 10.2.1.2 OrdinaryCallBindThis, 20.2.1.1.1 CreateDynamicFunction, and function names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.objects.bound_function import BoundName, JSBoundFunction
from lockstep.reference.javascript.runtime.objects.function import (
    function_prototype,
    prototype_from_constructor,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import (
    to_integer_or_infinity,
    to_object,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import PropertyKey, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_PROTOTYPES = {
    "normal": "function_prototype",
    "generator": "generator_function_prototype",
    "async": "async_function_prototype",
    "asyncGenerator": "async_generator_function_prototype",
}


def sloppy_this(realm: Realm, this: Value) -> JSObject:
    """10.2.1.2 OrdinaryCallBindThis, step 6: what sloppy code sees as `this`."""
    if this is undefined or this is null:
        return realm.global_this
    return this if isinstance(this, JSObject) else to_object(realm, this)


def function_name(key: PropertyKey, prefix: str = "") -> str:
    """10.2.9 SetFunctionName, steps 2 to 5: the name for a property key (or private name's text)."""
    if isinstance(key, Symbol):
        name = "" if key.description is undefined else f"[{key.description}]"
    else:
        name = key
    return f"{prefix} {name}" if prefix else name


def copy_name_and_length(function: Any, target: Any, prefix: str = "", count: int = 0) -> None:
    """CopyNameAndLength (proposal ShadowRealm): what 20.2.3.2, steps 4 to 10, gives a bound function."""
    length = 0.0
    if target.get_own_property("length") is not None:
        target_length = get(target, "length")
        if target_length.__class__ is float:
            length = max(to_integer_or_infinity(target_length) - count, 0.0)
    function.define_own_property("length", Property(length, False, False, True))
    if prefix == "bound":
        function.properties_["name"] = _bound_name(target)
        return
    name = get(target, "name")
    text = function_name(name if name.__class__ is str else "", prefix)
    function.define_own_property("name", Property(text, False, False, True))


def _bound_name(target: JSObject) -> BoundName:
    """20.2.3.2, steps 8 to 10: SetFunctionName of a new bound function with the prefix "bound"."""
    own = target.get_own_property("name") if isinstance(target, JSBoundFunction) else None
    if isinstance(own, BoundName) and own.base is not None:
        return BoundName(own.base, own.count + 1)
    name = get(target, "name")
    return BoundName(name if name.__class__ is str else "", 1)


def create_dynamic_function(
    realm: Realm, constructor: JSObject, new_target: JSObject | None, kind: str, arguments: Sequence[Value]
) -> JSObject:
    """20.2.1.1.1 CreateDynamicFunction."""
    newer = constructor if new_target is undefined else new_target
    texts = [to_string(argument) for argument in arguments]
    body = texts.pop() if texts else ""
    evaluator = realm.agent.evaluator
    realm.agent.budget.take(len(body) >> 1)
    function = evaluator.prepare_function(",".join(texts), body, kind)
    prototype = prototype_from_constructor(newer, _PROTOTYPES[kind])
    made = evaluator.make_function(realm, function, prototype)
    made.name_ = "anonymous"
    if made.template_.is_generator:
        function_prototype(made)
    return made
