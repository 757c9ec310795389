"""Running what a page shows, step by step."""

from __future__ import annotations

import re
import shutil
import socket
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.blocks import Command, File, steps
from tests.docs.session import Session
from tests.docs.setups import NONE, ROOT, SETUPS, Setup

_PORT = re.compile(r"\{port:(\w+)\}")


@dataclass(frozen=True)
class Ran:
    """A command of a page, and what it did.

    Attributes:
        command: as it is shown.
        status: its exit status.
        printed: the lines that it printed.
        expects: the exit status that it must have; None where the page shows it (`echo $?`), or nothing says.
    """

    command: Command
    status: int
    printed: tuple[str, ...]
    expects: int | None


class Ports:
    """Ports that nobody listens on; `{port:NAME}` in a command is the one of that name."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def put_into(self, command: str) -> str:
        """The command with numbers."""
        return _PORT.sub(lambda found: str(self._numbers.setdefault(found[1], _free())), command)


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def pages() -> list[str]:
    """Every page of the manual, and those at the top of the project, by their paths in it."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path.relative_to(ROOT).as_posix() for path in found]


def setup_of(page: str) -> Setup:
    """How a page is run."""
    return SETUPS.get(page, NONE)


def ran(page: str, folder: Path) -> Iterator[Ran]:
    """The commands of a page, run one after the other in an empty folder.

    Those among its exceptions are passed by.
    """
    setup = setup_of(page)
    for program in setup.needs:
        if shutil.which(program) is None:
            pytest.skip(f"no {program}: the commands of {page} were not run")
    lacking = [program for program in setup.may_lack if shutil.which(program) is None]
    work = folder / "home" / "mine"
    environment = {name: value.replace("{work}", str(work)) for name, value in setup.environment.items()}
    with Session(folder, environment) as session:
        for name, text in setup.files.items():
            session.write(name, text)
        for name, target in setup.links.items():
            (session.work / name).symlink_to(ROOT / target)
        ports = Ports()
        for command, until in setup.servers.items():
            session.leave_running(ports.put_into(command), until)
        for command in setup.commands:
            status, printed = session.run(command)
            assert status == 0, f"{command}\n{printed}"
        found = list(steps(ROOT / page))
        for number, step in enumerate(found):
            if isinstance(step, File):
                session.write(step.name, step.text)
            elif any(program in step.text for program in lacking):
                warnings.warn(f"{page}: not run without {', '.join(lacking)}: {step.text}", stacklevel=2)
            elif step.text in setup.stays:
                session.leave_running(
                    ports.put_into(setup.instead.get(step.text, step.text)), setup.stays[step.text]
                )
            elif step.text not in setup.exceptions:
                following = found[number + 1] if number + 1 < len(found) else None
                status, printed = session.run(ports.put_into(setup.instead.get(step.text, step.text)))
                yield Ran(step, status, tuple(printed.splitlines()), _expected(setup, step, following))


def _expected(setup: Setup, command: Command, following: Command | File | None) -> int | None:
    """The status with which a command must end: 0, unless the page shows another."""
    shown = isinstance(following, Command) and following.text.startswith("echo $?")
    if shown or "echo $?" in command.text:
        return None
    return setup.ends.get(command.text, 0)
