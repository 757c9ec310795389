"""What the runtime knows of realms and agents: both are made of nearly all of it, and it imports neither."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Callable, Protocol, TypeVar

from lockstep.reference.javascript.runtime.values import PropertyKey, Symbol, Value

if TYPE_CHECKING:
    from random import Random

    from lockstep.reference.host.deep_stack import ArgumentSlots
    from lockstep.reference.host.engine import Program, Writer
    from lockstep.reference.host.errors import ErrorReport
    from lockstep.reference.host.limits import Budget
    from lockstep.reference.host.process import Headroom
    from lockstep.reference.javascript.runtime.agent_cluster import AgentCluster
    from lockstep.reference.javascript.runtime.call_frame import CallFrame, Calls
    from lockstep.reference.javascript.runtime.environments import GlobalEnvironment
    from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import JSPromise
    from lockstep.reference.javascript.runtime.intrinsics.structured.atomics_wait import AsyncWaiter
    from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone_data import (
        TimeZoneDatabase,
    )
    from lockstep.reference.javascript.runtime.intrinsics.text.regexp_execution import LegacyState
    from lockstep.reference.javascript.runtime.modules import ModuleRecord, SourceTextModule
    from lockstep.reference.javascript.runtime.objects.array import JSArray
    from lockstep.reference.javascript.runtime.objects.function import JSFunction
    from lockstep.reference.javascript.runtime.objects.global_object import JSGlobalObject
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
    from lockstep.reference.javascript.runtime.operations.iteration import IteratorRecord
    from lockstep.reference.javascript.runtime.operations.suspension import Execution
    from lockstep.reference.javascript.runtime.regular_expressions.compiled import PatternCache
    from lockstep.reference.javascript.syntax.ast import Module, Script
    from lockstep.reference.javascript.syntax.parse import EvalContext

T = TypeVar("T")


class Realm(Protocol):
    """9.3 Realm Record, see `realm.Realm`. Every intrinsic is an attribute, made when it is first asked for."""

    agent: Agent
    templates: dict[object, JSArray]
    modules: dict[str | tuple[str, str], ModuleRecord]
    host_globals: dict[str, Any]
    host: object

    @property
    def global_object(self) -> JSGlobalObject:
        """[[GlobalObject]]."""

    global_this: JSObject
    regexp_legacy: LegacyState
    regexp_pristine: tuple[tuple[PropertyKey, Value, Value], ...]
    create_async_from_sync_iterator: Callable[[IteratorRecord], IteratorRecord]
    global_environment: GlobalEnvironment
    # The host class of fast objects whose prototype is %Object.prototype%.
    object_class: type[JSObject]

    def __getattr__(self, name: str) -> JSObject:
        """An intrinsic."""

    def __setattr__(self, name: str, value: Value) -> None:
        """Put an intrinsic there."""

    def for_agent(self, agent: Agent) -> Realm:
        """9.3.1 CreateRealm: another realm, of this agent or of another."""
        ...

    def each(self, indices: Sequence[T]) -> Iterable[T]:
        """`indices`, for a loop of a built-in over what a guest made as long as it liked: see `Budget.each`."""
        ...

    def keys_of(self, target: JSObject) -> Iterable[PropertyKey]:
        """The own property keys of any object, for a loop of a built-in."""
        ...

    @staticmethod
    def global_name(name: str) -> str:
        """The host name of a global variable."""
        ...

    def make_error(self, name: str, message: str) -> JSObject:
        """A native error of this realm."""

    def make_object(self) -> JSObject:
        """An ordinary object."""

    def make_array(self, elements: list[Value]) -> JSArray:
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


class Evaluator(Protocol):
    """What a backend offers to the runtime. Neither side imports the other."""

    def prepare_realm(self, realm: Realm) -> None:
        """Told of a new realm, before any code runs in it."""

    def for_agent(self) -> Evaluator:
        """Another evaluator of this kind, for another agent; its code counts steps."""
        raise NotImplementedError

    def run_script(self, realm: Realm, script: Script) -> Value:
        """16.1.6 ScriptEvaluation of a parsed Script; its completion value, undefined when it is empty."""

    def run_eval(self, realm: Realm, source: str, rights: EvalContext, caller: Any) -> Value:
        """19.2.1.1 PerformEval, steps 11 on: parse with the rights of the code around, and evaluate.

        `caller` is what the backend's own direct eval passes, None for an indirect one.
        """

    def prepare_function(self, parameters: str, body: str, kind: str) -> Any:
        """20.2.1.1.1 CreateDynamicFunction, steps 7 to 21, for `make_function`: see `parse_function_parts`.

        Raises:
            GuestSyntaxError: the texts are no function.
        """

    def make_function(self, realm: Realm, function: Any, prototype: JSObject) -> JSFunction:
        """20.2.1.1.1 CreateDynamicFunction: a closure of what was prepared over the global environment."""

    def call_frames(self, calls: Calls) -> tuple[list[CallFrame], FrameType | None]:
        """The calls of guest functions, innermost first; and the host frame that drives the outermost async function, if one does."""
        raise NotImplementedError

    def parse_module(self, source: str, name: str) -> Module:
        """16.2.1.7.1 ParseModule: a `Module` node, whose body and scope are this evaluator's own matter.

        Raises:
            GuestSyntaxError: the source is no module.
        """

    def instantiate_module(self, realm: Realm, module: SourceTextModule) -> Execution:
        """16.2.1.7.3.1 InitializeEnvironment of a linked source text module: its body.

        The body is what `modules.SourceTextModule` runs: see there.
        """


class Stacks(Protocol):
    """What notes where errors are made, for `stack`: see `host.stacks`."""

    def capture(self, error: JSObject, made_by: Value = None) -> None:
        """An error object was made by the code that runs: by the class `made_by`, if that is none of the language's."""

    def capture_thrown(self, error: JSObject, traceback: TracebackType | None) -> None:
        """An error object stands for what the runtime threw; it was caught by the code that runs."""

    def install(self, realm: Realm) -> None:
        """%Error% was made."""


class HostModules(Protocol):
    """16.2.1 What the host does for modules, see `module_loading.ModuleLoader`."""

    base: str | None

    def run_main(self, realm: Realm, program: Program) -> ErrorReport | None:
        """Load, link and begin to evaluate a program that is a module; what went wrong."""

    def load(self, realm: Realm, referrer: str, specifier: str, attributes: dict[str, str]) -> ModuleRecord:
        """16.2.1.8 HostLoadImportedModule."""

    def enqueue_import(self, job: Callable[[], object]) -> None:
        """Load and evaluate what import() asks for, later."""

    def main_failure(self, realm: Realm) -> ErrorReport | None:
        """What became of that module, when all jobs have run."""

    def ensure_evaluated(self, module: ModuleRecord) -> None:
        """Evaluate a module that was deferred (EnsureDeferredNamespaceEvaluation)."""


class Agent(Protocol):
    """9.6 Agents, see `agent.Agent`."""

    evaluator: Evaluator
    budget: Budget
    output: Writer
    headroom: Headroom
    argument_slots: ArgumentSlots
    module_loader: HostModules | None
    symbol_registry: dict[str, Symbol]
    jobs: deque[Callable[[], object]]
    finalizations: list[Callable[[], object]]
    rejected: dict[JSPromise, None]
    joining: dict[JSObject, bool]
    async_waiters: list[AsyncWaiter]
    stacks: Stacks | None
    clock_was_read: Callable[[], object] | None
    async_evaluation_order: int
    job_error: BaseException | None
    random_state: Random | None
    patterns: PatternCache | None
    time_zones: TimeZoneDatabase | None
    can_block: bool
    is_first: bool
    is_leaving: bool

    def enqueue_job(self, job: Callable[[], object]) -> None:
        """9.5.5 HostEnqueuePromiseJob."""

    def run_jobs(self) -> None:
        """Run queued jobs until there are none."""

    def cluster(self) -> AgentCluster:
        """The agents that this one shares memory with, an `agent_cluster.AgentCluster`."""

    def give_way(self) -> None:
        """Let another agent run now and then, if there is one."""

    def end_cluster(self) -> None:
        """The run is over: end the other agents."""

    def keep_alive(self, value: Value) -> None:
        """9.10.3 AddToKeptObjects."""

    def collect(self) -> None:
        """`$262.gc()`."""
