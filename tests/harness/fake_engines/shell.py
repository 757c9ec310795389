"""A shell that understands one word of its program: what a plain command may do, well and badly."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

SENTINEL = "lockstep:phase eval"


def main() -> None:
    """Do what the last word of the program's file says."""
    if sys.argv[1:] == ["--version"]:
        print("Shell 4.2")
        return
    source = (
        sys.stdin.read() if sys.argv[1] == "-" else Path(sys.argv[1]).read_text("utf-8", "surrogateescape")
    )
    word = source.split()[-1].rstrip(";")
    marker = os.environ.get("FAKE_MARKER", os.devnull)
    if word == "parse":
        sys.exit("SyntaxError: it does not parse")
    if SENTINEL in source:
        print(SENTINEL, flush=True)
    if word == "throw":
        print("before", flush=True)
        sys.exit(f"TypeError: bad ü\n    at {sys.argv[1]}:{len(source.splitlines())}:7")
    elif word == "status":
        sys.exit(7)
    elif word == "die":
        os.abort()
    elif word == "hang":
        time.sleep(600)
    elif word == "flood":
        while True:
            sys.stdout.write("x" * (1 << 20))
    elif word == "child":
        child = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
        )
        Path(marker).write_text(str(child.pid))
    elif word == "child-eats":
        hoard = "hoard = [bytearray(b'x') * (16 << 20) for _ in range(90)]; import time; time.sleep(60)"
        subprocess.run([sys.executable, "-c", hoard], check=False)
    elif word == "bytes":
        sys.stdout.buffer.write(b"\xff\xfe caf\xc3\xa9\n")
    else:
        print(" ".join(sys.argv[2:]) or word)


main()
