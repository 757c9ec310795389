"""`performance`: the clock of High Resolution Time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import add_accessors, add_functions, class_of, dictionary
from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def make_performance(realm: Realm) -> JSObject:
    """The `performance` of a realm."""
    begin = time.perf_counter()
    origin = time.time() * 1000
    loop = hosting_of(realm).loop
    marks: dict[str, float] = {}
    entries: list[JSObject] = []

    def now(_this: Value = undefined, *_rest: Value) -> float:
        loop.look_at_clock()
        return (time.perf_counter() - begin) * 1000 + float(hosting_of(realm).started_before)

    def entry(name: str, kind: str, start: float, duration: float, detail: Value) -> JSObject:
        rows = [
            ("name", name),
            ("entryType", kind),
            ("startTime", start),
            ("duration", duration),
            ("detail", detail),
        ]
        made = dictionary(realm, rows)
        entries.append(made)
        return made

    def mark(_this: Value, name: Value = undefined, *_rest: Value) -> Value:
        text = to_string(name)
        marks[text] = now()
        return entry(text, "mark", marks[text], 0.0, None)

    def measure(
        _this: Value, name: Value = undefined, start: Value = undefined, end: Value = undefined, *_rest: Value
    ) -> Value:
        first = marks.get(to_string(start), 0.0) if start is not undefined else 0.0
        last = marks.get(to_string(end), 0.0) if end is not undefined else now()
        return entry(to_string(name), "measure", first, last - first, None)

    def of(kind: str, name: str = "") -> JSObject:
        found = [one for one in entries if one.get_value("entryType", one) == kind or not kind]
        return realm.make_array([one for one in found if not name or one.get_value("name", one) == name])

    def clear(_this: Value, *_rest: Value) -> None:
        marks.clear()
        entries.clear()

    def refuse(_new_target: Value, *_rest: Value) -> Value:
        raise type_error("Illegal constructor")

    _, prototype = class_of(realm, "Performance", refuse, 0)
    add_functions(
        realm,
        prototype,
        [
            ("now", now, 0),
            ("mark", mark, 1),
            ("measure", measure, 1),
            ("clearMarks", clear, 0),
            ("clearMeasures", clear, 0),
            ("getEntries", lambda _this, *_rest: of(""), 0),
            ("getEntriesByType", lambda _this, kind=undefined, *_rest: of(to_string(kind)), 1),
            ("getEntriesByName", lambda _this, name=undefined, *_rest: of("", to_string(name)), 1),
            ("toJSON", lambda _this, *_rest: dictionary(realm, [("timeOrigin", origin)]), 0),
        ],
    )
    add_accessors(realm, prototype, [("timeOrigin", lambda _this, *_rest: origin, None)])
    return slow_object(JSObject, prototype)
