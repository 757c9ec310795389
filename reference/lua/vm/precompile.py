"""Has a chunk compiled into the cache on disk by a process of its own (`precompiling.py`)."""

from __future__ import annotations

import json
import subprocess

from lockstep import launch
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.vm.form import Form


def precompile(profile: Profile, source: str, name: str, form: Form) -> None:
    """Have a process compile a chunk into the cache, and wait for it; without an effect where that cannot be."""
    text = json.dumps({"source": source, "name": name, "metered": form.metered, "hooked": form.hooked})
    command = launch.command("reference.lua.vm.precompiling", profile.name)
    try:
        subprocess.run(  # noqa: S603  # our own program
            command, input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
    except OSError:
        return
