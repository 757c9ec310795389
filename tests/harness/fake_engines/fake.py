"""Engines that misbehave in one known way each: `python fake.py BEHAVIOUR`; they test the judge and the pool."""

from __future__ import annotations

import json
import os
import sys
import time
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
}


def reply(message: Message) -> None:
    """Send one message."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def answer(behaviour: str, message: Message) -> None:
    """Answer, or do not, as the behaviour says."""
    if behaviour == "die":
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
    elif behaviour == "wrong-number":
        reply({"type": "outcome", "id": -1, **OUTCOMES["always-pass"]})
    elif behaviour == "eat" or (behaviour == "eat-on-word" and "eat" in message["source"]):
        hoard = [bytearray(16 << 20) for _ in range(400)]
        time.sleep(3600)
        hoard.clear()
    else:
        outcome = OUTCOMES.get(behaviour, OUTCOMES["always-pass"])
        reply({"type": "outcome", "id": message["id"], **outcome})


def main() -> None:
    """Serve the behaviour named first, for the language named second (default: lua5.4)."""
    behaviour = sys.argv[1]
    language = sys.argv[2] if len(sys.argv) > 2 else "lua5.4"
    if behaviour == "mute":
        time.sleep(3600)
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "start":
            reply({"type": "ready", "version": 1, "engine": behaviour, "language": language})
        elif message["type"] == "run":
            answer(behaviour, message)
        elif message["type"] == "stop":
            return


if __name__ == "__main__":
    main()
