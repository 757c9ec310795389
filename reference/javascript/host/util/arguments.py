"""`util.parseArgs`: the words of a command line as options and positionals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import coded_error, null_object, wrong_type
from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import (
    create_list_from_array_like,
    enumerable_own_keys,
    get,
)
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class _Words:
    """One call: its configuration, and what it found."""

    def __init__(self, realm: Realm, configuration: Value) -> None:
        self.realm = realm
        holder = configuration if isinstance(configuration, JSObject) else realm.make_object()
        options = get(holder, "options")
        self.options: dict[str, JSObject] = {}
        if isinstance(options, JSObject):
            for name in enumerable_own_keys(realm, options):
                option = get(options, name)
                if not isinstance(option, JSObject):
                    raise wrong_type(realm, f'The "options.{name}" property', "of type object", option)
                self.options[name] = option
        self.strict = self._flag(holder, "strict", True)
        self.positionals_allowed = self._flag(holder, "allowPositionals", not self.strict)
        self.negatives_allowed = self._flag(holder, "allowNegative", False)
        given = get(holder, "args")
        words = (
            list(hosting_of(realm).arguments)
            if given is undefined
            else create_list_from_array_like(realm, given)
        )
        self.words = [to_string(word) for word in words]
        self.values = object_create(null)
        self.positionals: list[Value] = []

    def _flag(self, holder: JSObject, name: str, default: bool) -> bool:
        value = get(holder, name)
        return default if value is undefined else to_boolean(value)

    def fail(self, code: str, text: str) -> ThrowCompletion:
        """An error of parsing."""
        return coded_error(self.realm, "TypeError", code, text)

    def kind(self, name: str) -> str:
        """`string`, `boolean`, or "" for an option that nobody knows."""
        option = self.options.get(name)
        return "" if option is None else to_string(get(option, "type"))

    def long_name(self, letter: str) -> str:
        """The option that a letter is short for."""
        for name, option in self.options.items():
            if get(option, "short") == letter:
                return name
        return letter

    def store(self, name: str, value: Value, shown: str) -> None:
        """Note an option with its value; undefined where none was given."""
        kind = self.kind(name)
        if self.strict:
            if not kind:
                hint = (
                    f". To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- \"{shown}\""
                    if self.positionals_allowed
                    else ""
                )
                raise self.fail("ERR_PARSE_ARGS_UNKNOWN_OPTION", f"Unknown option '{shown}'{hint}")
            if kind == "string" and value is undefined:
                short = get(self.options[name], "short")
                dash = f"-{short}, " if short is not undefined else ""
                raise self.fail(
                    "ERR_PARSE_ARGS_INVALID_OPTION_VALUE", f"Option '{dash}--{name} <value>' argument missing"
                )
            if kind == "boolean" and value.__class__ is str:
                short = get(self.options[name], "short")
                dash = f"-{short}, " if short is not undefined else ""
                raise self.fail(
                    "ERR_PARSE_ARGS_INVALID_OPTION_VALUE",
                    f"Option '{dash}--{name}' does not take an argument",
                )
        stored = True if value is undefined else value
        option = self.options.get(name)
        if option is not None and to_boolean(get(option, "multiple")):
            before = get(self.values, name)
            if isinstance(before, JSArray):
                before.elements_.append(stored)
                return
            stored = self.realm.make_array([stored])
        self.values.define_own_property(name, plain(stored))

    def parse(self) -> None:
        """Read the words."""
        words = self.words
        place = 0
        while place < len(words):
            word = words[place]
            place += 1
            if word == "--":
                for rest in words[place:]:
                    self.positional(rest)
                return
            if word.startswith("--"):
                place = self.long(word, place)
            elif word.startswith("-") and word != "-":
                place = self.short(word, place)
            else:
                self.positional(word)

    def positional(self, word: str) -> None:
        """A word that is no option."""
        if not self.positionals_allowed:
            raise self.fail(
                "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL",
                f"Unexpected argument '{word}'. This command does not take positional arguments",
            )
        self.positionals.append(word)

    def long(self, word: str, place: int) -> int:
        """`--name`, `--name=value`, `--no-name`."""
        name, equals, value = word[2:].partition("=")
        if equals:
            self.store(name, value, f"--{name}")
            return place
        if self.negatives_allowed and name.startswith("no-") and self.kind(name[3:]) == "boolean":
            self.values.define_own_property(name[3:], plain(False))
            return place
        if self.kind(name) == "string" and place < len(self.words):
            self._check_value(name, self.words[place], f"--{name}")
            self.store(name, self.words[place], word)
            return place + 1
        self.store(name, undefined, word)
        return place

    def _check_value(self, name: str, value: str, shown: str) -> None:
        if self.strict and value.startswith("-") and len(value) > 1:
            raise self.fail(
                "ERR_PARSE_ARGS_INVALID_OPTION_VALUE",
                f"Option '{shown}' argument is ambiguous.\nDid you forget to specify the option argument for '{shown}'?\n"
                f"To specify an option argument starting with a dash use '--{name}=-XYZ'.",
            )

    def short(self, word: str, place: int) -> int:
        """`-x`, `-xyz`, `-xvalue`."""
        letters = word[1:]
        for index, letter in enumerate(letters):
            name = self.long_name(letter)
            if self.kind(name) == "string":
                rest = letters[index + 1 :]
                if rest:
                    self.store(name, rest, f"-{letter}")
                    return place
                if place < len(self.words):
                    self._check_value(name, self.words[place], f"-{letter}")
                    self.store(name, self.words[place], f"-{letter}")
                    return place + 1
            self.store(name, undefined, f"-{letter}")
        return place

    def add_defaults(self) -> None:
        """Options that were not given have their defaults."""
        for name, option in self.options.items():
            default = get(option, "default")
            if default is not undefined and self.values.get_own_property(name) is None:
                self.values.define_own_property(name, plain(default))


def make_parse_args(realm: Realm) -> JSObject:
    """`util.parseArgs`."""

    def parse_args(_this: Value, configuration: Value = undefined, *_rest: Value) -> Value:
        words = _Words(realm, configuration)
        words.parse()
        words.add_defaults()
        rows: list[tuple[str, Value]] = [
            ("values", words.values),
            ("positionals", realm.make_array(words.positionals)),
        ]
        return null_object(rows, realm.object_prototype)

    return native(realm, parse_args, 0, "parseArgs")
