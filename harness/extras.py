"""What has to be installed for a part of Lockstep that not everyone needs, in words that `pip` takes."""

from __future__ import annotations

import shlex

DISTRIBUTION = "lockstep-conformance"


def how_to_install(*extras: str) -> str:
    """The command that installs what the extras of that name hold, package by package.

    >>> how_to_install("reduce")
    "pip install 'lithium-reducer<5,>=4'"
    """
    from importlib import metadata  # noqa: PLC0415  # for who lacks something

    from packaging.requirements import Requirement  # likewise

    try:
        required = [Requirement(line) for line in metadata.requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:  # run from a folder, without having been installed
        required = []
    wanted = [
        f"{one.name}{one.specifier}"
        for one in required
        if one.marker is not None and any(one.marker.evaluate({"extra": extra}) for extra in extras)
    ]
    if not wanted:
        return f"pip install -e '.[{','.join(extras)}]' in the folder of Lockstep's sources"
    return f"pip install {shlex.join(dict.fromkeys(wanted))}"
