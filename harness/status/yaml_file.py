"""YAML files: read and written with libyaml where it is there, which is ten times as fast."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
# The last line of every file that we write: without it, the file has been cut.
END = "..."


class YamlError(Exception):
    """A YAML file cannot be read or written, or has another form than its reader needs; the message names the file."""


def parse_yaml(text: str) -> Any:
    """The content of YAML text.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  # both loaders are safe ones


def load_yaml(path: Path, whole: Callable[[object], bool] = lambda _: False) -> Any:
    """The content of a YAML file, read with libyaml where it is there.

    Args:
        path: the file.
        whole: whether a file with this content is one of those that end with the line `...`, so that one that was cut is noticed.

    Raises:
        YamlError: it is no YAML, or it has been cut; the message names the line.
    """
    try:
        text = path.read_text("utf-8")
        content = parse_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise YamlError(f"{path}{line}: not YAML: {problem}{_conflict(text)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise YamlError(f"{path}: cannot be read: {error}") from error
    except RecursionError as error:
        raise YamlError(f"{path}: nested too deeply") from error
    if text.rstrip().rpartition("\n")[2] != END and whole(content):
        lines = text.count("\n")
        raise YamlError(f"{path}:{lines}: the file ends without its last line, `{END}`: it has been cut")
    return content


def _conflict(text: str) -> str:
    """A word on the marks that a merge left, the commonest reason for such a file."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            return f" (line {number} is the mark of a merge conflict)"
    return ""


def dump_yaml(path: Path, content: object, head: str) -> None:
    """Write a YAML file in one step, so that an interrupt or a full disk leaves the old one or the new one.

    Raises:
        YamlError: it cannot be written.
    """
    text = yaml.dump(
        content, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=1000, explicit_end=True
    )
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(head + text)
        Path(temporary).chmod(0o644)  # as files that are read by all
        Path(temporary).replace(path)
    except OSError as error:
        raise YamlError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs from writing the files of `folder` until the block is left; they wait.

    Raises:
        YamlError: the folder cannot be made or opened.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise YamlError(f"{folder}: cannot be written: {error.strerror or error}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
