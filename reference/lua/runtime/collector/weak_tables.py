"""Weak tables and ephemerons (manual 2.5.4).

A table whose metatable says `__mode` has `Entries` for its hash part, which look like a dict to the runtime. What
entries hold weakly the host's own reference counts and cyclic collector clear; the value of a weak key stands with the key
(`Attached.weak`), so that the host sees that the value lives as long as the key does. Where values are weak no fast part of
the table may hold any: the array part stays empty, and string keys go to entries of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable
from weakref import ReferenceType, ref

from lockstep.reference.lua.runtime.state import RecentlyUsed, State
from lockstep.reference.lua.runtime.values import Attached, Collectable, Table, Userdata, Value, raw_set

_FIRST_LIMIT = 32
_MANY_RECENT = 2048
_MANY_LOOKS = 20_000
# What a chunk that makes a table weak has in its text, unless it hides it well.
MODE = "mode"


def attached_to(value: Any) -> Attached:
    """What the collector keeps with `value`, made on first use."""
    try:
        found: Attached = value.attached
    except AttributeError:
        found = value.attached = Attached()
    return found


if TYPE_CHECKING:
    from typing_extensions import TypeGuard


class Recent:
    """What was stored in the weak tables of a state since the last collection, or survived that one.

    In the reference implementation it lives until the next collection at least.

    A collection there comes when so much has been allocated. Here the older half goes when there are many; all go when weak
    tables have been looked at, or tables been made, so often that a program may be waiting for it.

    Args:
        watch: told, with True, that there is something now, and with False that there is nothing any more.
    """

    __slots__ = ("_held", "_looks", "_watch")

    def __init__(self, watch: Callable[[bool], None]) -> None:
        self._held: list[Value] = []
        self._looks = 0
        self._watch = watch

    def __bool__(self) -> bool:
        return bool(self._held)

    def add(self, one: Value) -> None:
        """Keep something until the next collection."""
        held = self._held
        if not held:
            self._watch(True)
        held.append(one)
        if len(held) > _MANY_RECENT:
            del held[: _MANY_RECENT // 2]

    def look(self) -> None:
        """An entry is looked for."""
        if self._held:
            self._looks += 1
            if self._looks > _MANY_LOOKS:
                self.clear()

    def clear(self) -> None:
        """A collection begins."""
        if self._held:
            self._watch(False)
        self._looks = 0
        self._held.clear()


def _nobody() -> None:
    """The owner of entries that have none yet."""


class Entries:
    """Keys and values of a weak table, those that are dead left out.

    Dead entries go when the collector runs, or when there are many.

    Attributes:
        weak_keys: keys that can be collected are held weakly.
        weak_values: values that can be collected are held weakly.
        holds_all: the table keeps nothing in its array part.
        strings: the entries with string keys, where they are apart.
        owner: refers to the table. Where its metatable does not ask for weakness any more, new entries are strong; the next
            collection makes all of them so.
    """

    __slots__ = (
        "__weakref__",
        "_keeps",
        "_limit",
        "_plain",
        "_recent",
        "_refs",
        "_self",
        "holds_all",
        "owner",
        "strings",
        "weak_keys",
        "weak_values",
    )

    def __init__(
        self,
        recent: RecentlyUsed,
        weak_keys: bool,
        weak_values: bool,
        strings: Entries | None = None,
        ephemeral: bool = True,
    ) -> None:
        self._recent = recent
        self.weak_keys = weak_keys
        self.weak_values = weak_values
        self.holds_all = weak_values
        self.strings = strings
        self.owner: Callable[[], Table | None] = _nobody
        # 5.1 knows no ephemerons: the table itself keeps the values of weak keys.
        self._keeps = not (ephemeral or weak_values)
        self._plain: dict[Value, Any] = {}
        # References to the keys that are held weakly, in order, with the values that the table keeps.
        self._refs: dict[Any, Value] = {}
        self._self = ref(self)
        self._limit = _FIRST_LIMIT

    def __del__(self) -> None:
        number = id(self)
        for reference in self._refs:
            key = reference()
            if key is not None:
                key.attached.weak.pop(number, None)

    def __bool__(self) -> bool:
        """Always true: compiled code asks before it appends to the array part by itself."""
        return True

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _is_weak(self, key: Value) -> TypeGuard[Collectable]:
        return self.weak_keys and isinstance(key, Collectable)

    def _held(self, value: Value) -> Value:
        if self.weak_values and isinstance(value, Collectable) and self._wants("v"):
            self._recent.add(value)
            return ref(value)
        return value

    def _wants(self, letter: str) -> bool:
        """Whether the metatable still asks for weak keys or values."""
        table = self.owner()
        if table is None or table.meta_table is None:
            return True
        mode = table.meta_table.__dict__.get("__mode")
        return type(mode) is str and letter in mode

    def get(self, key: Value, default: Value = None) -> Value:
        """The value of `key`."""
        self._recent.look()
        if self._is_weak(key):
            try:
                held = key.attached.weak[id(self)][1]
            except (AttributeError, KeyError):
                held = self._plain.get(key)
        else:
            held = self._plain.get(key)
        if type(held) is ReferenceType:
            held = held()
        return default if held is None else held

    def __contains__(self, key: Value) -> bool:
        return self.get(key) is not None

    def __getitem__(self, key: Value) -> Value:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: Value, value: Value) -> None:
        if self._is_weak(key):
            if self._wants("k"):
                self._plain.pop(key, None)
                self._recent.add(key)
                attached_to(key).weak[id(self)] = (self._self, self._held(value))
                self._refs[ref(key)] = value if self._keeps else None
            else:
                self.pop(key)
                self._plain[key] = self._held(value)
        else:
            self._plain[key] = self._held(value)
        if len(self._plain) + len(self._refs) > self._limit:
            self.purge()
            self._limit = max(_FIRST_LIMIT, 2 * (len(self._plain) + len(self._refs)))

    def pop(self, key: Value, default: Value = None) -> Value:
        """Remove `key`; its value."""
        value = self.get(key, default)
        if self._is_weak(key):
            self._plain.pop(key, None)
            self._refs.pop(ref(key), None)
            try:
                key.attached.weak.pop(id(self), None)
            except AttributeError:
                pass
        else:
            self._plain.pop(key, None)
        return value

    def __iter__(self) -> Iterator[Value]:
        found = [key for key in list(self._plain) if self.get(key) is not None]
        for reference in list(self._refs):
            key = reference()
            if key is not None and self.get(key) is not None:
                found.append(key)
        return iter(found)

    def items(self) -> list[tuple[Value, Value]]:
        """Keys and values."""
        return [(key, self.get(key)) for key in self]

    def border(self) -> int:
        """A number n such that n is a key (or zero) and n + 1 is none."""
        size = 0
        while self.get(size + 1) is not None:
            size += 1
        return size

    def purge(self) -> None:
        """Forget dead entries."""
        for key, held in list(self._plain.items()):
            if type(held) is ReferenceType and held() is None:
                del self._plain[key]
        for reference in list(self._refs):
            key = reference()
            if key is None:
                del self._refs[reference]
            elif self.get(key) is None:
                del self._refs[reference]
                key.attached.weak.pop(id(self), None)

    def hold(self) -> None:
        """Keep what is held weakly and has survived a collection until the next one."""
        add = self._recent.add
        held_values = list(self._plain.values())
        for reference in list(self._refs):
            key = reference()
            if key is not None:
                add(key)
                held_values.append(key.attached.weak[id(self)][1])
        for held in held_values:
            value = held() if type(held) is ReferenceType else None
            if value is not None:
                add(value)

    def drop_values(self, values: set[int]) -> None:
        """Clear the entries whose weakly held value is among `values` (identities)."""
        if not self.weak_values:
            return
        for key, held in list(self._plain.items()):
            if type(held) is ReferenceType and id(held()) in values:
                del self._plain[key]
        for reference in list(self._refs):
            key = reference()
            if key is not None:
                held = key.attached.weak[id(self)][1]
                if type(held) is ReferenceType and id(held()) in values:
                    self.pop(key)

    def restore_key(self, key: Value) -> None:
        """Know a key again that the host took for garbage and a finaliser brought back."""
        self._refs[ref(key)] = self.get(key) if self._keeps else None

    def strong_keys(self) -> list[Value]:
        """The keys that the table holds itself, those of dead entries too."""
        return list(self._plain)

    def strong_values(self) -> list[Value]:
        """The values that the table holds itself."""
        kept = [value for value in self._refs.values() if value is not None]
        return [held for held in self._plain.values() if type(held) is not ReferenceType] + kept


class WeakTable(Table):
    """A table with weak values: its string keys are entries too."""

    __slots__ = ()

    @property
    def __dict__(self) -> Any:  # type: ignore[override]  # looks like the dict of fields
        return self.hash_part.strings


class FinalizedTable(Table):
    """A table that is marked for finalisation: the host says when it is garbage."""

    __slots__ = ()

    def __del__(self) -> None:
        attached = getattr(self, "attached", None)
        if attached is not None and attached.mark is not None:
            attached.mark.found(self)


class FinalizedWeakTable(WeakTable):
    """Both."""

    __slots__ = ()

    __del__ = FinalizedTable.__del__


class FinalizedUserdata(Userdata):
    """Userdata that is marked for finalisation."""

    __slots__ = ()

    __del__ = FinalizedTable.__del__


_FIELDS: Any = Table.__dict__["__dict__"]
FINALIZED_CLASSES = (FinalizedTable, FinalizedWeakTable)
WEAK_CLASSES = frozenset((Table, WeakTable, *FINALIZED_CLASSES))


def own_fields(table: Table) -> dict[str, Value]:
    """The host attributes of a table, also where its class hides them."""
    fields: dict[str, Value] = _FIELDS.__get__(table)
    return fields


def set_own_fields(table: Table, fields: dict[str, Value]) -> None:
    """Give a table the host attributes of another."""
    _FIELDS.__set__(table, fields)


def is_as_weak(table: Table, mode: Value) -> bool:
    """Whether `table` is as weak as `mode` says."""
    weak_keys = type(mode) is str and "k" in mode
    weak_values = type(mode) is str and "v" in mode
    entries: Any = table.hash_part
    if type(entries) is dict:
        return not (weak_keys or weak_values)
    return bool(entries.weak_keys == weak_keys and entries.weak_values == weak_values)


def weaken(state: State, table: Table, mode: Value) -> None:
    """Make `table` as weak as its metatable's `__mode` says."""
    if is_as_weak(table, mode):
        return
    weak_keys = type(mode) is str and "k" in mode
    weak_values = type(mode) is str and "v" in mode
    entries = table.hash_part
    array, fields = table.array_part, own_fields(table)
    moved: list[tuple[Value, Value]] = list(entries.items())
    moved.extend((position, value) for position, value in enumerate(array) if value is not None)
    moved.extend(fields.items())
    if type(entries) is not dict and entries.strings is not None:
        moved.extend(entries.strings.items())
    del fields, array
    own_fields(table).clear()
    finalized = isinstance(table, FINALIZED_CLASSES)
    table.array_part = [None]
    if weak_values:
        strings = Entries(state.recent, False, True)
        table.hash_part = Entries(state.recent, weak_keys, True, strings)
        table.__class__ = FinalizedWeakTable if finalized else WeakTable
        state.weak_entries.append(ref(strings))
    else:
        table.hash_part = Entries(state.recent, True, False, ephemeral=state.integers) if weak_keys else {}
        table.__class__ = FinalizedTable if finalized else Table
    if weak_keys or weak_values:
        made: Any = table.hash_part
        made.owner = ref(table)
        if made.strings is not None:
            made.strings.owner = made.owner
        state.weak_entries.append(ref(made))
        if len(state.weak_entries) > state.weak_limit:
            state.weak_entries = [one for one in state.weak_entries if one() is not None]
            state.weak_limit = max(64, 2 * len(state.weak_entries))
    table.traversal = None
    for key, value in moved:
        raw_set(table, key, value)
