"""Generators, coroutines and asynchronous generators as the guest sees them (Language Reference 6.2.9)."""

from __future__ import annotations

from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any

from lockstep.reference.python.runtime.frames import Code, Frame, code_of_host, own_names
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.type_info import define_builtin


def _code(frame: Any, code: Any) -> Code:
    if frame is not None:
        kept = frame.f_locals.get("code")
        if isinstance(kept, Code):
            return kept
    return code_of_host(code)


def _frame(frame: Any, code: Any) -> Frame | None:
    if frame is None:
        return None
    return Frame(_code(frame, code), frame.f_lineno, {}, own_names(frame.f_locals), None)


def _views(prefix: str) -> dict[str, Value]:
    def get_frame(suspended: Value) -> Frame | None:
        return _frame(getattr(suspended, f"{prefix}_frame"), getattr(suspended, f"{prefix}_code"))

    def get_code(suspended: Value) -> Code:
        return _code(getattr(suspended, f"{prefix}_frame"), getattr(suspended, f"{prefix}_code"))

    return {f"{prefix}_frame": property(get_frame), f"{prefix}_code": property(get_code)}


define_builtin(GeneratorType, replace=_views("gi"))
define_builtin(CoroutineType, replace=_views("cr"))
define_builtin(AsyncGeneratorType, replace=_views("ag"))
