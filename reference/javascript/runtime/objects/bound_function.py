"""ECMA-262 10.4.1: bound function exotic objects."""

from __future__ import annotations

from typing import Any

from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.values import Value, undefined


class JSBoundFunction(JSObject):
    """A bound function.

    Attributes:
        target_: [[BoundTargetFunction]].
        this_: [[BoundThis]].
        arguments_: [[BoundArguments]].
    """

    __slots__ = ("arguments_", "target_", "this_")
    class_name_ = "BoundFunction"
    is_callable_ = True
    target_: Any
    this_: Value
    arguments_: tuple[Value, ...]

    @property
    def is_constructor_(self) -> bool:  # type: ignore[override]
        """Whether the target has [[Construct]]."""
        return bool(self.target_.is_constructor_)

    def call_n(self, _this: Value, *arguments: Value) -> Value:
        """10.4.1.1 [[Call]]."""
        return self.target_.call_n(self.this_, *self.arguments_, *arguments)

    call_0 = call_1 = call_2 = call_3 = call_n

    def construct_n(self, arguments: list[Value], new_target: Value) -> Any:
        """10.4.1.2 [[Construct]]."""
        target = self.target_
        if new_target is self:
            new_target = target
        return target.construct_n([*self.arguments_, *arguments], new_target)


class BoundName(Property):
    """The `name` of a bound function: "bound " so often, and the name of the innermost target.

    It is put together when it is asked for: the names of a long chain take memory that is quadratic in its length.
    """

    __slots__ = ("base", "count")

    def __init__(self, base: str, count: int) -> None:
        super().__init__(undefined, False, False, True)
        self.base: str | None = base
        self.count = count

    @property
    def value(self) -> Value:
        """[[Value]]."""
        return _GIVEN.__get__(self) if self.base is None else "bound " * self.count + self.base

    @value.setter
    def value(self, value: Value) -> None:
        self.base = None
        _GIVEN.__set__(self, value)


_GIVEN: Any = Property.__dict__["value"]


def bound_function_create(target: JSObject, this: Value, arguments: tuple[Value, ...]) -> JSBoundFunction:
    """10.4.1.3 BoundFunctionCreate."""
    function = object_create(target.get_prototype_of(), JSBoundFunction)
    object.__setattr__(function, "target_", target)
    object.__setattr__(function, "this_", this)
    object.__setattr__(function, "arguments_", arguments)
    return function
