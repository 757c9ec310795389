"""Libraries of functions: FUNCTION and FCALL."""

from __future__ import annotations

from typing import NoReturn

from lockstep.reference.host.errors import GuestSyntaxError, LimitExceeded
from lockstep.reference.lua.runtime.formats.text import to_string
from lockstep.reference.lua.runtime.library.registration import functions_of, register, rows
from lockstep.reference.lua.runtime.operations.calls import call_value
from lockstep.reference.lua.runtime.stack.protection import error_value
from lockstep.reference.lua.runtime.values import (
    NO_VALUES,
    Function,
    LuaError,
    Results,
    Table,
    Value,
)
from lockstep.reference.redis.scripting.conversion import error_table
from lockstep.reference.redis.scripting.errors import error_message
from lockstep.reference.redis.scripting.library import LOG_LEVELS, VERSIONS, lua_log
from lockstep.reference.redis.scripting.read_only import protect, replace_fields
from lockstep.reference.redis.scripting.script_state import Run, ScriptState
from lockstep.reference.redis.scripting.shebang import BAD_NAME, FLAGS, is_name, read_library
from lockstep.reference.redis.wire.replies import FailureError

LUA_LIBRARY = True
CHUNK_NAME = "@user_function"
_LOAD_SECONDS = 0.5


def key_of(name: str) -> str:
    """What a function is found by: FCALL takes its name in any case."""
    return name.lower()


class RegisteredFunction:
    """A function of a library.

    Attributes:
        name: what FCALL calls it.
        callback: the Lua function; it takes the tables of keys and arguments.
        flags: as for scripts.
        description: free text, or None.
    """

    __slots__ = ("callback", "description", "flags", "library", "name")

    def __init__(self, name: str, callback: Function, flags: list[str], description: str | None) -> None:
        self.name = name
        self.callback = callback
        self.flags = flags
        self.description = description
        self.library: Library | None = None


class Library:
    """A library: its name, its text, its functions."""

    def __init__(self, name: str, code: bytes) -> None:
        self.name = name
        self.code = code
        self.functions: dict[str, RegisteredFunction] = {}


class FunctionEngine:
    """The libraries of a server, in one Lua state of their own.

    Args:
        state: that state; its globals are replaced while a library loads.
    """

    def __init__(self, state: ScriptState) -> None:
        self.state = state
        fields = dict(state.globals.__dict__)
        for name in ("KEYS", "ARGV", "__redis__err__handler"):
            fields.pop(name, None)
        self._globals = fields
        redis = register(state, Table(), functions_of(ROWS))
        redis.__dict__.update({**LOG_LEVELS, **VERSIONS})
        redis.meta_table = state.globals.meta_table
        protect(redis)
        self._loading_globals: dict[str, Value] = {"redis": redis}
        replace_fields(state.globals, fields)
        self.libraries: dict[str, Library] = {}
        self.functions: dict[str, RegisteredFunction] = {}

    def load(self, code: bytes, *, replace: bool) -> Library:
        """Load a library.

        Raises:
            FailureError: it is refused; the libraries are as before.
        """
        return self.load_all([code], replace=replace)[0]

    def load_all(self, codes: list[bytes], *, replace: bool) -> list[Library]:
        """Load libraries, all or none.

        Raises:
            FailureError: one is refused; the libraries are as before.
        """
        before = dict(self.libraries), dict(self.functions)
        try:
            return [self._load(code, replace=replace) for code in codes]
        except FailureError:
            self.libraries, self.functions = before
            raise

    def _load(self, code: bytes, *, replace: bool) -> Library:
        text = read_library(code.decode("latin-1"))
        known = self.libraries.get(text.name)
        if known is not None and not replace:
            raise FailureError(f"ERR Library '{text.name}' already exists")
        made = Library(text.name, code)
        self._run(text.text, made)
        if not made.functions:
            raise FailureError("ERR No functions registered")
        for name in made.functions:
            other = self.functions.get(key_of(name))
            if other is not None and other.library is not known:
                raise FailureError(f"ERR Function {name} already exists")
        self._remove(known)
        self.libraries[made.name] = made
        self.functions.update({key_of(name): one for name, one in made.functions.items()})
        return made

    def _run(self, text: str, made: Library) -> None:
        state = self.state
        replace_fields(state.globals, self._loading_globals)
        state.loading = made
        try:
            try:
                function = state.evaluator.load(state, text, CHUNK_NAME, state.globals)
            except GuestSyntaxError as error:
                raise FailureError(f"ERR Error compiling function: {error.message}") from None
            state.run = Run("")
            state.clock.begin(_LOAD_SECONDS, final=True)
            try:
                call_value(state, function)
            except (LuaError, RecursionError) as error:
                message = error_message(state, error_value(error))
                error.__traceback__ = None
                raise FailureError(f"ERR Error registering functions: {message}") from None
            except LimitExceeded:
                raise FailureError("ERR Error registering functions: ERR FUNCTION LOAD timeout") from None
        finally:
            state.loading = None
            replace_fields(state.globals, self._globals)

    def _remove(self, library_: Library | None) -> None:
        if library_ is not None:
            del self.libraries[library_.name]
            for name in library_.functions:
                self.functions.pop(key_of(name), None)

    def delete(self, name: str) -> None:
        """Remove a library.

        Raises:
            FailureError: there is none of this name.
        """
        known = self.libraries.get(name)
        if known is None:
            raise FailureError("ERR Library not found")
        self._remove(known)


# What a library calls while it loads


def _fail(text: str) -> NoReturn:
    raise LuaError(error_table(f"ERR {text}".encode("latin-1")))


def lua_register_function(state: ScriptState, *arguments: Value) -> Results:
    """`redis.register_function(name, callback)`, or of a table with named arguments."""
    if not 1 <= len(arguments) <= 2:
        _fail("wrong number of arguments to redis.register_function")
    if len(arguments) == 1:
        made = _from_table(state, arguments[0])
    else:
        made = _from_pair(state, arguments[0], arguments[1])
    if not is_name(made.name):
        _fail(BAD_NAME)
    into = state.loading
    if into is None:
        _fail("redis.register_function can only be called on FUNCTION LOAD command")
    if made.name in into.functions:
        _fail("Function already exists in the library")
    made.library = into
    into.functions[made.name] = made
    return NO_VALUES


def _name_of(state: ScriptState, value: Value, problem: str) -> str:
    if type(value) not in (str, int, float):
        _fail(problem)
    return str(to_string(state, value))


def _from_pair(state: ScriptState, name: Value, callback: Value) -> RegisteredFunction:
    text = _name_of(state, name, "first argument to redis.register_function must be a string")
    if not isinstance(callback, Function):
        _fail("second argument to redis.register_function must be a function")
    return RegisteredFunction(text, callback, [], None)


def _from_table(state: ScriptState, table: Value) -> RegisteredFunction:
    if not isinstance(table, Table):
        _fail(
            "calling redis.register_function with a single argument is only applicable to Lua table "
            "(representing named arguments)."
        )
    name: str | None = None
    description: str | None = None
    callback: Function | None = None
    flags: list[str] = []
    if len(table.array_part) > 1 or table.hash_part:
        _fail("named argument key given to redis.register_function is not a string")
    for key, value in table.__dict__.items():
        if key == "function_name":
            name = _name_of(
                state, value, "function_name argument given to redis.register_function must be a string"
            )
        elif key == "description":
            description = _name_of(
                state, value, "description argument given to redis.register_function must be a string"
            )
        elif key == "callback":
            if not isinstance(value, Function):
                _fail("callback argument given to redis.register_function must be a function")
            callback = value
        elif key == "flags":
            if not isinstance(value, Table):
                _fail("flags argument to redis.register_function must be a table representing function flags")
            flags = _flags(value)
        else:
            _fail("unknown argument given to redis.register_function")
    if name is None:
        _fail("redis.register_function must get a function name argument")
    if callback is None:
        _fail("redis.register_function must get a callback argument")
    return RegisteredFunction(name, callback, flags, description)


def _flags(table: Table) -> list[str]:
    found: list[str] = []
    for value in table.array_part[1:]:
        if value not in FLAGS:
            _fail("unknown flag given")
        if value not in found:
            found.append(value)
    return sorted(found, key=FLAGS.index)


# What a library finds while it loads.
ROWS = rows(
    ("log", lua_log, 2, "lua-api", "7.0.0"),
    ("register_function", lua_register_function, 2, "lua-api", "7.0.0"),
)
