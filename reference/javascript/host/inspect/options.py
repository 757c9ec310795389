"""The options of `util.inspect`, its colours, and what one inspection remembers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Callable, Final

from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_boolean, to_number
from lockstep.reference.javascript.runtime.operations.objects import create_data_property
from lockstep.reference.javascript.runtime.values import Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

CUSTOM: Final = "nodejs.util.inspect.custom"
"""The key in the symbol registry under which objects have their own inspection."""

COLOURS: Final = {
    "reset": (0, 0), "bold": (1, 22), "dim": (2, 22), "italic": (3, 23), "underline": (4, 24), "blink": (5, 25),
    "inverse": (7, 27), "hidden": (8, 28), "strikethrough": (9, 29), "doubleunderline": (21, 24),
    "black": (30, 39), "red": (31, 39), "green": (32, 39), "yellow": (33, 39), "blue": (34, 39), "magenta": (35, 39),
    "cyan": (36, 39), "white": (37, 39), "bgBlack": (40, 49), "bgRed": (41, 49), "bgGreen": (42, 49),
    "bgYellow": (43, 49), "bgBlue": (44, 49), "bgMagenta": (45, 49), "bgCyan": (46, 49), "bgWhite": (47, 49),
    "framed": (51, 54), "overlined": (53, 55), "gray": (90, 39), "redBright": (91, 39), "greenBright": (92, 39),
    "yellowBright": (93, 39), "blueBright": (94, 39), "magentaBright": (95, 39), "cyanBright": (96, 39),
    "whiteBright": (97, 39), "bgGray": (100, 49), "bgRedBright": (101, 49), "bgGreenBright": (102, 49),
    "bgYellowBright": (103, 49), "bgBlueBright": (104, 49), "bgMagentaBright": (105, 49), "bgCyanBright": (106, 49),
    "bgWhiteBright": (107, 49),
}  # fmt: skip
"""How each colour and style begins and ends, as a control sequence's number."""

STYLES: Final = {
    "special": "cyan",
    "number": "yellow",
    "bigint": "yellow",
    "boolean": "yellow",
    "undefined": "gray",
    "null": "bold",
    "string": "green",
    "symbol": "green",
    "date": "magenta",
    "regexp": "red",
    "module": "underline",
}
"""The colour of each kind of value."""

_DEFAULTS: Final[dict[str, Value]] = {
    "showHidden": False,
    "depth": 2.0,
    "colors": False,
    "customInspect": True,
    "showProxy": False,
    "maxArrayLength": 100.0,
    "maxStringLength": 10000.0,
    "breakLength": 80.0,
    "compact": 3.0,
    "sorted": False,
    "getters": False,
    "numericSeparator": False,
}


def coloured(text: str, style: str) -> str:
    """`text` in the colour of a kind of value."""
    colour = STYLES.get(style)
    if colour is None:
        return text
    begin, end = COLOURS[colour]
    return f"\u001b[{begin}m{text}\u001b[{end}m"


def _plain(text: str, style: str) -> str:
    return text


def _nothing(_context: object, _value: Value) -> str:
    return ""


def _limit(value: Value) -> float:
    return math.inf if value is null else float(value) if isinstance(value, (int, float)) else 0.0


class Inspection:
    """One call of `inspect`: its options, and where it is.

    Attributes:
        realm: where objects that it makes belong.
        given: the options as guests gave them.
        depth: how deep it goes; infinite for null.
        compact: how many innermost levels may share a line; 0 for false, True for the old layout.
        indentation: columns to the left of what is being written.
        nested: inspects something by itself.
        seen: the objects around.
        circular: those that were met again, with their numbers.
        current_depth: how deep the object is that is being written.
    """

    def __init__(self, realm: Realm, options: dict[str, Value] | None = None) -> None:
        self.realm = realm
        given = self.given = {**_DEFAULTS, **(options or {})}
        self.show_hidden = to_boolean(given["showHidden"])
        self.depth = math.inf if given["depth"] is undefined else _limit(given["depth"])
        self.colours = to_boolean(given["colors"])
        self.custom = to_boolean(given["customInspect"])
        self.show_proxy = to_boolean(given["showProxy"])
        self.longest_array = max(0.0, _limit(given["maxArrayLength"]))
        self.longest_string = max(0.0, _limit(given["maxStringLength"]))
        self.break_length = _limit(given["breakLength"])
        compact = given["compact"]
        self.compact = compact if compact is True else 0.0 if compact is False else to_number(compact)
        self.sorted = given["sorted"]
        self.getters = given["getters"]
        self.separated = to_boolean(given["numericSeparator"])
        self.style: Callable[[str, str], str] = coloured if self.colours else _plain
        custom_style = given.get("stylize")
        if is_callable(custom_style):
            function = custom_style
            self.style = lambda text, style: str(function.call_n(undefined, text, style))
        self.indentation = 0
        self.nested: Callable[[Inspection, Value], str] = _nothing
        self.seen: list[JSObject] = []
        self.circular: dict[JSObject, int] = {}
        self.current_depth = 0.0
        self.written: dict[int, int] = {}
        self.custom_symbol: Symbol = registered(realm, CUSTOM)

    def with_options(self, **options: Value) -> Inspection:
        """Another inspection under the same options but some."""
        made = Inspection(self.realm, {**self.given, **options})
        made.nested = self.nested
        return made

    def options_object(self, *, of_guest: Value) -> JSObject:
        """What a guest's own inspection is given as its options."""
        made = self.realm.make_object()
        for name, value in self.given.items():
            create_data_property(made, name, value)
        create_data_property(made, "stylize", of_guest)
        return made


def registered(realm: Realm, key: str) -> Symbol:
    """20.4.2.2 Symbol.for."""
    registry: dict[str, Symbol] = realm.agent.symbol_registry
    found = registry.get(key)
    if found is None:
        found = registry[key] = Symbol(key)
    return found
