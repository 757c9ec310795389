"""node's own modules: where each is made."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Callable, Final

from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.modules.refused import REFUSED, refused_module

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject

BUILT_INS: Final[dict[str, tuple[str, str]]] = {
    "assert": ("assertions.module", "assert_module"),
    "assert/strict": ("assertions.module", "strict_module"),
    "buffer": ("buffers.module", "buffer_module"),
    "console": ("util.modules", "console_module"),
    "crypto": ("util.crypto", "crypto_module"),
    "events": ("events.module", "events_module"),
    "fs": ("filesystem.module", "fs_module"),
    "fs/promises": ("filesystem.module", "fs_promises_module"),
    "os": ("util.system", "os_module"),
    "path": ("paths.path_module", "path_module"),
    "path/posix": ("paths.path_module", "path_module"),
    "path/win32": ("paths.path_module", "windows_module"),
    "process": ("util.modules", "process_module"),
    "querystring": ("paths.query_module", "querystring_module"),
    "string_decoder": ("buffers.string_decoder", "string_decoder_module"),
    "test": ("testing.module", "test_module"),
    "sys": ("util.module", "util_module"),
    "timers": ("util.modules", "timers_module"),
    "timers/promises": ("util.modules", "timers_promises_module"),
    "tty": ("util.system", "tty_module"),
    "url": ("paths.url_module", "url_module"),
    "util": ("util.module", "util_module"),
    "util/types": ("util.types", "types_module"),
    "perf_hooks": ("util.modules", "perf_hooks_module"),
    "module": ("modules.commonjs", "module_module"),
}
"""Where each module is made: module and function."""

ONLY_WITH_SCHEME: Final = frozenset({"test", "sqlite", "sea", "test/reporters"})
"""Those whose names need `node:`."""


def is_built_in(name: str) -> bool:
    """Whether a specifier names one of node's own modules."""
    if name.startswith("node:"):
        bare = name[5:]
        return bare in BUILT_INS or bare in REFUSED
    return (name in BUILT_INS or name in REFUSED) and name not in ONLY_WITH_SCHEME


def built_in(realm: Realm, name: str) -> JSObject:
    """The exports of `node:name`, made once for each realm."""
    name = name.removeprefix("node:")
    made = hosting_of(realm).built_ins
    if name not in made:
        place = BUILT_INS.get(name)
        if place is None:
            made[name] = refused_module(realm, name)
            return made[name]
        module, function = place
        maker: Callable[[Realm], JSObject] = getattr(
            importlib.import_module(f"lockstep.reference.javascript.host.{module}"), function
        )
        made[name] = maker(realm)
    return made[name]
