"""Guest functions: making one for an evaluator, and binding arguments (Language Reference 6.3.4, 8.7).

A guest function is a host function. In the VM it is the compiled one; here is the one that hands its call to
an evaluator. What the host lets see of a function beyond the data model is replaced in `types/callables.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import CellType, CodeType, FunctionType
from typing import Any, Callable, NoReturn

from lockstep.reference.python.runtime.frames import VARARGS, VARKEYWORDS, Code
from lockstep.reference.python.runtime.kinds import Value

Invoke = Callable[..., Value]


def make_function(
    code: Code, global_names: dict[str, Value], builtins: Value, cells: dict[str, CellType], invoke: Invoke
) -> FunctionType:
    """A guest function whose calls run `invoke(function, code, globals, builtins, cells, arguments, keywords)`."""

    def entry(*arguments: Value, **keywords: Value) -> Value:
        return invoke(entry, code, global_names, builtins, cells, arguments, keywords)

    made: Any = entry
    function: FunctionType = made
    return function


def _entry_code() -> CodeType:
    for constant in make_function.__code__.co_consts:
        if isinstance(constant, CodeType):
            return constant
    raise AssertionError("make_function has an inner function")


_ENTRY = _entry_code()
_PARTS = {name: place for place, name in enumerate(_ENTRY.co_freevars)}


def is_evaluated(function: FunctionType) -> bool:
    """Whether `function` was made by `make_function`."""
    return function.__code__ is _ENTRY


def part(function: FunctionType, name: str) -> Any:
    """What `make_function` was given as `code`, `global_names`, `builtins` or `cells`."""
    closure: Any = function.__closure__
    return closure[_PARTS[name]].cell_contents


def bind_arguments(
    function: FunctionType, code: Code, arguments: Sequence[Value], keywords: dict[str, Value]
) -> dict[str, Value]:
    """The parameters' values of a call (6.3.4; CPython `initialize_locals`).

    Raises:
        TypeError: arguments are missing, too many, unknown or given twice.
    """
    names = code.co_varnames
    positional, keyword_only = code.co_argcount, code.co_kwonlyargcount
    total = positional + keyword_only
    bound: dict[str, Value] = dict(zip(names[:positional], arguments))
    extra_keywords: dict[str, Value] | None = None
    if code.co_flags & VARKEYWORDS:
        extra_keywords = {}
    for name, value in keywords.items():
        if name in names[code.co_posonlyargcount : total]:
            if name in bound:
                raise TypeError(f"{function.__qualname__}() got multiple values for argument '{name}'")
            bound[name] = value
        elif extra_keywords is not None:
            extra_keywords[name] = value
        else:
            wrong = [only for only in names[: code.co_posonlyargcount] if only in keywords]
            if wrong:
                raise TypeError(
                    f"{function.__qualname__}() got some positional-only arguments passed as "
                    f"keyword arguments: '{', '.join(wrong)}'"
                )
            raise TypeError(f"{function.__qualname__}() got an unexpected keyword argument '{name}'")
    defaults = function.__defaults__ or ()
    if len(arguments) > positional and not code.co_flags & VARARGS:
        _too_many(function, code, len(arguments), bound, len(defaults))
    first_default = positional - len(defaults)
    missing = [name for name in names[: max(first_default, 0)] if name not in bound]
    if missing:
        _missing(function, missing, "positional")
    for place in range(max(first_default, 0), positional):
        bound.setdefault(names[place], defaults[place - first_default])
    if keyword_only:
        keyword_defaults = function.__kwdefaults__ or {}
        absent = []
        for name in names[positional:total]:
            if name not in bound:
                if name in keyword_defaults:
                    bound[name] = keyword_defaults[name]
                else:
                    absent.append(name)
        if absent:
            _missing(function, absent, "keyword-only")
    if code.co_flags & VARARGS:
        bound[names[total]] = tuple(arguments[positional:])
        total += 1
    if extra_keywords is not None:
        bound[names[total]] = extra_keywords
    return bound


def _too_many(
    function: FunctionType, code: Code, given: int, bound: dict[str, Value], defaults: int
) -> NoReturn:
    count = code.co_argcount
    plural = count != 1
    takes = str(count)
    if defaults:
        plural = True
        takes = f"from {count - defaults} to {count}"
    keyword_names = code.co_varnames[count : count + code.co_kwonlyargcount]
    keyword_given = sum(1 for name in keyword_names if name in bound)
    also = ""
    if keyword_given:
        also = (
            f" positional argument{'s' if given != 1 else ''} (and {keyword_given} "
            f"keyword-only argument{'s' if keyword_given != 1 else ''})"
        )
    raise TypeError(
        f"{function.__qualname__}() takes {takes} positional argument{'s' if plural else ''} "
        f"but {given}{also} {'was' if given == 1 and not keyword_given else 'were'} given"
    )


def _missing(function: FunctionType, names: list[str], kind: str) -> NoReturn:
    quoted = [f"'{name}'" for name in names]
    if len(quoted) == 1:
        listed = quoted[0]
    elif len(quoted) == 2:
        listed = f"{quoted[0]} and {quoted[1]}"
    else:
        listed = f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
    raise TypeError(
        f"{function.__qualname__}() missing {len(names)} required {kind} "
        f"argument{'s' if len(names) != 1 else ''}: {listed}"
    )
