"""Globals of the host that are a name for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.hosting import hosting_of, part_of
from lockstep.reference.javascript.host.timers.functions import Timers
from lockstep.reference.javascript.runtime.host import shown
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def make_print(realm: Realm) -> JSObject:
    """`print`, which programs for engines of all kinds use."""

    def print_line(_this: Value, *arguments: Value) -> None:
        hosting_of(realm).write_out(" ".join(shown(argument) for argument in arguments) + "\n")

    return native(realm, print_line, 0, "print")


def the_global(realm: Realm) -> JSObject:
    """`global`."""
    found: JSObject = realm.global_object
    return found


def set_timeout(realm: Realm) -> JSObject:
    """`setTimeout`."""
    return part_of(realm, Timers).functions["setTimeout"]


def set_interval(realm: Realm) -> JSObject:
    """`setInterval`."""
    return part_of(realm, Timers).functions["setInterval"]


def set_immediate(realm: Realm) -> JSObject:
    """`setImmediate`."""
    return part_of(realm, Timers).functions["setImmediate"]


def clear_timeout(realm: Realm) -> JSObject:
    """`clearTimeout`."""
    return part_of(realm, Timers).functions["clearTimeout"]


def clear_interval(realm: Realm) -> JSObject:
    """`clearInterval`."""
    return part_of(realm, Timers).functions["clearInterval"]


def clear_immediate(realm: Realm) -> JSObject:
    """`clearImmediate`."""
    return part_of(realm, Timers).functions["clearImmediate"]
