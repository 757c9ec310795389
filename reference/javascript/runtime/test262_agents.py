"""`$262.agent` (Test262, INTERPRETING.md): agents with an evaluator, a realm and jobs of their own."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.runtime import agent as agents
from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_number, to_string
from lockstep.reference.javascript.runtime.reports import error_report
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.parse import parse_script

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.agent_cluster import Member
    from lockstep.reference.javascript.runtime.interfaces import Agent, Realm

_MOST_AGENTS = 64
# How long `getReport` waits while an agent is about to go on.
_PATIENCE_SECONDS = 0.3


def agent_object(realm: Realm, install: Callable[[Realm], None]) -> JSObject:
    """The `agent` of a realm's `$262`: what starts agents in the first agent, what answers it in the others.

    Args:
        realm: the realm.
        install: makes a realm of another agent into one of this host.
    """
    target = slow_object(JSObject, realm.object_prototype)
    agent = realm.agent
    rows: list[tuple[str, Callable[..., Value], int]] = [
        ("sleep", _sleep, 1),
        ("monotonicNow", _monotonic_now, 0),
    ]
    if agent.is_first:
        rows += [
            ("start", partial(_start, install), 1),
            ("broadcast", _broadcast, 2),
            ("getReport", _get_report, 0),
        ]
    else:
        rows += [
            ("receiveBroadcast", _receive_broadcast, 1),
            ("report", _report, 1),
            ("leaving", _leaving, 0),
        ]
    for name, function, length in rows:
        stored(target)[name] = plain(native(realm, _bound(function, realm), length, name))
    return target


def _bound(function: Any, realm: Realm) -> Any:
    return lambda _this, *arguments: function(realm, *arguments)


def _sleep(realm: Realm, milliseconds: Value = undefined, *_rest: Value) -> None:
    seconds = to_number(milliseconds) / 1000
    realm.agent.cluster().block(lambda: False, time.monotonic() + (seconds if seconds > 0 else 0.0))


def _monotonic_now(realm: Realm, *_arguments: Value) -> float:
    return time.monotonic() * 1000


def _start(install: Callable[[Realm], None], realm: Realm, source: Value = undefined, *_rest: Value) -> None:
    text = to_string(source)
    parent = realm.agent
    cluster = parent.cluster()
    if len(cluster.members) > _MOST_AGENTS:
        raise type_error(f"There are {_MOST_AGENTS} agents already")
    agent = agents.Agent(parent.evaluator.for_agent(), parent.budget, parent.output, cluster=cluster)

    def run(member: Member) -> None:
        own: Realm = realm.for_agent(agent)
        install(own)
        try:
            agent.evaluator.run_script(own, parse_script(text, "<agent>"))
        except GuestSyntaxError as error:
            _complain(agent, f"{error.name}: {error.message}")
            return
        except Exception as error:  # error_report raises what is no guest error
            _complain_of(own, error)
            return
        _serve(own, member)

    cluster.start(agent, run)


def _serve(realm: Realm, member: Member) -> None:
    """The agent's event loop: jobs and broadcasts, until it says that it leaves."""
    agent = realm.agent
    while True:
        try:
            agent.run_jobs()
            if agent.job_error is not None:
                pending, agent.job_error = agent.job_error, None
                raise pending
            if agent.is_leaving:
                return
            agent.cluster().block(lambda: bool(agent.jobs or (member.inbox and member.receive)))
            if member.inbox and member.receive is not None:
                member.receive(member.inbox.popleft())
        except Exception as error:  # noqa: PERF203  # error_report raises what is no guest error
            _complain_of(realm, error)


def _complain_of(realm: Realm, error: Exception) -> None:

    report = error_report(realm, error)
    _complain(realm.agent, f"{report.name}: {report.message}")


def _complain(agent: Agent, text: str) -> None:
    agent.output.write(f"Uncaught in an agent: {text}\n")


def _broadcast(realm: Realm, buffer: Value = undefined, number: Value = undefined, *_rest: Value) -> None:
    if not isinstance(buffer, JSArrayBuffer) or buffer.shared_ is None:
        raise type_error("A broadcast needs a SharedArrayBuffer")
    cluster = realm.agent.cluster()
    receivers = cluster.members[1:]
    for member in receivers:
        member.inbox.append((buffer.shared_, buffer.max_length_, number))
    cluster.block(
        lambda: not any(member.inbox for member in receivers if member in cluster.members), may_end=True
    )


def _get_report(realm: Realm, *_arguments: Value) -> Value:
    cluster = realm.agent.cluster()
    reports = cluster.reports
    if not reports and len(cluster.members) > 1:
        cluster.block(lambda: bool(reports), time.monotonic() + _PATIENCE_SECONDS, may_end=True)
    return reports.popleft() if reports else null


def _receive_broadcast(realm: Realm, receiver: Value = undefined, *_rest: Value) -> None:
    from lockstep.reference.javascript.runtime.intrinsics.structured.array_buffer import share_buffer  # noqa: PLC0415  # if used

    if not is_callable(receiver):
        raise type_error("receiveBroadcast needs a function")

    def receive(message: Any) -> None:
        block, max_length, number = message
        receiver.call_n(undefined, share_buffer(realm, block, max_length), number)

    realm.agent.cluster().current.receive = receive


def _report(realm: Realm, message: Value = undefined, *_rest: Value) -> None:
    realm.agent.cluster().reports.append(to_string(message))


def _leaving(realm: Realm, *_arguments: Value) -> None:
    realm.agent.is_leaving = True
