"""java.lang.Thread and ThreadLocal over the scheduler of futures: a thread runs until it has to wait."""

# Java's names
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.clojure.runtime.java.classes import CLASSES
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.clojure.runtime.values.interfaces import Function
from lockstep.reference.clojure.runtime.values.names import FALSE, boolean

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

_ABSENT: object = object()


class JavaThread:
    """java.lang.Thread."""

    java_class = CLASSES["java.lang.Thread"]

    def __init__(
        self, environment: Environment, runnable: Function | None = None, name: str | None = None
    ) -> None:
        self.environment = environment
        self.runnable = runnable
        self.name = name if name is not None else f"Thread-{environment.next_id()}"
        self.future: Any = None
        self.interrupted = False
        self.daemon = False

    def to_string(self) -> str:
        """As Java writes it."""
        return f"Thread[{self.name},5,main]"

    def guest_start(self) -> None:
        """Run it.

        Raises:
            IllegalThreadStateException: it was started before.
        """
        if self.future is not None:
            raise Fault("IllegalThreadStateException", None)
        self.future = self.environment.scheduler.start(self.guest_run, self)

    def guest_run(self) -> Value:
        """What it does."""
        return None if self.runnable is None else self.runnable()

    def guest_join(self, *_: Value) -> None:
        """Wait for its end."""
        if self.future is not None:
            self.environment.scheduler.wait(lambda: self.future.over)

    def guest_isAlive(self) -> Value:
        """Whether it runs."""
        return boolean(self.future is not None and not self.future.over)

    def guest_getName(self) -> str:
        """Its name."""
        return self.name

    def guest_setName(self, name: str) -> None:
        """Give it a name."""
        self.name = name

    def guest_getId(self) -> int:
        """A number."""
        return self.environment.identity(self)

    def guest_setDaemon(self, value: Value) -> None:
        """Whether the program's end ends it."""
        self.daemon = bool(value)

    def guest_isDaemon(self) -> Value:
        """Whether the program's end ends it."""
        return boolean(self.daemon)

    def guest_interrupt(self) -> None:
        """Note that it should stop."""
        self.interrupted = True

    def guest_isInterrupted(self) -> Value:
        """Whether it should stop."""
        return boolean(self.interrupted)

    def guest_getStackTrace(self) -> Value:
        """No frames are told."""
        return None

    def guest_getContextClassLoader(self) -> Value:
        """There is none."""
        return None

    def guest_isVirtual(self) -> Value:
        """It is none."""
        return FALSE


def current_thread(environment: Environment) -> JavaThread:
    """Thread.currentThread: that of the future that runs, or the main one."""
    running = environment.scheduler.running_thread()
    if isinstance(running, JavaThread):
        return running
    main = environment.main_thread
    if not isinstance(main, JavaThread):
        main = environment.main_thread = JavaThread(environment, None, "main")
    return main


class ThreadLocal:
    """java.lang.ThreadLocal: a value for each thread."""

    java_class = CLASSES["java.lang.ThreadLocal"]

    def __init__(self, initial: Value = None) -> None:
        self.initial = initial
        self.values: dict[Value, Value] = {}


def _values(local: Value) -> dict[object, Value]:
    found: dict[object, Value] = local.__dict__.setdefault("values", {})
    return found


def thread_local_get(environment: Environment, local: Value) -> Value:
    """ThreadLocal.get: the thread's value, made by `initialValue` if need be."""
    values, thread = _values(local), current_thread(environment)
    found = values.get(thread, _ABSENT)
    if found is _ABSENT:
        own = getattr(local, "java_methods", {}).get("initialValue")
        initial = getattr(local, "initial", None)
        found = own(local) if own is not None else initial() if initial is not None else None
        values[thread] = found
    return found


def thread_local_set(environment: Environment, local: Value, value: Value) -> None:
    """ThreadLocal.set."""
    _values(local)[current_thread(environment)] = value


def thread_local_remove(environment: Environment, local: Value) -> None:
    """ThreadLocal.remove."""
    _values(local).pop(current_thread(environment), None)
