"""`node:fs` and `node:fs/promises`: each operation at once, with a callback, and as a promise."""

from __future__ import annotations

from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.definition import (
    HostCall,
    add_functions,
    coded_error,
    dictionary,
    namespace,
    wrong_type,
)
from lockstep.reference.javascript.host.filesystem.operations import Operations
from lockstep.reference.javascript.host.hosting import hosting_of, part_of
from lockstep.reference.javascript.host.modules.builtins import built_in
from lockstep.reference.javascript.host.promises import promise_of
from lockstep.reference.javascript.host.timers.loop import Immediate
from lockstep.reference.javascript.runtime.completions import thrown_value
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.objects import call
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_REFUSED = (
    "createReadStream", "createWriteStream", "open", "openSync", "close", "closeSync", "read", "readSync", "write", "writeSync", "watch",
    "watchFile", "symlink", "symlinkSync", "link", "linkSync", "chmod", "chmodSync", "chown", "chownSync", "utimes", "utimesSync",
)  # fmt: skip
_CONSTANTS = (("F_OK", 0.0), ("R_OK", 4.0), ("W_OK", 2.0), ("X_OK", 1.0), ("COPYFILE_EXCL", 1.0))


def _operations(own: Operations) -> dict[str, Callable[..., Value]]:
    return {
        "readFile": own.read_file,
        "writeFile": own.write_file,
        "appendFile": own.append_file,
        "readdir": own.read_folder,
        "stat": own.stat,
        "lstat": lambda path=undefined, options=undefined: own.stat(path, options, follow=False),
        "access": own.access,
        "mkdir": own.make_folder,
        "mkdtemp": own.make_temporary,
        "rm": own.remove,
        "rmdir": own.remove_folder,
        "unlink": own.unlink,
        "rename": own.rename,
        "copyFile": own.copy_file,
        "cp": own.copy,
        "realpath": own.real_path,
        "readlink": own.read_link,
        "truncate": own.truncate,
    }


def fs_module(realm: Realm) -> JSObject:
    """The exports of `node:fs`."""
    own = part_of(realm, Operations)
    made = namespace(realm)

    def at_once(operate: Callable[..., Value]) -> HostCall:
        return lambda _this, *arguments: operate(*arguments[: _taken(operate)])

    def later(operate: Callable[..., Value]) -> HostCall:
        def called(_this: Value, *arguments: Value) -> None:
            callback = arguments[-1] if arguments else undefined
            if not is_callable(callback):
                raise wrong_type(realm, 'The "cb" argument', "of type function", callback)
            given = arguments[:-1][: _taken(operate)]
            try:
                result = operate(*given)
            except Exception as error:
                reason = thrown_value(error, realm)
                _after(realm, lambda: callback.call_n(undefined, reason))
                return
            _after(realm, lambda: callback.call_n(undefined, null, result))

        return called

    for name, operate in _operations(own).items():
        add_functions(realm, made, [(name, later(operate), 2), (f"{name}Sync", at_once(operate), 1)])

    def exists_later(
        _this: Value, path: Value = undefined, callback: Value = undefined, *_rest: Value
    ) -> None:
        found = own.exists(path)
        _after(realm, lambda: call(callback, undefined, found))

    add_functions(realm, made, [("existsSync", at_once(own.exists), 1), ("exists", exists_later, 2)])
    add_functions(realm, made, [(name, _refusing(realm, name), 0) for name in _REFUSED])
    stored(made)["constants"] = plain(dictionary(realm, _CONSTANTS))
    for name, value in _CONSTANTS[:4]:
        stored(made)[name] = plain(value)
    stored(made)["promises"] = plain(built_in(realm, "fs/promises"))
    return made


def _after(realm: Realm, step: Callable[[], object]) -> None:
    """Run a callback in a later turn, as what comes back from a thread."""
    hosting_of(realm).loop.add_immediate(Immediate(step))


def _taken(operate: Callable[..., Value]) -> int:
    bound = isinstance(operate, MethodType)
    function = operate.__func__ if isinstance(operate, MethodType) else operate
    assert isinstance(function, FunctionType)
    return function.__code__.co_argcount - bound


def _refusing(realm: Realm, name: str) -> HostCall:
    def refuse(_this: Value, *_rest: Value) -> Value:
        raise coded_error(
            realm,
            "Error",
            "ERR_ACCESS_DENIED",
            f"fs.{name} is not available: this host reads and writes whole files",
        )

    return refuse


def fs_promises_module(realm: Realm) -> JSObject:
    """The exports of `node:fs/promises`."""
    made = namespace(realm)

    def promised(operate: Callable[..., Value]) -> HostCall:
        return lambda _this, *arguments: promise_of(realm, lambda: operate(*arguments[: _taken(operate)]))

    for name, operate in _operations(part_of(realm, Operations)).items():
        add_functions(realm, made, [(name, promised(operate), 1)])
    stored(made)["constants"] = plain(dictionary(realm, _CONSTANTS))
    return made
