"""What the parts of the host know of it, and where they find it: see `host.JavaScriptHost`."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING, Callable, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from lockstep.reference.host.program import Hosting
    from lockstep.reference.javascript.host.timers.loop import EventLoop
    from lockstep.reference.javascript.runtime.call_frame import CallFrame
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
    from lockstep.reference.javascript.runtime.values import Value


class Part:
    """What the host keeps for a realm, made when it is first asked for."""

    def __init__(self, realm: Realm) -> None:
        self.realm = realm


Kind = TypeVar("Kind", bound=Part)


class Stacks(Protocol):
    """What notes where errors are made, see `stacks.traces.HostStacks`."""

    bottom: CodeType | None

    def capture(self, error: JSObject, *, below: Value = None, header: str | None = None) -> None:
        """An error object was made by the code that runs; `header` stands in place of its own first line."""

    def frames_here(self, below: Value = None, *, most: int | None = None) -> list[CallFrame]:
        """The calls in progress, at most so many; without those above and of the function `below`."""
        ...

    def text_here(self, header: str) -> str:
        """A trace of the calls in progress."""
        ...


class FileAccess(Protocol):
    """The files of one program, see `files.Files`."""

    def may_read(self, path: str) -> bool:
        """Whether the program may look at a path."""
        ...

    def check(self, path: str, *, write: bool = False) -> None:
        """Refuse what was not granted.

        Raises:
            ThrowCompletion: an Error with the code ERR_ACCESS_DENIED.
        """


class Host(Protocol):
    """The host of one realm, see `host.JavaScriptHost`."""

    hosting: Hosting
    loop: EventLoop
    commonjs_files: set[str]
    commonjs_offset: int
    module_files: set[str]
    main_file: str
    status: Value
    leaving: bool
    warned: set[str]
    replaced_write: dict[str, Callable[[str], object] | None]
    arguments: tuple[str, ...]
    process: JSObject | None
    files: FileAccess | None
    built_ins: dict[str, JSObject]
    parts: dict[type[Part], Part]
    started_before: float

    @property
    def realm(self) -> Realm:
        """The realm."""
        ...

    @property
    def stacks(self) -> Stacks:
        """What notes where errors are made."""
        ...

    @property
    def built_in_names(self) -> frozenset[str]:
        """The names of globals that are classes."""
        ...

    @property
    def inspect_function(self) -> JSObject:
        """`util.inspect`."""
        ...

    def buffer_of(self, data: bytes) -> JSObject:
        """A Buffer with a copy of these bytes."""
        ...

    def write_out(self, text: str) -> None:
        """Write to standard output, through what the program put in place of it."""

    def write_error(self, text: str) -> None:
        """Write to standard error, likewise."""

    def print_error(self, text: str) -> None:
        """Write to standard error itself; what stands on standard output comes first."""

    def warn(self, text: str, kind: str = "Warning", code: str = "") -> None:
        """A warning of node's, on standard error."""

    def warn_later(self, text: str, kind: str = "Warning") -> None:
        """The same behind what runs now."""

    def warn_guest(self, message: str, name: str, code: str, warning: Value) -> None:
        """A warning of the program's own: its event, and the line on standard error."""

    def emit(self, name: str, *arguments: Value) -> bool:
        """An event of `process`; whether somebody listened."""
        ...

    def source_of(self, file: str) -> str:
        """The text of a file of the program's, for reports."""
        ...

    def exit(self, status: int) -> None:
        """End the program.

        Raises:
            ExitRequest: always.
        """

    def uncaught(self, value: Value, *, of_promise: JSObject | None = None) -> None:
        """An error that nobody caught: those that listen get it, else the program ends.

        Raises:
            ExitRequest: nobody listens.
        """


def hosting_of(realm: Realm) -> Host:
    """The host of a realm that has one."""
    return cast("Host", realm.host)


def part_of(realm: Realm, kind: type[Kind]) -> Kind:
    """The one of this kind that the host of a realm keeps."""
    parts = hosting_of(realm).parts
    found = parts.get(kind)
    if not isinstance(found, kind):
        found = parts[kind] = kind(realm)
    return found
