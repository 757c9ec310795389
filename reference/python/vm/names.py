"""Which attributes of guest values the host may look up itself.

Guest code compiled to host code reads attributes by the host's own instructions. That is the guest's
semantics (a guest class is a host class with the same namespace), unless the host object has an attribute
that no guest may see. Those all have special names or stand in `GUARDED`; they go through the runtime.
"""

from __future__ import annotations

from typing import Any

from lockstep.reference.python.runtime.slots import SPECIAL_NAMES

# Special methods and harmless metadata: what the host answers is what the guest's type has.
_HARMLESS = [
    "__name__",
    "__qualname__",
    "__init__",
    "__new__",
    "__enter__",
    "__exit__",
    "__aenter__",
    "__aexit__",
    "__reversed__",
    "__missing__",
    "__format__",
    "__bytes__",
    "__round__",
    "__trunc__",
    "__floor__",
    "__ceil__",
    "__complex__",
    "__length_hint__",
    "__fspath__",
    "__set_name__",
    "__init_subclass__",
    "__class_getitem__",
    "__instancecheck__",
    "__subclasscheck__",
    "__prepare__",
    "__context__",
    "__cause__",
    "__suppress_context__",
    "__notes__",
    "__abstractmethods__",
    "__match_args__",
    "__post_init__",
    "__version__",
    "__all__",
    "__isabstractmethod__",
    "__copy__",
    "__deepcopy__",
    "__origin__",
    "__args__",
    "__parameters__",
    "__slots__",
    "__hash__",
]
_REPLACED = ("__getattribute__", "__setattr__", "__delattr__", "__class__", "__dict__", "__call__")
UNGUARDED_SPECIAL_NAMES = (SPECIAL_NAMES | frozenset(_HARMLESS)) - frozenset(_REPLACED)

# Plain names under which the host keeps what the guest sees differently, or not at all.
GUARDED = frozenset(
    [
        "gi_frame",
        "gi_code",
        "cr_frame",
        "cr_code",
        "cr_origin",
        "ag_frame",
        "ag_code",
        "tb_frame",
        "tb_next",
        "tb_lineno",
        "tb_lasti",
        "f_back",
        "f_builtins",
        "f_code",
        "f_globals",
        "f_locals",
        "f_trace",
        "mro",
        "format",
        "format_map",
        "sub",
        "subn",
        "expand",
    ]
)


def is_guarded(name: str) -> bool:
    """Whether the runtime, not the host, must look up attribute `name`."""
    if name[:2] == "__" and name[-2:] == "__":
        return name not in UNGUARDED_SPECIAL_NAMES
    return name in GUARDED


def _honours_builtins() -> bool:
    names: dict[str, Any] = {"__builtins__": {"probe": 1}}
    try:
        exec("found = probe", names)  # noqa: S102  # asks the host, nothing of the guest's
    except NameError:
        return False
    return "found" in names


# Whether host code finds its builtins where its globals say. PyPy's does not: there the guest's builtins stand in
# its globals, and class and import statements call the runtime.
HONOURS_BUILTINS = _honours_builtins()
