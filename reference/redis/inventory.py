"""What a script of Redis finds: what is left of Lua 5.1, and the libraries of Redis."""

from __future__ import annotations

from lockstep.reference.host.inventory import BuiltIn
from lockstep.reference.lua.inventory import built_ins as of_lua
from lockstep.reference.redis.libraries import bit, cjson, cmsgpack, struct
from lockstep.reference.redis.scripting import functions, library
from lockstep.reference.redis.scripting.sandbox import ABSENT

LIBRARIES = (
    ("redis.", library.ROWS),
    ("redis.", functions.ROWS),
    ("bit.", bit.ROWS),
    ("cjson.", cjson.ROWS),
    ("cmsgpack.", cmsgpack.ROWS),
    ("struct.", struct.ROWS),
)
# What is no function: a page of Redis's documentation, and since which version of Redis; the names that modules give themselves stand in none.
_VALUES = {
    "redis": ("library", "lua-api", "2.6.0"),
    "bit": ("library", "lua-api", "2.8.18"),
    "cjson": ("library", "lua-api", "2.6.0"),
    "cmsgpack": ("library", "lua-api", "2.6.0"),
    "struct": ("library", "lua-api", "2.6.0"),
    "KEYS": ("table", "eval-intro", "2.6.0"),
    "ARGV": ("table", "eval-intro", "2.6.0"),
    "cjson.null": ("constant", "lua-api", "2.6.0"),
    "cjson._NAME": ("constant", "-", "2.6.0"),
    "cjson._VERSION": ("constant", "-", "2.6.0"),
    **{f"cmsgpack.{name}": ("constant", "-", "2.6.0") for name in cmsgpack.CONSTANTS},
    **{f"redis.{name}": ("constant", "lua-api", "2.6.0") for name in library.LOG_LEVELS},
    **{f"redis.{name}": ("constant", "lua-api", "7.0.0") for name in library.VERSIONS},
    **{f"redis.{name}": ("constant", "lua-api", "3.2.0") for name in library.REPLICATION},
    # Redis calls it around a script.
    "__redis__err__handler": ("function", "-", "2.6.0"),
}
# Libraries of Lua that no script has.
_CLOSED = ("io", "os", "package", "debug", "file:", "FILE*", "require", "module")


def built_ins(profile: str = "") -> list[BuiltIn]:
    """Every built-in, by its name from the globals; those of Lua with their section in its manual."""
    del profile
    rows = [
        row
        for row in of_lua("5.1")
        if row.name not in ABSENT and not row.name.startswith(_CLOSED) and "*" not in row.name
    ]
    rows += [
        BuiltIn(holder + row.name, "function", row.arity, row.section, row.since)
        for holder, found in LIBRARIES
        for row in found
    ]
    rows += [BuiltIn(name, kind, None, section, since) for name, (kind, section, since) in _VALUES.items()]
    unique = {row.name: row for row in rows}
    return [unique[name] for name in sorted(unique)]
