"""TypeScript to JavaScript: types become blanks, so that every line and column stays what it was."""

from __future__ import annotations

from typing import NamedTuple

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.syntax.ast.node import Source
from lockstep.reference.javascript.syntax.typescript.modules import ModuleReader
from lockstep.reference.javascript.syntax.typescript.tokens import UnreadableError
from lockstep.reference.javascript.syntax.utf16 import to_code_points

DECORATOR = "TypeScript decorators are not supported: engines of JavaScript do not have them yet"


class Stripped(NamedTuple):
    """What is left of a text.

    Attributes:
        text: the JavaScript.
        is_module: something in it is allowed in modules only.
        refusal: the first construct that cannot be erased.
        decorator: the first decorator; it is still in the text.
    """

    text: str
    is_module: bool
    refusal: GuestSyntaxError | None
    decorator: GuestSyntaxError | None


def strip(source: str, name: str = "<typescript>") -> str:
    """The JavaScript that is left when the types of `source` are gone.

    Raises:
        GuestSyntaxError: it is no TypeScript, or holds a construct that cannot be erased: an enumeration, a namespace with
            values, a parameter property, an import alias, an export assignment, an assertion in angle brackets.
    """
    stripped = read(source, name)
    if stripped.refusal is not None:
        raise stripped.refusal
    return stripped.text


def read(source: str, name: str) -> Stripped:
    """Read a TypeScript text.

    Raises:
        GuestSyntaxError: it is none.
    """
    text = Source(to_code_points(source), name)
    try:
        reader = ModuleReader(text)
        reader.parse_program()
    except UnreadableError as error:
        raise GuestSyntaxError(error.message, text.location(error.start)) from None
    except RecursionError:
        pass
    else:
        for start, message in sorted(reader.lexer.legacy.items()):
            if text.text[start].isdigit():
                raise GuestSyntaxError(message, text.location(start))
        edits = reader.edits
        refused = min(edits.refusals, default=None)
        decorated = min(edits.decorators, default=None)
        return Stripped(
            edits.apply(text.text),
            reader.is_module,
            None if refused is None else GuestSyntaxError(refused[1], text.location(refused[0])),
            None if decorated is None else GuestSyntaxError(DECORATOR, text.location(decorated)),
        )
    raise GuestSyntaxError("Maximum call stack size exceeded", text.location(0), name="RangeError")
