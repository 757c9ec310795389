"""Lockstep: a conformance harness with reference interpreters for JavaScript, Python, Clojure and Lua.

Everything lives in this one package, so that no folder of a user's can stand in for a part of it. In a checkout
`lockstep.harness` and `lockstep.reference`, and the data beside them, are links to the folders at its top.

What is public is in `__all__` (docs/library.md); it is loaded when it is first asked for, so that an engine's worker, which is
of this package too, starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from lockstep.start import VERSION

if TYPE_CHECKING:
    from lockstep.api import (
        Answer,
        Engine,
        Expectation,
        Identity,
        Judgement,
        Location,
        MissingError,
        Outcome,
        Result,
        Verdict,
        compare,
        judge,
        run,
    )
    from lockstep.reference.embedding import Interpreter
    from lockstep.reference.host.embedding.errors import (
        BusyError,
        GuestError,
        LimitExceeded,
        StaleHandleError,
    )
    from lockstep.reference.host.embedding.handles import Handle
    from lockstep.reference.host.embedding.names import Keyword, Symbol

__version__ = VERSION

# Where an embedder's names live: loading them loads no harness.
_EMBEDDING: Final = {
    "BusyError": "host.embedding.errors",
    "GuestError": "host.embedding.errors",
    "Handle": "host.embedding.handles",
    "Interpreter": "embedding",
    "Keyword": "host.embedding.names",
    "LimitExceeded": "host.embedding.errors",
    "StaleHandleError": "host.embedding.errors",
    "Symbol": "host.embedding.names",
}

__all__ = [
    "Answer",
    "BusyError",
    "Engine",
    "Expectation",
    "GuestError",
    "Handle",
    "Identity",
    "Interpreter",
    "Judgement",
    "Keyword",
    "LimitExceeded",
    "Location",
    "MissingError",
    "Outcome",
    "Result",
    "StaleHandleError",
    "Symbol",
    "Verdict",
    "compare",
    "judge",
    "run",
]


def __getattr__(name: str) -> Any:
    """A public name, from where it lives."""
    if name not in __all__ and name not in _EMBEDDING:
        message = f"module 'lockstep' has no attribute '{name}'"
        raise AttributeError(message)
    if name not in _EMBEDDING:
        return getattr(import_module("lockstep.api"), name)
    found = globals()[name] = getattr(import_module(f"lockstep.reference.{_EMBEDDING[name]}"), name)
    return found
