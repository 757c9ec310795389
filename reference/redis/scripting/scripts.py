"""EVAL, EVALSHA and SCRIPT: the cache of scripts by their SHA1."""

from __future__ import annotations

import hashlib

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.lua.runtime.values import LuaFunction
from lockstep.reference.redis.scripting.script_state import ScriptState
from lockstep.reference.redis.scripting.shebang import read_script
from lockstep.reference.redis.wire.replies import FailureError

CHUNK_NAME = "@user_script"
NO_SCRIPT = "NOSCRIPT No matching script. Please use EVAL."


class CachedScript:
    """A compiled script.

    Attributes:
        sha: SHA1 of its whole text, in hexadecimal.
        body: its whole text.
        function: its main function in the state that the cache belongs to.
        declared: its first line declares flags, so that checks come before the run.
        flags: what it declares.
    """

    __slots__ = ("body", "declared", "flags", "function", "sha")

    def __init__(
        self, sha: str, body: bytes, function: LuaFunction, declared: bool, flags: frozenset[str]
    ) -> None:
        self.sha = sha
        self.body = body
        self.function = function
        self.declared = declared
        self.flags = flags


class ScriptCache:
    """The scripts of one Lua state; both go together when the cache is flushed."""

    def __init__(self, state: ScriptState) -> None:
        self.state = state
        self._by_sha: dict[str, CachedScript] = {}
        self._by_body: dict[bytes, CachedScript] = {}

    def __len__(self) -> int:
        return len(self._by_sha)

    def find(self, sha: bytes) -> CachedScript | None:
        """The script with this SHA1, in either case."""
        return self._by_sha.get(sha.decode("latin-1").lower())

    def load(self, body: bytes) -> CachedScript:
        """The script with this text, compiled on first use.

        Raises:
            FailureError: it does not compile.
        """
        found = self._by_body.get(body)
        if found is not None:
            return found
        script = read_script(body.decode("latin-1"))
        state = self.state
        try:
            function = state.evaluator.load(state, script.text, CHUNK_NAME, state.globals)
        except GuestSyntaxError as error:
            raise FailureError(f"ERR Error compiling script (new function): {error.message}") from None
        except RecursionError:
            raise FailureError(
                "ERR Error compiling script (new function): user_script:1: chunk has too many syntax levels"
            ) from None
        sha = hashlib.sha1(body, usedforsecurity=False).hexdigest()
        cached = CachedScript(sha, body, function, script.declared, script.flags)
        self._by_sha[sha] = self._by_body[body] = cached
        return cached
