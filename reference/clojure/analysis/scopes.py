"""Lexical scopes: names to bindings, slots, captures, and what a `recur` goes to."""

from __future__ import annotations

from lockstep.reference.clojure.analysis.nodes import Binding, Target


class Counter:
    """Numbers the bindings of a top-level form."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def next(self) -> int:
        """The next number."""
        self.value += 1
        return self.value


class FunctionScope:
    """A function's frame: how many slots it has and which outer locals it copies into them."""

    __slots__ = ("captures", "counter", "outer", "owned", "size")

    def __init__(self, outer: FunctionScope | None, counter: Counter) -> None:
        self.outer = outer
        self.counter = counter
        self.size = 0
        self.captures: dict[Binding, int] = {}
        self.owned: set[int] = set()

    def bind(self, name: str) -> Binding:
        """A new local of this function."""
        binding = Binding(name, self.size, self.counter.next())
        self.size += 1
        self.owned.add(binding.number)
        return binding

    def slot_of(self, binding: Binding) -> int:
        """Where `binding` stands in this function's frame; an outer local is captured."""
        if binding.number in self.owned:
            return binding.slot
        found = self.captures.get(binding)
        if found is None:
            assert self.outer is not None
            self.outer.slot_of(binding)
            found = self.captures[binding] = self.size
            self.size += 1
        return found


class Field:
    """A name that means a field of the object `this`."""

    __slots__ = ("mutable", "name", "this")

    def __init__(self, this: Binding, name: str, mutable: bool) -> None:
        self.this = this
        self.name = name
        self.mutable = mutable


class Scope:
    """The names in force, the function they live in, and the nearest recur target."""

    __slots__ = ("function", "names", "target")

    def __init__(self, function: FunctionScope, names: dict[str, object], target: Target | None) -> None:
        self.function = function
        self.names = names
        self.target = target

    def extended(self) -> Scope:
        """The same scope, to which names may be added."""
        return Scope(self.function, dict(self.names), self.target)

    def within(self, target: Target | None) -> Scope:
        """The same names with another recur target."""
        return Scope(self.function, self.names, target)

    def bind(self, name: str) -> Binding:
        """A new local in this scope."""
        binding = self.function.bind(name)
        self.names[name] = binding
        return binding
