"""`util.styleText`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import coded_error, wrong_type
from lockstep.reference.javascript.host.inspect.options import COLOURS
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.objects import create_list_from_array_like, get
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def make_style_text(realm: Realm) -> JSObject:
    """`util.styleText`."""

    def style_text(
        _this: Value,
        style: Value = undefined,
        text: Value = undefined,
        options: Value = undefined,
        *_rest: Value,
    ) -> str:
        if text.__class__ is not str:
            raise wrong_type(realm, 'The "text" argument', "of type string", text)
        names = create_list_from_array_like(realm, style) if isinstance(style, JSArray) else [style]
        begin = end = ""
        for name in names:
            codes = COLOURS.get(name) if isinstance(name, str) else None
            if codes is None:
                known = ", ".join(inspect(realm, one) for one in COLOURS)
                raise coded_error(
                    realm,
                    "TypeError",
                    "ERR_INVALID_ARG_VALUE",
                    f"The argument 'format' must be one of: {known}. Received {inspect(realm, name)}",
                )
            begin += f"\u001b[{codes[0]}m"
            end = f"\u001b[{codes[1]}m{end}"
        # By default colours are for terminals, and standard output is none.
        asked = get(options, "validateStream") if isinstance(options, JSObject) else undefined
        return f"{begin}{text}{end}" if asked is False else text

    return native(realm, style_text, 2, "styleText")
