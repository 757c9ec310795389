"""Where the guest was when an error left it: read from the host's traceback, or noted by the tree-walker."""

from __future__ import annotations

from itertools import islice
from types import CodeType

from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.java.exceptions import function_name
from lockstep.reference.clojure.runtime.loading import is_library
from lockstep.reference.host.errors import Location
from lockstep.reference.host.generation.block_names import is_block, owner_name

_DEEPEST_TRACE = 40


def where(environment: Environment, error: BaseException) -> tuple[Location | None, tuple[str, ...]]:
    """Where the guest was, and its call chain, innermost first."""
    places: list[tuple[CodeType, int, int]] = []
    walk = error.__traceback__
    while walk is not None:
        frame = walk.tb_frame
        if frame.f_globals is environment.cells and frame.f_code.co_name != "<module>":
            if places and is_block(frame.f_code.co_name):
                places.pop()  # a moved block is part of its function: of the two, the block tells where that is
            places.append((frame.f_code, walk.tb_lasti, walk.tb_lineno))
            if len(places) > 2 * _DEEPEST_TRACE:
                del places[_DEEPEST_TRACE]
        walk = walk.tb_next
    frames = [
        (
            function_name(owner_name(code.co_name)),
            Location(code.co_filename, line, _column(code, instruction)),
        )
        for code, instruction, line in places
    ]
    known = getattr(error, "guest_frames", None)
    if known:
        frames = list(reversed(known))
    if not frames:
        return None, ()
    frames.reverse()
    own = next((place for _, place in frames if not is_library(place.file)), frames[0][1])
    trace = tuple(f"  at {name or 'top level'} ({place})" for name, place in frames[:_DEEPEST_TRACE])
    return own, trace


def _column(code: CodeType, instruction: int) -> int:
    """The column of an instruction, 0 where the host does not know."""
    positions = getattr(code, "co_positions", None)
    if positions is None or instruction < 0:
        return 0
    place = next(islice(positions(), instruction // 2, None), None)
    return (place[2] or 0) if place else 0
