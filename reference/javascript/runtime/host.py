"""What the host adds to a realm: `print`, `console`, and the `$262` that Test262 asks for (INTERPRETING.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference.javascript.runtime.completions import type_error
from reference.javascript.runtime.objects.function import native
from reference.javascript.runtime.objects.html_dda import JSHtmlDda
from reference.javascript.runtime.objects.ordinary import JSObject, slow_object
from reference.javascript.runtime.objects.property import hidden, plain
from reference.javascript.runtime.operations.conversion import to_string
from reference.javascript.runtime.realm import Realm
from reference.javascript.runtime.values import Symbol, Value, null, undefined
from reference.javascript.syntax.parse import parse_script
from reference.javascript.syntax.utf16 import to_code_points

if TYPE_CHECKING:
    from reference.javascript.runtime.agent import Agent


def shown(value: Value) -> str:
    """The text that `print` writes for a value."""
    if value.__class__ is Symbol:
        return repr(value)
    return to_string(value)


def install_host(realm: Realm) -> None:
    """Add `print`, `console` and `$262` to the realm's global object."""

    def print_line(_this: Value, *arguments: Value) -> None:
        realm.agent.output.write(to_code_points(" ".join(shown(argument) for argument in arguments)) + "\n")

    properties = realm.global_object.properties_
    function = native(realm, print_line, 0, "print")
    properties["print"] = hidden(function)
    console = slow_object(JSObject, realm.object_prototype)
    console.properties_["log"] = hidden(function)
    properties["console"] = hidden(console)
    properties["$262"] = hidden(test_host(realm))


def test_host(realm: Realm) -> Any:
    """The `$262` of a realm."""
    host = slow_object(JSObject, realm.object_prototype)
    properties = host.properties_

    def create_realm(_this: Value, *_arguments: Value) -> Any:
        made = Realm(realm.agent)
        install_host(made)
        return made.global_object.get_value("$262", made.global_object)

    def detach_array_buffer(_this: Value, buffer: Value = undefined, *_rest: Value) -> Value:
        from reference.javascript.runtime.objects.array_buffer import JSArrayBuffer  # noqa: PLC0415

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
    properties["global"] = plain(realm.global_object)
    properties["IsHTMLDDA"] = plain(JSHtmlDda())
    properties["agent"] = plain(_agent(realm, realm.agent))
    return host


def _agent(realm: Realm, agent: Agent) -> Any:
    """`$262.agent`, without further agents."""
    target = slow_object(JSObject, realm.object_prototype)

    def start(_this: Value, *_arguments: Value) -> Value:
        raise type_error("this host has no further agents")

    def nothing(_this: Value, *_arguments: Value) -> Value:
        return undefined

    def get_report(_this: Value, *_arguments: Value) -> Value:
        return agent.reports.popleft() if agent.reports else null

    for name, function in (
        ("start", start),
        ("broadcast", nothing),
        ("getReport", get_report),
        ("sleep", nothing),
        ("monotonicNow", lambda _this, *_arguments: 0.0),
    ):
        target.properties_[name] = plain(native(realm, function, 0, name))
    return target
