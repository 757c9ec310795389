"""Atoms, volatiles, delays, refs, agents; what `deref`, `swap!` and watches work on."""

from __future__ import annotations

from typing import Callable, cast

from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import equiv
from lockstep.reference.clojure.runtime.values.faults import state_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function, IPersistentMap, Metadata, Tried
from lockstep.reference.clojure.runtime.values.names import truthy


class Reference:
    """A mutable cell with a validator and watches (clojure.lang.ARef)."""

    __slots__ = ("metadata", "validator", "value", "watches")

    def __init__(self, value: Value, metadata: Metadata = None, validator: Function | None = None) -> None:
        self.metadata = metadata
        self.validator = validator
        self.watches: IPersistentMap | None = None
        if validator is not None:
            self.validate(value, validator)
        self.value = value

    def validate(self, value: Value, validator: Function) -> None:
        """Ask the validator.

        Raises:
            IllegalStateException: it answers false.
        """
        if not truthy(validator(value)):
            raise state_fault("Invalid reference state")

    def deref(self) -> Value:
        """The value."""
        return self.value

    def root(self) -> Value:
        """The value, as watches see it."""
        return self.value

    def reset(self, value: Value) -> Value:
        """Set the value, after the validator and before the watches."""
        if self.validator is not None:
            self.validate(value, self.validator)
        old, self.value = self.value, value
        if self.watches is not None:
            self.notify(old, value)
        return value

    def notify(self, old: Value, new: Value) -> None:
        """Call the watches."""
        for entry in [] if self.watches is None else list(self.watches.entries()):
            cast("Function", entry.value())(entry.key(), self, old, new)


class Atom(Reference):
    """clojure.lang.Atom."""

    __slots__ = ()

    def compare_and_set(self, old: Value, new: Value) -> bool:
        """Set the value if it is `old` (identical, or an equal number); the new one is validated first."""
        if self.validator is not None:
            self.validate(new, self.validator)
        if self.value is not old and not (self.value.__class__ in (int, float) and equiv(self.value, old)):
            return False
        self.reset(new)
        return True


def add_watch(reference: Reference | Var, key: Value, function: Value) -> Value:
    """`add-watch` for references and vars."""
    watches = EMPTY_MAP if reference.watches is None else reference.watches
    reference.watches = watches.assoc_key(key, function)
    return reference


def remove_watch(reference: Reference | Var, key: Value) -> Value:
    """`remove-watch`."""
    if reference.watches is not None:
        left = reference.watches.dissoc(key)
        reference.watches = left if left.count() else None
    return reference


class Volatile:
    """clojure.lang.Volatile."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def deref(self) -> Value:
        """The value."""
        return self.value


class Delay:
    """A computation that runs once; its exception is kept as well."""

    __slots__ = ("error", "thunk", "value")

    def __init__(self, thunk: Callable[[], Value]) -> None:
        self.thunk: Callable[[], Value] | None = thunk
        self.value: Value = None
        self.error: BaseException | None = None

    def deref(self) -> Value:
        """The value, computed now if need be."""
        if self.thunk is not None:
            try:
                self.value = self.thunk()
            except Exception as error:
                self.error = error
                self.thunk = None
                raise
            self.thunk = None
        if self.error is not None:
            raise self.error
        return self.value

    def realized(self) -> bool:
        """Whether it ran."""
        return self.thunk is None


class Ref(Reference):
    """clojure.lang.Ref. One guest thread runs at a time, so a transaction cannot meet another one."""

    __slots__ = ("changed", "history")

    def __init__(self, value: Value, metadata: Metadata = None, validator: Function | None = None) -> None:
        super().__init__(value, metadata, validator)
        self.history = (0, 10)
        self.changed = False

    def __call__(self, *arguments: Value) -> Value:
        """Call it, as guests do."""
        function: Tried = self.value
        return function(*arguments)


class Transaction:
    """The old values of the refs that a `dosync` changed, and the sends it holds back."""

    def __init__(self) -> None:
        self.old: dict[Ref, Value] = {}
        self.sends: list[Callable[[], Value]] = []

    def set(self, ref: Ref, value: Value) -> Value:
        """Change a ref until the transaction ends."""
        self.old.setdefault(ref, ref.value)
        ref.value = value
        return value

    def commit(self) -> None:
        """Validate and notify; on a refused value everything is as before."""
        changes = [(ref, old, ref.value) for ref, old in self.old.items()]
        try:
            for ref, _, new in changes:
                if ref.validator is not None:
                    ref.validate(new, ref.validator)
        except Exception:
            self.abort()
            raise
        for ref, old, new in changes:
            if ref.watches is not None:
                ref.notify(old, new)
        for send in self.sends:
            send()

    def abort(self) -> None:
        """Put the old values back."""
        for ref, old in self.old.items():
            ref.value = old


class Agent(Reference):
    """clojure.lang.Agent; actions run in order when the sender's action or form is done."""

    __slots__ = ("error", "error_handler", "error_mode", "queue", "running")

    def __init__(self, value: Value, metadata: Metadata = None, validator: Function | None = None) -> None:
        super().__init__(value, metadata, validator)
        self.error: Value = None
        self.error_handler: Function | None = None
        self.error_mode = "fail"
        self.queue: list[tuple[Function, list[tuple[Var, Value]], tuple[Value, ...]]] = []
        self.running = False
