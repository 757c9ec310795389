"""Property tests take the same examples in every run; `--hypothesis-profile search` looks for new ones."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True)
settings.register_profile("search", settings.get_profile("default"))


def pytest_configure(config: pytest.Config) -> None:
    """Choose the fixed examples unless another profile is asked for."""
    if config.getoption("hypothesis_profile", None) is None:
        settings.load_profile("fixed")
