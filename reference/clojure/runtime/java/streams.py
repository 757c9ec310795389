"""Writers, readers and string builders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.clojure.runtime.values.names import Char

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


def _written(environment: Environment, value: Value) -> str:
    if value.__class__ is str:
        return str(value)
    if value.__class__ is int:
        return chr(value)
    return str(environment.printer.string(value))


class StringWriter:
    """java.io.StringWriter."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        """Append text."""
        self.parts.append(text)

    def text(self) -> str:
        """All that was written."""
        return "".join(self.parts)

    def to_string(self) -> str:
        """All that was written."""
        return "".join(self.parts)

    def guest_write(self, value: Value, start: int | None = None, length: int | None = None) -> None:
        """Write a string or a character code."""
        text = _written(self.environment, value)
        self.write(text if start is None or length is None else text[start : start + length])

    def guest_append(self, value: Value) -> Value:
        """Write, and give the writer."""
        self.write(_written(self.environment, value))
        return self

    def flush(self) -> None:
        """Nothing to do."""

    def guest_flush(self) -> None:
        """Nothing to do."""

    def guest_close(self) -> None:
        """Nothing to do."""

    def guest_getBuffer(self) -> Value:  # Java's name
        """The text so far."""
        return self.text()


class OutputWriter(StringWriter):
    """The writer of the program's output."""

    def write(self, text: str) -> None:
        """Hand text to the output."""
        self.environment.output.write(text)

    def to_string(self) -> str:
        """As an object."""
        return "java.io.PrintWriter"

    def guest_flush(self) -> None:
        """Flush the output."""
        self.environment.output.flush()


class StringBuilder:
    """java.lang.StringBuilder."""

    def __init__(self, environment: Environment, text: Value) -> None:
        self.environment = environment
        self.parts = [str(environment.printer.string(text))]

    def to_string(self) -> str:
        """The text."""
        return "".join(self.parts)

    def _joined(self) -> str:
        text = "".join(self.parts)
        self.parts = [text]
        return text

    def guest_append(self, value: Value, *_: Value) -> Value:
        """Append a value's text."""
        text = (
            "null"
            if value is None
            else value
            if value.__class__ is str
            else self.environment.printer.string(value)
        )
        self.parts.append(text)
        return self

    def guest_length(self) -> int:
        """How long the text is."""
        return len(self._joined())

    def guest_charAt(self, index: int) -> Char:  # Java's name
        """The character at an index."""
        return Char(self._joined()[index])

    def guest_insert(self, index: int, value: Value) -> Value:
        """Insert a value's text."""
        text = self._joined()
        self.parts = [text[:index], self.environment.printer.string(value), text[index:]]
        return self

    def guest_setLength(self, length: int) -> None:  # Java's name
        """Cut the text."""
        self.parts = [self._joined()[:length]]

    def guest_deleteCharAt(self, index: int) -> Value:  # Java's name
        """Remove a character."""
        text = self._joined()
        self.parts = [text[:index], text[index + 1 :]]
        return self

    def guest_reverse(self) -> Value:
        """Reverse the text."""
        self.parts = [self._joined()[::-1]]
        return self

    def count(self) -> int:
        """How long the text is."""
        return len(self._joined())


class TextReader:
    """java.io.Reader over a text.

    Attributes:
        numbered: whether what is read from it remembers lines (LineNumberingPushbackReader).
    """

    def __init__(self, text: str, *, numbered: bool = False) -> None:
        self.content = text
        self.position = 0
        self.numbered = numbered

    def guest_read(self) -> int:
        """The next character's code, -1 at the end."""
        if self.position >= len(self.content):
            return -1
        self.position += 1
        return ord(self.content[self.position - 1])

    def guest_unread(self, code: int) -> None:
        """Step back over a character."""
        if self.position == 0 or ord(self.content[self.position - 1]) != code:
            raise Fault("IOException", "Pushback buffer overflow")
        self.position -= 1

    def guest_readLine(self) -> str | None:  # Java's name
        """The next line without its end, nil at the end."""
        if self.position >= len(self.content):
            return None
        end = self.content.find("\n", self.position)
        end = len(self.content) if end < 0 else end
        line = self.content[self.position : end]
        self.position = end + 1
        return line.rstrip("\r")

    def rest(self) -> str:
        """All that was not read."""
        text = self.content[self.position :]
        self.position = len(self.content)
        return text

    def guest_close(self) -> None:
        """Nothing to do."""
