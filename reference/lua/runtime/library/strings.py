"""String manipulation (manual 6.4)."""

from __future__ import annotations

from typing import Callable, Union

from lockstep.reference.lua.runtime.arguments import (
    MAX_STACK_5_1,
    argument,
    argument_error,
    argument_type_error,
    check_function,
    check_int,
    check_integer,
    check_string,
    optional_int,
    optional_integer,
    optional_string,
)
from lockstep.reference.lua.runtime.formats import packing
from lockstep.reference.lua.runtime.formats.string_format import format_string
from lockstep.reference.lua.runtime.library.registration import library, register, versions
from lockstep.reference.lua.runtime.operations.arithmetic import arithmetic, negate
from lockstep.reference.lua.runtime.operations.calls import call_value, single
from lockstep.reference.lua.runtime.operations.conversion import number_text, to_float_or_int, type_name
from lockstep.reference.lua.runtime.operations.indexing import index
from lockstep.reference.lua.runtime.patterns.classes import PatternError, old_pattern
from lockstep.reference.lua.runtime.patterns.iteration import MatchIterator
from lockstep.reference.lua.runtime.patterns.matcher import MAX_DEPTH, NO_MAX_DEPTH, Match
from lockstep.reference.lua.runtime.patterns.replacement import replace_matches
from lockstep.reference.lua.runtime.patterns.translation import Searcher, direct, first_match, is_literal
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import (
    FALSE,
    NO_VALUES,
    Builtin,
    Function,
    LuaError,
    Results,
    Table,
    Value,
)

_LOWER = {code: code + 32 for code in range(65, 91)}
_UPPER = {code: code - 32 for code in range(97, 123)}
_LARGEST = (1 << 31) - 1
# The host would rather be killed than refuse to allocate.
_UNREASONABLE = 1 << 34
_LARGE = 1 << 15
# The host replaces at once what it finds in so many characters, in less than a second.
_LARGEST_AT_ONCE = 1 << 23


def _start(position: int, size: int) -> int:
    """`i` of `string.sub` and its fellows as a position from 1 (5.4: not before 1)."""
    if position > 0:
        return position
    if position == 0:
        return 1
    return max(1, size + position + 1)


def _end(position: int, size: int) -> int:
    if position > size:
        return size
    if position >= 0:
        return position
    return max(0, size + position + 1)


def _accounted(state: State, text: str) -> str:
    """A string just made, told to the budget if it is a large one."""
    if len(text) > _LARGE:
        state.budget.allocate(len(text))
    return text


def lua_byte(state: State, *arguments: Value) -> Results:
    """`string.byte(s, i, j)`."""
    if 0 < len(arguments) < 3 and type(arguments[0]) is str:
        place = arguments[1] if len(arguments) == 2 else 1
        if type(place) is int and 0 < place <= len(arguments[0]):
            return ord(arguments[0][place - 1])
    text = check_string(state, arguments, 1)
    position = optional_integer(state, arguments, 2, 1)
    start = _start(position, len(text))
    end = _end(optional_integer(state, arguments, 3, position), len(text))
    if end - start >= (1_000_000 if state.integers else MAX_STACK_5_1 - len(arguments)):
        message = "string slice too long"
        runtime_error(
            message if state.integers else f"stack overflow ({message})", 0 if state.integers else 1
        )
    return [ord(character) for character in text[start - 1 : end]] if end >= start else []


def lua_char(state: State, *arguments: Value) -> Results:
    """`string.char(...)`."""
    if len(arguments) == 1 and type(arguments[0]) is int and 0 <= arguments[0] <= 255:
        return chr(arguments[0])
    codes = []
    for number in range(1, len(arguments) + 1):
        code = check_int(state, arguments, number)
        if not 0 <= code <= 255:
            argument_error(state, number, "value out of range" if state.integers else "invalid value")
        codes.append(chr(code))
    return "".join(codes)


def lua_dump(state: State, *arguments: Value) -> Results:
    """`string.dump(function, strip)`."""
    from lockstep.reference.lua.runtime.formats.chunk_format import write_chunk  # rarely needed

    function = check_function(state, arguments, 1)
    strip = argument(arguments, 2)
    text = write_chunk(state, function, strip=strip is not None and strip is not FALSE)
    if text is None:
        runtime_error("unable to dump given function", 0)
    return text


def _searcher(state: State, text: str, pattern: str, anchors: bool = True) -> Searcher:
    return Searcher(text, pattern, state.budget, anchors, MAX_DEPTH if state.integers else NO_MAX_DEPTH)


def _initial(state: State, arguments: tuple[Value, ...], size: int) -> int | None:
    """Where a search starts, from 0; None if beyond the end."""
    position = optional_integer(state, arguments, 3, 1)
    if position < 0:
        position = max(1, size + position + 1)
    elif position == 0:
        position = 1
    if position > size + 1:
        if state.integers:
            return None
        position = size + 1
    return position - 1


def _pattern(state: State, text: str) -> str:
    """The pattern that a text spells in the state's version."""
    return text if state.integers else old_pattern(text)


def _searched(state: State, arguments: tuple[Value, ...]) -> tuple[str, str, int | None]:
    """Subject, text of the pattern, and where the search starts, from 0 (None: beyond the end)."""
    if len(arguments) > 1 and type(arguments[0]) is str and type(arguments[1]) is str:
        text, pattern = arguments[0], arguments[1]
        if len(arguments) == 2:
            return text, pattern, 0
        place = arguments[2]
        if type(place) is int and 0 < place <= len(text):
            return text, pattern, place - 1
    text = check_string(state, arguments, 1)
    pattern = check_string(state, arguments, 2)
    return text, pattern, _initial(state, arguments, len(text))


def lua_find(state: State, *arguments: Value) -> Results:
    """`string.find(s, pattern, init, plain)`."""
    text, given, start = _searched(state, arguments)
    if start is None:
        return None
    plain = argument(arguments, 4)
    pattern = _pattern(state, given)
    if is_literal(pattern) or (plain is not None and plain is not FALSE):
        found = text.find(given, start)
        return None if found < 0 else [found + 1, found + len(given)]
    by_host = first_match(pattern)
    if by_host is not None and by_host.regular.may_search(text, state.budget, anchored=by_host.anchored):
        hit = by_host.search(text, start)
        return None if hit is None else [hit.start() + 1, hit.end(), *hit.groups()]
    try:
        match = _searcher(state, text, pattern).find(start)
        if match is None:
            return None
        return [match.start + 1, match.end, *match.values(whole=False)]
    except PatternError as error:
        runtime_error(_pattern_message(state, error), 1)


def _pattern_message(state: State, error: PatternError) -> str:
    message = str(error)
    if not state.integers:
        if message.startswith("invalid capture index"):
            return "invalid capture index"
        if message == "missing '[' after '%f' in pattern":
            return message
        if message == "malformed pattern (missing arguments to '%b')":
            return "unbalanced pattern"
    return message


def lua_match(state: State, *arguments: Value) -> Results:
    """`string.match(s, pattern, init)`."""
    text, given, start = _searched(state, arguments)
    if start is None:
        return None
    pattern = _pattern(state, given)
    by_host = first_match(pattern)
    if by_host is not None and by_host.regular.may_search(text, state.budget, anchored=by_host.anchored):
        hit = by_host.search(text, start)
        if hit is None:
            return None
        return hit[by_host.groups] if by_host.groups < 2 else list(hit.groups())
    try:
        match = _searcher(state, text, pattern).find(start)
        return None if match is None else list(match.values(whole=True))
    except PatternError as error:
        runtime_error(_pattern_message(state, error), 1)


def lua_gmatch(state: State, *arguments: Value) -> Results:
    """`string.gmatch(s, pattern, init)`."""
    text = check_string(state, arguments, 1)
    pattern = _pattern(state, check_string(state, arguments, 2))
    start: int | None = 0
    if state.integers:
        start = _initial(state, arguments, len(text))
    regular = direct(pattern, text, state.budget)
    if regular is not None and start is not None:
        return MatchIterator(regular.expression, text, start)
    searcher = _searcher(state, text, pattern, anchors=False)
    position = len(text) + 1 if start is None else start
    last = -1

    def lua_gmatch_step(*_: Value) -> Results:
        nonlocal position, last
        while position <= len(text):
            try:
                match = searcher.find(position)
                if match is None:
                    position = len(text) + 1
                    return NO_VALUES
                if state.integers:
                    if match.end == last:
                        # An empty match right after the last one does not count.
                        position = match.start + 1
                        continue
                    position = last = match.end
                else:
                    position = match.end + (1 if match.end == match.start else 0)
                return list(match.values(whole=True))
            except PatternError as error:
                runtime_error(_pattern_message(state, error), 1)
        return NO_VALUES

    return Builtin(lua_gmatch_step, "for iterator")


Replacement = Callable[[Match], Union[str, None]]


def _replacement(state: State, arguments: tuple[Value, ...]) -> Replacement:
    """What `gsub` puts in a match's place; None keeps the match."""
    value = argument(arguments, 3)
    if isinstance(value, (str, int, float)):
        return _template(state, value if isinstance(value, str) else number_text(value, state.integers))
    if isinstance(value, Function):
        return lambda match: _replaced(
            state, single(call_value(state, value, *match.values(whole=True))), match
        )
    if isinstance(value, Table):
        return lambda match: _replaced(state, index(state, value, _first_capture(match)), match)
    if state.integers:
        argument_type_error(state, arguments, 3, "string/function/table")
    return argument_error(state, 3, "string/function/table expected")


def _first_capture(match: Match) -> Value:
    return match.capture(0) if match.captures else match.subject[match.start : match.end]


def _replaced(state: State, value: Value, match: Match) -> str | None:
    del match
    if value is None or value is FALSE:
        return None
    if type(value) is str:
        return value
    if isinstance(value, (int, float)):
        return number_text(value, state.integers)
    return runtime_error(f"invalid replacement value (a {type_name(value)})", 1)


def _template(state: State, text: str) -> Replacement:
    if "%" not in text:
        return lambda _: text

    def fill(match: Match) -> str:
        parts = []
        position = 0
        while position < len(text):
            percent = text.find("%", position)
            if percent < 0:
                parts.append(text[position:])
                break
            parts.append(text[position:percent])
            letter = text[percent + 1 : percent + 2]
            position = percent + 2
            if letter == "0":
                parts.append(match.subject[match.start : match.end])
            elif letter.isdigit() and letter.isascii():
                parts.append(_numbered(state, match, int(letter)))
            elif letter == "%" or not state.integers:
                # 5.1 reads on to the zero byte behind the text.
                parts.append(letter or "\0")
            else:
                runtime_error("invalid use of '%' in replacement string", 1)
        return "".join(parts)

    return fill


def _numbered(state: State, match: Match, number: int) -> str:
    if number == 1 and not match.captures:
        return match.subject[match.start : match.end]
    if number > len(match.captures):
        if state.integers:
            runtime_error(f"invalid capture index %{number}", 1)
        runtime_error("invalid capture index", 1)
    captured = match.capture(number - 1)
    return captured if isinstance(captured, str) else number_text(captured, state.integers)


def lua_gsub(state: State, *arguments: Value) -> Results:
    """`string.gsub(s, pattern, repl, n)`."""
    text = check_string(state, arguments, 1)
    pattern = _pattern(state, check_string(state, arguments, 2))
    limit = optional_int(state, arguments, 4, len(text) + 1)
    replace = _replacement(state, arguments)
    regular = direct(pattern, text, state.budget)
    at_once = len(text) <= _LARGEST_AT_ONCE or not state.budget.limits.metered
    if regular is not None and limit > 0 and at_once:
        result = replace_matches(state, regular, text, arguments[2], limit)
        if result is not None:
            return result
    searcher = _searcher(state, text, pattern)
    parts: list[str] = []
    position = 0
    copied = 0
    count = 0
    changed = False
    size = known = 0
    last = -1
    try:
        while count < limit:
            match = searcher.find(position)
            if match is None:
                break
            if state.integers and match.end == last:
                if match.start >= len(text):
                    break
                position = match.start + 1
                continue
            count += 1
            state.budget.step()
            parts.append(text[copied : match.start])
            new = replace(match)
            changed = changed or new is not None
            parts.append(text[match.start : match.end] if new is None else new)
            size += len(parts[-1])
            if size > known + _LARGE:
                state.budget.allocate(size)
                known = size
            copied = match.end
            if state.integers:
                position = last = match.end
            elif match.end > match.start:
                position = match.end
            else:
                # 5.1 steps over a character after an empty match, and copies it.
                if match.end >= len(text):
                    break
                position = match.end + 1
            if searcher.anchored or position > len(text):
                break
    except PatternError as error:
        runtime_error(_pattern_message(state, error), 1)
    if not changed:
        return [text, count]
    parts.append(text[copied:])
    whole = "".join(parts)
    if state.budget.memory is not None:
        state.budget.allocate(len(whole))
    return [whole, count]


def lua_format(state: State, *arguments: Value) -> Results:
    """`string.format(formatstring, ...)`."""
    return format_string(state, arguments)


def lua_len(state: State, *arguments: Value) -> Results:
    """`string.len(s)`."""
    return len(check_string(state, arguments, 1))


def lua_lower(state: State, *arguments: Value) -> Results:
    """`string.lower(s)`."""
    text = check_string(state, arguments, 1)
    return _accounted(state, text.lower() if text.isascii() else text.translate(_LOWER))


def lua_upper(state: State, *arguments: Value) -> Results:
    """`string.upper(s)`."""
    text = check_string(state, arguments, 1)
    return _accounted(state, text.upper() if text.isascii() else text.translate(_UPPER))


def lua_rep(state: State, *arguments: Value) -> Results:
    """`string.rep(s, n, sep)`."""
    text = check_string(state, arguments, 1)
    count = check_int(state, arguments, 2)
    separator = optional_string(state, arguments, 3, "") if state.integers else ""
    if count <= 0:
        return ""
    size = count * (len(text) + len(separator))
    if size > _LARGEST and state.integers:
        runtime_error("resulting string too large", 1)
    state.budget.allocate(size)
    if size > _UNREASONABLE:
        raise LuaError("not enough memory")
    return separator.join([text] * count) if separator else text * count


def lua_reverse(state: State, *arguments: Value) -> Results:
    """`string.reverse(s)`."""
    return _accounted(state, check_string(state, arguments, 1)[::-1])


def lua_sub(state: State, *arguments: Value) -> Results:
    """`string.sub(s, i, j)`."""
    if 1 < len(arguments) < 4 and type(arguments[0]) is str:
        first, last = arguments[1], arguments[2] if len(arguments) == 3 else _LARGEST
        if type(first) is int and type(last) is int and first > 0 <= last:
            found = arguments[0][first - 1 : last]
            return found if len(found) <= _LARGE else _accounted(state, found)
    text = check_string(state, arguments, 1)
    size = len(text)
    start = check_integer(state, arguments, 2)
    end = optional_integer(state, arguments, 3, -1)
    return _accounted(state, text[_start(start, size) - 1 : _end(end, size)])


def lua_pack(state: State, *arguments: Value) -> Results:
    """`string.pack(fmt, v1, v2, ...)`."""
    return packing.pack(state, arguments)


def lua_packsize(state: State, *arguments: Value) -> Results:
    """`string.packsize(fmt)`."""
    return packing.pack_size(state, arguments)


def lua_unpack(state: State, *arguments: Value) -> Results:
    """`string.unpack(fmt, s, pos)`."""
    return packing.unpack(state, arguments)


def _string_operator(operator: str) -> Callable[..., Results]:
    """A metamethod of strings: arithmetic on what they spell (5.4)."""

    def lua_string_arithmetic(state: State, *arguments: Value) -> Results:
        left, right = argument(arguments, 1), argument(arguments, 2)
        if operator == "unary -":
            return negate(state, left)
        numbers = to_float_or_int(left, integers=True), to_float_or_int(right, integers=True)
        if None not in numbers:
            return arithmetic(state, operator, *numbers)
        return arithmetic(state, operator, left, right)

    return lua_string_arithmetic


FUNCTIONS = versions(
    ("byte", lua_byte, 3, "6.4", "5.0"),
    ("char", lua_char, 0, "6.4", "5.0"),
    ("dump", lua_dump, 1, "6.4", "5.0", "5.2"),
    ("dump", lua_dump, 2, "6.4", "5.3"),
    ("find", lua_find, 4, "6.4", "5.0"),
    ("format", lua_format, 1, "6.4", "5.0"),
    ("gfind", lua_gmatch, 2, "7.2", "5.0", "5.1"),
    ("gmatch", lua_gmatch, 2, "6.4", "5.1", "5.3"),
    ("gmatch", lua_gmatch, 3, "6.4", "5.4"),
    ("gsub", lua_gsub, 4, "6.4", "5.0"),
    ("len", lua_len, 1, "6.4", "5.0"),
    ("lower", lua_lower, 1, "6.4", "5.0"),
    ("match", lua_match, 3, "6.4", "5.1"),
    ("pack", lua_pack, 3, "6.4", "5.3"),
    ("packsize", lua_packsize, 1, "6.4", "5.3"),
    ("rep", lua_rep, 2, "5.4", "5.0", "5.1"),
    ("rep", lua_rep, 3, "6.4", "5.2"),
    ("reverse", lua_reverse, 1, "6.4", "5.1"),
    ("sub", lua_sub, 3, "6.4", "5.0"),
    ("unpack", lua_unpack, 3, "6.4", "5.3"),
    ("upper", lua_upper, 1, "6.4", "5.0"),
)
METAMETHODS = versions(
    ("__add", _string_operator("+"), 2, "3.4.3", "5.4"),
    ("__div", _string_operator("/"), 2, "3.4.3", "5.4"),
    ("__idiv", _string_operator("//"), 2, "3.4.3", "5.4"),
    ("__mod", _string_operator("%"), 2, "3.4.3", "5.4"),
    ("__mul", _string_operator("*"), 2, "3.4.3", "5.4"),
    ("__pow", _string_operator("^"), 2, "3.4.3", "5.4"),
    ("__sub", _string_operator("-"), 2, "3.4.3", "5.4"),
    ("__unm", _string_operator("unary -"), 1, "3.4.3", "5.4"),
)


def open_string(state: State) -> None:
    """The library `string`, and the metatable of strings."""
    table = library(state, "string", FUNCTIONS.of(state))
    meta_table = register(state, Table(), METAMETHODS.of(state))
    if not state.integers:
        table.__dict__["gfind"] = table.__dict__["gmatch"]
    meta_table.__dict__["__index"] = table
    state.string_meta = meta_table
