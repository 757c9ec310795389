"""Property tests take the same examples in every run; `--hypothesis-profile search` looks for new ones."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

# How long an example takes depends on the machine, and decides nothing.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("search", settings.get_profile("default"), deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the fixed examples unless another profile is asked for; let interrupts reach what tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A job in the background of a shell ignores them, and so would its children.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.getoption("hypothesis_profile", None) is None:
        settings.load_profile("fixed")
