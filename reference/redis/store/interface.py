"""What the server and the scripts need from a store."""

from __future__ import annotations

from typing import Callable, Protocol

from lockstep.reference.host.errors import Interruption
from lockstep.reference.redis.wire.replies import Reply


class Blocked(Interruption):
    """The command has nothing to answer yet.

    Attributes:
        attempt: try again; a reply, or `Blocked` once more.
        expired: the reply when `deadline` (of the monotonic clock; None: never) has passed.
        watch: registers what to call when the data changed, and gives what undoes that.
    """

    def __init__(
        self,
        attempt: Callable[[], Reply],
        expired: Callable[[], Reply],
        seconds: float | None,
        watch: Callable[[Callable[[], None]], Callable[[], None]],
    ) -> None:
        super().__init__()
        self.attempt = attempt
        self.expired = expired
        self.seconds = seconds
        self.watch = watch


class Session(Protocol):
    """One client's view of the data: the selected database, watched keys, subscriptions."""

    @property
    def database(self) -> int:
        """The number of the selected database."""

    @property
    def subscriptions(self) -> int:
        """How many channels and patterns it listens to."""

    @property
    def watch_failed(self) -> bool:
        """A watched key has changed."""

    def execute(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command; errors come back as replies.

        Raises:
            Blocked: it has to wait.
        """

    def execute_now(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command that does not wait, as inside a transaction."""

    def unwatch(self) -> None:
        """Forget watched keys."""

    def close(self) -> None:
        """The client is gone."""


class ScriptSession(Protocol):
    """The view that scripts have: the caller's database at first, and replies in the script's own protocol."""

    def begin(self, caller: Session) -> None:
        """A script of `caller` starts: time stands still, its database is selected."""

    def end(self) -> None:
        """The script is over."""

    def execute(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command; errors come back as replies."""


class Store(Protocol):
    """The data."""

    def session(self, push: Callable[[Reply], None]) -> Session:
        """A client's session; what channels send goes to `push`."""

    def script_session(self) -> ScriptSession:
        """The session of the scripts."""

    def used_memory(self) -> int:
        """Bytes that the data takes, roughly."""

    def close(self) -> None:
        """The server ends."""
