"""Modules (manual 6.3)."""

from __future__ import annotations

import os

from lockstep.reference.lua.runtime.arguments import argument, argument_error, check_string, optional_string
from lockstep.reference.lua.runtime.library.basic import load_file
from lockstep.reference.lua.runtime.library.registration import library, register, versions
from lockstep.reference.lua.runtime.operations.calls import call_value, values
from lockstep.reference.lua.runtime.operations.environments import set_level_environment
from lockstep.reference.lua.runtime.operations.indexing import index, set_index
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, TRUE, Builtin, Function, Results, Table, Value

_PATHS = {
    "5.1": "./?.lua;/usr/local/share/lua/5.1/?.lua;/usr/local/share/lua/5.1/?/init.lua;"
    "/usr/local/lib/lua/5.1/?.lua;/usr/local/lib/lua/5.1/?/init.lua",
    "5.4": "/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua;"
    "/usr/local/lib/lua/5.4/?.lua;/usr/local/lib/lua/5.4/?/init.lua;./?.lua;./?/init.lua",
}
_HOST_PATHS = {
    "5.1": "./?.so;/usr/local/lib/lua/5.1/?.so;/usr/local/lib/lua/5.1/loadall.so",
    "5.4": "/usr/local/lib/lua/5.4/?.so;/usr/local/lib/lua/5.4/loadall.so;./?.so",
}
_NO_HOST_MODULES = "dynamic libraries not enabled; check your Lua installation"


def _readable(state: State, name: str) -> bool:
    if not state.permissions.files:
        return False
    return os.path.isfile(name.encode("latin-1")) and os.access(name.encode("latin-1"), os.R_OK)  # noqa: PTH113


def search_path(
    state: State, name: str, path: str, separator: str, replacement: str
) -> tuple[str | None, str]:
    """The first readable file among the templates, else what was tried, as text."""
    if separator:
        name = name.replace(separator, replacement)
    tried = []
    for template in path.split(";"):
        if not template:
            continue
        file_name = template.replace("?", name)
        if _readable(state, file_name):
            return file_name, ""
        tried.append(f"no file '{file_name}'")
    if not state.integers:
        return None, "".join(f"\n\t{line}" for line in tried)
    shown = path.replace("?", name).replace(";", "'\n\tno file '")
    return None, f"no file '{shown}'"


def lua_searchpath(state: State, *arguments: Value) -> Results:
    """`package.searchpath(name, path, sep, rep)` (5.4)."""
    found, tried = search_path(
        state,
        check_string(state, arguments, 1),
        check_string(state, arguments, 2),
        optional_string(state, arguments, 3, "."),
        optional_string(state, arguments, 4, "/"),
    )
    return found if found is not None else [None, tried]


def _package(state: State) -> Table:
    return state.package


def _path(state: State, field: str) -> str:
    path = index(state, _package(state), field)
    if type(path) not in (str, int, float):
        runtime_error(f"'package.{field}' must be a string", 1)
    return str(path)


def lua_search_preload(state: State, *arguments: Value) -> Results:
    """The searcher of `package.preload`."""
    name = check_string(state, arguments, 1)
    preload = (
        index(state, _package(state), "preload")
        if not state.integers
        else state.registry.__dict__["_PRELOAD"]
    )
    if not isinstance(preload, Table):
        runtime_error("'package.preload' must be a table", 1)
    loader = index(state, preload, name)
    if loader is None:
        if not state.integers:
            return f"\n\tno field package.preload['{name}']"
        return f"no field package.preload['{name}']"
    return [loader, ":preload:"] if state.integers else loader


def lua_search_lua(state: State, *arguments: Value) -> Results:
    """The searcher of Lua files."""
    name = check_string(state, arguments, 1)
    path = _path(state, "path")
    for root in state.roots:
        path = f"{root}/?.lua;{root}/?/init.lua;{path}"
    file_name, tried = search_path(state, name, path, ".", "/")
    if file_name is None:
        return tried
    loaded = load_file(state, file_name, "bt", state.globals)
    if type(loaded) is list:
        message = f"error loading module '{name}' from file '{file_name}':\n\t{loaded[1]}"
        runtime_error(message, 1)
    return [loaded, file_name] if state.integers else loaded


def lua_search_host(state: State, *arguments: Value) -> Results:
    """The searcher of C libraries: it finds files, which cannot be loaded."""
    name = check_string(state, arguments, 1)
    file_name, tried = search_path(state, name, _path(state, "cpath"), ".", "/")
    if file_name is None:
        return tried
    return runtime_error(f"error loading module '{name}' from file '{file_name}':\n\t{_NO_HOST_MODULES}", 1)


def lua_search_all_in_one(state: State, *arguments: Value) -> Results:
    """The searcher of C libraries that hold several modules."""
    name = check_string(state, arguments, 1)
    root, dot, _ = name.partition(".")
    if not dot:
        return []
    file_name, tried = search_path(state, root, _path(state, "cpath"), ".", "/")
    if file_name is None:
        return tried
    return runtime_error(f"error loading module '{name}' from file '{file_name}':\n\t{_NO_HOST_MODULES}", 1)


def lua_require(state: State, *arguments: Value) -> Results:
    """`require(modname)`."""
    name = check_string(state, arguments, 1)
    loaded = state.loaded
    known = index(state, loaded, name)
    if known is not None and known is not FALSE:
        if known is _LOADING:
            runtime_error(f"loop or previous error loading module '{name}'", 1)
        return known
    field = "searchers" if state.integers else "loaders"
    searchers = index(state, _package(state), field)
    if not isinstance(searchers, Table):
        runtime_error(f"'package.{field}' must be a table", 1)
    messages = ""
    position = 1
    while True:
        searcher = index(state, searchers, position)
        if searcher is None:
            runtime_error(f"module '{name}' not found:{messages}", 1)
        found = [*values(call_value(state, searcher, name)), None, None]
        loader, data = found[0], found[1]
        if isinstance(loader, Function):
            break
        if type(loader) is str:
            messages += loader if not state.integers else f"\n\t{loader}"
        position += 1
    if not state.integers:
        set_index(state, loaded, name, _LOADING)
        result = values(call_value(state, loader, name))
        value = result[0] if result else None
        if value is not None:
            set_index(state, loaded, name, value)
        if index(state, loaded, name) is _LOADING:
            set_index(state, loaded, name, TRUE)
        return index(state, loaded, name)
    result = values(call_value(state, loader, name, data))
    value = result[0] if result else None
    if value is not None:
        set_index(state, loaded, name, value)
    elif index(state, loaded, name) is None:
        set_index(state, loaded, name, TRUE)
    return [index(state, loaded, name), data]


_LOADING = Builtin(lambda *_: [], "loading")


def lua_loadlib(state: State, *arguments: Value) -> Results:
    """`package.loadlib(libname, funcname)`: there are no C libraries here."""
    check_string(state, arguments, 1)
    check_string(state, arguments, 2)
    return [None, _NO_HOST_MODULES, "absent"]


def lua_seeall(state: State, *arguments: Value) -> Results:
    """`package.seeall(module)` (5.1)."""
    module = argument(arguments, 1)
    if not isinstance(module, Table):
        argument_error(state, 1, "table expected, got no value")
    if module.meta_table is None:
        module.meta_table = Table()
    set_index(state, module.meta_table, "__index", state.globals)
    return []


def lua_module(state: State, *arguments: Value) -> Results:
    """`module(name, ...)` (5.1)."""
    name = check_string(state, arguments, 1)
    module = index(state, state.loaded, name)
    if not isinstance(module, Table):
        module = _named_table(state, name)
        if module is None:
            runtime_error(f"name conflict for module '{name}'", 1)
        set_index(state, state.loaded, name, module)
    if index(state, module, "_NAME") is None:
        set_index(state, module, "_M", module)
        set_index(state, module, "_NAME", name)
        set_index(state, module, "_PACKAGE", name[: name.rfind(".") + 1])
    set_level_environment(state, 1, module)
    for option in arguments[1:]:
        call_value(state, option, module)
    return []


def _named_table(state: State, name: str) -> Table | None:
    """The table that a dotted name means in the globals, made where it is missing."""
    table = state.globals
    for part in name.split("."):
        inner = index(state, table, part)
        if inner is None:
            inner = Table()
            set_index(state, table, part, inner)
        elif not isinstance(inner, Table):
            return None
        table = inner
    return table


def _initial_path(state: State, variable: str, default: str) -> str:
    """A path from the environment (5.4: the variable of this version first), `;;` standing for the default."""
    path = None
    if state.integers:
        path = state.permissions.variable(f"{variable}_{state.profile.name.replace('.', '_')}")
    if path is None:
        path = state.permissions.variable(variable)
    if path is None:
        return default
    if not state.integers:
        return path.replace(";;", f";{default};")
    before, both, after = path.partition(";;")
    if not both:
        return path
    return ";".join(part for part in (before, default, after) if part)


_SEARCHERS = (lua_search_preload, lua_search_lua, lua_search_host, lua_search_all_in_one)


GLOBAL_FUNCTIONS = versions(
    ("module", lua_module, 1, "5.3", "5.1", "5.1"),
    ("require", lua_require, 1, "6.3", "5.0"),
)
FUNCTIONS = versions(
    ("loadlib", lua_loadlib, 2, "6.3", "5.1"),
    ("searchpath", lua_searchpath, 4, "6.3", "5.2"),
    ("seeall", lua_seeall, 1, "5.3", "5.1", "5.1"),
)


def open_package(state: State) -> None:
    """The library `package`, and `require`."""
    version = state.profile.name
    table = library(state, "package", FUNCTIONS.of(state))
    state.package = table
    register(state, state.globals, GLOBAL_FUNCTIONS.of(state))
    searchers = Table()
    searchers.array_part.extend(
        register(state, Table(), {"searcher": searcher}).__dict__["searcher"] for searcher in _SEARCHERS
    )
    preload = Table()
    fields = table.__dict__
    fields["searchers" if state.integers else "loaders"] = searchers
    fields["path"] = _initial_path(state, "LUA_PATH", _PATHS[version])
    fields["cpath"] = _initial_path(state, "LUA_CPATH", _HOST_PATHS[version])
    fields["config"] = "/\n;\n?\n!\n-" + ("\n" if state.integers else "")
    fields["preload"] = preload
    fields["loaded"] = state.loaded
    state.registry.__dict__["_LOADED"] = state.loaded
    state.registry.__dict__["_PRELOAD"] = preload
