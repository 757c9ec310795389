"""What the generators of all languages share: compiling, caches, tracebacks, jumps and moved blocks."""

from __future__ import annotations

import ast
import linecache
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.reference.host.generation.block_names import block_name, is_block, owner_name
from lockstep.reference.host.generation.code_cache import CodeCache
from lockstep.reference.host.generation.compiling import compile_tree
from lockstep.reference.host.generation.jumps import JumpBuilder, Loop
from lockstep.reference.host.generation.memory_cache import MemoryCache
from lockstep.reference.host.generation.nesting import move_deep_blocks
from lockstep.reference.host.generation.nodes import Nodes
from lockstep.reference.host.generation.tracebacks import host_traceback


def test_a_fault_in_generated_code_shows_the_line_of_the_guest() -> None:
    nodes = Nodes(2, 0)
    failing = nodes.evaluating(nodes.operation(nodes.constant(1), ast.Div(), nodes.constant(0)))
    code = compile_tree(ast.Module([nodes.defining("f", (), [failing])], []), "chunk:guest.lua")
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  # what was just built
    with pytest.raises(ZeroDivisionError) as caught:
        names["f"]()
    shown = host_traceback(caught.value, {"guest.lua": "local x\nreturn 1 / zero\n"}, 3)
    assert 'File "chunk:guest.lua", line 2, in f\n    return 1 / zero' in shown
    assert "chunk:guest.lua" not in linecache.cache


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 50))))
def test_a_cache_holds_what_was_used_last(uses: list[tuple[int, int]]) -> None:
    cache: MemoryCache[int] = MemoryCache(100)
    held: dict[int, int] = {}
    for key, size in uses:
        cache.get(key, partial(int, size), lambda value: value)
        held[key] = held.pop(key, size)
        while sum(held.values()) > 100 and len(held) > 1:
            del held[next(iter(held))]
        assert cache.held == sum(held.values())
        assert len(cache) == len(held)


def test_damaged_code_on_disk_is_compiled_again(tmp_path: Path) -> None:
    def code() -> Any:
        return compile("1", "one", "eval")

    cache = CodeCache("compiler", tmp_path)
    cache.get(cache.key("source"), code, persist=True)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    compiled: list[str] = []

    def again() -> Any:
        compiled.append("again")
        return code()

    whole = file.read_bytes()
    for data, expected in ((whole, []), (whole[:-1], ["again"])):
        file.write_bytes(data)
        fresh = CodeCache("compiler", tmp_path)
        assert eval(fresh.get(fresh.key("source"), again, persist=True)) == 1  # noqa: S307  # our own
        assert compiled == expected


def test_names_of_blocks_are_no_names_of_functions() -> None:
    name = block_name(block_name("f@3", 2), 11)
    assert is_block(name)
    assert owner_name(name) == "f@3"
    for guest in ("a block 1@4", "block 2$3f", "block", "x block y~7"):
        assert not is_block(guest)
        assert owner_name(guest) == guest


# A jump out of `depth` loops to loop `goal`, to its next round or behind it, and what the loops have counted then.
JUMPS = [
    (depth, goal, continues)
    for depth in (1, 2, 5, 30)
    for goal in {0, depth // 2, depth - 1}
    for continues in (False, True)
]


@pytest.mark.parametrize(("depth", "goal", "continues"), JUMPS)
@pytest.mark.parametrize("moved", [False, True])
def test_jumps_through_loops(depth: int, goal: int, continues: bool, moved: bool) -> None:
    builder = JumpBuilder()
    loops = [Loop() for _ in range(depth)]

    def nest(number: int) -> None:
        with builder.loop(loops[number]) as body:
            builder.evaluate(
                builder.call(builder.attribute(builder.name("log"), "append"), builder.constant(number))
            )
            if number + 1 < depth:
                nest(number + 1)
            else:
                builder.jump(loops[goal], continues)
        builder.for_(
            loops[number],
            builder.target(f"i{number}"),
            builder.call("range", builder.constant(times(depth))),
            body,
        )

    builder.begin_jumps()
    nest(0)
    builder.return_(builder.name("log"))
    tree = ast.Module([builder.defining("f", ("log",), builder.out)], [])
    if moved:
        move_deep_blocks(tree, depth=3, reserve=0)
    names: dict[str, Any] = {}
    exec(compile_tree(ast.fix_missing_locations(tree), "jumps"), names)  # noqa: S102  # what was just built
    assert names["f"]([]) == list(rounds(0, depth, goal, continues))


def times(depth: int) -> int:
    """How often each loop goes round: many loops only once, or it would take too long."""
    return 2 if depth < 8 else 1


def rounds(number: int, depth: int, goal: int, continues: bool) -> list[int]:
    """The numbers of the loops in the order in which their rounds begin."""
    found: list[int] = []
    for _ in range(times(depth)):
        found.append(number)
        if number + 1 < depth:
            found.extend(rounds(number + 1, depth, goal, continues))
        if number > goal or (number == goal and not continues):
            break
    return found
