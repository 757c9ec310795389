"""ECMA-262 19.2.1.1 PerformEval, up to the evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.values import Value
from lockstep.reference.javascript.syntax.parse import EvalContext, parse_script

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.syntax.ast import Script

INDIRECT = EvalContext()
"""The rights of an indirect eval: none."""


def perform_eval(
    realm: Realm,
    source: Value,
    caller: Value,
    *,
    context: EvalContext | None = None,
) -> Value:
    """19.2.1.1 PerformEval.

    Args:
        realm: the eval function's realm.
        source: what `eval` was called with; anything but a String is returned.
        caller: the evaluator's own record of a direct eval's surroundings; None for an indirect one.
        context: what the surroundings lend to the parser.
    """
    if source.__class__ is not str:
        return source
    realm.agent.budget.take(len(source) >> 5)
    return realm.agent.evaluator.run_eval(realm, source, context or INDIRECT, caller)


def parse_eval(source: str, rights: EvalContext) -> Script:
    """19.2.1.1, step 11: the Script of eval code.

    Raises:
        GuestSyntaxError: it is none.
    """
    return parse_script(source, "<eval>", context=rights)
