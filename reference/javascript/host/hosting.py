"""What the parts of the host know of it, and where they find it: see `host.JavaScriptHost`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import CodeType, TracebackType
from typing import TYPE_CHECKING, Callable, NoReturn, Protocol, TypeVar

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

    def frames_left(self, traceback: TracebackType | None) -> list[CallFrame]:
        """The call that an exception came from."""
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


class Modules(Protocol):
    """How a program's modules are found and run, see `modules.loader.HostModuleLoader`."""

    run_script: Callable[[str, str, bool], Value]

    @property
    def module_class(self) -> JSObject:
        """`Module`, the exports of `node:module`."""
        ...


class Host(ABC):
    """What a realm has from its host, and where its parts find it and each other; `host.JavaScriptHost` is the one there is.

    Attributes:
        realm: the realm.
        hosting: what the program was given.
        stacks: notes where errors are made.
        loop: the event loop.
        parts: what is kept for the realm, by kind; each is made when it is first asked for.
        objects: the objects that globals lead to, by name, likewise: as they were before a program changed the global.
        built_ins: the exports of node's own modules, by name, likewise.
        commonjs_files: the files that run as CommonJS modules, whose first line begins `commonjs_offset` columns further left.
        module_files: the files that run as modules.
        main_file: the program's own file.
        modules: how modules are found and run.
        arguments: the words behind it on the command line.
        files: the files that the program may use.
        process: `process`, once there is one.
        status: the exit status that the program has set.
        leaving: it is exiting.
        warned: the codes of warnings that are given once.
        replaced_write: what a program that replaced `process.stdout.write` gets instead of us, by stream.
        sources: texts of files, for reports.
        started_before: milliseconds that the program's start took before its clocks began.
    """

    __slots__ = (
        "arguments",
        "built_ins",
        "commonjs_files",
        "commonjs_offset",
        "files",
        "hosting",
        "leaving",
        "loop",
        "main_file",
        "module_files",
        "modules",
        "objects",
        "parts",
        "process",
        "realm",
        "replaced_write",
        "sources",
        "stacks",
        "started_before",
        "status",
        "warned",
    )

    def __init__(self, realm: Realm, hosting: Hosting, stacks: Stacks) -> None:
        self.realm = realm
        self.hosting = hosting
        self.stacks = stacks
        self.loop: EventLoop
        self.parts: dict[type[Part], Part] = {}
        self.objects: dict[str, JSObject] = {}
        self.built_ins: dict[str, JSObject] = {}
        self.commonjs_files: set[str] = set()
        self.commonjs_offset = 0
        self.module_files: set[str] = set()
        self.main_file = ""
        self.modules: Modules | None = None
        self.arguments: tuple[str, ...] = ()
        self.files: FileAccess | None = None
        self.process: JSObject | None = None
        self.status: Value = None
        self.leaving = False
        self.warned: set[str] = set()
        self.replaced_write: dict[str, Callable[[str], object] | None] = {}
        self.sources: dict[str, str] = {}
        self.started_before = 20.0

    @property
    @abstractmethod
    def built_in_names(self) -> frozenset[str]:
        """The names of globals that are classes."""

    @property
    def inspect_function(self) -> JSObject:
        """`util.inspect`."""
        return self.made("inspect")

    def made(self, name: str) -> JSObject:
        """The object of a global of the host's, or `inspect`."""
        found = self.objects.get(name)
        if found is None:
            found = self.objects[name] = self.make_object(name)
        return found

    @abstractmethod
    def make_object(self, name: str) -> JSObject:
        """Make one."""

    @abstractmethod
    def inspect(self, value: Value, **options: Value) -> str:
        """The text of a value under options of `util.inspect`; only what asks for one loads what makes it."""

    @abstractmethod
    def buffer_of(self, data: bytes) -> JSObject:
        """A Buffer with a copy of these bytes."""

    @abstractmethod
    def write_out(self, text: str) -> None:
        """Write to standard output, through what the program put in place of it."""

    @abstractmethod
    def write_error(self, text: str) -> None:
        """Write to standard error, likewise."""

    @abstractmethod
    def print_error(self, text: str) -> None:
        """Write to standard error itself; what stands on standard output comes first."""

    @abstractmethod
    def warn(self, text: str, kind: str = "Warning", code: str = "") -> None:
        """A warning of node's, on standard error."""

    @abstractmethod
    def warn_later(self, text: str, kind: str = "Warning") -> None:
        """A warning of the host's, with its event, once the code that runs is done."""

    @abstractmethod
    def warn_guest(self, message: str, name: str, code: str, warning: Value) -> None:
        """A warning of the program's own: its event, and the line on standard error."""

    @abstractmethod
    def emit(self, name: str, *arguments: Value) -> bool:
        """An event of `process`; whether somebody listened."""

    @abstractmethod
    def source_of(self, file: str) -> str:
        """The text of a file of the program's, for reports."""

    @abstractmethod
    def exit(self, status: int) -> NoReturn:
        """End the program.

        Raises:
            ExitRequest: always.
        """

    @abstractmethod
    def uncaught(
        self, value: Value, traceback: TracebackType | None = None, *, of_promise: JSObject | None = None
    ) -> None:
        """An error that nobody caught: those that listen get it, else the program ends.

        Raises:
            ExitRequest: nobody listens.
        """

    @abstractmethod
    def report_rejections(self) -> bool:
        """Rejections that have found no handler by now; whether there were some.

        Raises:
            ExitRequest: nobody listens.
        """


def hosting_of(realm: Realm) -> Host:
    """The host of a realm that has one."""
    host = realm.host
    assert isinstance(host, Host)
    return host


def part_of(realm: Realm, kind: type[Kind]) -> Kind:
    """The one of this kind that the host of a realm keeps."""
    parts = hosting_of(realm).parts
    found = parts.get(kind)
    if not isinstance(found, kind):
        found = parts[kind] = kind(realm)
    return found


def global_of(realm: Realm, name: str) -> JSObject:
    """The object of a global of the host's, whatever the program did to the global."""
    return hosting_of(realm).made(name)
