"""Lockstep: a conformance harness with reference interpreters for JavaScript, Python, Clojure and Lua.

Everything lives in this one package, so that no folder of a user's can stand in for a part of it. In a checkout
`lockstep.harness` and `lockstep.reference`, and the data beside them, are links to the folders at its top.
"""

from __future__ import annotations

import sys
from typing import Final

__version__ = "0.1.0"

# What the host had loaded by itself before anything of ours; it is no part of an engine's identity.
HOST_MODULES: Final = frozenset(sys.modules)
