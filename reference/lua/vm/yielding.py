"""Which functions are compiled a second time, as host generators, so that coroutines can run them without a host stack.

Those that call something named `yield`, and those that call one of them by its name, in whatever way. Only their names are
compared, as nothing depends on it but speed.
"""

from __future__ import annotations

import re

from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.walking import functions_and_calls

_YIELD = "yield"
# What stands in a function that has two forms is compiled in both.
_MOST_AROUND = 2
_ALIAS = re.compile(r"\b(\w+)\s*=\s*coroutine\s*\.\s*yield\b")


def yielding_functions(chunk: nodes.Function, text: str) -> set[nodes.Function]:
    """The functions of a chunk that have a generator form; `text` is its source."""
    if _YIELD not in text:
        return set()
    calls: dict[nodes.Function, set[str]] = {}
    for node, function in functions_and_calls(chunk):
        if isinstance(node, (nodes.Call, nodes.MethodCall)):
            calls.setdefault(function, set()).add(_called(node))
    # Nothing runs a chunk's main function as a coroutine but a program that loads chunks for that.
    calls.pop(chunk, None)
    found: set[nodes.Function] = set()
    names = {_YIELD, *_ALIAS.findall(text)}
    while True:
        more = {function for function, called in calls.items() if function not in found and called & names}
        if not more:
            return {function for function in found if _around(function, found) <= _MOST_AROUND}
        found |= more
        names |= {function.name.replace(":", ".").rpartition(".")[2] for function in more if function.name}


def _around(function: nodes.Function, found: set[nodes.Function]) -> int:
    """How many functions of `found` a function stands in."""
    outer = function.parent
    count = 0
    while outer is not None:
        count += outer in found
        outer = outer.parent
    return count


def _called(node: nodes.Call | nodes.MethodCall) -> str:
    """The last name in what a call calls."""
    if isinstance(node, nodes.MethodCall):
        return node.name
    function = node.function
    if isinstance(function, nodes.Name):
        return function.variable.name
    if isinstance(function, nodes.Index) and isinstance(function.key, nodes.String):
        return function.key.value
    return ""
