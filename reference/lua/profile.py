"""Version profiles: everything in which the implemented Lua versions differ, as data."""

from __future__ import annotations

from dataclasses import dataclass

_KEYWORDS_5_1 = "and break do else elseif end false for function if in local nil not or repeat return then true until while"
_OPERATORS_5_1 = "+ - * / % ^ # == ~= <= >= < > = ( ) { } [ ] ; : , . .. ..."


@dataclass(frozen=True)
class Profile:
    """What one version of Lua has.

    Attributes:
        name: the version, as in `_VERSION` without `Lua`.
        integers: integers of 64 bits and floats are two subtypes (else every number is a double).
        keywords: reserved words.
        operators: tokens made of punctuation.
        environments: `_ENV` is a name of the language (else every function has an environment).
        ambiguous_call_newline: a `(` that starts a call may not begin a new line (5.1).
        break_last: `break` must end its block (5.1).
        equal_requires_same_metamethod: `__eq`, `__lt`, `__le` only if both operands share it (5.1).
    """

    name: str
    integers: bool
    keywords: frozenset[str]
    operators: frozenset[str]
    environments: bool
    ambiguous_call_newline: bool
    break_last: bool
    equal_requires_same_metamethod: bool

    @property
    def lowest(self) -> int:
        """The least host int that stands for a number without rounding or wrapping."""
        return -(1 << 63) if self.integers else -(1 << 53)

    @property
    def highest(self) -> int:
        """The greatest such host int."""
        return (1 << 63) - 1 if self.integers else 1 << 53


LUA_5_1 = Profile(
    name="5.1",
    integers=False,
    keywords=frozenset(_KEYWORDS_5_1.split()),
    operators=frozenset(_OPERATORS_5_1.split()),
    environments=False,
    ambiguous_call_newline=True,
    break_last=True,
    equal_requires_same_metamethod=True,
)

LUA_5_4 = Profile(
    name="5.4",
    integers=True,
    keywords=frozenset([*_KEYWORDS_5_1.split(), "goto"]),
    operators=frozenset([*_OPERATORS_5_1.split(), "//", "&", "|", "~", "<<", ">>", "::"]),
    environments=True,
    ambiguous_call_newline=False,
    break_last=False,
    equal_requires_same_metamethod=False,
)

PROFILES = {profile.name: profile for profile in (LUA_5_1, LUA_5_4)}
