"""How built-in functions of ours refuse their arguments: in the words of CPython's `getargs.c`, not of the host's functions."""

from __future__ import annotations

from typing import Callable, NoReturn

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.type_info import MISSING

Function = Callable[..., Value]


def _counted(count: int, noun: str = "argument") -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def refuse(
    name: str, least: int, most: int, given: tuple[Value, ...], keywords: dict[str, Value]
) -> NoReturn:
    """The arguments of a function that takes from `least` to `most` by position (`_PyArg_CheckPositional`).

    Raises:
        TypeError: always.
    """
    count = sum(value is not MISSING for value in given)
    if keywords:
        raise TypeError(f"{name}() takes no keyword arguments")
    if most == 0:
        raise TypeError(f"{name}() takes no arguments ({count} given)")
    bound = least if count < least else most
    how = "" if least == most else "at least " if count < least else "at most "
    raise TypeError(f"{name} expected {how}{_counted(bound)}, got {count}")


def by_position(function: Function, name: str, least: int, most: int) -> Function:
    """`function`, which takes from `least` to `most` arguments by position."""

    def called(*arguments: Value, **keywords: Value) -> Value:
        if keywords or not least <= len(arguments) <= most:
            refuse(name, least, most, arguments, keywords)
        return function(*arguments)

    called.__doc__ = function.__doc__
    return called


def by_keyword(
    function: Function, name: str, names: tuple[str, ...], *, required: int, only: int = 0, most: int = 0
) -> Function:
    """`function`, whose parameters have `names` (`_PyArg_UnpackKeywords`).

    Args:
        function: what is called in the end.
        name: what the guest calls it.
        names: of the parameters, in their order.
        required: how many of them have no default.
        only: how many of them are for positions only.
        most: how many of them may be given by position.
    """

    def called(*arguments: Value, **keywords: Value) -> Value:
        count, total = len(arguments), len(arguments) + len(keywords)
        how = "at most" if required < len(names) else "exactly"
        if total > len(names):
            noun = "keyword argument" if not count else "argument"
            raise TypeError(f"{name}() takes {how} {_counted(len(names), noun)} ({total} given)")
        if count > most:
            raise TypeError(f"{name}() takes {how} {_counted(most, 'positional argument')} ({count} given)")
        if count < min(only, required):
            at_least = _counted(min(only, required), "positional argument")
            raise TypeError(f"{name}() takes at least {at_least} ({count} given)")
        for place, parameter in enumerate(names[:required]):
            if place >= count and parameter not in keywords:
                raise TypeError(f"{name}() missing required argument '{parameter}' (pos {place + 1})")
        for keyword in keywords:
            if keyword not in names[only:]:
                raise TypeError(f"'{keyword}' is an invalid keyword argument for {name}()")
            if keyword in names[:count]:
                place = names.index(keyword) + 1
                raise TypeError(f"argument for {name}() given by name ('{keyword}') and position ({place})")
        return function(*arguments, **keywords)

    called.__doc__ = function.__doc__
    return called
