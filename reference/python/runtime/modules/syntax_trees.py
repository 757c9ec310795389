"""`_ast`: node classes of the guest's own, and trees between them and the host's (Library Reference, ast)."""

from __future__ import annotations

import ast
import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.type_info import MISSING, Type, mro_of, name_of

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


# What CPython's `AST` does, as a guest's class may do it.
_BASE = """
class AST:
    _fields = _attributes = __match_args__ = ()
    def __init__(self, /, *args, **kwargs):
        name, fields = type(self).__name__, self._fields
        if len(args) > len(fields):
            plural = "" if len(fields) == 1 else "s"
            raise TypeError(f"{name} constructor takes at most {len(fields)} positional argument{plural}")
        for field, value in zip(fields, args):
            setattr(self, field, value)
        for field, value in kwargs.items():
            if field in fields[:len(args)]:
                raise TypeError(f"{name} got multiple values for argument {field!r}")
            setattr(self, field, value)
    def __reduce__(self):
        return type(self), (), vars(self)
"""
_COPIED = ("_fields", "_attributes", "__match_args__", "__doc__")


def ast_module(interpreter: Interpreter) -> ModuleType:
    """A fresh `_ast`."""
    host = importlib.import_module("_ast")
    module = ModuleType("_ast")
    names = module.__dict__
    names.update((key, value) for key, value in vars(host).items() if key.startswith("PyCF_"))
    scope: dict[str, Any] = {"__name__": "ast"}
    evaluator = interpreter.evaluator
    evaluator.run(evaluator.compile(_BASE, "<frozen _ast>", "exec", library=True), scope, scope)
    made: dict[type, type] = {object: object, host.AST: scope["AST"]}

    def make(cls: type) -> type:
        if cls not in made:
            namespace = {key: value for key, value in vars(cls).items() if key in _COPIED}
            # Optional fields are None where a node has none.
            optional = (*namespace.get("_fields", ()), *namespace.get("_attributes", ()))
            namespace.update((key, None) for key in optional if vars(cls).get(key, MISSING) is None)
            bases = tuple(make(base) for base in cls.__bases__)
            made[cls] = type.__call__(Type, cls.__name__, bases, {"__module__": "ast", **namespace})
        return made[cls]

    names.update((key, make(value)) for key, value in vars(host).items() if isinstance(value, type))
    return module


def _classes(interpreter: Interpreter) -> dict[str, type]:
    names: dict[str, type] = interpreter.load("_ast").__dict__
    return names


def guest_tree(interpreter: Interpreter, tree: ast.AST) -> Value:
    """A tree of the host's as nodes of the guest's."""
    classes = _classes(interpreter)
    contexts: dict[type, Value] = {}

    def convert(node: Value) -> Value:
        if isinstance(node, list):
            return [convert(item) for item in node]
        if not isinstance(node, ast.AST):
            return node
        kind = type(node)
        if not kind._fields and not kind._attributes and kind in contexts:
            return contexts[kind]  # operators and contexts are single objects
        made: object = object.__new__(classes[kind.__name__])
        for name in (*kind._fields, *kind._attributes):
            if hasattr(node, name):
                made.__dict__[name] = convert(getattr(node, name))
        if not kind._fields and not kind._attributes:
            contexts[kind] = made
        return made

    return convert(tree)


def is_guest_tree(interpreter: Interpreter, value: Value) -> bool:
    """Whether `value` is a node of the guest's."""
    return "_ast" in interpreter.modules and is_a(value, _classes(interpreter)["AST"])


def host_tree(interpreter: Interpreter, tree: Value) -> ast.AST:
    """A tree of the guest's as nodes of the host's.

    Raises:
        TypeError: something in it is no node.
    """
    base: type[object] = _classes(interpreter)["AST"]

    def convert(value: object) -> Value:
        if is_a(value, list):
            return [convert(item) for item in list.__iter__(value)]
        if not is_a(value, base):
            return value
        for cls in mro_of(type(value)):
            kind = getattr(ast, cls.__name__, None)
            if isinstance(kind, type) and issubclass(kind, ast.AST):
                break
        else:
            raise TypeError(f"expected some sort of node, but got {name_of(value)}")
        made = kind()
        for name in (*kind._fields, *kind._attributes):
            try:
                field = get_attribute(value, name)
            except AttributeError:
                continue
            setattr(made, name, convert(field))
        return made

    converted = convert(tree)
    assert isinstance(converted, ast.AST)
    return converted
