"""Each node that a program may consist of has its function in both evaluators' tables."""

from __future__ import annotations

import pytest

from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.treewalk.context import Productions as Evaluated
from lockstep.reference.javascript.treewalk.walker import PRODUCTIONS as EVALUATED
from lockstep.reference.javascript.vm.generation.builder import Productions as Compiled
from lockstep.reference.javascript.vm.productions.joined import PRODUCTIONS as COMPILED

NODES = [kind for kind in vars(js).values() if isinstance(kind, type) and issubclass(kind, js.Node)]


def kinds(base: type[js.Node]) -> set[type[js.Node]]:
    """The classes of nodes below `base`."""
    return {kind for kind in NODES if issubclass(kind, base) and kind is not base}


# Only within a list of arguments, elements or properties, whose production takes it.
PARTS = {js.SpreadElement}


@pytest.mark.parametrize("productions", [COMPILED, EVALUATED], ids=["vm", "treewalk"])
def test_every_node_has_its_production(productions: Compiled | Evaluated) -> None:
    assert kinds(js.Expression) - PARTS == set(productions.expressions)
    assert kinds(js.Statement) == set(productions.statements)


def test_what_is_simpler_without_its_value_has_one_too() -> None:
    assert set(COMPILED.effects) <= set(COMPILED.expressions)
