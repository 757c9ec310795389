"""Where the guest was when an error left it: read from the host's traceback, or noted by the tree-walker."""

from __future__ import annotations

from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.java.exceptions import function_name
from lockstep.reference.clojure.runtime.loading import is_library
from lockstep.reference.host.errors import Location
from lockstep.reference.host.generation.block_names import is_block, owner_name

_DEEPEST_TRACE = 40


def where(environment: Environment, error: BaseException) -> tuple[Location | None, tuple[str, ...]]:
    """Where the guest was, and its call chain, innermost first."""
    frames: list[tuple[str, Location]] = []
    walk = error.__traceback__
    while walk is not None:
        frame = walk.tb_frame
        if frame.f_globals is environment.cells and frame.f_code.co_name != "<module>":
            code = frame.f_code
            column = 0
            positions = getattr(code, "co_positions", None)
            if positions is not None and walk.tb_lasti >= 0:
                for index, position in enumerate(positions()):
                    if index == walk.tb_lasti // 2:
                        column = position[2] or 0
                        break
            if frames and is_block(code.co_name):
                frames.pop()  # a moved block is part of its function: of the two, the block tells where that is
            name = function_name(owner_name(code.co_name))
            frames.append((name, Location(code.co_filename, walk.tb_lineno, column)))
            if len(frames) > 2 * _DEEPEST_TRACE:
                del frames[_DEEPEST_TRACE]
        walk = walk.tb_next
    known = getattr(error, "guest_frames", None)
    if known:
        frames = list(reversed(known))
    if not frames:
        return None, ()
    frames.reverse()
    own = next((place for _, place in frames if not is_library(place.file)), frames[0][1])
    trace = tuple(f"  at {name or 'top level'} ({place})" for name, place in frames[:_DEEPEST_TRACE])
    return own, trace
