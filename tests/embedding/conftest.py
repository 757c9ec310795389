"""Embedders' tests begin as in a process of their own."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """The host's own recursion limit and collector: what ran before in this process may have moved them."""
    limit, thresholds = sys.getrecursionlimit(), gc.get_threshold()
    sys.setrecursionlimit(1000)
    gc.set_threshold(700, 10, 10)
    yield
    sys.setrecursionlimit(limit)
    gc.set_threshold(*thresholds)
