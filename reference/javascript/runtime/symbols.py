"""ECMA-262 6.1.5.1: well-known symbols. They are immutable constants, shared by all realms and agents."""

from __future__ import annotations

from lockstep.reference.javascript.runtime.values import Symbol

ASYNC_ITERATOR = Symbol("Symbol.asyncIterator")
HAS_INSTANCE = Symbol("Symbol.hasInstance")
IS_CONCAT_SPREADABLE = Symbol("Symbol.isConcatSpreadable")
ITERATOR = Symbol("Symbol.iterator")
MATCH = Symbol("Symbol.match")
MATCH_ALL = Symbol("Symbol.matchAll")
REPLACE = Symbol("Symbol.replace")
SEARCH = Symbol("Symbol.search")
SPECIES = Symbol("Symbol.species")
SPLIT = Symbol("Symbol.split")
TO_PRIMITIVE = Symbol("Symbol.toPrimitive")
TO_STRING_TAG = Symbol("Symbol.toStringTag")
UNSCOPABLES = Symbol("Symbol.unscopables")
DISPOSE = Symbol("Symbol.dispose")
ASYNC_DISPOSE = Symbol("Symbol.asyncDispose")

WELL_KNOWN = (
    ("asyncDispose", ASYNC_DISPOSE),
    ("asyncIterator", ASYNC_ITERATOR),
    ("dispose", DISPOSE),
    ("hasInstance", HAS_INSTANCE),
    ("isConcatSpreadable", IS_CONCAT_SPREADABLE),
    ("iterator", ITERATOR),
    ("match", MATCH),
    ("matchAll", MATCH_ALL),
    ("replace", REPLACE),
    ("search", SEARCH),
    ("species", SPECIES),
    ("split", SPLIT),
    ("toPrimitive", TO_PRIMITIVE),
    ("toStringTag", TO_STRING_TAG),
    ("unscopables", UNSCOPABLES),
)
