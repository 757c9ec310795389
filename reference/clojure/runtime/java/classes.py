"""The Java classes that portable code names: a constant table, and `class` of every value."""

from __future__ import annotations

from functools import cache
from typing import Any

from lockstep.reference.clojure.runtime.collections import access, interface, maps, ranges, vector
from lockstep.reference.clojure.runtime.collections import sorted as sorted_collections
from lockstep.reference.clojure.runtime.java.platform_names import NAMES
from lockstep.reference.clojure.runtime.values import Value, names, numbers


class JavaClass:
    """A class as the guest sees it.

    Attributes:
        name: its full name.
        parents: superclass and interfaces, nearest first.
        host: for a type of the guest's own, the host class of its instances.
    """

    __slots__ = (
        "_above",
        "_ancestors",
        "constructor",
        "host",
        "is_interface",
        "is_record",
        "name",
        "parents",
    )

    def __init__(self, name: str, parents: tuple[JavaClass, ...] = (), *, is_interface: bool = False) -> None:
        self.name = name
        self.parents = parents
        self.is_interface = is_interface
        self.is_record = False
        self.host: Any = None
        self.constructor: Any = None
        self._ancestors: tuple[JavaClass, ...] | None = None
        self._above: frozenset[str] | None = None

    @property
    def ancestors(self) -> tuple[JavaClass, ...]:
        """The classes and interfaces above, nearest first."""
        if self._ancestors is None:
            found: list[JavaClass] = []
            queue = list(self.parents)
            while queue:
                parent = queue.pop(0)
                if parent not in found:
                    found.append(parent)
                    queue.extend(parent.parents)
            self._ancestors = tuple(found)
        return self._ancestors

    @property
    def simple_name(self) -> str:
        """The name without its package."""
        return self.name.rpartition(".")[2].rpartition("$")[2]

    def superclasses(self) -> list[JavaClass]:
        """The class itself and what it extends, nearest first."""
        chain: list[JavaClass] = []
        current: JavaClass | None = self
        while current is not None:
            chain.append(current)
            current = next((parent for parent in current.parents if not parent.is_interface), None)
        return chain

    def implements(self, name: str) -> bool:
        """Whether this class or one above it has the full name."""
        if self._above is None:
            self._above = frozenset(parent.name for parent in self.ancestors)
        return name == self.name or name in self._above

    def is_a(self, other: JavaClass) -> bool:
        """Whether an instance of this class is one of `other`."""
        return (
            self is other
            or other in self.ancestors
            or (self.is_interface and other.name == "java.lang.Object")
        )

    def __repr__(self) -> str:
        return self.name


_TABLE = """
java.lang.Object
interface java.lang.Comparable
interface java.lang.Runnable
interface java.lang.CharSequence
interface java.lang.AutoCloseable
interface java.lang.Iterable
interface java.io.Closeable java.lang.AutoCloseable
interface java.io.Serializable
interface java.util.concurrent.Callable
interface java.util.concurrent.Future
interface java.util.Collection java.lang.Iterable
interface java.util.List java.util.Collection
interface java.util.Set java.util.Collection
interface java.util.Map
interface java.util.Map$Entry
interface java.util.RandomAccess
interface java.util.Comparator
interface java.util.Iterator
interface java.util.Queue java.util.Collection
interface java.util.Deque java.util.Queue
interface java.util.SortedMap java.util.Map
interface java.util.SortedSet java.util.Set
java.util.AbstractCollection java.lang.Object java.util.Collection
java.util.AbstractList java.util.AbstractCollection java.util.List
java.util.AbstractMap java.lang.Object java.util.Map
java.util.AbstractSet java.util.AbstractCollection java.util.Set
java.util.ArrayList java.util.AbstractList java.util.RandomAccess java.io.Serializable
java.util.LinkedList java.util.AbstractList java.util.Deque java.io.Serializable
java.util.Vector java.util.AbstractList java.util.RandomAccess java.io.Serializable
java.util.ArrayDeque java.util.AbstractCollection java.util.Deque java.io.Serializable
java.util.HashMap java.util.AbstractMap java.io.Serializable
java.util.LinkedHashMap java.util.HashMap
java.util.TreeMap java.util.AbstractMap java.util.SortedMap java.io.Serializable
java.util.concurrent.ConcurrentHashMap java.util.AbstractMap java.io.Serializable
java.util.HashSet java.util.AbstractSet java.io.Serializable
java.util.LinkedHashSet java.util.HashSet
java.util.TreeSet java.util.AbstractSet java.util.SortedSet java.io.Serializable
java.util.Collections java.lang.Object
java.util.Arrays java.lang.Object
java.util.Objects java.lang.Object
java.util.Base64 java.lang.Object
java.util.Base64$Encoder java.lang.Object
java.util.Base64$Decoder java.lang.Object
java.net.URLEncoder java.lang.Object
java.net.URLDecoder java.lang.Object
java.lang.ThreadLocal java.lang.Object
java.lang.InheritableThreadLocal java.lang.ThreadLocal
java.math.RoundingMode java.lang.Object java.lang.Comparable
java.math.MathContext java.lang.Object
java.util.Locale java.lang.Object
java.util.Random java.lang.Object
java.lang.Class java.lang.Object
java.lang.Number java.lang.Object java.io.Serializable
java.lang.Long java.lang.Number java.lang.Comparable
java.lang.Integer java.lang.Number java.lang.Comparable
java.lang.Short java.lang.Number java.lang.Comparable
java.lang.Byte java.lang.Number java.lang.Comparable
java.lang.Double java.lang.Number java.lang.Comparable
java.lang.Float java.lang.Number java.lang.Comparable
java.math.BigInteger java.lang.Number java.lang.Comparable
java.math.BigDecimal java.lang.Number java.lang.Comparable
java.lang.Boolean java.lang.Object java.lang.Comparable
java.lang.Character java.lang.Object java.lang.Comparable
java.lang.String java.lang.Object java.lang.Comparable java.lang.CharSequence java.io.Serializable
java.lang.StringBuilder java.lang.Object java.lang.CharSequence
java.lang.StringBuffer java.lang.Object java.lang.CharSequence
java.lang.Math java.lang.Object
java.lang.System java.lang.Object
java.lang.Thread java.lang.Object java.lang.Runnable
java.lang.Void java.lang.Object
java.lang.Process java.lang.Object
java.util.UUID java.lang.Object java.lang.Comparable
java.util.Date java.lang.Object java.lang.Comparable
java.sql.Timestamp java.util.Date
java.time.Instant java.lang.Object java.lang.Comparable
java.net.URI java.lang.Object java.lang.Comparable
java.net.URL java.lang.Object
java.io.File java.lang.Object java.lang.Comparable
java.io.Writer java.lang.Object java.io.Closeable
java.io.StringWriter java.io.Writer
java.io.PrintWriter java.io.Writer
java.io.OutputStreamWriter java.io.Writer
java.io.Reader java.lang.Object java.io.Closeable
java.io.StringReader java.io.Reader
java.io.BufferedReader java.io.Reader
java.io.PushbackReader java.io.Reader
java.util.regex.Pattern java.lang.Object
java.util.regex.Matcher java.lang.Object
java.util.concurrent.atomic.AtomicLong java.lang.Number
java.util.concurrent.atomic.AtomicInteger java.lang.Number
java.util.concurrent.TimeUnit java.lang.Object
java.nio.CharBuffer java.lang.Object
java.lang.StackTraceElement java.lang.Object
java.lang.Throwable java.lang.Object java.io.Serializable
java.lang.Error java.lang.Throwable
java.lang.VirtualMachineError java.lang.Error
java.lang.StackOverflowError java.lang.VirtualMachineError
java.lang.OutOfMemoryError java.lang.VirtualMachineError
java.lang.AssertionError java.lang.Error
java.lang.LinkageError java.lang.Error
java.lang.NoClassDefFoundError java.lang.LinkageError
java.lang.IncompatibleClassChangeError java.lang.LinkageError
java.lang.AbstractMethodError java.lang.IncompatibleClassChangeError
java.lang.IllegalAccessError java.lang.IncompatibleClassChangeError
java.lang.Exception java.lang.Throwable
java.lang.CloneNotSupportedException java.lang.Exception
java.lang.InterruptedException java.lang.Exception
java.lang.ReflectiveOperationException java.lang.Exception
java.lang.ClassNotFoundException java.lang.ReflectiveOperationException
java.lang.NoSuchFieldException java.lang.ReflectiveOperationException
java.lang.NoSuchMethodException java.lang.ReflectiveOperationException
java.io.IOException java.lang.Exception
java.io.FileNotFoundException java.io.IOException
java.io.EOFException java.io.IOException
java.util.concurrent.TimeoutException java.lang.Exception
java.util.concurrent.ExecutionException java.lang.Exception
java.text.ParseException java.lang.Exception
java.net.URISyntaxException java.lang.Exception
java.lang.RuntimeException java.lang.Exception
java.util.concurrent.CancellationException java.lang.RuntimeException
java.lang.ArithmeticException java.lang.RuntimeException
java.lang.ArrayStoreException java.lang.RuntimeException
java.lang.ClassCastException java.lang.RuntimeException
java.lang.IllegalArgumentException java.lang.RuntimeException
java.lang.NumberFormatException java.lang.IllegalArgumentException
java.util.regex.PatternSyntaxException java.lang.IllegalArgumentException
java.util.IllegalFormatException java.lang.IllegalArgumentException
java.util.IllegalFormatConversionException java.util.IllegalFormatException
java.util.DuplicateFormatFlagsException java.util.IllegalFormatException
java.util.MissingFormatWidthException java.util.IllegalFormatException
java.util.IllegalFormatFlagsException java.util.IllegalFormatException
java.util.IllegalFormatPrecisionException java.util.IllegalFormatException
java.util.IllegalFormatCodePointException java.util.IllegalFormatException
java.util.FormatFlagsConversionMismatchException java.util.IllegalFormatException
java.util.MissingFormatArgumentException java.util.IllegalFormatException
java.util.UnknownFormatConversionException java.util.IllegalFormatException
java.time.format.DateTimeParseException java.lang.RuntimeException
java.lang.IllegalStateException java.lang.RuntimeException
java.lang.IllegalThreadStateException java.lang.IllegalArgumentException
java.lang.IllegalAccessException java.lang.ReflectiveOperationException
java.lang.IndexOutOfBoundsException java.lang.RuntimeException
java.lang.ArrayIndexOutOfBoundsException java.lang.IndexOutOfBoundsException
java.lang.StringIndexOutOfBoundsException java.lang.IndexOutOfBoundsException
java.lang.NegativeArraySizeException java.lang.RuntimeException
java.lang.NullPointerException java.lang.RuntimeException
java.lang.SecurityException java.lang.RuntimeException
java.lang.UnsupportedOperationException java.lang.RuntimeException
java.util.ConcurrentModificationException java.lang.RuntimeException
java.util.NoSuchElementException java.lang.RuntimeException
java.util.InputMismatchException java.util.NoSuchElementException
java.io.UncheckedIOException java.lang.RuntimeException
interface clojure.lang.IExceptionInfo
interface clojure.lang.IDeref
interface clojure.lang.IBlockingDeref
interface clojure.lang.IPending
interface clojure.lang.IFn java.util.concurrent.Callable java.lang.Runnable
interface clojure.lang.Fn
interface clojure.lang.IHashEq
interface clojure.lang.IMeta
interface clojure.lang.IObj clojure.lang.IMeta
interface clojure.lang.IReference clojure.lang.IMeta
interface clojure.lang.Named
interface clojure.lang.Sequential
interface clojure.lang.MapEquivalence
interface clojure.lang.ITransientCollection
interface clojure.lang.Counted
interface clojure.lang.Indexed clojure.lang.Counted
interface clojure.lang.Reversible
interface clojure.lang.Sorted
interface clojure.lang.Seqable
interface clojure.lang.ILookup
interface clojure.lang.IReduceInit
interface clojure.lang.IReduce clojure.lang.IReduceInit
interface clojure.lang.IKVReduce
interface clojure.lang.IMapEntry java.util.Map$Entry
interface clojure.lang.IPersistentCollection clojure.lang.Seqable
interface clojure.lang.ISeq clojure.lang.IPersistentCollection
interface clojure.lang.IChunkedSeq clojure.lang.ISeq
interface clojure.lang.IPersistentStack clojure.lang.IPersistentCollection
interface clojure.lang.IPersistentList clojure.lang.Sequential clojure.lang.IPersistentStack
interface clojure.lang.Associative clojure.lang.IPersistentCollection clojure.lang.ILookup
interface clojure.lang.IPersistentVector clojure.lang.Associative clojure.lang.Sequential clojure.lang.IPersistentStack clojure.lang.Reversible clojure.lang.Indexed
interface clojure.lang.IPersistentMap java.lang.Iterable clojure.lang.Associative clojure.lang.Counted
interface clojure.lang.IPersistentSet clojure.lang.IPersistentCollection clojure.lang.Counted
interface clojure.lang.IEditableCollection
interface clojure.lang.ITransientCollection
interface clojure.lang.ITransientAssociative clojure.lang.ITransientCollection clojure.lang.ILookup
interface clojure.lang.ITransientMap clojure.lang.ITransientAssociative clojure.lang.Counted
interface clojure.lang.ITransientSet clojure.lang.ITransientCollection clojure.lang.Counted
interface clojure.lang.ITransientVector clojure.lang.ITransientAssociative clojure.lang.Indexed
interface clojure.lang.IRecord
interface clojure.lang.IType
interface clojure.lang.IAtom
interface clojure.lang.IAtom2 clojure.lang.IAtom
interface clojure.lang.IRef clojure.lang.IDeref
interface clojure.lang.IProxy
interface clojure.core.protocols.CollReduce
interface clojure.core.protocols.IKVReduce
clojure.lang.ExceptionInfo java.lang.RuntimeException clojure.lang.IExceptionInfo
clojure.lang.ArityException java.lang.IllegalArgumentException
clojure.lang.Compiler$CompilerException java.lang.RuntimeException clojure.lang.IExceptionInfo
clojure.lang.LispReader$ReaderException java.lang.RuntimeException
clojure.lang.EdnReader$ReaderException java.lang.RuntimeException
clojure.lang.AFn java.lang.Object clojure.lang.IFn
clojure.lang.AFunction clojure.lang.AFn clojure.lang.Fn clojure.lang.IObj java.util.Comparator
clojure.lang.RestFn clojure.lang.AFunction
clojure.lang.MultiFn clojure.lang.AFn
clojure.lang.Keyword java.lang.Object clojure.lang.IFn java.lang.Comparable clojure.lang.Named clojure.lang.IHashEq
clojure.lang.Symbol clojure.lang.AFn clojure.lang.IObj java.lang.Comparable clojure.lang.Named clojure.lang.IHashEq
clojure.lang.Namespace java.lang.Object clojure.lang.IReference
clojure.lang.Ratio java.lang.Number java.lang.Comparable
clojure.lang.BigInt java.lang.Number clojure.lang.IHashEq
clojure.lang.ARef java.lang.Object clojure.lang.IRef clojure.lang.IReference
clojure.lang.Var clojure.lang.ARef clojure.lang.IFn
clojure.lang.Var$Unbound clojure.lang.AFn
clojure.lang.Atom clojure.lang.ARef clojure.lang.IAtom2
clojure.lang.Ref clojure.lang.ARef clojure.lang.IFn java.lang.Comparable
clojure.lang.Agent clojure.lang.ARef
clojure.lang.Delay java.lang.Object clojure.lang.IDeref clojure.lang.IPending
clojure.lang.Volatile java.lang.Object clojure.lang.IDeref
clojure.lang.Reduced java.lang.Object clojure.lang.IDeref
clojure.lang.APersistentVector clojure.lang.AFn clojure.lang.IPersistentVector java.lang.Comparable java.util.List java.util.RandomAccess clojure.lang.IHashEq java.io.Serializable
clojure.lang.PersistentVector clojure.lang.APersistentVector clojure.lang.IObj clojure.lang.IEditableCollection clojure.lang.IReduce clojure.lang.IKVReduce
clojure.lang.APersistentVector$SubVector clojure.lang.APersistentVector clojure.lang.IObj
clojure.lang.MapEntry clojure.lang.APersistentVector clojure.lang.IMapEntry
clojure.lang.APersistentMap clojure.lang.AFn clojure.lang.IPersistentMap java.util.Map clojure.lang.IHashEq java.io.Serializable
clojure.lang.PersistentArrayMap clojure.lang.APersistentMap clojure.lang.IObj clojure.lang.IEditableCollection clojure.lang.IKVReduce
clojure.lang.PersistentHashMap clojure.lang.APersistentMap clojure.lang.IObj clojure.lang.IEditableCollection clojure.lang.IKVReduce
clojure.lang.PersistentTreeMap clojure.lang.APersistentMap clojure.lang.IObj clojure.lang.Reversible clojure.lang.Sorted clojure.lang.IKVReduce
clojure.lang.APersistentSet clojure.lang.AFn clojure.lang.IPersistentSet java.util.Set clojure.lang.IHashEq
clojure.lang.PersistentHashSet clojure.lang.APersistentSet clojure.lang.IObj clojure.lang.IEditableCollection
clojure.lang.PersistentTreeSet clojure.lang.APersistentSet clojure.lang.IObj clojure.lang.Reversible clojure.lang.Sorted
clojure.lang.ASeq java.lang.Object clojure.lang.ISeq clojure.lang.IObj clojure.lang.Sequential java.util.List clojure.lang.IHashEq
clojure.lang.PersistentList clojure.lang.ASeq clojure.lang.IPersistentList clojure.lang.Counted clojure.lang.IReduce
clojure.lang.PersistentList$EmptyList java.lang.Object clojure.lang.ISeq clojure.lang.IObj clojure.lang.IPersistentList clojure.lang.Counted java.util.List clojure.lang.IHashEq
clojure.lang.Cons clojure.lang.ASeq
clojure.lang.LazySeq java.lang.Object clojure.lang.ISeq clojure.lang.IObj clojure.lang.Sequential java.util.List clojure.lang.IPending clojure.lang.IHashEq
clojure.lang.ArraySeq clojure.lang.ASeq clojure.lang.Counted clojure.lang.IReduce
clojure.lang.ChunkedCons clojure.lang.ASeq clojure.lang.IChunkedSeq
clojure.lang.PersistentVector$ChunkedSeq clojure.lang.ASeq clojure.lang.IChunkedSeq clojure.lang.Counted
clojure.lang.PersistentArrayMap$Seq clojure.lang.ASeq clojure.lang.Counted
clojure.lang.LongRange clojure.lang.ASeq clojure.lang.Counted clojure.lang.IChunkedSeq clojure.lang.IReduce
clojure.lang.Range clojure.lang.ASeq clojure.lang.IChunkedSeq clojure.lang.IReduce
clojure.lang.Repeat clojure.lang.ASeq clojure.lang.IReduce
clojure.lang.Cycle clojure.lang.ASeq clojure.lang.IReduce clojure.lang.IPending
clojure.lang.Iterate clojure.lang.ASeq clojure.lang.IReduce clojure.lang.IPending
clojure.core$promise$reify java.lang.Object clojure.lang.IFn clojure.lang.IDeref clojure.lang.IBlockingDeref clojure.lang.IPending
clojure.core$future_call$reify java.lang.Object clojure.lang.IDeref clojure.lang.IBlockingDeref clojure.lang.IPending java.util.concurrent.Future
clojure.lang.PersistentQueue java.lang.Object clojure.lang.IObj clojure.lang.IPersistentList clojure.lang.Counted
clojure.lang.PersistentVector$TransientVector clojure.lang.AFn clojure.lang.ITransientVector
clojure.lang.PersistentHashMap$TransientHashMap clojure.lang.AFn clojure.lang.ITransientMap
clojure.lang.PersistentHashSet$TransientHashSet clojure.lang.AFn clojure.lang.ITransientSet
clojure.lang.ReaderConditional java.lang.Object clojure.lang.ILookup
clojure.lang.TaggedLiteral java.lang.Object clojure.lang.ILookup
clojure.lang.RT java.lang.Object
clojure.lang.Numbers java.lang.Object
clojure.lang.Util java.lang.Object
clojure.lang.LineNumberingPushbackReader java.io.PushbackReader
clojure.core.Eduction java.lang.Object clojure.lang.Sequential clojure.lang.IReduceInit java.lang.Iterable
"""


ARRAY_CODES = {
    "long": "J",
    "int": "I",
    "short": "S",
    "byte": "B",
    "double": "D",
    "float": "F",
    "boolean": "Z",
    "char": "C",
}


@cache
def _named(package: str) -> dict[str, bool]:
    """The classes of a package that a program may name, and whether they are interfaces."""
    return {word.lstrip("!"): word[0] == "!" for word in NAMES[package].split()}


class Classes(dict[str, JavaClass]):
    """The classes by full name; those of which nothing here makes an instance are made when they are asked for."""

    def __missing__(self, name: str) -> JavaClass:
        package, _, simple = name.rpartition(".")
        if package not in NAMES or simple not in _named(package):
            raise KeyError(name)
        if _named(package)[simple]:
            made = JavaClass(name, is_interface=True)
        else:
            # An exception that is only named extends a checked one, as most are.
            kind = next((kind for kind in ("Exception", "Error") if name.endswith(kind)), "Object")
            made = JavaClass(name, (self[f"java.lang.{kind}"],))
        self[name] = made
        return made

    def get(self, name: str, default: Any = None) -> Any:
        """The class of this name."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None

    def platform(self) -> list[JavaClass]:
        """Those that are only named."""
        return [self[f"{package}.{name}"] for package in NAMES for name in _named(package)]


def _read_table() -> Classes:
    classes = Classes()
    for line in _TABLE.strip().splitlines():
        words = line.split()
        is_interface = words[0] == "interface"
        if is_interface:
            del words[0]
        classes[words[0]] = JavaClass(
            words[0], tuple(classes[word] for word in words[1:]), is_interface=is_interface
        )
    for name in ("long", "int", "short", "byte", "double", "float", "boolean", "char", "void"):
        classes[name] = JavaClass(name)
    for name in ("long", "int", "short", "byte", "double", "float", "boolean", "char"):
        classes[name + "s"] = JavaClass(f"[{ARRAY_CODES[name]}", (classes["java.lang.Object"],))
    for name in ("String", "Long", "Double", "Integer", "Class", "Character", "Boolean", "Number"):
        classes[name + "s"] = JavaClass(f"[Ljava.lang.{name};", (classes["java.lang.Object"],))
    classes["objects"] = JavaClass("[Ljava.lang.Object;", (classes["java.lang.Object"],))
    return classes


CLASSES = _read_table()
OBJECT = CLASSES["java.lang.Object"]

# What `java.lang` gives without import, and what Clojure imports into every namespace.
DEFAULT_IMPORTS = {
    CLASSES[name].simple_name: CLASSES[name]
    for name in [*CLASSES, *(f"java.lang.{name}" for name in _named("java.lang"))]
    if (name.startswith("java.lang.") and "$" not in name)
    or name in {"java.math.BigInteger", "java.math.BigDecimal", "java.util.concurrent.Callable"}
}

_BY_HOST: dict[type, str] = {
    int: "java.lang.Long",
    float: "java.lang.Double",
    str: "java.lang.String",
    names.Boolean: "java.lang.Boolean",
    names.Char: "java.lang.Character",
    names.Keyword: "clojure.lang.Keyword",
    names.Symbol: "clojure.lang.Symbol",
    numbers.BigInt: "clojure.lang.BigInt",
    numbers.BigInteger: "java.math.BigInteger",
    numbers.Ratio: "clojure.lang.Ratio",
    numbers.BigDecimal: "java.math.BigDecimal",
    vector.Vector: "clojure.lang.PersistentVector",
    vector.MapEntry: "clojure.lang.MapEntry",
    vector.TransientVector: "clojure.lang.PersistentVector$TransientVector",
    maps.Set: "clojure.lang.PersistentHashSet",
    maps.MapSeq: "clojure.lang.PersistentArrayMap$Seq",
    maps.TransientMap: "clojure.lang.PersistentHashMap$TransientHashMap",
    maps.TransientSet: "clojure.lang.PersistentHashSet$TransientHashSet",
    sorted_collections.SortedMap: "clojure.lang.PersistentTreeMap",
    sorted_collections.SortedSet: "clojure.lang.PersistentTreeSet",
    interface.Cons: "clojure.lang.Cons",
    interface.LazySeq: "clojure.lang.LazySeq",
    interface.ChunkSeq: "clojure.lang.ChunkedCons",
    interface.ArraySeq: "clojure.lang.ArraySeq",
    vector.SubVector: "clojure.lang.APersistentVector$SubVector",
    ranges.Range: "clojure.lang.LongRange",
    ranges.Counting: "clojure.lang.Iterate",
    ranges.Iterate: "clojure.lang.Iterate",
    ranges.Repeat: "clojure.lang.Repeat",
    ranges.Cycle: "clojure.lang.Cycle",
    JavaClass: "java.lang.Class",
}
BY_HOST = {host: CLASSES[name] for host, name in _BY_HOST.items()}
_FUNCTION = CLASSES["clojure.lang.AFunction"]
_FUNCTIONS = frozenset(
    {"function", "builtin_function_or_method", "method", "partial", "type", "method_descriptor"}
)


def class_of(value: Value) -> JavaClass | None:
    """`class`: None for nil."""
    if value is None:
        return None
    kind = value.__class__
    known = BY_HOST.get(kind)
    if known is not None:
        return known
    if value.__class__ is maps.Map:
        small = value.count() <= 8
        return CLASSES["clojure.lang.PersistentArrayMap" if small else "clojure.lang.PersistentHashMap"]
    if value.__class__ is interface.PersistentList:
        return CLASSES[
            "clojure.lang.PersistentList" if value.size else "clojure.lang.PersistentList$EmptyList"
        ]
    if value.__class__ is access.Array:
        return CLASSES.get(value.component + "s") or CLASSES["objects"]
    own: JavaClass | None = getattr(value, "java_class", None)
    if own is not None:
        return own
    if kind.__name__ in _FUNCTIONS:
        return _FUNCTION
    named = JAVA_NAMES_OF_OBJECTS.get(kind.__name__)
    return CLASSES[named] if named is not None else OBJECT


JAVA_NAMES_OF_OBJECTS = {
    "Var": "clojure.lang.Var",
    "Unbound": "clojure.lang.Var$Unbound",
    "Namespace": "clojure.lang.Namespace",
    "Atom": "clojure.lang.Atom",
    "Ref": "clojure.lang.Ref",
    "Agent": "clojure.lang.Agent",
    "Delay": "clojure.lang.Delay",
    "Volatile": "clojure.lang.Volatile",
    "Reduced": "clojure.lang.Reduced",
    "MultiFunction": "clojure.lang.MultiFn",
    "Pattern": "java.util.regex.Pattern",
    "Matcher": "java.util.regex.Matcher",
    "Identifier": "java.util.UUID",
    "Instant": "java.util.Date",
    "StringWriter": "java.io.StringWriter",
    "OutputWriter": "java.io.PrintWriter",
    "TextReader": "clojure.lang.LineNumberingPushbackReader",
    "StringBuilder": "java.lang.StringBuilder",
    "ReaderConditional": "clojure.lang.ReaderConditional",
    "TaggedLiteral": "clojure.lang.TaggedLiteral",
    "Queue": "clojure.lang.PersistentQueue",
    "Eduction": "clojure.core.Eduction",
    "Thread": "java.lang.Thread",
    "Location": "java.net.URI",
    "File": "java.io.File",
    "Future": "clojure.core$future_call$reify",
    "Promise": "clojure.core$promise$reify",
}


def class_name_of(value: Value) -> str:
    """The full name of a value's class."""
    found = class_of(value)
    return "null" if found is None else found.name


def is_instance(java_class: JavaClass, value: Value) -> bool:
    """`instance?`."""
    own = class_of(value)
    return own is not None and (own is java_class or java_class in own.ancestors)
