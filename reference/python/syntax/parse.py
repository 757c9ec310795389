"""Source text to the host's AST of Python 3.11, with syntax errors as the guest sees them."""

from __future__ import annotations
import __future__ as future

import ast
import sys
import warnings
from types import CodeType

from lockstep.reference.host.errors import GuestSyntaxError, Location

MODES = ("exec", "eval", "single")

# A newer host reads newer grammar; this keeps it to 3.11 as far as the host's parser can tell.
_FEATURE_VERSION = (3, 11) if sys.version_info >= (3, 11) else sys.version_info[:2]

# Statements of the guest's grammar that an older host cannot parse: (keyword that the line starts with, since).
_NEWER_STATEMENTS = (("match ", (3, 10)), ("except*", (3, 11)), ("except *", (3, 11)))


# The host looks for the line of an error in the file that it is told of: it is told of one that does not exist.
_NOWHERE = "<no file: lockstep>"


class PythonSyntaxError(GuestSyntaxError):
    """A rejected program.

    Attributes:
        details: what Python's own SyntaxError carries beside its message: file, line, column, text, end.
        in_arguments: how many of the details stand in the exception's arguments too; the compiler's symbol table
            puts none there.
    """

    def __init__(
        self,
        message: str,
        details: tuple[object, ...],
        name: str = "SyntaxError",
        in_arguments: int | None = None,
    ) -> None:
        filename, line, column = str(details[0]), details[1], details[2]
        place = Location(
            filename, line if isinstance(line, int) else 0, column if isinstance(column, int) else 0
        )
        super().__init__(message, place, name=name)
        self.details = details
        if in_arguments is None:
            in_arguments = 4 if len(details) > 4 and details[4] is None else len(details)
        self.in_arguments = in_arguments


class UnsupportedSyntaxError(Exception):
    """The program uses grammar of 3.11 that this host's parser does not know."""


def optimization(features: frozenset[str]) -> int:
    """The level of optimisation that the features of a program ask for."""
    return next((level for level in (1, 2) if f"optimize={level}" in features), 0)


def parse(source: str, filename: str, mode: str = "exec") -> ast.Module | ast.Expression | ast.Interactive:
    """The AST of `source` in `mode`, one of `MODES`.

    Raises:
        PythonSyntaxError: the source is not Python 3.11.
        UnsupportedSyntaxError: it may be, and the host is too old to tell.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, _NOWHERE, mode, feature_version=_FEATURE_VERSION[1])
    except SyntaxError as error:
        raise from_host(error, filename, source) from None
    except (RecursionError, MemoryError):
        raise PythonSyntaxError("too many nested expressions or statements", (filename, 1, 0, None)) from None
    except ValueError as error:
        raise PythonSyntaxError(str(error), (filename, 1, 0, None), in_arguments=0) from None
    except UnicodeEncodeError as error:
        raise PythonSyntaxError(f"(unicode error) {error}", (filename, 1, 0, None)) from None
    return tree  # type: ignore[return-value]  # the mode decides which


def checked(
    source: str | bytes,
    filename: str,
    mode: str,
    *,
    features: frozenset[str] = frozenset(),
    shows_text: bool = False,
) -> CodeType | None:
    """The host's own code of a program, of no use to run; None where the host cannot say.

    Args:
        source: the program.
        filename: what the guest calls its file.
        mode: one of `MODES`.
        features: the `__future__` features that are on from outside, and the level of optimisation.
        shows_text: whether `source` is what stands in the file, so that errors may show their line.

    Raises:
        PythonSyntaxError: the host's compiler rejects the program, in CPython's own words.
    """
    flags = future.annotations.compiler_flag if "annotations" in features else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code: CodeType = compile(
                source, _NOWHERE, mode, flags, dont_inherit=True, optimize=optimization(features)
            )
    except SyntaxError as error:
        if shows_text and isinstance(source, str) and error.text is None and error.lineno:
            lines = source.splitlines(keepends=True)
            if error.lineno <= len(lines):
                error.text = lines[error.lineno - 1]
        raise from_host(error, filename, source if isinstance(source, str) else "") from None
    except (ValueError, RecursionError, MemoryError):
        return None
    return code


def rejection(
    source: str | bytes,
    filename: str,
    mode: str,
    *,
    features: frozenset[str] = frozenset(),
    shows_text: bool = False,
) -> GuestSyntaxError | None:
    """What `checked` raises; None for a program that it accepts."""
    try:
        checked(source, filename, mode, features=features, shows_text=shows_text)
    except GuestSyntaxError as error:
        return error
    return None


def compiler_warnings(source: str, filename: str, mode: str) -> list[tuple[str, type[Warning], int]]:
    """What the host's compiler warns of in a program that it accepts: message, category, line."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, _NOWHERE, mode, dont_inherit=True)
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
    given = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], tuple) else ()
    return PythonSyntaxError(error.msg, details, type(error).__name__, len(given))


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
