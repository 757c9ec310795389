"""What the host adds to a realm: `print`, `console`, and the `$262` that Test262 asks for (INTERPRETING.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.html_dda import JSHtmlDda
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import accessor, hidden, plain
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.test262_agents import agent_object
from lockstep.reference.javascript.runtime.values import Symbol, Value, null, undefined
from lockstep.reference.javascript.syntax.parse import parse_script
from lockstep.reference.javascript.syntax.utf16 import to_code_points

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def shown(value: Value) -> str:
    """The text that `print` writes for a value."""
    if value.__class__ is Symbol:
        return repr(value)
    return to_string(value)


def install_output(realm: Realm) -> None:
    """Add `print` and `console` to the realm's global object."""

    def print_line(_this: Value, *arguments: Value) -> None:
        realm.agent.output.write(to_code_points(" ".join(shown(argument) for argument in arguments)) + "\n")

    properties = stored(realm.global_object)
    function = native(realm, print_line, 0, "print")
    properties["print"] = hidden(function)
    console = slow_object(JSObject, realm.object_prototype)
    stored(console)["log"] = hidden(function)
    properties["console"] = hidden(console)


def install_host(realm: Realm) -> None:
    """Add `print`, `console` and `$262` to the realm's global object."""
    install_output(realm)
    stored(realm.global_object)["$262"] = hidden(test_host(realm))


def test_host(realm: Realm) -> JSObject:
    """The `$262` of a realm."""
    host = slow_object(JSObject, realm.object_prototype)
    properties = stored(host)

    def create_realm(_this: Value, *_arguments: Value) -> Value:
        made = realm.for_agent(realm.agent)
        install_host(made)
        return made.global_object.get_value("$262", made.global_object)

    def detach_array_buffer(_this: Value, buffer: Value = undefined, *_rest: Value) -> Value:

        if not isinstance(buffer, JSArrayBuffer):
            raise type_error("not an ArrayBuffer")
        buffer.detach_()
        return null

    def eval_script(_this: Value, source: Value = undefined, *_rest: Value) -> Value:
        script = parse_script(to_string(source), "<evalScript>")
        return realm.agent.evaluator.run_script(realm, script)

    def collect(_this: Value, *_arguments: Value) -> None:
        realm.agent.collect()

    for name, function, length in (
        ("createRealm", create_realm, 0),
        ("detachArrayBuffer", detach_array_buffer, 1),
        ("evalScript", eval_script, 1),
        ("gc", collect, 0),
    ):
        properties[name] = plain(native(realm, function, length, name))
    module_source = native(realm, lambda _this: realm.abstract_module_source, 0, "get AbstractModuleSource")
    properties["AbstractModuleSource"] = accessor(module_source, undefined)
    properties["global"] = plain(realm.global_object)
    properties["IsHTMLDDA"] = plain(JSHtmlDda())
    properties["agent"] = plain(agent_object(realm, install_host))
    return host
