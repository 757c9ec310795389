"""Lockstep: a conformance harness with reference interpreters for JavaScript, Python, Clojure and Lua.

Everything lives in this one package, so that no folder of a user's can stand in for a part of it. In a checkout
`lockstep.harness` and `lockstep.reference`, and the data beside them, are links to the folders at its top.
"""

from __future__ import annotations

__version__ = "0.1.0"
