"""Python in the hands of an embedder: see docs/embedding.md for what becomes of which value."""

from __future__ import annotations

import weakref
from collections.abc import Generator, Iterator
from types import CoroutineType
from typing import Any, Callable, TypeVar

from lockstep.reference.host.deep_stack import RECURSION_LIMIT
from lockstep.reference.host.embedding.errors import GuestError
from lockstep.reference.host.embedding.guest import (
    Failure,
    Guest,
    HostError,
    MissingKey,
    NoFormError,
    Opening,
    Pending,
    public_attribute,
)
from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError
from lockstep.reference.host.limits import Budget
from lockstep.reference.host.process import PROCESS
from lockstep.reference.python.runtime.dispatch.attributes import get_attribute, set_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.dispatch.containers import (
    get_item,
    get_iterator,
    length,
    next_of,
    set_item,
)
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.sealed import BuiltinFunction
from lockstep.reference.python.runtime.type_info import name_of, slot_of
from lockstep.reference.python.state import Backend, PythonState, release, report
from lockstep.reference.python.syntax.parse import UnsupportedSyntaxError

_ATOMS = (type(None), bool, int, float, complex, str, bytes)
_CONTAINERS = (list, tuple, dict, set, frozenset, bytearray)
# What stands for objects and coroutines of the host's: classes of the guest's own, since those are all that it may see.
_STAND_INS = """\
class HostObject:
    __slots__ = ("__weakref__",)
    def __getattr__(self, name): return read(self, name)
    def __setattr__(self, name, value): raise AttributeError("an object of the host cannot be changed")
    def __repr__(self): return show(self)
class HostAwaitable:
    __slots__ = ("__weakref__",)
    def __await__(self): return (yield self)
"""
_DEEPEST_CAUSE = 16

Result = TypeVar("Result")


class PythonGuest(Guest):
    """One interpreter, for an embedder."""

    # A guest waits for itself, by `await`.
    blocks = False

    def __init__(self, backend: Backend, opening: Opening) -> None:
        super().__init__(opening)
        self.state = PythonState(backend, Program("", roots=opening.roots), opening.budget, opening.output)
        self.state.prepare(Program(""), opening.budget)
        self.budget = opening.budget
        # The host functions and objects that guest objects stand for.
        self.functions: dict[int, tuple[Any, Callable[..., Value]]] = {}
        self.originals: weakref.WeakKeyDictionary[object, object] = weakref.WeakKeyDictionary()
        # The host exceptions that guest ones of this run stand for, by identity.
        self.origins: dict[int, tuple[BaseException, BaseException]] = {}
        self._classes: dict[str, Value] = {}

    # Running

    def use_budget(self, budget: Budget) -> None:
        """See Guest."""
        self.budget = budget
        self.state.evaluator.use_budget(budget)

    def after_run(self) -> None:
        """See Guest."""
        self.origins.clear()

    def _within(self, action: Callable[..., Result], *arguments: Value) -> Result:
        """Do what may run guest code; a limit that ended it is not forgotten where a guest's `finally` went on."""
        found: Result = self.state.within(lambda: self.state.evaluator.limited(action, *arguments))
        if self.budget.steps < 0:
            self.budget.exhausted()
        return found

    def evaluate(self, program: Program) -> Value:
        """See Guest: the value of a last expression."""
        self.state.prepare(program, self.budget)
        found = self.state.within(lambda: self.state.value_of(program, want_value=True))
        if self.budget.steps < 0:
            self.budget.exhausted()
        return found

    def call(self, function: Value, arguments: list[Value]) -> Value:
        """See Guest."""
        return self._within(call, function, tuple(arguments), {})

    def invoke(self, target: Value, name: str, arguments: list[Value]) -> Value:
        """See Guest."""
        return self._within(lambda: call(get_attribute(target, name), tuple(arguments), {}))

    def awaiting(self, value: Value) -> Generator[Value, Value, Value]:
        """See Guest: drives a coroutine, and waits for the host coroutines that it awaits."""
        while type(value) is CoroutineType:
            coroutine: Any = value
            result: object = None
            failure: BaseException | None = None
            while True:
                step = coroutine.send if failure is None else coroutine.throw
                ended: list[Value] = []

                def advance(
                    step: Any = step, passed: Value = failure or result, ended: list[Value] = ended
                ) -> Value:
                    try:
                        return step(passed)
                    except StopIteration as end:
                        ended.append(end.value)
                        return None

                waited = self._within(advance)
                if ended:
                    value = ended[0]
                    break
                pending = self.originals.get(waited) if _weak(waited) else None
                result = failure = None
                if not isinstance(pending, Pending):
                    failure = RuntimeError("a coroutine waits for what is no host coroutine")
                    continue
                try:
                    given = yield pending
                    result = self.to_guest(given)
                except Exception as error:  # of the host coroutine; the guest's from here on
                    failure = self.thrown(error)
        return value

    # Globals

    def get_global(self, name: str) -> Value:
        """See Guest: of `__main__`, or a builtin."""
        for names in (self.state.main.__dict__, self.state.interpreter.builtins):
            if name in names:
                return names[name]
        raise MissingKey(name)

    def set_global(self, name: str, value: Value) -> None:
        """See Guest."""
        self.state.main.__dict__[name] = value

    def delete_global(self, name: str) -> None:
        """See Guest."""
        if name not in self.state.main.__dict__:
            raise MissingKey(name)
        del self.state.main.__dict__[name]

    # What handles do

    def get_item(self, target: Value, key: Value) -> Value:
        """See Guest: `target[key]`; where that cannot be, the attribute `key`."""
        if slot_of(target, "mp_subscript") is None and type(key) is str:
            return self._within(get_attribute, target, key)
        return self._within(get_item, target, key)

    def set_item(self, target: Value, key: Value, value: Value) -> None:
        """See Guest: likewise."""
        if slot_of(target, "mp_ass_subscript") is None and type(key) is str:
            self._within(set_attribute, target, key, value)
        else:
            self._within(set_item, target, key, value)

    def length(self, target: object) -> int:
        """See Guest."""
        return self._within(length, target)

    def keys(self, target: Value) -> Iterator[Value]:
        """See Guest: what `for` gives."""

        def taken() -> list[Value]:
            iterator = get_iterator(target)
            advance, found = next_of(iterator), []
            while True:
                self.budget.step()
                try:
                    found.append(advance(iterator))
                except StopIteration:
                    return found

        return iter(self._within(taken))

    def text(self, value: Value) -> str:
        """See Guest: `str(value)`."""
        return str(self._within(lambda: call(str, (value,), {})))

    def kind(self, value: Value) -> str:
        """See Guest: the name of the type."""
        return str(name_of(value))

    # Errors

    def failure(self, error: BaseException) -> Failure:
        """See Guest."""
        if isinstance(error, GuestSyntaxError):
            return Failure(error.report())
        if isinstance(error, UnsupportedSyntaxError):
            return Failure(ErrorReport("parse", "syntax_error", "SyntaxError", str(error)))
        origin = self.origins.get(id(error))
        if isinstance(error, SystemExit):
            told = ErrorReport(
                "eval", "value_error", "SystemExit", f"the program asked to exit ({error.code})"
            )
            return Failure(told, (error.code,))
        found = Failure(
            report(error), (error,), self._cause(error, _DEEPEST_CAUSE), None if origin is None else origin[1]
        )
        release(error)
        return found

    def _cause(self, error: BaseException, deepest: int) -> Failure | None:
        cause = error.__cause__
        if cause is None or deepest == 0:
            return None
        return Failure(report(cause), (cause,), self._cause(cause, deepest - 1))

    def thrown(self, error: BaseException) -> BaseException:
        """What a host function's exception is inside: the guest's own as it was, a built-in one, or the nearest of those."""
        if isinstance(error, GuestError) and error.value is not None:
            value = self.to_guest(error.value)
            if isinstance(value, BaseException):
                return value
        kind = next(cls for cls in type(error).__mro__ if cls.__module__ == "builtins")
        try:
            made = kind(*error.args) if kind is type(error) else kind(str(error))
        except Exception:  # one that takes other arguments, such as UnicodeDecodeError
            made = RuntimeError(str(error))
        if not isinstance(made, Exception):
            made = RuntimeError(str(error))
        self.origins[id(made)] = made, error
        return made

    # Values

    def host_form(self, value: Value, seen: dict[int, object]) -> object:
        """See Guest."""
        kind = type(value)
        if kind in _ATOMS:
            return value
        if id(value) in seen:
            return seen[id(value)]
        if kind in _CONTAINERS:
            return self._copied(value, kind, seen, self.to_host)
        if kind is BuiltinFunction and id(value) in self.functions:
            return self.functions[id(value)][1]
        if _weak(value) and value in self.originals:
            return self.originals[value]
        raise NoFormError

    def guest_form(self, value: object, seen: dict[int, object]) -> Value:
        """See Guest."""
        kind = type(value)
        if kind in _ATOMS:
            return value
        for base in (*_ATOMS[2:], *_CONTAINERS):
            if isinstance(value, base):
                if base not in _CONTAINERS:
                    return _plain(base, value)
                return (
                    seen[id(value)] if id(value) in seen else self._copied(value, base, seen, self.to_guest)
                )
        if callable(value):
            return self._builtin(value)
        return self.stand_in(value, lambda original: self._standing_in("HostObject", original))

    def _copied(self, value: Any, kind: type, seen: dict[int, Value], one: Callable[..., Value]) -> object:
        self.budget.take(len(value) >> 4)
        if kind is list:
            made: Any = []
            seen[id(value)] = made
            made.extend(one(item, seen) for item in value)
        elif kind is dict:
            made = seen[id(value)] = {}
            for key, item in value.items():
                made[one(key, seen)] = one(item, seen)
        elif kind is bytearray:
            made = bytearray(value)
        else:
            made = kind([one(item, seen) for item in value])
        return made

    def _builtin(self, function: Callable[..., Value]) -> BuiltinFunction:
        found: BuiltinFunction | None = next(
            (pair[0] for pair in self.functions.values() if pair[1] is function), None
        )
        if found is not None:
            return found

        def called(*arguments: Value) -> Value:
            # The host's own functions are not bound by the guest's limit.
            with PROCESS.at_least(RECURSION_LIMIT):
                try:
                    return self.result_of(self.called_host(function, list(arguments)))
                except HostError as error:
                    raised = error.original
            raise self.thrown(raised)

        called.__name__ = called.__qualname__ = str(getattr(function, "__name__", "function"))
        called.__doc__ = None
        made = BuiltinFunction(called, home="host")
        self.functions[id(made)] = made, function
        return made

    def result_of(self, value: object) -> Value:
        """See Guest: what is waited for can be awaited."""
        if isinstance(value, Pending):
            return self._standing_in("HostAwaitable", value)
        return super().result_of(value)

    def _standing_in(self, name: str, original: object) -> Value:
        if not self._classes:
            names: dict[str, Value] = {
                "__name__": "host",
                "__builtins__": self.state.interpreter.builtins_module,
                "read": BuiltinFunction(self._read, home="host"),
                "show": BuiltinFunction(self._show, home="host"),
            }
            evaluator = self.state.evaluator
            evaluator.run(evaluator.compile_program(_STAND_INS, "<host>", "exec"), names, names)
            self._classes = names
        made = call(self._classes[name], (), {})
        self.originals[made] = original
        return made

    def _read(self, stand_in: Value, name: str) -> Value:
        original = self.originals[stand_in]
        try:
            return self.to_guest(public_attribute(original, name))
        except AttributeError:
            pass
        raise AttributeError(f"'{type(original).__name__}' object of the host has no attribute '{name}'")

    def _show(self, stand_in: Value) -> str:
        return f"<{type(self.originals[stand_in]).__name__} object of the host>"

    # Life

    def roots_of_state(self) -> tuple[list[object], list[object]]:
        """See Guest."""
        state = self.state
        exempt = [
            self.budget,
            state.interpreter.output,
            state.evaluator,
            self.functions,
            self.originals,
            self.origins,
        ]
        return [
            state.interpreter.modules,
            state.interpreter.builtins,
            state.main,
            state.main.__dict__,
        ], exempt

    def close(self) -> None:
        """See Guest: finalisers run."""
        self.state.close()


def _plain(base: Any, value: Any) -> Value:
    """The value of an instance of a subclass of a built-in type, as that type's own."""
    return base.__new__(base, value)


def _weak(value: Value) -> bool:
    """Whether a value may be the key of a weak table: a guest's own hash is not asked."""
    return type(value).__name__ in ("HostObject", "HostAwaitable")
