"""The stand-alone interpreter (manual 7), which the reference implementation writes as a C function like any other.

It lives among the libraries because the call stack shows its functions as it shows theirs.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import Callable

from lockstep.reference.lua.runtime.formats.text import guest_text, host_text, to_string
from lockstep.reference.lua.runtime.library.basic import load_file, load_text
from lockstep.reference.lua.runtime.library.registration import register
from lockstep.reference.lua.runtime.operations.calls import call_value, values
from lockstep.reference.lua.runtime.operations.conversion import type_name
from lockstep.reference.lua.runtime.operations.indexing import index, set_index
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.protection import protected_call
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, Builtin, Results, Table, Value

_PROMPTS = (("_PROMPT", "> "), ("_PROMPT2", ">> "))
_STDIN = "=stdin"
_USAGE = """\
usage: {name} [options] [script [args]]
Available options are:
  -e stat    run the text 'stat'
  -l mod     require 'mod'{into}
  -i         be interactive after the script
  -v         show which version this is{more}
  --         end of the options
  -          end of the options; the script is standard input
"""
_MORE = """
  -E         take nothing from the environment
  -W         turn warnings on"""
_INTO = """ into the global 'mod'
  -l g=mod   require 'mod' into the global 'g'"""


class UsageError(Exception):
    """The command line is wrong; the argument is the option, or "" where 5.1 does not say."""


@dataclass
class CommandLine:
    """What `lua`'s arguments ask for.

    Attributes:
        words: all of them, the program's name first.
        script: where the script stands among them; 0 if there is none.
        steps: `-e`, `-l` and `-W` in order, with their arguments.
        interactive: `-i`.
        version: `-v` or `-i`.
        no_environment: `-E`.
    """

    words: list[str]
    script: int = 0
    steps: list[tuple[str, str]] = field(default_factory=list)
    interactive: bool = False
    version: bool = False
    no_environment: bool = False

    @property
    def runs_code(self) -> bool:
        """Whether `-e` is among the options."""
        return any(letter == "e" for letter, _ in self.steps)


def parse_command_line(words: list[str], *, modern: bool) -> CommandLine:
    """Read the options; `modern` for 5.2 and later. Raises UsageError."""
    line = CommandLine(words)
    flags = "ivEW" if modern else "iv"
    position = 1
    while position < len(words):
        word = words[position]
        if not word.startswith("-") or word == "-":
            line.script = position
            break
        letter, rest = word[1], word[2:]
        if letter == "-" or letter in flags:
            if rest:
                raise UsageError(word if modern else "")
            if letter == "-":
                line.script = position + 1 if position + 1 < len(words) else 0
                break
            line.interactive |= letter == "i"
            line.version |= letter in "iv"
            line.no_environment |= letter == "E"
            if letter == "W":
                line.steps.append((letter, ""))
        elif letter in "el":
            if not rest:
                position += 1
                if position >= len(words) or (modern and words[position].startswith("-")):
                    raise UsageError(word if modern else "")
                rest = words[position]
            line.steps.append((letter, rest))
        else:
            raise UsageError(word if modern else "")
        position += 1
    return line


def usage(name: str, option: str, *, modern: bool) -> str:
    """What a wrong command line prints."""
    text = ""
    if option:
        problem = f"'{option}' needs argument" if option[1] in "el" else f"unrecognized option '{option}'"
        text = f"{name}: {problem}\n"
    return text + _USAGE.format(name=name, into=_INTO if modern else "", more=_MORE if modern else "")


class StandAlone:
    """One run of the interpreter in a fresh state.

    Args:
        state: the state, its libraries open.
        line: what to do.
        banner: what `-v` prints.
        read_line: reads a line for a person, after a prompt; None where standard input is no terminal.
    """

    def __init__(
        self, state: State, line: CommandLine, banner: str, read_line: Callable[[str], str] | None
    ) -> None:
        self.state = state
        self.line = line
        self._banner = banner
        self._read_line = read_line
        self._name: str | None = line.words[0]
        handlers = register(state, Table(), {"handler": lua_message_handler}).__dict__
        self._handler = handlers["handler"]

    def run(self) -> int:
        """Do it all; the exit status. What the guest raises ends in a message on standard error."""
        status, *rest = protected_call(self.state, Builtin(self._main, "main"), (), None)
        if status is FALSE:
            self._report(rest[0])
            return 1
        return 0 if rest[0] == 1 else 1

    def _main(self, *_: Value) -> Results:
        """What `main` does in protected mode: 1 when all went well, else 0."""
        state, line = self.state, self.line
        modern = state.integers
        if modern:
            if line.version:
                self._write(self._banner + "\n")
            self._set_arguments()
        if not line.no_environment and not self._run_initial():
            return 0
        if not modern and line.version:
            self._message(None, self._banner)
        if not all(self._step(letter, text) for letter, text in line.steps):
            return 0
        if line.script and not self._script():
            return 0
        if line.interactive:
            self._interact()
        elif not line.script and not line.runs_code and not line.version:
            if self._read_line is not None:
                self._write(self._banner + "\n")
                self._interact()
            else:
                return int(self._call_loaded(load_file(state, None, "bt", state.globals)))
        return 1

    # Pieces of code, each in protected mode: whether it ended well

    def _run_initial(self) -> bool:
        """`LUA_INIT`, this version's own first (5.4)."""
        state = self.state
        names = ["LUA_INIT"]
        if state.integers:
            names.insert(0, "LUA_INIT_" + state.profile.name.replace(".", "_"))
        for name in names:
            text = state.permissions.variable(name)
            if text is not None:
                if text.startswith("@"):
                    return self._call_loaded(load_file(state, text[1:], "bt", state.globals))
                return self._text(text, "=" + name)
        return True

    def _step(self, letter: str, text: str) -> bool:
        text = guest_text(text)
        if letter == "W":
            self.state.warnings_on = True
            return True
        if letter == "e":
            return self._text(text, "=(command line)")
        return self._library(text)

    def _library(self, text: str) -> bool:
        """`-l`: the module's value goes into a global (5.4)."""
        state = self.state
        name, given, module = text.partition("=")
        if not given or not state.integers:
            module = text
            # The suffix of a version does not belong to the global's name.
            name = text.partition("-")[0]
        results = self._call(index(state, state.globals, "require"), (module,))
        if results is None:
            return False
        if state.integers:
            set_index(state, state.globals, name, results[0] if results else None)
        return True

    def _text(self, text: str, name: str) -> bool:
        return self._call_loaded(load_text(self.state, text, name, "bt", self.state.globals))

    def _call_loaded(self, loaded: Results, arguments: tuple[Value, ...] = ()) -> bool:
        """Call a compiled chunk; [nil, message] is why it was not compiled."""
        if type(loaded) is list:
            self._report(loaded[1])
            return False
        return self._call(loaded, arguments) is not None

    def _call(self, function: Value, arguments: tuple[Value, ...]) -> list[Value] | None:
        """The results of a call; None after its error was reported."""
        ended = protected_call(self.state, function, arguments, self._handler)
        if ended[0] is FALSE:
            self._report(ended[1])
            return None
        return ended[1:]

    # The script and its arguments

    def _set_arguments(self) -> None:
        """The global `arg`: the script at 0, its arguments from 1, what stands before it below."""
        words, script = self.line.words, self.line.script
        table = Table()
        for position, word in enumerate(words):
            set_index(self.state, table, position - script, guest_text(word))
        set_index(self.state, self.state.globals, "arg", table)

    def _script(self) -> bool:
        state, line = self.state, self.line
        if not state.integers:
            self._set_arguments()
        name: str | None = guest_text(line.words[line.script])
        if name == "-" and line.words[line.script - 1] != "--":
            name = None
        loaded = load_file(state, name, "bt", state.globals)
        if type(loaded) is list:
            return self._call_loaded(loaded)
        return self._call_loaded(loaded, self._script_arguments())

    def _script_arguments(self) -> tuple[Value, ...]:
        state, line = self.state, self.line
        if not state.integers:
            return tuple(guest_text(word) for word in line.words[line.script + 1 :])
        table = index(state, state.globals, "arg")
        if not isinstance(table, Table):
            runtime_error("'arg' is not a table", 0)
        return tuple(index(state, table, position) for position in range(1, len(table.array_part)))

    # Interactive mode

    def _interact(self) -> None:
        name, self._name = self._name, None
        while True:
            loaded = self._read_chunk()
            if loaded is None:
                break
            if type(loaded) is list:
                self._report(loaded[1])
                continue
            results = self._call(loaded, ())
            if results:
                self._print(results)
        self._write("\n")
        self.state.output.flush()
        self._name = name

    def _print(self, results: list[Value]) -> None:
        state = self.state
        status, *rest = protected_call(state, index(state, state.globals, "print"), tuple(results), None)
        if status is FALSE:
            self._message(None, f"error calling 'print' ({self._text_of(rest[0])})")

    def _read_chunk(self) -> Results:
        """A compiled statement or expression; [nil, message] if it is none; None at the end of the input."""
        state = self.state
        text = self._prompted(first=True)
        if text is None:
            return None
        if text.startswith("="):
            text = "return " + text[1:]
        if state.integers:
            loaded = load_text(state, "return " + text, _STDIN, "t", state.globals)
            if type(loaded) is not list:
                return loaded
        while True:
            loaded = load_text(state, text, _STDIN, "t", state.globals)
            if type(loaded) is not list or not str(loaded[1]).endswith(("<eof>", "'<eof>'")):
                return loaded
            more = self._prompted(first=False)
            if more is None:
                return loaded
            text += "\n" + more

    def _prompted(self, *, first: bool) -> str | None:
        """A line without its end; None where there is none."""
        state = self.state
        name, default = _PROMPTS[0 if first else 1]
        given = index(state, state.globals, name)
        if state.integers:
            prompt = default if given is None else str(to_string(state, given))
        else:
            prompt = str(to_string(state, given)) if type(given) in (str, int, float) else default
        if self._read_line is not None:
            state.output.flush()
            try:
                return guest_text(self._read_line(host_text(prompt)))
            except EOFError:
                return None
        self._write(prompt)
        state.output.flush()
        read: str = state.default_files["stdin"].stream.read_line().decode("latin-1")
        if not read:
            return None
        # Builds with line editing show what they read, so that the output is a transcript.
        line = read.removesuffix("\n")
        self._write(line + "\n")
        return line

    # Messages

    def _write(self, text: str) -> None:
        self.state.output.write(host_text(text))

    def _report(self, value: Value) -> None:
        if value is None and not self.state.integers:
            return
        self._message(self._name, self._text_of(value))

    def _text_of(self, value: Value) -> str:
        if type(value) in (str, int, float):
            return str(to_string(self.state, value))
        return "(error message not a string)" if self.state.integers else "(error object is not a string)"

    def _message(self, name: str | None, text: str) -> None:
        self.state.output.flush()
        shown = f"{name}: {host_text(text)}\n" if name else host_text(text) + "\n"
        sys.stderr.flush()
        os.write(2, shown.encode("utf-8", "surrogateescape"))


def lua_message_handler(state: State, *arguments: Value) -> Results:
    """The message handler of the interpreter: a message gets a traceback."""
    value = arguments[0] if arguments else None
    if not state.integers:
        if type(value) not in (str, int, float):
            return value
        library = index(state, state.globals, "debug")
        traceback = index(state, library, "traceback") if isinstance(library, Table) else None
        return value if traceback is None else call_value(state, traceback, value, 2)
    if type(value) not in (str, int, float):
        handler = state.metamethod(value, "__tostring")
        if handler is not None:
            shown = values(call_value(state, handler, value))
            if shown and type(shown[0]) is str:
                return shown[0]
        value = f"(error object is a {type_name(value)} value)"
    library = state.loaded.__dict__["debug"]
    return call_value(state, library.__dict__["traceback"], value, 2)
