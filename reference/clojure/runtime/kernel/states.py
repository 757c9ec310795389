"""Vars, namespaces, references, multimethods, protocols, types, exceptions, evaluation: what needs the environment."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

import math
import random
import time
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lockstep.reference.clojure.runtime.collections import interface
from lockstep.reference.clojure.runtime.collections.access import Array
from lockstep.reference.clojure.runtime.collections.class_names import class_name_of
from lockstep.reference.clojure.runtime.collections.interface import EMPTY_LIST, LazySeq, chunk, iterate
from lockstep.reference.clojure.runtime.collections.maps import (
    Map,
    MapInterface,
    map_of_pairs,
    set_of,
)
from lockstep.reference.clojure.runtime.collections.ranges import Counting, Cycle, Iterate, Range, Repeat
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass, class_of
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, guest_exception
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.operations import MISSING, with_meta
from lockstep.reference.clojure.runtime.state.multimethods import MultiFunction, is_a
from lockstep.reference.clojure.runtime.state.protocols import (
    Protocol,
    extends,
    implementation_of,
    protocol_function,
    satisfies,
)
from lockstep.reference.clojure.runtime.state.references import (
    Agent,
    Atom,
    Delay,
    Ref,
    Reference,
    Transaction,
    Volatile,
    add_watch,
    remove_watch,
)
from lockstep.reference.clojure.runtime.state.types import record_of
from lockstep.reference.clojure.runtime.state.vars import Namespace, Unbound, Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import (
    Fault,
    argument_fault,
    class_cast_fault,
    state_fault,
)
from lockstep.reference.clojure.runtime.values.interfaces import Function, IDeref, IPersistentMap, Metadata
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant
from lockstep.reference.clojure.runtime.values.names import Keyword, Symbol, boolean, truthy
from lockstep.reference.clojure.runtime.values.numbers import require_number, to_exact_integer

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


T = TypeVar("T")


def _deref(x: Value, timeout: Value = MISSING, default: Value = None) -> Value:
    if timeout is not MISSING:
        timed = getattr(x, "deref_timed", None)
        if timed is not None:
            return timed(timeout, default)
    method = getattr(x, "deref", None)
    if method is None:
        raise class_cast_fault(x, "java.util.concurrent.Future")
    return method()


def _atom(kind: Any) -> object:
    def with_options(value: Value, *options: Value) -> Value:
        named = {getattr(options[i], "name", ""): options[i + 1] for i in range(0, len(options) - 1, 2)}
        metadata = named.get("meta")
        if metadata is not None and not isinstance(metadata, MapInterface):
            raise class_cast_fault(metadata, "clojure.lang.IPersistentMap")
        made = kind(value, metadata, named.get("validator"))
        if kind is Ref:
            made.history = (named.get("min-history", 0), named.get("max-history", 10))
        if kind is Agent:
            made.error_handler = named.get("error-handler")
            mode = cast("Keyword | None", named.get("error-mode"))
            made.error_mode = mode.name if mode is not None else "continue" if made.error_handler else "fail"
        return made

    return with_options


def _check(reference: Value, kind: type[T], name: str) -> T:
    if not isinstance(reference, kind):
        raise class_cast_fault(reference, f"clojure.lang.{name}")
    return reference


def _swap(atom: Value, f: Function, *arguments: Value) -> Value:
    if isinstance(atom, Atom):
        return atom.reset(f(atom.value, *arguments))
    own = getattr(atom, "swap", None)
    if own is None:
        raise class_cast_fault(atom, "clojure.lang.IAtom")
    return own(f, *arguments)


def _swap_values(atom: Value, f: Function, *arguments: Value) -> Vector:
    ours = _check(atom, Atom, "IAtom2")
    old = ours.value
    return Vector([old, ours.reset(f(old, *arguments))])


def _reset_values(atom: Value, value: Value) -> Vector:
    ours = _check(atom, Atom, "IAtom2")
    old = ours.value
    ours.reset(value)
    return Vector([old, value])


def _reset(atom: Value, value: Value) -> Value:
    if not isinstance(atom, Atom) and hasattr(atom, "reset"):
        return atom.reset(value)
    return _check(atom, Atom, "IAtom").reset(value)


def _vreset(volatile: Value, value: Value) -> Value:
    _check(volatile, Volatile, "Volatile").value = value
    return value


def _vswap(volatile: Value, f: Function, *arguments: Value) -> Value:
    if volatile.__class__ is not Volatile:
        raise class_cast_fault(volatile, "clojure.lang.Volatile")
    volatile.value = f(volatile.value, *arguments)
    return volatile.value


def _set_validator(reference: Reference | Var, validator: Function | None) -> None:
    if validator is not None and not truthy(validator(reference.root())):
        raise state_fault("Invalid reference state")
    reference.validator = validator


def _realized(x: Value) -> Value:
    if x.__class__ is LazySeq:
        return boolean(x.thunk is None)
    own = getattr(x, "realized", None)
    if own is None:
        raise class_cast_fault(x, "clojure.lang.IPending")
    return boolean(own())


def _alter_meta(reference: Reference | Var | Namespace, f: Function, *arguments: Value) -> Value:
    reference.metadata = cast("Metadata", f(reference.metadata, *arguments))
    return reference.metadata


def _reset_meta(reference: Reference | Var | Namespace, metadata: Metadata) -> Value:
    reference.metadata = metadata
    return metadata


def _alter_var_root(var: Var, f: Function, *arguments: Value) -> Value:
    value = f(var.root(), *arguments)
    var.bind_root(value)
    return value


def _bound(*variables: Var) -> Value:
    return boolean(all(var.deref().__class__ is not Unbound for var in variables))


def _ex_info(message: str | None, data: Value, cause: Value = None) -> Throwable:
    if data is None:
        raise argument_fault("Additional data must be non-nil.")
    if not isinstance(data, MapInterface):
        raise class_cast_fault(data, "clojure.lang.IPersistentMap")
    return Throwable(CLASSES["clojure.lang.ExceptionInfo"], message, cause, data)


CORE.define_all(
    {
        "deref": _deref,
        "atom": _atom(Atom),
        "ref": _atom(Ref),
        "agent": _atom(Agent),
        "swap!": _swap,
        "swap-vals!": _swap_values,
        "reset!": _reset,
        "reset-vals!": _reset_values,
        "compare-and-set!": lambda a, old, new: boolean(_check(a, Atom, "IAtom").compare_and_set(old, new)),
        "volatile!": lambda value: Volatile(value),
        "volatile?": lambda x: boolean(isinstance(x, Volatile)),
        "vreset!": _vreset,
        "add-watch": add_watch,
        "remove-watch": remove_watch,
        "set-validator!": _set_validator,
        "get-validator": lambda x: x.validator,
        "delay?": lambda x: boolean(isinstance(x, Delay)),
        "force": lambda x: x.deref() if isinstance(x, Delay) else x,
        "realized?": _realized,
        "with-meta": with_meta,
        "alter-meta!": _alter_meta,
        "reset-meta!": _reset_meta,
        "var-get": lambda v: _check(v, Var, "Var").deref(),
        "var-set": lambda v, x: v.set(x),
        "alter-var-root": _alter_var_root,
        "bound?": _bound,
        "thread-bound?": lambda *vs: boolean(all(v.saved for v in vs)),
        "class": class_of,
        "class?": lambda x: boolean(isinstance(x, JavaClass)),
        "ex-info": _ex_info,
        "ex-data": lambda e: e.data if isinstance(e, Throwable) else None,
        "ex-message": lambda e: e.message if isinstance(e, Throwable) else None,
        "ex-cause": lambda e: e.cause if isinstance(e, Throwable) else None,
        "satisfies?": lambda p, x: boolean(satisfies(p, x)),
        "extends?": extends,
        "extenders": lambda p: chunk(p.extenders()),
        "find-protocol-impl": implementation_of,
        "random-uuid": lambda: _random_uuid(),
        "inst-ms": lambda i: _instant(i),
        "inst-ms*": lambda i: _instant(i),
        "ref-history-count": lambda _: 0,
        "ref-min-history": lambda r, n=None: r.history[0] if n is None else r,
        "ref-max-history": lambda r, n=None: r.history[1] if n is None else r,
        "agent-error": lambda a: a.error,
        "error-handler": lambda a: a.error_handler,
        "ns-name": lambda n: Symbol(None, n.name) if isinstance(n, Namespace) else n,
        "method-sig": lambda x: x,
    }
)


def _instant(value: Value) -> int:
    if not isinstance(value, Instant):
        raise argument_fault(
            f"No implementation of method: :inst-ms* of protocol: #'clojure.core/Inst found for"
            f" class: {class_name_of(value)}"
        )
    return value.milliseconds


def _random_uuid() -> Identifier:
    number = random.getrandbits(128)
    number &= ~(0xF << 76) & ~(0x3 << 62)
    return Identifier(number | 4 << 76 | 2 << 62)


KERNEL.define_all(
    {
        "lazy-seq": LazySeq,
        "delay": Delay,
        "vswap": _vswap,
        "macro-var?": lambda v: boolean(v.macro),
        "var-root": lambda v: _check(v, Var, "Var").root(),
        "var-namespace": lambda v: v.namespace,
        "set-macro": lambda v: _set_macro(v),
        "host-protocol": lambda x: boolean(isinstance(x, Protocol)),
        "protocol-function": lambda p, name: protocol_function(p, name),
        "protocol-map": lambda p, m: _set_map(p, m),
        "protocol-methods": lambda p: Vector(list(p.methods)),
        "class-parents": lambda c: set_of(c.parents) if isinstance(c, JavaClass) else None,
        "class-ancestors": lambda c: set_of(c.ancestors) if isinstance(c, JavaClass) else None,
        "record-fields": lambda c: Vector(list(c.host.field_keys)),
        "record-create": record_of,
        "method-add": lambda m, v, f: m.add(v, f) or m,
        "method-remove": lambda m, v: m.remove(v) or m,
        "method-remove-all": lambda m: m.remove_all() or m,
        "method-prefer": lambda m, a, b: m.prefer(a, b) or m,
        "method-get": lambda m, v: m.find(v),
        "method-table": lambda m: m.methods,
        "method-preferences": lambda m: m.preferences,
        "is-multi": lambda m: boolean(isinstance(m, MultiFunction)),
        "time-ns": lambda: time.perf_counter_ns(),
        "agent-mode": lambda a, mode: setattr(a, "error_mode", mode),
        "agent-handler": lambda a, handler: setattr(a, "error_handler", handler),
        "array?": lambda x: boolean(isinstance(x, Array)),
        "stack-trace": lambda e: Vector(list(e.trace)) if isinstance(e, Throwable) else None,
        "class-name": lambda c: c.name,
    }
)


def _set_macro(var: Var) -> Var:
    var.macro = True
    return var


def _set_map(protocol: Protocol, value: IPersistentMap | None) -> Protocol:
    protocol.map = value
    return protocol


class StateFunctions:
    """The functions of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.ancestors = environment.keyword("ancestors")

    def push_bindings(self, bindings: MapInterface) -> None:
        """`push-thread-bindings`."""
        self.environment.push_bindings(
            [(cast("Var", entry.key()), entry.value()) for entry in bindings.entries()]
        )

    def pop_bindings(self) -> None:
        """`pop-thread-bindings`."""
        self.environment.pop_bindings()

    def bindings(self) -> Map:
        """`get-thread-bindings`."""
        return map_of_pairs(self.environment.bindings())

    def local_var(self, _: Value) -> Var:
        """A var for `with-local-vars`."""
        namespace = Namespace(f"--local-{self.environment.next_id()}", {}, None)
        var = Var(namespace, "--unnamed--", namespace.cells)
        var.dynamic = True
        return var

    def multi(self, name: str, dispatch: Function, default: Value, hierarchy: IDeref | None) -> MultiFunction:
        """A multimethod."""
        environment = self.environment

        cells = environment.cells

        def current() -> Any:
            return cells["clojure.core/-global-hierarchy"] if hierarchy is None else hierarchy.deref()

        return MultiFunction(
            name,
            dispatch,
            default,
            current,
            self.ancestors,
            environment.keyword("parents"),
            environment.printer.string,
        )

    def is_a(self, hierarchy: IPersistentMap, child: Value, parent: Value) -> Value:
        """`isa?`."""
        return boolean(is_a(hierarchy, child, parent, self.ancestors))

    def protocol(self, name: str, methods: IPersistentMap, via_metadata: Value) -> Protocol:
        """A protocol."""
        counts = {entry.key(): frozenset(iterate(entry.value())) for entry in methods.entries()}
        made = Protocol(name, cast("dict[str, frozenset[int]]", counts))
        made.via_metadata = truthy(via_metadata)
        made.keyword = self.environment.keyword
        made.impls_key = self.environment.keyword("impls")
        self.environment.types[made.interface.name] = made.interface
        return made

    def extend(self, target: JavaClass | None, protocol: Value, methods: IPersistentMap) -> None:
        """One protocol of `extend`."""
        if not isinstance(protocol, Protocol):
            shown = self.environment.print_text(protocol)
            raise argument_fault(f"{shown} is not a protocol")
        if isinstance(target, JavaClass) and protocol.interface in target.ancestors:
            raise argument_fault(
                f"class {target.name} already directly implements interface {protocol.interface.name}"
                f" for protocol:#'{protocol.name}"
            )
        named = {cast("Keyword", entry.key()).name: entry.value() for entry in methods.entries()}
        protocol.extend(target, cast("dict[str, Function]", named))

    def dosync(self, thunk: Function) -> Value:
        """Run a transaction; one inside of another joins it."""
        environment = self.environment
        if environment.transaction is not None:
            return thunk()
        transaction = environment.transaction = Transaction()
        try:
            result = thunk()
        except BaseException:
            environment.transaction = None
            transaction.abort()
            raise
        environment.transaction = None
        transaction.commit()
        return result

    def running(self) -> Transaction:
        """The transaction in force."""
        transaction: Transaction | None = self.environment.transaction
        if transaction is None:
            raise state_fault("No transaction running")
        return transaction

    def alter(self, ref: Value, f: Function, *arguments: Value) -> Value:
        """`alter`."""
        transaction = self.running()
        ours = _check(ref, Ref, "Ref")
        return transaction.set(ours, f(ours.value, *arguments))

    def ref_set(self, ref: Value, value: Value) -> Value:
        """`ref-set`."""
        return self.running().set(_check(ref, Ref, "Ref"), value)

    def ensure(self, ref: Ref) -> Value:
        """`ensure`."""
        self.running()
        return ref.value

    def send(self, agent: Agent, f: Function, *arguments: Value) -> Agent:
        """`send`: runs when the transaction, or the action that sends, is done."""
        _check(agent, Agent, "Agent")
        if agent.error is not None:
            raise Fault("RuntimeException", "Agent is failed, needs restart")
        environment = self.environment
        if environment.transaction is not None:
            environment.transaction.sends.append(lambda: self.send(agent, f, *arguments))
            return agent
        conveyed = environment.bindings()
        agent.queue.append((f, conveyed, arguments))
        if not agent.running:
            self.run_agent(agent)
        return agent

    def run_agent(self, agent: Agent) -> None:
        """Run the actions of an agent in order."""
        environment = self.environment
        agent_var = environment.core.intern("*agent*")
        agent.running = True
        try:
            while agent.queue:
                function, conveyed, arguments = agent.queue.pop(0)
                environment.push_bindings([*conveyed, (agent_var, agent)])
                try:
                    agent.reset(function(agent.value, *arguments))
                except Exception as error:  # kept in the agent
                    thrown = guest_exception(error)
                    if agent.error_handler is not None:
                        agent.error_handler(agent, thrown)
                    if agent.error_mode == "fail":
                        agent.error = thrown
                        return
                finally:
                    environment.pop_bindings()
        finally:
            agent.running = False

    def restart_agent(self, agent: Agent, value: Value, *_: Value) -> Value:
        """`restart-agent`."""
        if agent.error is None:
            raise Fault("RuntimeException", "Agent does not need a restart")
        agent.error = None
        agent.value = value
        self.run_agent(agent)
        return value

    def range(self, *arguments: Value) -> Value:
        """`range`."""
        meter = self.environment.meter
        if not arguments:
            return Counting(0, 1, meter)
        start: Value = 0
        end: Value = arguments[0]
        step: Value = 1
        if len(arguments) > 1:
            start, end = arguments[0], arguments[1]
        if len(arguments) > 2:
            step = arguments[2]
        if start.__class__ is int and step.__class__ is int and step and end.__class__ in (int, float):
            if end.__class__ is float:
                if not math.isfinite(end):
                    # Range.create, and its bounds check: nothing is beyond NaN.
                    if not math.isnan(end) and (end > 0) != (step > 0):
                        return EMPTY_LIST
                    return Counting(start, step, meter)
                end = math.ceil(end) if step > 0 else math.floor(end)
            numbers = range(start, cast("int", end), step)
            return Range(numbers, meter=meter) if numbers else EMPTY_LIST
        start, end, step = (require_number(value) for value in (start, end, step))
        if step == 0:
            return EMPTY_LIST if start == end else Repeat(start, None, meter)
        made: list[Value] = []
        while (start < end) if step > 0 else (start > end):
            made.append(start)
            start = start + step
            self.environment.step()
        return chunk(made) or EMPTY_LIST

    def iterate(self, f: Function, x: Value) -> Value:
        """`iterate`."""
        return Iterate(f, None, x, self.environment.meter)

    def repeat(self, a: Value, b: Value = MISSING) -> Value:
        """`repeat`."""
        if b is MISSING:
            return Repeat(a, None, self.environment.meter)
        times = to_exact_integer(a) if not (a.__class__ is float and a == float("inf")) else None
        if times is not None and times <= 0:
            return EMPTY_LIST
        return Repeat(b, times, self.environment.meter)

    def cycle(self, collection: Value) -> Value:
        """`cycle`."""
        sequence = interface.seq(collection)
        return EMPTY_LIST if sequence is None else Cycle(sequence, None, sequence, self.environment.meter)

    def eval(self, form: Value) -> Value:
        """`eval`."""
        return self.environment.evaluate(form)

    def expand(self, form: Value) -> Value:
        """`macroexpand-1`."""
        return self.environment.evaluator.expand(form)

    def gensym(self, prefix: Value = "G__") -> Symbol:
        """`gensym`."""
        return Symbol(None, f"{prefix}{self.environment.next_id()}")

    def type_of(self, x: Value) -> Value:
        """`type`."""
        metadata = x.__dict__.get("metadata") if x.__class__ is FunctionType else getattr(x, "metadata", None)
        if metadata is not None and isinstance(metadata, MapInterface):
            found = metadata.lookup(self.environment.keyword("type"))
            if found is not None:
                return found
        return class_of(x)


@CORE.installer
def install(environment: Environment) -> dict[str, Value]:
    """The functions of clojure.core over vars, namespaces, references and evaluation."""
    states = StateFunctions(environment)
    return {
        "push-thread-bindings": states.push_bindings,
        "pop-thread-bindings": states.pop_bindings,
        "get-thread-bindings": states.bindings,
        "error-mode": lambda a: environment.keyword(_check(a, Agent, "Agent").error_mode),
        "alter": states.alter,
        "commute": states.alter,
        "ref-set": states.ref_set,
        "ensure": states.ensure,
        "send": states.send,
        "send-off": states.send,
        "send-via": lambda _, agent, f, *arguments: states.send(agent, f, *arguments),
        "restart-agent": states.restart_agent,
        "range": states.range,
        "iterate": states.iterate,
        "repeat": states.repeat,
        "cycle": states.cycle,
        "eval": states.eval,
        "macroexpand-1": states.expand,
        "gensym": states.gensym,
        "type": states.type_of,
    }


@KERNEL.installer
def install_kernel(environment: Environment) -> dict[str, Value]:
    """What core.clj builds on."""
    states = StateFunctions(environment)
    return {
        "local-var": states.local_var,
        "multi": states.multi,
        "is-a": states.is_a,
        "protocol": states.protocol,
        "extend": states.extend,
        "dosync": states.dosync,
        "in-transaction": lambda: boolean(environment.transaction is not None),
        "features": lambda: set_of([environment.keyword(name) for name in environment.features]),
        "arguments": lambda: chunk(list(environment.arguments)),
    }
