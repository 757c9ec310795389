"""The class statement: bases, metaclass, namespace, body, construction (Language Reference 3.3.3, 8.8)."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Callable

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.kinds import Value, is_a, is_supertype, is_type
from lockstep.reference.python.runtime.type_info import MISSING, Type, lookup, name_of, type_name, type_of


def resolve_bases(bases: tuple[Value, ...]) -> tuple[Value, ...]:
    """3.3.3.2: replace what is no class by what its `__mro_entries__` gives.

    Raises:
        TypeError: that gave no tuple.
    """
    resolved: list[Value] = []
    changed = False
    for base in bases:
        if is_type(base):
            resolved.append(base)
            continue
        try:
            entries = get_attribute(base, "__mro_entries__")
        except AttributeError:
            entries = MISSING
        if entries is MISSING:
            resolved.append(base)
            continue
        changed = True
        replacement = call(entries, (bases,), {})
        if not is_a(replacement, tuple):
            raise TypeError("__mro_entries__ must return a tuple")
        resolved.extend(replacement)
    return tuple(resolved) if changed else bases


def determine_metaclass(bases: tuple[Value, ...], keywords: dict[str, Value]) -> tuple[Value, bool]:
    """3.3.3.3: the metaclass, and whether it is a class; `metaclass` is taken out of `keywords`.

    Raises:
        TypeError: the bases' metaclasses conflict.
    """
    if "metaclass" in keywords:
        meta = keywords.pop("metaclass")
        if not is_type(meta):
            return meta, False
    else:
        meta = type_of(bases[0]) if bases else Type
    winner = Type if meta is type else meta
    for base in bases:
        candidate = type_of(base)
        if is_supertype(candidate, winner):
            continue
        if is_supertype(winner, candidate):
            winner = candidate
            continue
        raise TypeError(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
            "metaclasses of all its bases"
        )
    return winner, True


def prepare_namespace(
    meta: Any, is_class: bool, name: str, bases: tuple[Value, ...], keywords: dict[str, Value]
) -> Any:
    """3.3.3.4: the namespace of the body.

    Raises:
        TypeError: `__prepare__` gave no mapping.
    """
    try:
        prepare = get_attribute(meta, "__prepare__")
    except AttributeError:
        prepare = MISSING
    if prepare is MISSING:
        return {}
    namespace = call(prepare, (name, bases), keywords)
    if lookup(type(namespace), "__getitem__") is MISSING:
        shown = type_name(meta) if is_class else "<metaclass>"
        raise TypeError(f"{shown}.__prepare__() must return a mapping, not {name_of(namespace)}")
    return namespace


def class_statement(
    name: str,
    original_bases: tuple[Value, ...],
    keywords: dict[str, Value],
    run_body: Callable[[MutableMapping[str, Value]], Value],
) -> Value:
    """A class statement whose body runs in the namespace handed to `run_body`.

    Raises:
        TypeError: the class cannot be made.
    """
    keywords = dict(keywords)
    bases = resolve_bases(original_bases)
    meta, is_class = determine_metaclass(bases, keywords)
    namespace = prepare_namespace(meta, is_class, name, bases, keywords)
    cell = run_body(namespace)
    if bases is not original_bases:
        namespace["__orig_bases__"] = original_bases
    cls = call(meta, (name, bases, namespace), keywords)
    if cell is not None and is_type(cls):
        check_class_cell(cell, cls, name)
    return cls


def check_class_cell(cell: Any, cls: type, name: str) -> None:
    """3.3.3.6: `__class__` must have been set by `type.__new__`.

    Raises:
        RuntimeError: the metaclass did not pass `__classcell__` on.
        TypeError: it was set to another class.
    """
    try:
        inside = cell.cell_contents
    except ValueError:
        inside = MISSING
    if inside is MISSING:
        raise RuntimeError(
            f"__class__ not set defining '{name}' as {cls!r}. Was __classcell__ propagated to type.__new__?"
        )
    if inside is not cls:
        raise TypeError(f"__class__ set to {inside!r} defining '{name}' as {cls!r}")


class _Driver:
    """Stands as metaclass before the host's class builder, which runs the body natively."""

    def __init__(
        self,
        namespace: Value,
        meta: Any,
        bases: tuple[Value, ...],
        original: tuple[Value, ...],
        keywords: dict[str, Value],
    ) -> None:
        self.namespace = namespace
        self.meta = meta
        self.bases = bases
        self.original = original
        self.keywords = keywords

    def __prepare__(self, _name: str, _bases: tuple[Value, ...]) -> Value:
        return self.namespace

    def __call__(self, name: str, _: tuple[Value, ...], namespace: Any) -> Value:
        if self.bases is not self.original:
            namespace["__orig_bases__"] = self.original
        return self.meta(name, self.bases, namespace, **self.keywords)


def compiled_class(
    build: Callable[..., Value],
    function: Callable[..., Value],
    name: str,
    original_bases: tuple[Value, ...],
    keywords: dict[str, Value],
) -> Value:
    """A class statement of compiled code; `build` is the host's builder, `function` the compiled body."""
    return build(function, name, metaclass=class_driver(name, *original_bases, **keywords))


def class_driver(name: str, /, *original_bases: Value, **keywords: Value) -> _Driver:
    """What stands as metaclass before the host's class builder."""
    bases = resolve_bases(original_bases)
    meta, is_class = determine_metaclass(bases, keywords)
    if meta is Type and not keywords:
        namespace: Value = {}
    else:
        namespace = prepare_namespace(meta, is_class, name, bases, keywords)
    return _Driver(namespace, meta, bases, original_bases, keywords)
