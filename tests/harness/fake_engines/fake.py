"""Engines that misbehave in one known way each: `python fake.py BEHAVIOUR`; they test the judge and the pool."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

Message = dict[str, Any]

OUTCOMES: dict[str, Message] = {
    "always-pass": {"completion": "completed", "output": ""},
    "always-throw": {
        "completion": "threw",
        "phase": "eval",
        "kind": "type_error",
        "error": "TypeError",
        "message": "no",
    },
    "always-reject": {
        "completion": "threw",
        "phase": "parse",
        "kind": "syntax_error",
        "error": "SyntaxError",
        "message": "no",
    },
    "wrong-phase": {
        "completion": "threw",
        "phase": "eval",
        "kind": "syntax_error",
        "error": "SyntaxError",
        "message": "late",
    },
    "wrong-constructor": {
        "completion": "threw",
        "phase": "parse",
        "kind": "name_error",
        "error": "ReferenceError",
        "message": "no",
    },
    "extra-output": {"completion": "completed", "output": "one\ntwo\nthree\n"},
    "right-output": {"completion": "completed", "output": "one\ntwo\n"},
    "out-of-steps": {"completion": "timeout", "reason": "steps", "message": "steps limit reached"},
    "out-of-memory": {"completion": "oom", "message": "memory limit reached"},
    "unsupported": {"completion": "unsupported", "message": "no modules"},
    "bug": {"completion": "threw", "phase": "eval", "kind": "internal_error", "message": "KeyError: 1"},
    "unknown-completion": {"completion": "excellent"},
    "hostile-text": {
        "completion": "threw",
        "phase": "eval",
        "error": "E\x1b[31m",
        "message": "\ud800 \x00 \x1b[2J \u2028 \u202e end " + "x" * 3_000_000,
    },
}


# What `switched` does, as the file FAKE_MARKER says.
SWITCHED: dict[str, Message] = {
    "pass": OUTCOMES["always-pass"],
    "fail": OUTCOMES["always-throw"],
    "out-of-time": {"completion": "timeout", "reason": "time", "message": "time limit reached"},
}


def _sleeping_child(session: bool, exits: bool, message: Message) -> None:
    """Start a process that outlives us, and answer, or end without an answer."""
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=session
    )
    Path(os.environ["FAKE_MARKER"]).write_text(str(child.pid))
    if exits:
        os._exit(1)
    reply({"type": "outcome", "id": message["id"], **OUTCOMES["always-pass"]})


_EATS = "import time; hoard = [bytearray(b'x') * (16 << 20) for _ in range(90)]; time.sleep(60)"


def _eating_child(message: Message) -> None:
    subprocess.run([sys.executable, "-c", _EATS], check=False)
    reply({"type": "outcome", "id": message["id"], **OUTCOMES["always-pass"]})


def _eating_orphan(message: Message) -> None:
    starts = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {_EATS!r}], start_new_session=True)"
    )
    subprocess.run([sys.executable, "-c", starts], check=False)
    time.sleep(30)
    reply({"type": "outcome", "id": message["id"], **OUTCOMES["always-pass"]})


CHILDREN: dict[str, Callable[[Message], None]] = {
    "leaves-a-child": partial(_sleeping_child, True, False),
    "ends-with-a-child-at-its-pipe": partial(_sleeping_child, False, True),
    "eats-in-a-child": _eating_child,
    "eats-in-an-orphan": _eating_orphan,
}


def reply(message: Message) -> None:
    """Send one message."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def answer(behaviour: str, message: Message) -> None:
    """Answer, or do not, as the behaviour says."""
    if behaviour in {"die", "changes"}:
        os._exit(3)
    elif behaviour == "die-once":
        marker = Path(os.environ["FAKE_MARKER"])
        if not marker.exists():
            marker.touch()
            os._exit(3)
        reply({"type": "outcome", "id": message["id"], **OUTCOMES["always-pass"]})
    elif behaviour == "hang-once" and "hang" in message["source"]:
        marker = Path(os.environ["FAKE_MARKER"])
        if not marker.exists():
            marker.touch()
            time.sleep(3600)
        reply({"type": "outcome", "id": message["id"], **OUTCOMES["always-pass"]})
    elif behaviour == "die-on-word" and "die" in message["source"]:
        os._exit(3)
    elif behaviour == "hang" or (behaviour == "hang-on-word" and "hang" in message["source"]):
        time.sleep(3600)
    elif behaviour == "silent":
        return
    elif behaviour == "garbage" or (behaviour == "garbage-on-word" and "garbage" in message["source"]):
        sys.stdout.write("Segmentation fault (core not dumped)\n")
        sys.stdout.flush()
    elif behaviour == "switched":
        mode = Path(os.environ["FAKE_MARKER"]).read_text().strip()
        if mode == "die":
            os._exit(3)
        reply({"type": "outcome", "id": message["id"], **SWITCHED[mode]})
    elif behaviour == "alternates" and "die" in message["source"]:
        # It throws at first, then passes, then throws again.
        times = Path(os.environ["FAKE_MARKER"])
        number = len(times.read_text()) if times.exists() else 0
        times.write_text("." * (number + 1))
        reply({"type": "outcome", "id": message["id"], **SWITCHED["pass" if number % 2 else "fail"]})
    elif behaviour == "removes-a-file":
        Path(os.environ["FAKE_MARKER"]).unlink(missing_ok=True)
        reply({"type": "outcome", "id": message["id"], **OUTCOMES["always-pass"]})
    elif behaviour in CHILDREN:
        CHILDREN[behaviour](message)
    elif behaviour == "dies-after-its-answer" and "die" in message["source"]:
        reply({"type": "outcome", "id": message["id"], **OUTCOMES["always-pass"]})
        os._exit(3)
    elif behaviour == "answers-twice" and "die" in message["source"]:
        for _ in range(2):
            reply({"type": "outcome", "id": message["id"], **OUTCOMES["always-pass"]})
    elif behaviour == "not-a-number":
        reply({"type": "outcome", "id": message["id"], "completion": "completed", "ms": float("nan")})
    elif behaviour == "wrong-number":
        reply({"type": "outcome", "id": -1, **OUTCOMES["always-pass"]})
    elif behaviour == "eat" or (behaviour == "eat-on-word" and "eat" in message["source"]):
        hoard = [bytearray(16 << 20) for _ in range(400)]
        time.sleep(3600)
        hoard.clear()
    else:
        outcome = OUTCOMES.get(behaviour, OUTCOMES["always-pass"])
        reply({"type": "outcome", "id": message["id"], **outcome})


def _starts() -> int:
    """How often the engine has been started, which a file counts."""
    counter = Path(os.environ["FAKE_MARKER"])
    with counter.open("a") as stream:
        stream.write(".")
    return len(counter.read_text())


def main() -> None:
    """Serve the behaviour named first, for the language named second (default: lua5.4)."""
    behaviour = sys.argv[1]
    language = sys.argv[2] if len(sys.argv) > 2 else "lua5.4"
    if behaviour == "mute":
        time.sleep(3600)
    if behaviour in {"exits-at-restart", "hangs-at-restart"}:
        started = Path(os.environ["FAKE_MARKER"])
        if started.exists():
            if behaviour == "hangs-at-restart":
                time.sleep(3600)
            sys.exit("cannot open the display")
        started.touch()
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "start":
            version = os.environ.get("FAKE_VERSION", "fake 1.0")
            if behaviour == "changes":
                version = f"fake 1.{_starts()}"
            who = {"engine": behaviour, "language": language, "implementation": version}
            reply({"type": "ready", "version": 1, **who})
        elif message["type"] == "run":
            answer(behaviour, message)
        elif message["type"] == "stop":
            return


if __name__ == "__main__":
    main()
