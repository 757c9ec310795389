"""What the modules know of realms and agents that `interfaces` is written in terms of: objects, and what they are made from.

An intrinsic, and whatever else belongs to a module above, has no type here; `interfaces` says what it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Callable, Protocol, TypeVar

from lockstep.reference.javascript.runtime.values import PropertyKey, Value

if TYPE_CHECKING:
    from lockstep.reference.host.deep_stack import ArgumentSlots
    from lockstep.reference.host.engine import Writer
    from lockstep.reference.host.limits import Budget

T = TypeVar("T")


class Realm(Protocol):
    """9.3 Realm Record, see `realm.Realm`."""

    agent: Any
    templates: Any
    modules: Any
    host_globals: dict[str, Any]
    host: object
    global_this: Any
    regexp_legacy: Any
    regexp_pristine: Any
    create_async_from_sync_iterator: Any
    global_environment: Any
    object_class: Any

    @property
    def global_object(self) -> Any:
        """[[GlobalObject]]."""

    def __getattr__(self, name: str) -> Any:
        """An intrinsic."""

    def __setattr__(self, name: str, value: Value) -> None:
        """Put an intrinsic there."""

    def for_agent(self, agent: Any) -> Any:
        """9.3.1 CreateRealm: another realm, of this agent or of another."""

    def each(self, indices: Sequence[T]) -> Iterable[T]:
        """`indices`, for a loop of a built-in over what a guest made as long as it liked: see `Budget.each`."""
        ...

    def keys_of(self, target: Any) -> Iterable[PropertyKey]:
        """The own property keys of any object, for a loop of a built-in."""
        ...

    @staticmethod
    def global_name(name: str) -> str:
        """The host name of a global variable."""
        ...

    def make_error(self, name: str, message: str) -> Any:
        """A native error of this realm."""

    def make_object(self) -> Any:
        """An ordinary object."""

    def make_array(self, elements: list[Value]) -> Any:
        """An array; `elements` becomes its own."""

    def array_iteration_is_plain(self) -> bool:
        """Whether iterating an array reads its elements in order, unobservably."""
        ...

    def array_species_is_plain(self) -> bool:
        """Whether what %Array.prototype% and %Array% say of an array's species is %Array%, unobservably."""
        ...

    def has_plain_prototypes(self) -> bool:
        """Whether %Array.prototype% and %Object.prototype% have no elements."""
        ...


class Agent(Protocol):
    """9.6 Agents, see `agent.Agent`: what those of a cluster ask of each other."""

    evaluator: Any
    budget: Budget
    output: Writer
    async_waiters: Any
    jobs: deque[Callable[[], object]]
    job_error: BaseException | None
    can_block: bool
    is_first: bool
    is_leaving: bool
    argument_slots: ArgumentSlots

    def run_jobs(self) -> None:
        """Run queued jobs until there are none."""
