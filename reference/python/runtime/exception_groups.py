"""Exception groups in `except*` (Language Reference 8.4.2, PEP 654)."""

from __future__ import annotations

from typing import Any

Value = Any


def match_group(error: BaseException, classes: Value) -> tuple[BaseException | None, BaseException | None]:
    """The part of `error` that a handler for `classes` takes, as a group, and what is left.

    Raises:
        TypeError: `classes` cannot be caught by `except*`.
    """
    for cls in classes if isinstance(classes, tuple) else (classes,):
        if not (isinstance(cls, type) and issubclass(cls, BaseException)):
            raise TypeError("catching classes that do not inherit from BaseException is not allowed")
        if issubclass(cls, BaseExceptionGroup):
            raise TypeError("catching ExceptionGroup with except* is not allowed. Use except instead.")
    if isinstance(error, classes):
        if isinstance(error, BaseExceptionGroup):
            return error, None
        group = BaseExceptionGroup("", [error])
        group.__traceback__ = error.__traceback__
        return group, None
    if isinstance(error, BaseExceptionGroup):
        matched, rest = error.split(classes)
        return matched, rest
    return None, error


def leftover(
    original: BaseException, raised: list[BaseException], rest: BaseException | None
) -> BaseException | None:
    """What goes on after all handlers ran: unhandled and re-raised parts together, then what was new."""
    if not raised:
        return rest
    if not isinstance(original, BaseExceptionGroup):
        # A bare exception: it was handled or not, and there is no group to keep its shape.
        return raised[0] if len(raised) == 1 else BaseExceptionGroup("", raised)
    new = [error for error in raised if not _part_of(error, original)]
    kept = [error for error in raised if _part_of(error, original)]
    if rest is not None:
        kept.append(rest)
    together = _projection(original, kept)
    if not new:
        return together
    if together is not None:
        new.append(together)
    return BaseExceptionGroup("", new)


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def _part_of(error: BaseException, original: BaseExceptionGroup[BaseException]) -> bool:
    """Whether `error` is a part of `original`, raised again as it was."""
    if not isinstance(error, BaseExceptionGroup):
        return False
    return (
        error.__traceback__ is not None
        and error.__cause__ is original.__cause__
        and {id(leaf) for leaf in _leaves(error)} <= {id(leaf) for leaf in _leaves(original)}
    )


def _projection(
    original: BaseExceptionGroup[BaseException], kept: list[BaseException]
) -> BaseException | None:
    wanted = {id(leaf) for error in kept for leaf in _leaves(error)}
    if not wanted:
        return None
    matched, _ = original.split(lambda error: id(error) in wanted)
    return matched
