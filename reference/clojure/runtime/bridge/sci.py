"""sci.core over nested environments of our own engine.

A context is an environment of its own: no var, namespace or type is shared with the guest that made it, only what
the options name. Errors that leave it carry their location in the data, as SCI's do.
"""

from __future__ import annotations

from typing import Callable, cast

from lockstep.reference.clojure.runtime.collections.interface import iterate, list_of
from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP, MapInterface
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.forms import Forms
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, guest_exception, throwable
from lockstep.reference.clojure.runtime.java.streams import StringWriter, TextReader
from lockstep.reference.clojure.runtime.kernel.registry import Library
from lockstep.reference.clojure.runtime.loading import bundled, file_bindings, load_library
from lockstep.reference.clojure.runtime.state.vars import Namespace, Var
from lockstep.reference.clojure.runtime.tracing import where
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import argument_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function, ILookup, Metadata, Named
from lockstep.reference.clojure.runtime.values.names import TRUE, Keyword, Symbol
from lockstep.reference.clojure.syntax.reader import END, Reader
from lockstep.reference.host.errors import GuestSyntaxError, Location

LIBRARY = Library("lockstep.sci")
_CONVEYED = ("out", "err", "in", "ns", "file", "print-length", "print-namespace-maps", "read-eval", "assert")


class Policy:
    """Which symbols a context may use, and where it finds namespaces."""

    def __init__(
        self, allowed: frozenset[str] | None, denied: frozenset[str], loader: Function | None, bridge: Bridge
    ) -> None:
        self.allowed = allowed
        self.denied = denied
        self.loader = loader
        self.bridge = bridge
        self.active = True
        self.aliases: dict[str, str] = {}
        self.environment: Environment | None = None

    def __call__(self, symbol: Symbol) -> None:
        """Refuse a symbol that is not allowed."""
        # Only what stands in the source: macros expand to qualified names.
        if not self.active or symbol.namespace is not None:
            return
        if self.allowed is not None and symbol.name not in self.allowed:
            if self._own(symbol.name):
                return
            raise throwable("Exception", f"{symbol.text} is not allowed!")
        if symbol.name in self.denied:
            raise throwable("Exception", f"{symbol.text} is not allowed!")

    def _own(self, name: str) -> bool:
        environment = self.environment
        if environment is None:
            return True
        found = environment.current.mappings.get(name)
        return isinstance(found, Var)

    def load(self, name: str) -> bool:
        """Load a namespace by the context's :load-fn; False if that knows nothing of it."""
        environment = self.environment
        if environment is None:
            return False
        target = self.aliases.get(name)
        if target is not None:
            load_library(environment, target)
            environment.namespaces[name] = environment.namespace(target)
            return True
        if self.loader is None or bundled(name) is not None:
            return False
        keyword = environment.keyword
        request = EMPTY_MAP.assoc_key(keyword("namespace"), Symbol(None, name)).assoc_key(
            keyword("libname"), Symbol(None, name)
        )
        request = request.assoc_key(keyword("ctx"), None).assoc_key(keyword("opts"), EMPTY_MAP)
        found = cast("ILookup | None", self.loader(request))
        if found is None:
            return False
        source = found.lookup(keyword("source"))
        if source is not None:
            saved = environment.cells["clojure.core/*ns*"]
            try:
                environment.evaluator.load(cast("str", source), str(found.lookup(keyword("file")) or name))
            finally:
                environment.cells["clojure.core/*ns*"] = saved
        return True


def _symbols(option: Value) -> list[tuple[Symbol, Symbol]]:
    """The pairs of an option that maps symbols to symbols; none of nil."""
    entries = [] if option is None else cast("MapInterface", option).entries()
    return [(cast("Symbol", entry.key()), cast("Symbol", entry.value())) for entry in entries]


class Context:
    """What `sci/init` makes."""

    def __init__(self, environment: Environment, options: MapInterface) -> None:
        self.environment = environment
        self.options = options
        # Vars of the outer guest that stand for vars in here.
        self.links: list[tuple[Var, Var]] = []
        self.table = None

    def lookup(self, key: Value, default: Value = None) -> Value:
        """A context is a map of its options to guests."""
        return self.options.lookup(key, default)


class Bridge:
    """The functions of one outer environment."""

    def __init__(self, outer: Environment) -> None:
        self.outer = outer

    def key(self, name: str) -> Keyword:
        """A keyword."""
        return self.outer.keyword(name)

    def init(self, options: MapInterface | None) -> Context:
        """`sci/init`."""
        options = EMPTY_MAP if options is None else options
        outer = self.outer
        features = options.lookup(self.key("features"))
        names = (
            outer.features
            if features is None
            else tuple(cast("Keyword", one).name for one in iterate(features))
        )
        environment = Environment(outer.interner, outer.budget, outer.output, (), names)
        outer.engine.boot(environment)
        context = Context(environment, options)
        self._configure(context, options)
        return context

    def _names(self, option: Value) -> frozenset[str]:
        return frozenset(cast("Named", one).name for one in iterate(option))

    def _configure(self, context: Context, options: MapInterface) -> None:
        environment = context.environment
        allow = options.lookup(self.key("allow"))
        allowed = None if allow is None or isinstance(allow, Keyword) else self._names(allow)
        denied = self._names(options.lookup(self.key("deny")))
        policy = Policy(allowed, denied, cast("Function | None", options.lookup(self.key("load-fn"))), self)
        renamed = options.lookup(self.key("ns-aliases"))
        policy.aliases = {key.text: value.text for key, value in _symbols(renamed)}
        policy.environment = environment
        policy.active = False
        environment.policy = policy
        self._classes(environment, options.lookup(self.key("classes")))
        self._classes(environment, options.lookup(self.key("imports")))
        self._namespaces(context, options.lookup(self.key("namespaces")))
        user = environment.namespaces["user"]
        bindings = options.lookup(self.key("bindings"))
        if isinstance(bindings, MapInterface):
            for entry in bindings.entries():
                self._intern(context, user, cast("Symbol", entry.key()), entry.value())
        aliases = options.lookup(self.key("aliases"))
        for alias, target in _symbols(aliases):
            self._library(environment, target.text)
            user.aliases[alias.name] = environment.namespace(target.text)
        readers = options.lookup(self.key("readers"))
        if readers is not None:
            environment.cells["clojure.core/*data-readers*"] = _Readers(cast("Function", readers))
        for library in (
            "clojure.string",
            "clojure.set",
            "clojure.walk",
            "clojure.repl",
            "clojure.edn",
            "clojure.template",
        ):
            self._library(environment, library)

    def _library(self, environment: Environment, name: str) -> None:
        if bundled(name) is not None:
            load_library(environment, name)

    def _classes(self, environment: Environment, classes: Value) -> None:
        if classes is None or not isinstance(classes, MapInterface):
            return
        for entry in classes.entries():
            name, found = entry.array()
            if isinstance(found, MapInterface):
                found = found.lookup(self.key("class"))
            if isinstance(found, Symbol):
                found = CLASSES.get(found.text) or environment.types.get(found.text)
            if isinstance(name, Symbol) and isinstance(found, JavaClass):
                environment.types[name.text] = found
                if "." not in name.text:
                    environment.namespaces["user"].mappings[name.text] = found

    def _namespaces(self, context: Context, namespaces: Value) -> None:
        environment = context.environment
        for entry in cast("MapInterface", namespaces).entries() if namespaces is not None else ():
            name, mapping = cast("Symbol", entry.key()), cast("MapInterface", entry.value())
            self._library(environment, name.text)
            namespace = environment.namespace(name.text)
            environment.loaded[name.text] = None
            for one in mapping.entries():
                key = one.key()
                if isinstance(key, Symbol):
                    self._intern(context, namespace, key, one.value())

    def _intern(self, context: Context, namespace: Namespace, symbol: Symbol, value: Value) -> None:
        found = namespace.mappings.get(symbol.name)
        if isinstance(found, Var) and found.namespace is not namespace:
            del namespace.mappings[symbol.name]
        var = namespace.intern(symbol.name)
        metadata = symbol.metadata
        if isinstance(value, Var):
            if metadata is None:
                metadata = value.metadata
            var.dynamic = value.dynamic
            var.macro = value.macro
            var.metadata = metadata
            var.bind_root(value.deref())
            context.links.append((value, var))
            return
        own = (
            value.__dict__.get("metadata") if hasattr(value, "__dict__") else getattr(value, "metadata", None)
        )
        if isinstance(own, MapInterface) and any(
            getattr(one.key(), "name", "") == "macro" and one.value() is TRUE for one in own.entries()
        ):
            var.macro = True
        var.metadata = metadata
        var.bind_root(value)

    def fork(self, context: Context) -> Context:
        """`sci/fork`: a context whose vars are its own from here on."""
        made = self.init(context.options)
        source, target = context.environment, made.environment
        for name, namespace in source.namespaces.items():
            if name.startswith(("clojure.", "lockstep.")):
                continue
            copied = target.namespace(name)
            copied.core = target.core if namespace.core is not None else None
            for symbol, var in namespace.interns().items():
                self._intern(made, copied, Symbol(None, symbol, var.metadata), var.deref())
        return made

    def merge_options(self, context: Context, options: MapInterface) -> Context:
        """`sci/merge-opts`."""
        context.options = context.options.conj(options)
        self._configure(context, options)
        return context

    def evaluate(self, context: Context, text: str, start: Value = None) -> Value:
        """`sci/eval-string*`."""

        def run() -> Value:
            environment = context.environment
            return environment.evaluator.load(text, self._file(environment))

        if text.__class__ is not str:
            raise argument_fault("eval-string wants a string")
        return self.inside(context, run, start)

    def _file(self, environment: Environment) -> str:
        found = environment.value("*file*")
        return str(found) if found is not None else "NO_SOURCE_PATH"

    def evaluate_form(self, context: Context, form: Value) -> Value:
        """`sci/eval-form`."""
        return self.inside(context, lambda: context.environment.evaluate(form), None)

    def inside(self, context: Context, run: Callable[[], Value], start: Value) -> Value:
        """Run in a context: output and other dynamic vars come from the outer `sci.core`."""
        environment = context.environment
        environment.budget = self.outer.budget
        cells = environment.cells
        outer = self.outer.cells
        saved = cells["clojure.core/*ns*"]
        for name in _CONVEYED:
            var = outer.get(f"sci.core/{name}")
            value = var.deref() if isinstance(var, Var) else None
            target = f"clojure.core/*{name}*"
            if name in {"out", "err"}:
                cells[target] = StringWriter(environment) if value is None else value
            elif value is not None and value.__class__.__name__ != "Unbound":
                if name == "ns" and isinstance(value, Namespace):
                    value = environment.namespace(value.name)
                cells[target] = value
        for linked, own in context.links:
            if linked.saved:
                cells[own.key] = linked.deref()
        if start is not None:
            cells["clojure.core/*ns*"] = environment.namespace(
                start.name if isinstance(start, Namespace) else cast("Symbol", start).text
            )
        policy = environment.policy
        assert policy is not None  # what `init` makes has one
        active, policy.active = policy.active, True
        depth = len(environment.frames)
        environment.push_bindings(file_bindings(environment))
        try:
            return run()
        except Exception as error:
            raise self.located(context, error) from None
        finally:
            while len(environment.frames) > depth:
                environment.pop_bindings()
            policy.active = active
            cells["clojure.core/*ns*"] = saved

    def located(self, context: Context, error: Exception) -> Throwable:
        """The error with where it happened in its data."""
        location: Location | None
        trace: tuple[str, ...]
        if isinstance(error, GuestSyntaxError):
            location, trace = error.location, ()
        else:
            location, trace = where(context.environment, error)
        thrown = guest_exception(error)
        if thrown.data is not None and self._is_located(thrown):
            return thrown
        location = thrown.location or location
        key = self.key
        data = EMPTY_MAP.assoc_key(key("type"), self.outer.interner.keyword("sci", "error"))
        data = data.assoc_key(key("message"), thrown.message)
        if location is not None:
            data = data.assoc_key(key("line"), location.line).assoc_key(key("column"), location.column or 1)
            data = data.assoc_key(key("file"), None if location.file == "NO_SOURCE_PATH" else location.file)
        if thrown.phase in {"analysis", "parse"}:
            data = data.assoc_key(key("phase"), "parse" if thrown.phase == "parse" else "analysis")
        frames: list[Value] = []
        for line in trace:
            name, _, place = line.strip()[3:].rpartition(" (")
            file, row, column = (
                place.rstrip(")").rsplit(":", 2) if place.count(":") > 1 else (place, "0", "0")
            )
            namespace, _, simple = name.rpartition("/")
            frame = EMPTY_MAP.assoc_key(key("line"), int(row)).assoc_key(key("column"), int(column))
            frame = frame.assoc_key(key("ns"), Symbol(None, namespace or "user"))
            frame = frame.assoc_key(key("name"), Symbol(None, simple) if namespace else None)
            frames.append(frame.assoc_key(key("file"), None if file == "NO_SOURCE_PATH" else file))
        data = data.assoc_key(self.outer.interner.keyword("sci.impl", "callstack"), Vector(frames))
        return Throwable(CLASSES["clojure.lang.ExceptionInfo"], thrown.message or "", thrown, data)

    def _is_located(self, thrown: Throwable) -> bool:
        return isinstance(thrown.data, MapInterface) and thrown.data.lookup(
            self.key("type")
        ) is self.outer.interner.keyword("sci", "error")

    def parse_next(self, context: Context, reader: TextReader) -> Value:
        """`sci/parse-next`: the next form of a reader, `:sci.core/eof` at the end."""
        environment = context.environment
        source = Reader(
            reader.content[reader.position :], "NO_SOURCE_PATH", Forms(environment), environment.features
        )
        try:
            form = source.read()
        except GuestSyntaxError as error:
            raise self.located(context, error) from None
        finally:
            reader.position += source.position
        return self.outer.interner.keyword("sci.core", "eof") if form is END else form

    def parse_string(self, text: str, options: MapInterface | None, every: Value) -> Value:
        """`edamame/parse-string(-all)`."""
        options = EMPTY_MAP if options is None else options
        features = options.lookup(self.key("features"))
        names = () if features is None else tuple(cast("Keyword", one).name for one in iterate(features))
        conditional = options.lookup(self.key("read-cond"))
        mode = conditional.name if isinstance(conditional, Keyword) else ""
        reader = Reader(text, "NO_SOURCE_PATH", Forms(self.outer), names, conditionals=mode)
        forms = []
        while True:
            try:
                form = reader.read()
            except GuestSyntaxError as error:
                raise throwable("RuntimeException", error.message) from None
            if form is END:
                break
            if every is not TRUE:
                return form
            forms.append(form)
        return list_of(forms) if every is TRUE else None

    def namespace(self, name: Symbol, metadata: Metadata = None) -> Namespace:
        """`sci/create-ns`: a namespace that belongs to no context yet."""
        made = Namespace(name.text, {}, None)
        made.metadata = metadata
        return made

    def variable(self, name: Symbol, value: Value, metadata: Metadata, dynamic: Value) -> Var:
        """`sci/new-var` and `sci/new-dynamic-var`."""
        found = metadata.lookup(self.key("ns")) if isinstance(metadata, MapInterface) else None
        namespace = found if isinstance(found, Namespace) else Namespace("user", {}, None)
        var = Var(namespace, name.name, namespace.cells)
        var.dynamic = dynamic is TRUE
        var.metadata = metadata
        var.macro = isinstance(metadata, MapInterface) and metadata.lookup(self.key("macro")) is TRUE
        var.bind_root(value)
        return var

    def in_context(self, context: Context, name: Symbol) -> Value:
        """`sci/find-ns`."""
        return context.environment.namespaces.get(name.text)

    def intern(self, context: Context, namespace: Symbol | Namespace, name: Symbol, value: Value) -> Var:
        """`sci/intern`."""
        target = context.environment.namespace(
            namespace.name if isinstance(namespace, Namespace) else namespace.text
        )
        self._intern(context, target, name, value)
        return target.intern(name.name)

    def resolve(self, context: Context, symbol: Symbol) -> Value:
        """`sci/resolve`."""
        return context.environment.resolve(symbol)


class _Readers:
    """The :readers option: a map or a function from tags to readers."""

    def __init__(self, readers: Function) -> None:
        self.readers = readers

    def lookup(self, tag: Value, default: Value = None) -> Value:
        """The reader of a tag."""
        found = self.readers(tag)
        return default if found is None else found


@LIBRARY.installer
def install(environment: Environment) -> dict[str, Value]:
    """The functions that sci.core.clj builds on."""
    bridge = Bridge(environment)
    return {
        "init": bridge.init,
        "fork": bridge.fork,
        "merge-opts": bridge.merge_options,
        "eval-string": bridge.evaluate,
        "eval-form": bridge.evaluate_form,
        "parse-next": bridge.parse_next,
        "parse-string": bridge.parse_string,
        "create-ns": bridge.namespace,
        "new-var": bridge.variable,
        "find-ns": bridge.in_context,
        "intern": bridge.intern,
        "resolve": bridge.resolve,
        "string-writer": lambda: StringWriter(environment),
    }
