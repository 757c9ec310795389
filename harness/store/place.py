"""Where the store is: files of SQLite on this machine, or the database of a team; and how its address is shown."""

from __future__ import annotations

import os
import re
from pathlib import Path

from lockstep.reference.host.generation.code_cache import cache_folder

# Names the store of a team in place of the files on this machine; engines do not get it, for it may hold a password.
VARIABLE = "LOCKSTEP_STORE"
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
# The password in the part before the host (rather too much is hidden than too little), and one among the options.
_SECRETS = (
    re.compile(r"(?<=://)(?P<user>[^:/?#@]*):.*(?=@)"),
    re.compile(r"(?P<user>(?<=[?&])[a-z]*password)=[^&]*", re.IGNORECASE),
)


class StoreError(Exception):
    """The store cannot be used; the message names it, without a password, and says what to do."""


def history_path() -> Path:
    """The file of the history: `LOCKSTEP_HISTORY`, or one in the folder where the user's programs keep their data."""
    named = os.environ.get("LOCKSTEP_HISTORY")
    if named:
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME") or str(Path("~/.local/share").expanduser())
    return Path(base) / "lockstep" / "history.sqlite"


def outcomes_path() -> Path:
    """The file of the kept outcomes, in the cache."""
    return cache_folder() / "outcomes.sqlite"


def store_place() -> str:
    """The store that `--store`, `LOCKSTEP_STORE` or lockstep.toml names; "" for the files on this machine."""
    return os.environ.get(VARIABLE, "").strip()


def is_address(place: str) -> bool:
    """Whether it is an address of the form SCHEME://..., and no path."""
    return bool(_SCHEME.match(place))


def sqlite_path(place: str) -> Path | None:
    """The file of SQLite that `place` names; None where it names a server.

    Raises:
        StoreError: the address is of another kind.
    """
    match = _SCHEME.match(place)
    if match is None:
        return Path(place)
    scheme = match[1].lower()
    if scheme == "sqlite":
        path = place[len("sqlite:///") :]
        if not place.lower().startswith("sqlite:///") or not path:
            raise StoreError("sqlite:///PATH names a file, and four slashes begin an absolute path")
        return Path(path)
    if scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise StoreError(
            f"{scheme}://... is no store: a path, sqlite:///PATH or postgresql://USER@HOST/NAME is one"
        )
    return None


def shown(place: str) -> str:
    """An address without its password."""
    for secret, by in zip(_SECRETS, (r"\g<user>:***", r"\g<user>=***"), strict=True):
        place = secret.sub(by, place)
    return place


def is_there(place: str = "") -> bool:
    """Whether there can be anything in it; a server is asked when it is opened."""
    path = sqlite_path(place or store_place() or str(history_path()))
    return path is None or path.is_file()
