"""The `lockstep` command: one function per subcommand, which reads its arguments and hands them on."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper

try:
    import click

    from lockstep.harness.cli.group import cli
    from lockstep.harness.engines.signals import stay_deaf
except KeyboardInterrupt:  # before there is anything to end
    raise SystemExit(130) from None

_MISSING = 3
_OWN_FAULT = 70  # EX_SOFTWARE


def main() -> None:
    """The entry point: exit codes are 0, 1, 2 (usage), 3 (missing), 70 (a fault of Lockstep's) and 130 (interrupted)."""
    # What ends a job from outside, as CI and a lost connection do, keeps what is finished just as Ctrl-C does.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:
            signal.signal(ending, signal.default_int_handler)
    stay_deaf()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        raise SystemExit(130) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except click.exceptions.Exit as error:
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except OSError as error:
        # A full disk, a folder that may not be written: the machine's fault, and no regression.
        name = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"{name}{error.strerror or error}\n")
        raise SystemExit(_MISSING) from None
    except Exception:  # noqa: BLE001  # whatever it is, it must not look like a regression
        import traceback  # seldom needed

        sys.stderr.write(f"lockstep: a fault of Lockstep's own; please report it:\n{traceback.format_exc()}")
        raise SystemExit(_OWN_FAULT) from None
    raise SystemExit(code if isinstance(code, int) else 0)


__all__ = ["cli", "main"]
