"""`DOMException` (Web IDL 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.host.definition import add_accessors, class_of, prototype_from
from lockstep.reference.javascript.host.hosting import global_of, hosting_of
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, type_error
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import Property, hidden
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

CODES: Final = (
    ("IndexSizeError", "INDEX_SIZE_ERR", 1),
    ("", "DOMSTRING_SIZE_ERR", 2),
    ("HierarchyRequestError", "HIERARCHY_REQUEST_ERR", 3),
    ("WrongDocumentError", "WRONG_DOCUMENT_ERR", 4),
    ("InvalidCharacterError", "INVALID_CHARACTER_ERR", 5),
    ("", "NO_DATA_ALLOWED_ERR", 6),
    ("NoModificationAllowedError", "NO_MODIFICATION_ALLOWED_ERR", 7),
    ("NotFoundError", "NOT_FOUND_ERR", 8),
    ("NotSupportedError", "NOT_SUPPORTED_ERR", 9),
    ("InUseAttributeError", "INUSE_ATTRIBUTE_ERR", 10),
    ("InvalidStateError", "INVALID_STATE_ERR", 11),
    ("SyntaxError", "SYNTAX_ERR", 12),
    ("InvalidModificationError", "INVALID_MODIFICATION_ERR", 13),
    ("NamespaceError", "NAMESPACE_ERR", 14),
    ("InvalidAccessError", "INVALID_ACCESS_ERR", 15),
    ("", "VALIDATION_ERR", 16),
    ("TypeMismatchError", "TYPE_MISMATCH_ERR", 17),
    ("SecurityError", "SECURITY_ERR", 18),
    ("NetworkError", "NETWORK_ERR", 19),
    ("AbortError", "ABORT_ERR", 20),
    ("URLMismatchError", "URL_MISMATCH_ERR", 21),
    ("QuotaExceededError", "QUOTA_EXCEEDED_ERR", 22),
    ("TimeoutError", "TIMEOUT_ERR", 23),
    ("InvalidNodeTypeError", "INVALID_NODE_TYPE_ERR", 24),
    ("DataCloneError", "DATA_CLONE_ERR", 25),
)
"""Names, constants and codes (Web IDL 4.3.1)."""


class JSDOMException(JSError):  # noqa: N818  # the name of the standard
    """A DOMException."""

    __slots__ = ("message_", "name_")
    class_name_ = "DOMException"
    message_: str
    name_: str


def _own(this: Value) -> JSDOMException:
    if not isinstance(this, JSDOMException):
        raise type_error("Illegal invocation")
    return this


def make_dom_exception(realm: Realm) -> JSObject:
    """The class DOMException."""

    def construct(
        new_target: Value, message: Value = undefined, options: Value = undefined, *_rest: Value
    ) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor DOMException cannot be invoked without 'new'")
        made = slow_object(JSDOMException, prototype_from(new_target, prototype))
        made.stack_ = None
        made.message_ = "" if message is undefined else to_string(message)
        made.name_ = "Error"
        if isinstance(options, JSObject):
            name = get(options, "name")
            made.name_ = "Error" if name is undefined else to_string(name)
            if options.has_property("cause"):
                stored(made)["cause"] = hidden(get(options, "cause"))
        elif options is not undefined:
            made.name_ = to_string(options)
        hosting_of(realm).stacks.capture(made, below=constructor)
        return made

    constructor, prototype = class_of(realm, "DOMException", construct, 0)
    prototype.prototype_ = realm.error_prototype
    codes = {name: float(code) for name, _, code in CODES if name}
    add_accessors(
        realm,
        prototype,
        [
            ("name", lambda this, *_rest: _own(this).name_, None),
            ("message", lambda this, *_rest: _own(this).message_, None),
            ("code", lambda this, *_rest: codes.get(_own(this).name_, 0.0), None),
        ],
    )
    for _, constant, code in CODES:
        for target in (constructor, prototype):
            stored(target)[constant] = Property(float(code), False, True, False)
    return constructor


def dom_exception(realm: Realm, name: str, message: str) -> JSObject:
    """A DOMException object."""
    constructor = global_of(realm, "DOMException")
    return constructor.construct_n([message, name], constructor)


def thrown_dom(realm: Realm, name: str, message: str) -> ThrowCompletion:
    """A DOMException to raise."""
    return ThrowCompletion(dom_exception(realm, name, message))
