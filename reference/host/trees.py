"""Trees as declarations: a class names its fields, and construction, walking, dumping and comparing follow from them.

    @declared
    class Binary(Expression):
        operator: str
        left: Expression = child()
        right: Expression = child()

The class gets `__slots__` and a constructor that takes the fields in order, those of its bases first. A field is

- `child()`: part of the tree: a node, a list of them (None is a gap), lists of lists, or what stands in place of a node
  (None, a literal name);
- `attached()`: no part of it: scopes, source text, a node that stands elsewhere;
- `origin()`: only given to the constructor: what the node begins at; each `from_origin()` is copied from it;
- without any of these: plain data that distinguishes a node from another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Callable, ClassVar, TypeVar

if TYPE_CHECKING:
    from typing import Literal

    # For type checkers alone: they read the declarations as those of a dataclass.
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object) -> Callable[[Any], Any]:
        """What type checkers know by this name; nothing for the host."""
        return lambda function: function


T = TypeVar("T")
_CHILD, _ATTACHED, _ORIGIN, _FROM_ORIGIN = "child", "attached", "origin", "from origin"


class TreeNode:
    """What all nodes of declared trees are.

    Attributes:
        fields: what the constructor takes and stores, in order.
        copied_fields: what it takes from the node's origin.
        child_fields: those that hold parts of the tree.
        plain_fields: those that hold plain data.
    """

    __slots__ = ()
    fields: ClassVar[tuple[str, ...]] = ()
    copied_fields: ClassVar[tuple[str, ...]] = ()
    child_fields: ClassVar[tuple[str, ...]] = ()
    plain_fields: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name, None)!r}" for name in self.fields)
        return f"{type(self).__name__}({shown})"


Node = TypeVar("Node", bound=TreeNode)


def child() -> Any:
    """A field that holds parts of the tree."""
    return _CHILD


def attached() -> Any:
    """A field that holds what belongs to a node and is no part of the tree: neither walked nor shown nor compared."""
    return _ATTACHED


def origin() -> Any:
    """What is only given to the constructor; its name is `first`."""
    return _ORIGIN


def from_origin(*, init: Literal[False] = False) -> Any:
    """A field that the constructor copies from the origin, from an attribute of the same name."""
    del init
    return _FROM_ORIGIN


@dataclass_transform(eq_default=False, field_specifiers=(child, attached, origin, from_origin))
def declared(cls: type[Node]) -> type[Node]:
    """Make a node class of a declaration: with slots, its constructor and the names of its fields."""
    namespace = dict(cls.__dict__)
    kinds = {name: namespace.pop(name, "") for name in namespace.get("__annotations__", ())}
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    own = [name for name, kind in kinds.items() if kind in {"", _CHILD, _ATTACHED}]
    copied = [name for name, kind in kinds.items() if kind == _FROM_ORIGIN]
    namespace["__slots__"] = (*copied, *own)
    base = cls.__mro__[1]
    assert issubclass(base, TreeNode)
    namespace["fields"] = fields = (*base.fields, *own)
    namespace["copied_fields"] = all_copied = (*base.copied_fields, *copied)
    namespace["child_fields"] = (*base.child_fields, *(name for name in own if kinds[name] == _CHILD))
    # Where a node ends is no more a part of what it says than where it begins.
    plain = [name for name in own if not kinds[name] and not copied]
    namespace["plain_fields"] = (*base.plain_fields, *plain)
    if kinds:
        namespace["__init__"] = _constructor(cls, all_copied, fields)
    make: Any = type(cls)
    made: type[Node] = make(cls.__name__, cls.__bases__, namespace)
    return made


def _constructor(cls: type, copied: tuple[str, ...], given: tuple[str, ...]) -> FunctionType:
    code = _constructor_code(len(copied), len(given))
    names = {f"copied{index}": name for index, name in enumerate(copied)}
    names.update({f"given{index}": name for index, name in enumerate(given)})
    code = code.replace(
        co_names=tuple(names.get(name, name) for name in code.co_names),
        co_varnames=tuple(names.get(name, name) for name in code.co_varnames),
    )
    made = FunctionType(code, {"__builtins__": {}}, "__init__")
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    return made


@cache
def _constructor_code(copied: int, given: int) -> CodeType:
    """A constructor with so many fields; compiling a text for each class would take a twentieth of a start."""
    parameters = ["self", *(["first"] if copied else []), *(f"given{index}" for index in range(given))]
    lines = [f"self.copied{index} = first.copied{index}" for index in range(copied)]
    lines += [f"self.given{index} = given{index}" for index in range(given)]
    text = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])
    module = compile(text, "<constructor of a declared node>", "exec")
    return next(constant for constant in module.co_consts if isinstance(constant, CodeType))


def _nodes_in(value: Any) -> Iterable[TreeNode]:
    for item in value:
        if isinstance(item, TreeNode):
            yield item
        elif item.__class__ is list:
            yield from _nodes_in(item)


def children(node: TreeNode) -> list[Any]:
    """The nodes just below `node`, in the order of its fields."""
    found: list[Any] = []
    for name in node.child_fields:
        value = getattr(node, name)
        if value.__class__ is list:
            found.extend(_nodes_in(value))
        elif isinstance(value, TreeNode):
            found.append(value)
    return found


def walk(node: TreeNode, enters: Callable[[Any], bool] | None = None) -> Iterator[Any]:
    """`node` and all nodes below it, each before its children, in order; not what is below a node that `enters` refuses."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        if enters is None or enters(current):
            pending.extend(reversed(children(current)))


def equal(one: Any, other: Any) -> bool:
    """Whether two trees say the same: the same classes, plain data and children, wherever they stand."""
    pending = [(one, other)]
    while pending:
        left, right = pending.pop()
        if left.__class__ is not right.__class__:
            return False
        if isinstance(left, TreeNode):
            pending += [(getattr(left, name), getattr(right, name)) for name in left.plain_fields]
            pending += [(getattr(left, name), getattr(right, name)) for name in left.child_fields]
        elif left.__class__ is list or left.__class__ is tuple:
            if len(left) != len(right):
                return False
            pending += zip(left, right)
        elif repr(left) != repr(right):
            # Not by ==: 0 and -0 differ, and NaN is itself.
            return False
    return True


def dump(node: TreeNode) -> str:
    """A tree as text: a node a line, with its plain data (flags only where they are set); below it its children, by field."""
    lines: list[str] = []
    # What is to be shown: how deep, in which field, what.
    pending: list[tuple[int, str, Any]] = [(0, "", node)]
    while pending:
        depth, field, value = pending.pop()
        head = "  " * depth + field
        if not isinstance(value, TreeNode):
            lines.append(head + ("-" if value is None else repr(value)))
            continue
        shown, below = _parts(value)
        lines.append(" ".join([head + type(value).__name__, *shown]))
        pending += [(depth + 1, field, part) for field, part in reversed(below)]
    return "\n".join(lines) + "\n"


def _parts(node: TreeNode) -> tuple[list[str], list[tuple[str, Any]]]:
    """What stands on a node's own line, and what below it: the field and a node or gap."""
    shown = [text for name in node.plain_fields for text in _plain(name, getattr(node, name))]
    below: list[tuple[str, Any]] = []
    for name in node.child_fields:
        value = getattr(node, name)
        if isinstance(value, TreeNode):
            below.append((f"{name}: ", value))
        elif value.__class__ is list:
            below.extend(_listed(name, value))
        elif value is not None:
            shown.append(f"{name}={value!r}")
    return shown, below


def _plain(name: str, value: Any) -> list[str]:
    if value is None or value is False:
        return []
    return [name if value is True else f"{name}={value!r}"]


def _listed(name: str, items: list[Any]) -> Iterator[tuple[str, Any]]:
    for index, item in enumerate(items):
        if item.__class__ is list:
            yield from _listed(f"{name}[{index}]", item)
        else:
            yield f"{name}[{index}]: ", item
