"""`cjson`: JSON (lua-cjson 2.1.0 as Redis ships it)."""

from __future__ import annotations

import re
from math import isfinite, isnan
from typing import Callable, NamedTuple, NoReturn

from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.runtime.arguments import (
    argument,
    argument_error,
    check_integer,
    check_string,
)
from lockstep.reference.lua.runtime.library.registration import rows
from lockstep.reference.lua.runtime.operations.constructors import store_list
from lockstep.reference.lua.runtime.operations.conversion import type_name
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import (
    FALSE,
    TRUE,
    Builtin,
    LightUserdata,
    LuaBoolean,
    Results,
    Table,
    Value,
)

LUA_LIBRARY = True
_LARGEST_INT = 2147483647
_EXACT = 1 << 53
_SWITCH = ("off", "on")


class Settings(NamedTuple):
    """What the `encode_...` and `decode_...` functions set; never changed in place."""

    sparse_convert: int = 0
    sparse_ratio: int = 2
    sparse_safe: int = 10
    encode_max_depth: int = 1000
    decode_max_depth: int = 1000
    encode_invalid_numbers: int = 0
    decode_invalid_numbers: int = 1
    encode_keep_buffer: int = 1
    encode_number_precision: int = 14


class Module:
    """One instance of the library: `cjson` itself, or what `cjson.new()` gives."""

    def __init__(self, null: LightUserdata) -> None:
        self.null = null
        self.settings = Settings()


# Encoding

# So many characters are read for one step.
_CHARACTERS_OF_STEP = 8
_ESCAPES = {code: f"\\u{code:04x}" for code in [*range(32), 127]}
_ESCAPES.update({8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 47: "\\/", 92: "\\\\"})
_NEEDS_ESCAPE = re.compile(r'[\x00-\x1f"\\/\x7f]')


def _string(text: str) -> str:
    if _NEEDS_ESCAPE.search(text):
        text = text.translate(_ESCAPES)
    return f'"{text}"'


class _Encoder:
    def __init__(self, module: Module, budget: Budget) -> None:
        self.settings = module.settings
        self.null = module.null
        self.budget = budget
        self.parts: list[str] = []

    def fail(self, value: Value, reason: str) -> NoReturn:
        runtime_error(f"Cannot serialise {type_name(value)}: {reason}", 1)

    def number(self, value: float) -> str:
        if type(value) is int and -(10**10) < value < 10**10 and self.settings.encode_number_precision >= 10:
            return str(value)
        number = float(value)
        if not isfinite(number):
            mode = self.settings.encode_invalid_numbers
            if mode == 0:
                self.fail(value, "must not be NaN or Inf")
            if mode == 2:
                return "null"
            return "nan" if isnan(number) else "inf" if number > 0 else "-inf"
        return f"{number:.{self.settings.encode_number_precision}g}"

    def value(self, value: Value, depth: int) -> None:
        if type(value) is str:
            self.parts.append(_string(value))
        elif type(value) is int or type(value) is float:
            self.parts.append(self.number(value))
        elif type(value) is LuaBoolean:
            self.parts.append(value.text)
        elif isinstance(value, Table):
            self.table(value, depth + 1)
        elif value is None or value is self.null:
            self.parts.append("null")
        else:
            self.fail(value, "type not supported")

    def table(self, table: Table, depth: int) -> None:
        if depth > self.settings.encode_max_depth:
            runtime_error(f"Cannot serialise, excessive nesting ({depth})", 1)
        length = self.array_length(table)
        self.budget.take(1 + max(length, 0))
        if length > 0:
            self.array(table, length, depth)
        else:
            self.object(table, depth)

    def array_length(self, table: Table) -> int:
        """The length as an array; -1 for an object."""
        if table.__dict__:
            return -1
        array = table.array_part
        largest = len(array) - 1
        items = largest - array.count(None) + 1
        for key in table.hash_part:
            if type(key) is not int or key < 1:
                return -1
            items += 1
            largest = max(largest, key)
        settings = self.settings
        if (
            settings.sparse_ratio > 0
            and largest > items * settings.sparse_ratio
            and largest > settings.sparse_safe
        ):
            if not settings.sparse_convert:
                self.fail(table, "excessively sparse array")
            return -1
        return largest

    def array(self, table: Table, length: int, depth: int) -> None:
        parts = self.parts
        array = table.array_part
        rest = table.hash_part
        mark = "["
        for position in range(1, length + 1):
            parts.append(mark)
            mark = ","
            self.value(array[position] if position < len(array) else rest.get(position), depth)
        parts.append("]")

    def object(self, table: Table, depth: int) -> None:
        parts = self.parts
        mark = "{"
        for key, value in entries(table):
            parts.append(mark)
            mark = ","
            if type(key) is str:
                parts.append(_string(key) + ":")
            elif isinstance(key, (int, float)):
                parts.append(f'"{self.number(key)}":')
            else:
                self.fail(key, "table key must be a number or string")
            self.value(value, depth)
        parts.append("}" if mark == "," else "{}")


def entries(table: Table) -> list[tuple[Value, Value]]:
    """The keys and values of a table in the order of `next`."""
    found: list[tuple[Value, Value]] = [
        (position, value)
        for position, value in enumerate(table.array_part)
        if value is not None and position > 0
    ]
    found.extend((key, value) for key, value in table.__dict__.items() if value is not None)
    found.extend((key, value) for key, value in table.hash_part.items() if value is not None)
    return found


# Decoding

_SPACE = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r'[^"\\\x00]*')
_NUMBER = re.compile(
    r"[+-]?(?:0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|[nN][aA][nN])"
)
_MARKS = {
    "{": "T_OBJ_BEGIN",
    "}": "T_OBJ_END",
    "[": "T_ARR_BEGIN",
    "]": "T_ARR_END",
    ",": "T_COMMA",
    ":": "T_COLON",
    "\0": "T_END",
}
_UNESCAPED = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "f": "\f",
    "r": "\r",
}
_WORDS = (("true", "T_BOOLEAN", TRUE), ("false", "T_BOOLEAN", FALSE))


class _Decoder:
    def __init__(self, module: Module, text: str) -> None:
        self.settings = module.settings
        self.null = module.null
        self.text = text
        self.position = 0
        self.depth = 0
        self.kind = ""
        self.value: Value = None
        self.start = 0

    def all(self) -> Value:
        if len(self.text) >= 2 and "\0" in self.text[:2]:
            runtime_error("JSON parser does not support UTF-16 or UTF-32", 1)
        self.token()
        result = self.parsed()
        self.token()
        if self.kind != "T_END":
            self.expected("the end")
        return result

    def expected(self, what: str) -> NoReturn:
        found = self.value if self.kind == "T_ERROR" else self.kind
        runtime_error(f"Expected {what} but found {found} at character {self.start + 1}", 1)

    def bad(self, reason: str, position: int) -> None:
        self.kind, self.value, self.start = "T_ERROR", reason, position

    def token(self) -> None:
        """Read the next token into `kind`, `value` and `start`."""
        text = self.text
        space = _SPACE.match(text, self.position)
        assert space is not None
        at = space.end()
        self.start = self.position = at
        letter = text[at] if at < len(text) else "\0"
        mark = _MARKS.get(letter)
        if mark is not None:
            self.kind = mark
            if mark != "T_END":
                self.position = at + 1
            return
        if letter == '"':
            self.string_token()
            return
        if letter == "-" or "0" <= letter <= "9":
            if not self.settings.decode_invalid_numbers and self.is_invalid_number():
                self.bad("invalid number", at)
            else:
                self.number_token()
            return
        for word, kind, value in (*_WORDS, ("null", "T_NULL", self.null)):
            if text.startswith(word, at):
                self.kind, self.value = kind, value
                self.position = at + len(word)
                return
        if self.settings.decode_invalid_numbers and letter in "+iInN" and self.is_invalid_number():
            self.number_token()
            return
        self.bad("invalid token", at)

    def is_invalid_number(self) -> bool:
        """Whether the number here is none of JSON: hexadecimal, leading zero, plus sign, infinity, NaN."""
        text = self.text[self.start : self.start + 5]
        if text.startswith("+"):
            return True
        text = text.removeprefix("-")
        if text.startswith("0"):
            return text[1:2] in "xX0123456789" and len(text) > 1
        return text[:3].lower() in ("inf", "nan")

    def number_token(self) -> None:
        match = _NUMBER.match(self.text, self.start)
        if match is None:
            self.bad("invalid number", self.start)
            return
        word = match[0]
        number = float.fromhex(word) if "x" in word or "X" in word else float(word)
        self.kind = "T_NUMBER"
        self.value = int(number) if abs(number) <= _EXACT and number == int(number) else number
        if self.value == 0 and word.startswith("-"):
            self.value = -0.0
        self.position = match.end()

    def string_token(self) -> None:
        text = self.text
        at = self.start + 1
        pieces: list[str] = []
        while True:
            match = _PLAIN.match(text, at)
            assert match is not None
            pieces.append(match[0])
            at = match.end()
            letter = text[at] if at < len(text) else "\0"
            if letter == '"':
                self.kind, self.value, self.position = "T_STRING", "".join(pieces), at + 1
                return
            if letter == "\0":
                self.bad("unexpected end of string", at)
                return
            escape = text[at + 1 : at + 2]
            if escape == "u":
                code, size = self.code_point(at)
                if code < 0:
                    self.bad("invalid unicode escape code", at)
                    return
                pieces.append(chr(code).encode("utf-8", "surrogatepass").decode("latin-1"))
                at += size
            elif escape in _UNESCAPED and escape:
                pieces.append(_UNESCAPED[escape])
                at += 2
            else:
                self.bad("invalid escape code", at)
                return

    def code_point(self, at: int) -> tuple[int, int]:
        r"""The code point of a `\u` escape, of two where they are a pair, and its length; -1 if it is none."""
        code = _hexadecimal(self.text[at + 2 : at + 6])
        if code < 0 or code & 0xF800 != 0xD800:
            return code, 6
        if code & 0x400 or self.text[at + 6 : at + 8] != "\\u":
            return -1, 0
        low = _hexadecimal(self.text[at + 8 : at + 12])
        if low < 0 or low & 0xFC00 != 0xDC00:
            return -1, 0
        return 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF), 12

    def parsed(self) -> Value:
        """The value that the current token starts."""
        kind = self.kind
        if kind in ("T_STRING", "T_NUMBER", "T_BOOLEAN", "T_NULL"):
            return self.value
        if kind == "T_OBJ_BEGIN":
            return self.object()
        if kind == "T_ARR_BEGIN":
            return self.array()
        return self.expected("value")

    def descend(self) -> None:
        self.depth += 1
        if self.depth > self.settings.decode_max_depth:
            runtime_error(
                f"Found too many nested data structures ({self.depth}) at character {self.position}", 1
            )

    def object(self) -> Table:
        self.descend()
        table = Table()
        fields = table.__dict__
        self.token()
        while self.kind != "T_OBJ_END" or fields:
            if self.kind != "T_STRING":
                self.expected("object key string")
            key = str(self.value)
            self.token()
            if self.kind != "T_COLON":
                self.expected("colon")
            self.token()
            fields[key] = self.parsed()
            self.token()
            if self.kind == "T_OBJ_END":
                break
            if self.kind != "T_COMMA":
                self.expected("comma or object end")
            self.token()
        self.depth -= 1
        return table

    def array(self) -> Table:
        self.descend()
        table = Table()
        items: list[Value] = [None]
        self.token()
        while self.kind != "T_ARR_END" or len(items) > 1:
            items.append(self.parsed())
            self.token()
            if self.kind == "T_ARR_END":
                break
            if self.kind != "T_COMMA":
                self.expected("comma or array end")
            self.token()
        self.depth -= 1
        store_list(table, items)
        return table


def _hexadecimal(digits: str) -> int:
    if len(digits) != 4 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        return -1
    return int(digits, 16)


# The functions of a module


def _one_argument(state: State, arguments: tuple[Value, ...]) -> None:
    if len(arguments) != 1:
        argument_error(state, 1, "expected 1 argument")


def _encode(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.encode(value)`."""
    _one_argument(state, arguments)
    encoder = _Encoder(module, state.budget)
    encoder.value(arguments[0], 0)
    result = "".join(encoder.parts)
    if state.budget.memory is not None:
        state.budget.allocate(len(result))
    return result


def _decode(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.decode(text)`."""
    _one_argument(state, arguments)
    text = check_string(state, arguments, 1)
    state.budget.take(len(text) // _CHARACTERS_OF_STEP)
    return _Decoder(module, text).all()


def _at_most(state: State, arguments: tuple[Value, ...], count: int) -> None:
    if len(arguments) > count:
        argument_error(state, count + 1, "found too many arguments")


def _integer_setting(
    state: State,
    module: Module,
    arguments: tuple[Value, ...],
    position: int,
    name: str,
    least: int,
    most: int,
) -> int:
    if argument(arguments, position) is not None:
        value = check_integer(state, arguments, position)
        if not least <= value <= most:
            argument_error(state, position, f"expected integer between {least} and {most}")
        module.settings = module.settings._replace(**{name: value})
    current: int = getattr(module.settings, name)
    return current


def _choice_setting(
    state: State,
    module: Module,
    arguments: tuple[Value, ...],
    position: int,
    name: str,
    options: tuple[str, ...],
) -> Value:
    value = argument(arguments, position)
    if value is not None:
        if type(value) is LuaBoolean:
            module.settings = module.settings._replace(**{name: 1 if value is TRUE else 0})
        else:
            option = check_string(state, arguments, position)
            if option not in options:
                argument_error(state, position, f"invalid option '{option}'")
            module.settings = module.settings._replace(**{name: options.index(option)})
    current: int = getattr(module.settings, name)
    return options[current] if current > 1 else TRUE if current else FALSE


def _encode_sparse_array(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.encode_sparse_array(convert, ratio, safe)`."""
    _at_most(state, arguments, 3)
    return [
        _choice_setting(state, module, arguments, 1, "sparse_convert", _SWITCH),
        _integer_setting(state, module, arguments, 2, "sparse_ratio", 0, _LARGEST_INT),
        _integer_setting(state, module, arguments, 3, "sparse_safe", 0, _LARGEST_INT),
    ]


def _encode_max_depth(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.encode_max_depth(depth)`."""
    _at_most(state, arguments, 1)
    return _integer_setting(state, module, arguments, 1, "encode_max_depth", 1, _LARGEST_INT)


def _decode_max_depth(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.decode_max_depth(depth)`."""
    _at_most(state, arguments, 1)
    return _integer_setting(state, module, arguments, 1, "decode_max_depth", 1, _LARGEST_INT)


def _encode_number_precision(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.encode_number_precision(digits)`."""
    _at_most(state, arguments, 1)
    return _integer_setting(state, module, arguments, 1, "encode_number_precision", 1, 14)


def _encode_keep_buffer(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.encode_keep_buffer(keep)`; there is no buffer here, so it is remembered only."""
    _at_most(state, arguments, 1)
    return _choice_setting(state, module, arguments, 1, "encode_keep_buffer", _SWITCH)


def _encode_invalid_numbers(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.encode_invalid_numbers(mode)`: false, true or "null"."""
    _at_most(state, arguments, 1)
    return _choice_setting(state, module, arguments, 1, "encode_invalid_numbers", ("off", "on", "null"))


def _decode_invalid_numbers(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.decode_invalid_numbers(accept)`."""
    _at_most(state, arguments, 1)
    return _choice_setting(state, module, arguments, 1, "decode_invalid_numbers", _SWITCH)


def _new(state: State, module: Module, arguments: tuple[Value, ...]) -> Results:
    """`cjson.new()`: the library again, with settings of its own."""
    del arguments
    return new_module(state, module.null)[0]


ROWS = rows(
    ("encode", _encode, 1, "lua-api", "2.6.0"),
    ("decode", _decode, 1, "lua-api", "2.6.0"),
    ("encode_sparse_array", _encode_sparse_array, 3, "lua-api", "2.6.0"),
    ("encode_max_depth", _encode_max_depth, 1, "lua-api", "2.6.0"),
    ("decode_max_depth", _decode_max_depth, 1, "lua-api", "2.6.0"),
    ("encode_number_precision", _encode_number_precision, 1, "lua-api", "2.6.0"),
    ("encode_keep_buffer", _encode_keep_buffer, 1, "lua-api", "2.6.0"),
    ("encode_invalid_numbers", _encode_invalid_numbers, 1, "lua-api", "2.6.0"),
    ("decode_invalid_numbers", _decode_invalid_numbers, 1, "lua-api", "2.6.0"),
    ("new", _new, 0, "lua-api", "2.6.0"),
)


def _bound(function: Callable[..., Results], module: Module) -> Callable[..., Results]:
    def lua_cjson(state: State, *arguments: Value) -> Results:
        return function(state, module, arguments)

    return lua_cjson


def new_module(state: State, null: LightUserdata) -> tuple[Table, Module]:
    """A module's table, and the module with its settings."""
    module = Module(null)
    table = Table()
    for row in ROWS:
        table.__dict__[row.name] = Builtin(_bound(row.function, module), row.name, state)
    table.__dict__.update({"null": null, "_NAME": "cjson", "_VERSION": "2.1.0"})
    return table, module
