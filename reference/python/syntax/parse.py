"""Source text to the host's AST of Python 3.11, with syntax errors as the guest sees them."""

from __future__ import annotations

import ast
import sys
import warnings

from lockstep.reference.host.errors import GuestSyntaxError, Location

MODES = ("exec", "eval", "single")

# A newer host reads newer grammar; this keeps it to 3.11 as far as the host's parser can tell.
_FEATURE_VERSION = (3, 11) if sys.version_info >= (3, 11) else sys.version_info[:2]

# Statements of the guest's grammar that an older host cannot parse: (keyword that the line starts with, since).
_NEWER_STATEMENTS = (("match ", (3, 10)), ("except*", (3, 11)), ("except *", (3, 11)))


class PythonSyntaxError(GuestSyntaxError):
    """A rejected program; `details` is the tuple that Python's own SyntaxError carries beside its message."""

    def __init__(self, message: str, details: tuple[object, ...], name: str = "SyntaxError") -> None:
        filename, line, column = str(details[0]), details[1], details[2]
        place = Location(
            filename, line if isinstance(line, int) else 0, column if isinstance(column, int) else 0
        )
        super().__init__(message, place, name=name)
        self.details = details


class UnsupportedSyntaxError(Exception):
    """The program uses grammar of 3.11 that this host's parser does not know."""


def parse(source: str, filename: str, mode: str = "exec") -> ast.Module | ast.Expression | ast.Interactive:
    """The AST of `source` in `mode`, one of `MODES`.

    Raises:
        PythonSyntaxError: the source is not Python 3.11.
        UnsupportedSyntaxError: it may be, and the host is too old to tell.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, filename, mode, feature_version=_FEATURE_VERSION[1])
    except SyntaxError as error:
        raise from_host(error, filename, source) from None
    except (RecursionError, MemoryError):
        raise PythonSyntaxError("too many nested expressions or statements", (filename, 1, 0, None)) from None
    except ValueError as error:
        raise PythonSyntaxError(str(error), (filename, 1, 0, None)) from None
    except UnicodeEncodeError as error:
        raise PythonSyntaxError(f"(unicode error) {error}", (filename, 1, 0, None)) from None
    return tree  # type: ignore[return-value]  # the mode decides which


def compiler_warnings(source: str, filename: str, mode: str) -> list[tuple[str, type[Warning], int]]:
    """What the host's compiler warns of in a program that it accepts: message, category, line."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, filename, mode, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
    return [(str(item.message), item.category, item.lineno) for item in caught]


def from_host(
    error: SyntaxError, filename: str, source: str = ""
) -> GuestSyntaxError | UnsupportedSyntaxError:
    """The guest's form of a SyntaxError of the host's parser or compiler."""
    line = error.lineno or 0
    if sys.version_info < (3, 11) and line:
        lines = source.splitlines()
        text = lines[line - 1].lstrip() if line <= len(lines) else ""
        for keyword, since in _NEWER_STATEMENTS:
            if text.startswith(keyword) and sys.version_info < since:
                return UnsupportedSyntaxError(
                    f"line {line}: '{keyword.strip()}' needs a host of Python {since[0]}.{since[1]}"
                )
    details = (
        filename,
        error.lineno,
        error.offset,
        error.text,
        getattr(error, "end_lineno", None),
        getattr(error, "end_offset", None),
    )
    return PythonSyntaxError(error.msg, details, type(error).__name__)


def error_at(message: str, filename: str, node: ast.AST, source: str | None = None) -> PythonSyntaxError:
    """A SyntaxError that lies at `node`."""
    line = getattr(node, "lineno", 1)
    column = getattr(node, "col_offset", 0) + 1
    text = None
    if source is not None:
        lines = source.splitlines()
        text = lines[line - 1] + "\n" if line <= len(lines) else None
    end_line = getattr(node, "end_lineno", None)
    end_column = getattr(node, "end_col_offset", None)
    end = None if end_column is None else end_column + 1
    return PythonSyntaxError(message, (filename, line, column, text, end_line, end))
