"""What is wrong with a pattern."""

from __future__ import annotations


class PatternSyntaxError(ValueError):
    """A text that is no pattern.

    Attributes:
        index: where.
    """

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index

    def text(self, pattern: str) -> str:
        """PatternSyntaxException.getMessage."""
        result = f"{self.message} near index {self.index}\n{pattern}"
        if 0 <= self.index < len(pattern):
            result += "\n" + " " * self.index + "^"
        return result
