"""`atob` and `btoa` (HTML 8.3)."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.host.definition import coded_error
from lockstep.reference.javascript.host.web.exceptions import thrown_dom
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.values import ABSENT, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_WHITE: Final = re.compile("[\t\n\f\r ]")
_ALLOWED: Final = re.compile(r"[A-Za-z0-9+/]*\Z")


def _given(realm: Realm, value: Value, name: str) -> str:
    if value is ABSENT:
        raise coded_error(realm, "TypeError", "ERR_MISSING_ARGS", f'The "{name}" argument must be specified')
    text = to_string(value)
    realm.agent.budget.bulk(len(text))
    return text


def make_btoa(realm: Realm) -> JSObject:
    """`btoa`."""

    def btoa(_this: Value, data: Value = ABSENT, *_rest: Value) -> str:
        text = _given(realm, data, "input")
        try:
            raw = text.encode("latin-1")
        except UnicodeEncodeError:
            raise thrown_dom(realm, "InvalidCharacterError", "Invalid character") from None
        return base64.b64encode(raw).decode("ascii")

    return native(realm, btoa, 1, "btoa")


def make_atob(realm: Realm) -> JSObject:
    """`atob`: forgiving-base64 decode (Infra 7)."""

    def atob(_this: Value, data: Value = ABSENT, *_rest: Value) -> str:
        text = _WHITE.sub("", _given(realm, data, "input"))
        if len(text) % 4 == 0:
            text = text[:-2] if text.endswith("==") else text.removesuffix("=")
        if _ALLOWED.match(text) is None:
            raise thrown_dom(realm, "InvalidCharacterError", "Invalid character")
        if len(text) % 4 == 1:
            raise thrown_dom(
                realm, "InvalidCharacterError", "The string to be decoded is not correctly encoded."
            )
        return base64.b64decode(text + "=" * (-len(text) % 4)).decode("latin-1")

    return native(realm, atob, 1, "atob")
