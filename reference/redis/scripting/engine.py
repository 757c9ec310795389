"""The script engine of a server: two Lua states (scripts, functions), what runs, and the commands' entry points."""

from __future__ import annotations

import fnmatch
from time import monotonic
from typing import Callable, Protocol

from lockstep.reference.lua.runtime.state import Evaluator
from lockstep.reference.redis.options import ScriptLimits
from lockstep.reference.redis.scripting import functions, scripts
from lockstep.reference.redis.scripting.budget import ScriptBudget
from lockstep.reference.redis.scripting.execution import Execution
from lockstep.reference.redis.scripting.functions import FunctionEngine, Library, key_of
from lockstep.reference.redis.scripting.payload import dump, restore
from lockstep.reference.redis.scripting.random_numbers import Drand48
from lockstep.reference.redis.scripting.sandbox import new_script_state
from lockstep.reference.redis.scripting.script_state import Host, Run, ScriptState, string_table
from lockstep.reference.redis.scripting.scripts import NO_SCRIPT, CachedScript, ScriptCache
from lockstep.reference.redis.store.interface import Session
from lockstep.reference.redis.wire.replies import Failure, FailureError, MapReply, Reply, SetReply, Status

_OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'."
_WRITES_REFUSED = "ERR Can not execute a script with write flag using *_ro command."


class _Pending:
    """Stands for a reply that is not there yet: the script goes on."""

    def __repr__(self) -> str:
        return "PENDING"


PENDING = _Pending()


class ScriptEvaluator(Evaluator, Protocol):
    """An evaluator that can forget what it knows of flushed scripts."""

    def forget_chunks(self, chunk_name: str) -> None:
        """Forget the sources of every chunk of a name."""


def make_evaluator(name: str) -> ScriptEvaluator:
    """The evaluator `treewalk` or `vm`, with steps counted."""
    if name == "treewalk":
        from lockstep.reference.lua.treewalk.walker import TreeWalker  # one backend at a time

        return TreeWalker()
    from lockstep.reference.lua.vm.machine import Machine  # one backend at a time

    return Machine(metered=True)


class ScriptEngine:
    """Everything of scripting that a server has once."""

    def __init__(
        self, backend: str, limits: ScriptLimits, host: Host, busy_after: Callable[[], float]
    ) -> None:
        self._evaluator = make_evaluator(backend)
        # One generator for all states: flushing them does not start it anew.
        self._random = Drand48()
        self._limits = limits
        self._host = host
        self._busy_after = busy_after
        self.execution = Execution(limits.steps, limits.memory)
        self.scripts = ScriptCache(self._new_state())
        self.functions = FunctionEngine(self._new_state())

    def _new_state(self) -> ScriptState:
        budget = ScriptBudget(self._limits.steps, self._limits.memory, self.execution.pause)
        state = new_script_state(self._evaluator, budget, self._host)
        state.old_random = self._random
        return state

    # Scripts

    def eval(self, words: list[bytes], caller: Session, *, read_only: bool) -> Reply:
        """EVAL and EVAL_RO: the reply, or PENDING."""
        keys, arguments = _split(words, "ERR value is not an integer or out of range")
        return self._run_script(self.scripts.load(words[1]), keys, arguments, words, caller, read_only)

    def evalsha(self, words: list[bytes], caller: Session, *, read_only: bool) -> Reply:
        """EVALSHA and EVALSHA_RO: the reply, or PENDING."""
        found = self.scripts.find(words[1]) if len(words[1]) == 40 else None
        if found is None:
            keys_checked = len(words[1]) == 40
            if keys_checked:
                _split(words, "ERR value is not an integer or out of range")
            raise FailureError(NO_SCRIPT)
        keys, arguments = _split(words, "ERR value is not an integer or out of range")
        return self._run_script(found, keys, arguments, words, caller, read_only)

    def _run_script(
        self,
        script: CachedScript,
        keys: list[bytes],
        arguments: list[bytes],
        words: list[bytes],
        caller: Session,
        read_only: bool,
    ) -> Reply:
        run = Run(script.sha, read_only=read_only)
        if script.declared:
            self._check_flags(script.flags, run, read_only=read_only)
        state = self.scripts.state
        state.set_arguments(keys, arguments)
        execution = self.execution
        execution.command = words
        execution.is_function = False
        self._host.session.begin(caller)
        if execution.start(state, script.function, (), run, busy_after=self._busy_after()):
            return execution.result
        return PENDING

    def _check_flags(self, flags: frozenset[str] | list[str], run: Run, *, read_only: bool) -> None:
        """The checks before a run that declared flags allow."""
        if "no-writes" in flags:
            run.read_only = True
            run.may_exceed_memory = True
            return
        if read_only:
            raise FailureError(_WRITES_REFUSED)
        if "allow-oom" in flags:
            run.may_exceed_memory = True
        elif self._host.out_of_memory():
            raise FailureError(_OUT_OF_MEMORY)

    def script_load(self, body: bytes) -> bytes:
        """SCRIPT LOAD: the SHA1."""
        return self.scripts.load(body).sha.encode()

    def script_flush(self) -> None:
        """SCRIPT FLUSH: the scripts go, and the Lua state with them."""
        self.scripts = ScriptCache(self._new_state())
        self._evaluator.forget_chunks(scripts.CHUNK_NAME)

    # Functions

    def fcall(self, words: list[bytes], caller: Session, *, read_only: bool) -> Reply:
        """FCALL and FCALL_RO: the reply, or PENDING."""
        name = words[1].decode("latin-1")
        function = self.functions.functions.get(key_of(name))
        if function is None:
            raise FailureError("ERR Function not found")
        keys, arguments = _split(words, "ERR Bad number of keys provided")
        run = Run(name)
        self._check_flags(function.flags, run, read_only=read_only)
        execution = self.execution
        execution.command = words
        execution.is_function = True
        self._host.session.begin(caller)
        tables = (string_table(keys), string_table(arguments))
        state = self.functions.state
        if execution.start(state, function.callback, tables, run, busy_after=self._busy_after()):
            return execution.result
        return PENDING

    def function_flush(self) -> None:
        """FUNCTION FLUSH: the libraries go, and the Lua state with them."""
        self.functions = FunctionEngine(self._new_state())
        self._evaluator.forget_chunks(functions.CHUNK_NAME)

    def function_dump(self) -> bytes:
        """FUNCTION DUMP."""
        return dump([library.code for library in self.functions.libraries.values()])

    def function_restore(self, payload: bytes, policy: str) -> None:
        """FUNCTION RESTORE; the libraries are as before where it fails."""
        codes = restore(payload)
        before = self.functions
        if policy == "FLUSH":
            self.functions = FunctionEngine(self._new_state())
        try:
            self.functions.load_all(codes, replace=policy == "REPLACE")
        except FailureError as error:
            self.functions = before
            text = error.failure.text.decode("latin-1")
            if text.endswith("already exists") and "Library '" in text:
                raise FailureError(text.replace("'", "")) from None
            raise

    def function_list(self, pattern: str | None, *, with_code: bool) -> list[Reply]:
        """FUNCTION LIST."""
        return [
            _described(library, with_code=with_code)
            for library in self.functions.libraries.values()
            if pattern is None or fnmatch.fnmatchcase(library.name.lower(), pattern.lower())
        ]

    def function_stats(self) -> Reply:
        """FUNCTION STATS."""
        execution = self.execution
        running: Reply = None
        if execution.busy and execution.is_function and execution.run is not None:
            elapsed = int((monotonic() - execution.started) * 1000)
            running = MapReply(
                [
                    (b"name", execution.run.name.encode("latin-1")),
                    (b"command", list(execution.command)),
                    (b"duration_ms", elapsed),
                ]
            )
        counts = MapReply(
            [
                (b"libraries_count", len(self.functions.libraries)),
                (b"functions_count", len(self.functions.functions)),
            ]
        )
        return MapReply([(b"running_script", running), (b"engines", MapReply([(b"LUA", counts)]))])

    # What runs

    def kill(self, *, function: bool) -> Reply:
        """SCRIPT KILL and FUNCTION KILL."""
        execution = self.execution
        if not execution.busy or execution.run is None:
            return Failure(b"NOTBUSY No scripts in execution right now.")
        if execution.is_function is not function:
            return self.busy_failure()
        if execution.run.wrote:
            return Failure(
                b"UNKILLABLE Sorry the script already executed write commands against the dataset. You can either "
                b"wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command."
            )
        execution.kill()
        return Status(b"OK")

    def busy_failure(self) -> Failure:
        """What other clients get while a script is busy."""
        what = b"FUNCTION" if self.execution.is_function else b"SCRIPT"
        return Failure(
            b"BUSY Redis is busy running a script. You can only call %b KILL or SHUTDOWN NOSAVE." % what
        )


def _split(words: list[bytes], problem: str) -> tuple[list[bytes], list[bytes]]:
    """Keys and arguments of EVAL, EVALSHA, FCALL.

    Raises:
        FailureError: their number is none.
    """
    text = words[2]
    digits = text[1:] if text[:1] == b"-" else text
    if not digits.isdigit() or (digits[:1] == b"0" and text != b"0"):
        raise FailureError(problem)
    count = int(text)
    if count < 0:
        raise FailureError("ERR Number of keys can't be negative")
    if count > len(words) - 3:
        raise FailureError("ERR Number of keys can't be greater than number of args")
    return words[3 : 3 + count], words[3 + count :]


def _described(library: Library, *, with_code: bool) -> MapReply:
    functions: list[Reply] = []
    for function in library.functions.values():
        description = None if function.description is None else function.description.encode("latin-1")
        flags = SetReply([Status(flag.encode()) for flag in function.flags])
        functions.append(
            MapReply(
                [
                    (b"name", function.name.encode("latin-1")),
                    (b"description", description),
                    (b"flags", flags),
                ]
            )
        )
    pairs: list[tuple[Reply, Reply]] = [
        (b"library_name", library.name.encode("latin-1")),
        (b"engine", b"LUA"),
        (b"functions", functions),
    ]
    if with_code:
        pairs.append((b"library_code", library.code))
    return MapReply(pairs)
