"""What is known before anything of this package is loaded."""

from __future__ import annotations

import sys
from typing import Final

VERSION: Final = "0.1.0"

# What the host had loaded by itself before anything of ours; it is no part of an engine's identity.
HOST_MODULES: Final = frozenset(sys.modules)
