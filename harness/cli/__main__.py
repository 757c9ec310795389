"""`python -m lockstep.harness.cli`."""

from __future__ import annotations

from lockstep.harness.cli import main

main()
