"""A realm that has a host, as the host's own code sees it."""

from __future__ import annotations

from typing import Any

Realm = Any
"""A realm whose parts of the host (`host`, `host_timers`, `host_URL`, ...) are made when they are first asked for: no interface could list them."""
