"""Globals of the host that are a name for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.host.timers.functions import Timers
from lockstep.reference.javascript.runtime.host import shown
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def make_print(realm: Realm) -> Any:
    """`print`, which programs for engines of all kinds use."""

    def print_line(_this: Value, *arguments: Value) -> None:
        realm.host.write_out(" ".join(shown(argument) for argument in arguments) + "\n")

    return native(realm, print_line, 0, "print")


def the_global(realm: Realm) -> Any:
    """`global`."""
    return realm.global_object


def make_timers(realm: Realm) -> Timers:
    """The timers of a realm."""
    return Timers(realm)


def set_timeout(realm: Realm) -> Any:
    """`setTimeout`."""
    return realm.host_timers.functions["setTimeout"]


def set_interval(realm: Realm) -> Any:
    """`setInterval`."""
    return realm.host_timers.functions["setInterval"]


def set_immediate(realm: Realm) -> Any:
    """`setImmediate`."""
    return realm.host_timers.functions["setImmediate"]


def clear_timeout(realm: Realm) -> Any:
    """`clearTimeout`."""
    return realm.host_timers.functions["clearTimeout"]


def clear_interval(realm: Realm) -> Any:
    """`clearInterval`."""
    return realm.host_timers.functions["clearInterval"]


def clear_immediate(realm: Realm) -> Any:
    """`clearImmediate`."""
    return realm.host_timers.functions["clearImmediate"]
