"""Programs that try every row of the slot table in every situation that the data model tells apart.

They are made from `runtime/slots.py`; what they must print is asked of CPython.
"""

from __future__ import annotations

from lockstep.reference.python.runtime.slots import BINARY_OPERATORS, SLOT_DEFINITIONS

# What stands at the head of each program: a way to show a value or an error, and a class with given methods.
_HEAD = """
def show(label, action):
    try: value = action()
    except Exception as error: print(label, type(error).__name__, error)
    else: print(label, value if isinstance(value, (str, int, bool, type(None), tuple)) else type(value).__name__)
def says(text):
    def method(self, *arguments):
        return f"{type(self).__name__}.{text}({', '.join(type(a).__name__ for a in arguments)})"
    return method
def declines(self, *arguments): return NotImplemented
def make(name, *bases, **methods): return type(name, bases, methods)
"""

_SYMBOL_OF_SLOT = {slot: symbol for symbol, (slot, _) in BINARY_OPERATORS.items()}
_SYMBOL_OF_INPLACE = {slot: symbol for symbol, (_, slot) in BINARY_OPERATORS.items()}


def binary_rows() -> list[tuple[str, str, str]]:
    """Method, reflected method and expression over `a` and `b` of each binary operator."""
    rows = []
    for row in SLOT_DEFINITIONS:
        if row.kind in ("binop", "ternary") and row.partner is not None:
            symbol = _SYMBOL_OF_SLOT.get(row.slot)
            rows.append((row.name, row.partner, f"a {symbol} b" if symbol else "divmod(a, b)"))
    return rows


def inplace_rows() -> list[tuple[str, str, str]]:
    """Method, plain method and statement over `a` and `b` of each in-place operator."""
    return [
        (row.name, row.partner or "", f"a {_SYMBOL_OF_INPLACE[row.slot]}= b")
        for row in SLOT_DEFINITIONS
        if row.kind == "inplace"
    ]


def comparison_rows() -> list[tuple[str, str, str]]:
    """Method, swapped method and expression of each comparison."""
    symbols = {"__lt__": "<", "__le__": "<=", "__eq__": "==", "__ne__": "!=", "__gt__": ">", "__ge__": ">="}
    return [(name, _partner(name), f"a {symbol} b") for name, symbol in symbols.items()]


def _partner(name: str) -> str:
    return next(row.partner or name for row in SLOT_DEFINITIONS if row.name == name)


def binary_program(name: str, reflected: str, expression: str) -> str:
    """Every pair of operands of a binary operator or comparison."""
    return f"""{_HEAD}
N, R = {name!r}, {reflected!r}
class Plain: pass
Left = make("Left", **{{N: says(N)}})
Right = make("Right", **{{R: says(R)}})
Both = make("Both", **{{N: says("own"), R: says("reflected")}})
Child = make("Child", Both)
Override = make("Override", Both, **{{R: says("overridden")}})
OverrideLeft = make("OverrideLeft", Both, **{{N: says("overridden left")}})
OnlyReflected = make("OnlyReflected", Left, **{{R: says("reflected of a child")}})
Declines = make("Declines", **{{N: declines, R: declines}})
DeclinesReflected = make("DeclinesReflected", Both, **{{R: declines}})
Blocked = make("Blocked", **{{N: None, R: None}})
BlockedReflected = make("BlockedReflected", Both, **{{R: None}})
class OnInstance:
    def __init__(self): setattr(self, N, lambda other: "instance"); setattr(self, R, lambda other: "instance")
class Getattr:
    def __getattr__(self, name): return lambda *arguments: f"getattr {{name}}"
class Meta(type):
    def __subclasscheck__(cls, other): return True
    def __instancecheck__(cls, other): return True
Liar = Meta("Liar", (), {{N: says("liar"), R: says("reflected liar")}})
OtherLiar = Meta("OtherLiar", (), {{N: says("other liar"), R: says("reflected other liar")}})
classes = [Plain, Left, Right, Both, Child, Override, OverrideLeft, OnlyReflected, Declines, DeclinesReflected, Blocked,
           BlockedReflected, OnInstance, Getattr, Liar, OtherLiar]
class IntChild(int): pass
class IntOverride(int): pass
class StrOverride(str): pass
class ListOverride(list): pass
for cls in (IntOverride, StrOverride, ListOverride): setattr(cls, R, says("reflected")); setattr(cls, N, says("own"))
IntReflected = make("IntReflected", int, **{{R: says("only reflected")}})
IntDeclines = make("IntDeclines", IntOverride, **{{R: declines}})
built = ((IntChild, 4), (IntOverride, 5), (IntReflected, 6), (IntDeclines, 7), (StrOverride, "c"), (ListOverride, [2]))
values = [(cls.__name__, cls) for cls in classes]
values += [(cls.__name__, lambda cls=cls, value=value: cls(value)) for cls, value in built]
values += [(repr(value), lambda value=value: value) for value in (3, 2.5, "s", [1], (1,), b"b", None, True, {{1}}, {{1: 2}}, 1j)]
for left, make_left in values:
    for right, make_right in values:
        a, b = make_left(), make_right()
        show(f"{{left}} {{right}}", lambda: {expression})
a = b = Both()
show("same", lambda: {expression})
"""


def inplace_program(name: str, plain: str, statement: str) -> str:
    """Every kind of left operand of an in-place operator."""
    reflected = f"__r{plain[2:]}"
    return f"""{_HEAD}
N, P, R = {name!r}, {plain!r}, {reflected!r}
def run(a, b):
    {statement}
    return a
class Nothing: pass
In = make("In", **{{N: says("inplace")}})
Falls = make("Falls", **{{N: declines, P: says("plain")}})
FallsFar = make("FallsFar", **{{N: declines}})
Gives = make("Gives", **{{N: lambda self, other: None}})
Blocked = make("Blocked", **{{N: None, P: says("never")}})
Plain = make("Plain", **{{P: says("plain")}})
PlainDeclines = make("PlainDeclines", **{{P: declines}})
Right = make("Right", **{{R: says("reflected")}})
Child = make("Child", Plain, **{{R: says("reflected child")}})
class OnInstance:
    def __init__(self): setattr(self, N, lambda other: "instance")
lefts = [(cls.__name__, cls) for cls in (Nothing, In, Falls, FallsFar, Gives, Blocked, Plain, PlainDeclines, OnInstance)]
lefts += [(repr(value), lambda value=value: value) for value in (3, 2.5, "s", (1,), None, True)]
lefts += [("list", lambda: [1]), ("set", lambda: {{1}}), ("dict", lambda: {{1: 2}}), ("bytearray", lambda: bytearray(b"b"))]
rights = [(cls.__name__, cls) for cls in (Nothing, Right, Child, In)]
rights += [(repr(value), lambda value=value: value) for value in (2, "t", [4], (5,), None, {{1: 2}}, {{2}})]
for left, make_left in lefts:
    for right, make_right in rights:
        show(f"{{left}} {{right}}", lambda: run(make_left(), make_right()))
"""


# Special method, expression over `x`, results that are right.
UNARY = (
    ("__neg__", "-x", "1"),
    ("__pos__", "+x", "1"),
    ("__invert__", "~x", "1"),
    ("__abs__", "abs(x)", "1"),
    ("__repr__", "repr(x)", "'r'"),
    ("__str__", "str(x)", "'s'"),
    ("__format__", "format(x, 'spec')", "'f'"),
    ("__bytes__", "bytes(x)", "b'b'"),
    ("__hash__", "hash(x)", "7"),
    ("__bool__", "(bool(x), not x, 1 if x else 2, x and 3)[:3]", "False"),
    ("__bool__", "1 if x else 2", "False"),
    ("__len__", "(len(x), bool(x), not x)", "0"),
    ("__len__", "1 if x else 2", "0"),
    ("__int__", "int(x)", "5"),
    ("__float__", "float(x)", "2.5"),
    ("__complex__", "complex(x)", "1j"),
    ("__index__", "([10, 20][x], hex(x), 'a' * x)", "1"),
    ("__iter__", "list(x)", "iter('ab')"),
    ("__iter__", "[y for y in x]", "iter('ab')"),
    ("__next__", "next(x)", "'item'"),
    ("__reversed__", "list(reversed(x))", "iter('ba')"),
    ("__contains__", "(1 in x, 1 not in x)", "'yes'"),
    ("__getitem__", "x['k']", "'got'"),
    ("__call__", "x()", "'called'"),
    ("__round__", "round(x)", "4"),
    ("__trunc__", "__import__('math').trunc(x)", "4"),
    ("__dir__", "dir(x)", "['b', 'a']"),
    ("__length_hint__", "__import__('operator').length_hint(x)", "3"),
    ("__enter__", "enter(x)", "'entered'"),
)


def unary_program(name: str, expression: str, right: str) -> str:
    """A special method of one operand: defined, inherited, None, on the instance, missing, and with odd results."""
    return f"""{_HEAD}
N = {name!r}
def enter(x):
    with x as value: return value
extra = {{"__exit__": lambda self, *details: None}} if N == "__enter__" else {{}}
def cls(label, *bases, **methods): return make(label, *bases, **methods, **extra)
Defined = cls("Defined", **{{N: lambda self, *a: {right}}})
Inherited = make("Inherited", Defined)
Missing = cls("Missing")
Blocked = cls("Blocked", **{{N: None}})
BlockedChild = make("BlockedChild", Defined, **{{N: None}})
Raises = cls("Raises", **{{N: lambda self, *a: 1 / 0}})
Static = cls("Static", **{{N: staticmethod(lambda *a: {right})}})
class OnInstance:
    def __init__(self): setattr(self, N, lambda *a: {right})
class Getattr:
    def __getattr__(self, name):
        if name == N: return lambda *a: {right}
        raise AttributeError(name)
class Descriptor:
    def __get__(self, instance, owner): return lambda *a: {right}
Described = cls("Described", **{{N: Descriptor()}})
for made in (Defined, Inherited, Missing, Blocked, BlockedChild, Raises, Static, OnInstance, Getattr, Described):
    x = made()
    if "object at" in repr(made) or made in (Missing, OnInstance, Getattr) and N in ("__repr__", "__str__", "__hash__", "__dir__", "__format__"):
        continue  # addresses
    show(made.__name__, lambda: {expression})
for result in (None, NotImplemented, 3, -1, 2.5, "text", b"bytes", True, [], (), 10 ** 30, 1j, iter(()), object):
    x = cls("Odd", **{{N: lambda self, *a: result}})()
    show(type(result).__name__, lambda: {expression})
"""


ATTRIBUTES = """
def show(label, action):
    try: value = action()
    except Exception as error: print(label, type(error).__name__, error)
    else: print(label, value)
class Data:
    def __get__(self, instance, owner): return "data get", instance is None
    def __set__(self, instance, value): print("data set", value)
    def __delete__(self, instance): print("data delete")
class NonData:
    def __get__(self, instance, owner): return "non-data get", instance is None
class OnlySet:
    def __set__(self, instance, value): print("only set", value)
class OnlyDelete:
    def __delete__(self, instance): print("only delete")
class C:
    data, nondata, onlyset, onlydelete, plain = Data(), NonData(), OnlySet(), OnlyDelete(), "class"
    slot = property(lambda self: "property")
c = C()
for name in ("data", "nondata", "onlyset", "onlydelete", "plain", "slot"):
    c.__dict__[name] = "instance"
    show(name, lambda: getattr(c, name)); show("class " + name, lambda: getattr(C, name) if name not in ("onlyset", "onlydelete", "slot") else None)
    show("set " + name, lambda: setattr(c, name, 1)); show("after", lambda: c.__dict__[name])
    show("delete " + name, lambda: delattr(c, name)); show("left", lambda: name in c.__dict__)
c = C(); show("data", lambda: c.data); show("nondata", lambda: c.nondata); show("plain", lambda: c.plain)
class Ask:
    def __getattr__(self, name): return "asked " + name
    def __getattribute__(self, name):
        if name == "value": raise ValueError("not asked")
        if name == "missing": raise AttributeError("asked for")
        return object.__getattribute__(self, name)
for name in ("value", "missing", "other"): show(name, lambda: getattr(Ask(), name))
class Fails:
    @property
    def p(self): raise AttributeError("inside")
    def __getattr__(self, name): return "after " + name
show("property", lambda: Fails().p)
class Meta(type):
    data, nondata, plain, both = Data(), NonData(), "meta", "meta"
    def __getattr__(cls, name): return "meta asked " + name
class K(metaclass=Meta):
    data, nondata, both = "class", "class", NonData()
for name in ("data", "nondata", "plain", "both", "nothing"): show("K." + name, lambda: getattr(K, name))
show("K()", lambda: K().plain)
class Base:
    def m(self): return "base"
    @classmethod
    def c(cls): return cls.__name__
    @staticmethod
    def s(): return "static"
class Derived(Base):
    def m(self): return super().m(), super(Derived, self).c(), super().s(), super().__thisclass__.__name__
show("super", lambda: Derived().m()); show("super of a class", lambda: super(Derived, Derived).c()); show("no super", lambda: super(Derived, Derived()).nothing)
class Slots:
    __slots__ = ("a",)
s = Slots(); show("slot", lambda: s.a); s.a = 1; show("slot", lambda: s.a); show("no slot", lambda: setattr(s, "b", 1)); del s.a; show("slot", lambda: s.a)
import types
module = types.ModuleType("m"); module.__getattr__ = lambda name: "module asked " + name
show("module", lambda: module.x); show("None", lambda: None.x); show("int", lambda: (1).x); show("set int", lambda: setattr(1, "x", 2))
"""

CONTROL = """
log = []
class N:
    def __init__(self, name, **answers): self.name, self.answers = name, answers
    def __bool__(self): log.append("bool " + self.name); return self.answers.get("bool", True)
    def __eq__(self, other): log.append(f"{self.name} == {getattr(other, 'name', other)}"); return self.answers.get("eq", False)
    def __iter__(self): log.append("iter " + self.name); return iter(self.answers["items"])
    __hash__ = None
def told(value): print(value, log); log.clear()
nan = float("nan")
told(nan in N("i", items=[nan])); told(nan in N("i", items=[float("nan")]))
told(N("x") in N("i", items=[N("y"), N("z")])); told(1 in N("i", items=[N("y", eq=True)]))
a, b = N("a"), N("b", bool=False)
told(bool(a and b)); told(bool(a or b)); told(not (a and b)); told([1 for _ in "x" if a and b]); told(1 if a and not b else 2)
def f():
    try: raise ValueError
    finally: return "finally"
told(f())
def g():
    for i in range(3):
        try: continue
        finally:
            if i == 1: break
    return i
told(g())
def h():
    try: return log.append("return") or "value"
    finally: log.append("finally")
told(h())
class Seq:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i
told((list(Seq()), 2 in Seq(), [*Seq()], max(Seq())))
for bad in (lambda: iter(N("n", items=3)), lambda: [x for x in 3], lambda: list(type("T", (), {"__iter__": lambda s: 3})())):
    try: list(bad())
    except TypeError as error: told(error)
told((3 * [1], [1] * 3, 2 * "ab", (1,) * 2, +5, -5, ~5, 2 - 1, 1 - 2.0))
"""
