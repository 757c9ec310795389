"""What becomes of each node: the tables of all productions."""

from __future__ import annotations

from lockstep.reference.javascript.vm.generation.builder import Productions
from lockstep.reference.javascript.vm.productions import (
    assignments,
    blocks,
    calls,
    classes,
    construction,
    deferral,
    direct_eval,
    exits,
    functions,
    literals,
    loops,
    members,
    objects,
    operators,
    statements,
    suspension,
    unary,
)

PRODUCTIONS = Productions(
    expressions={
        **literals.EXPRESSIONS,
        **unary.EXPRESSIONS,
        **operators.EXPRESSIONS,
        **assignments.EXPRESSIONS,
        **members.EXPRESSIONS,
        **calls.EXPRESSIONS,
        **construction.EXPRESSIONS,
        **direct_eval.EXPRESSIONS,
        **suspension.EXPRESSIONS,
        **objects.EXPRESSIONS,
        **functions.EXPRESSIONS,
        **classes.EXPRESSIONS,
    },
    effects=assignments.EFFECTS,
    statements={
        **blocks.STATEMENTS,
        **classes.STATEMENTS,
        **exits.STATEMENTS,
        **loops.STATEMENTS,
        **statements.STATEMENTS,
    },
    named=classes.named_value,
    closure=deferral.closure,
    leave=exits.leave_with,
)
