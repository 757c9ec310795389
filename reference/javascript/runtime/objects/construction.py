"""10.2.2 [[Construct]] of guest functions in two parts: the instance is made, then the constructor runs on it.

`new F(a)` makes an instance of the host class `F.instance_`, and runs `F.start_1(instance, a)` on it. A derived constructor that hands
its `this` on (`FunctionTemplate` knows: `in_place_` is set) gets the instance as its host function's `this`, and runs its parent's entry on it
in place of super(). Where an attribute is missing, [[Construct]] does all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Callable

from lockstep.reference.host.adapters import adapter
from lockstep.reference.javascript.runtime.objects.function import CLASS_KINDS, START_NAMES, JSFunction
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, instance_class
from lockstep.reference.javascript.runtime.values import Value

_Entry = Callable[..., Value]

# 7.3.34 InitializeInstanceElements comes before the body of a constructor that has no parent.
_AFTER_FIELDS: Mapping[int, Callable[[_Entry, _Entry], _Entry]] = MappingProxyType(
    {
        0: lambda fields, run: lambda this: (fields(this), run(this))[1],
        1: lambda fields, run: lambda this, a: (fields(this), run(this, a))[1],
        2: lambda fields, run: lambda this, a, b: (fields(this), run(this, a, b))[1],
        3: lambda fields, run: lambda this, a, b, c: (fields(this), run(this, a, b, c))[1],
    }
)


def start_entry(function: Value, count: int) -> _Entry | None:
    """What runs a constructor on an instance that is given, for `count` arguments; made if it is missing.

    It returns None where the instance is what was constructed; else what the constructor returned, or of a derived constructor that
    and its `this`. None in its place: the constructor makes its object itself.
    """
    if not isinstance(function, JSFunction) or count >= len(START_NAMES):
        return None
    name = START_NAMES[count]
    made: _Entry
    try:
        made = getattr(function, name)
    except AttributeError:
        pass
    else:
        return made
    host = _host(function)
    if host is None:
        return None
    arity = function.template_.arity
    made = host if arity < 0 else adapter(host, arity + 1, count + 1)
    fields = function.fields_
    if fields is not None and function.template_.makes_this:
        after = _AFTER_FIELDS.get(count)
        made = after(fields, made) if after is not None else _after_fields(fields, made)
    object.__setattr__(function, name, made)
    return made


def _host(function: JSFunction) -> _Entry | None:
    template = function.template_
    if template.kind == "derived":
        return getattr(function, "in_place_", None)
    if template.makes_this and template.is_constructor and not template.wants_new_target:
        return function.host_
    return None


def _after_fields(fields: _Entry, run: _Entry) -> _Entry:
    def start(this: Value, *arguments: Value) -> Value:
        fields(this)
        return run(this, *arguments)

    return start


def remember_instances(function: JSFunction) -> None:
    """Let `new` make instances of `function`, if its `prototype` stays what it is until `forget_instances_`.

    Those of a derived constructor know it: it is the new.target of a parent that makes its object itself after all.
    """
    kind = function.template_.kind
    if function.properties_ is not None and kind not in CLASS_KINDS:
        return
    parent: Value = function
    while isinstance(parent, JSFunction) and parent.template_.kind == "derived":
        parent = parent.prototype_
        if start_entry(parent, 0) is None:
            return
    prototype = function.own_prototype_()
    if isinstance(prototype, JSObject):
        instances = instance_class(prototype)
        if kind == "derived":
            instances.new_target_ = function
        object.__setattr__(function, "instance_", instances)
