"""Forms to nodes: resolves symbols, expands macros, hands special forms to their table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Callable, cast

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.analysis.inlining import LINKED, Inlining, is_inlined
from lockstep.reference.clojure.analysis.scopes import Counter, Field, FunctionScope, Scope
from lockstep.reference.clojure.runtime.collections.access import get
from lockstep.reference.clojure.runtime.collections.interface import (
    LazySeq,
    PersistentList,
    Seq,
    iterate,
)
from lockstep.reference.clojure.runtime.collections.maps import (
    EMPTY_MAP,
    EMPTY_SET,
    Map,
    MapInterface,
    SetInterface,
)
from lockstep.reference.clojure.runtime.collections.vector import EMPTY_VECTOR, Vector
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.java.classes import JavaClass
from lockstep.reference.clojure.runtime.java.exceptions import guest_exception, throwable
from lockstep.reference.clojure.runtime.state.vars import Var, is_private
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import key_of
from lockstep.reference.clojure.runtime.values.faults import ArityFault
from lockstep.reference.clojure.runtime.values.interfaces import Function, ISeq, Metadata
from lockstep.reference.clojure.runtime.values.names import Symbol, truthy
from lockstep.reference.clojure.runtime.values.numbers import NAN, is_nan
from lockstep.reference.host.errors import GuestSyntaxError, Location

Node = nodes.Node

DEEPEST = 2_500


class AnalysisError(GuestSyntaxError):
    """A form that is no program; `kind` is the kind of the error report."""

    def __init__(self, message: str, location: Location, kind: str = "syntax_error") -> None:
        super().__init__(message, location, phase="analysis", name="")
        self.kind = kind


class Analyser:
    """Analyses the forms of one source in an environment.

    Args:
        environment: resolves names and runs macros.
        file: the name that locations show.
        special_forms: what analyses each.
        positions: where forms without metadata stand, by identity.
    """

    def __init__(
        self,
        environment: Environment,
        file: str,
        special_forms: Mapping[str, SpecialForm],
        positions: dict[int, tuple[int, int]] | None = None,
    ) -> None:
        self.environment = environment
        self.file = file
        self.special_forms = special_forms
        self.positions = positions if positions is not None else {}
        self.line = 1
        self.column = 0
        self.depth = 0
        self.inlining = Inlining(self.mark)
        keyword = environment.keyword
        self._const = keyword("const")
        self._inline = keyword("inline")
        self._inline_arities = keyword("inline-arities")
        self._line = keyword("line")
        self._column = keyword("column")
        # Positions are kept by identity, so what has one must live as long as the analyser.
        self._keep: list[Value] = []

    def analyse(self, form: Value) -> tuple[Node, int]:
        """The node of a top-level form, and the size of the frame that it runs in.

        Raises:
            AnalysisError: the form is no program.
        """
        function = FunctionScope(None, Counter())
        self.depth = 0
        node = self.form(form, Scope(function, {}, None), tail=False)
        self.inlining.decide()
        return node, function.size

    def error(self, message: str, kind: str = "syntax_error", form: Value = None) -> AnalysisError:
        """An error at `form`, or at the form that is being analysed."""
        if form is not None:
            self.enter(form)
        return AnalysisError(message, Location(self.file, self.line, self.column), kind)

    def enter(self, form: Value) -> None:
        """Note the position of a form that has one."""
        found = self.positions.get(id(form))
        if found is not None:
            self.line, self.column = found
            return
        if form.__class__ is PersistentList and form.metadata is not None:
            line = form.metadata.lookup(self._line)
            if line is not None:
                self.line = cast("int", line)
                self.column = cast("int", form.metadata.lookup(self._column) or 0)

    def mark(self, node: Node) -> Node:
        """Give a node the current position."""
        node.line = self.line
        node.column = self.column
        return node

    def form(self, form: Value, scope: Scope, *, tail: bool) -> Node:
        """The node of a form."""
        if form.__class__ is Symbol:
            return self.symbol(form, scope)
        if isinstance(form, (Seq, LazySeq)):
            return self.sequence(form, scope, tail=tail)
        if isinstance(form, Vector):
            return self.vector(form, scope)
        if isinstance(form, MapInterface) and not getattr(form, "is_record", False):
            return self.map(form, scope)
        if isinstance(form, SetInterface):
            return self.set(form, scope)
        return self.constant(form)

    def constant(self, value: Value) -> Node:
        """A constant; all literals of NaN are one object."""
        return self.mark(nodes.Const(NAN if is_nan(value) else value))

    def elements(self, forms: Iterable[Value], scope: Scope) -> list[Node]:
        """The nodes of what stands in a literal collection."""
        return [
            self.mark(nodes.FreshNaN()) if isinstance(node, nodes.Const) and node.value is NAN else node
            for node in self.nested(forms, scope)
        ]

    def nested(self, forms: Iterable[Value], scope: Scope) -> list[Node]:
        """The nodes of forms that are not in tail position."""
        line, column = self.line, self.column
        result = [self.form(form, scope, tail=False) for form in forms]
        self.line, self.column = line, column
        return result

    def body(self, forms: list[Value], scope: Scope, *, tail: bool) -> Node:
        """`do` of the forms."""
        if not forms:
            return self.constant(None)
        statements = self.nested(forms[:-1], scope)
        result = self.form(forms[-1], scope, tail=tail)
        return self.mark(nodes.Do(statements, result)) if statements else result

    def symbol(self, symbol: Symbol, scope: Scope) -> Node:
        """A symbol: local, class, static field or var."""
        if symbol.namespace is None:
            found = scope.names.get(symbol.name)
            if found is not None:
                return self.local(found, scope)
        self.enter(symbol)
        resolved = self.resolve(symbol)
        if resolved.__class__ is Var:
            if resolved.macro:
                raise self.error(f"Can't take value of a macro: {resolved!r}", "value_error")
            if resolved.metadata is not None and truthy(resolved.metadata.lookup(self._const)):
                return self.constant(resolved.deref())
            return self.mark(nodes.VarRef(resolved.namespace.name, resolved.name))
        if isinstance(resolved, JavaClass):
            return self.mark(nodes.ClassRef(resolved.name))
        if symbol.namespace is not None:
            class_name = self.class_name(symbol.namespace)
            if class_name is not None:
                return self.mark(nodes.StaticField(class_name, symbol.name))
            if (
                symbol.namespace in self.environment.namespaces
                or symbol.namespace in self.environment.current.aliases
            ):
                raise self.error(f"No such var: {symbol.text}", "name_error")
            raise self.error(f"No such namespace: {symbol.namespace}", "name_error")
        if "." in symbol.name and not symbol.name.startswith("."):
            return self.mark(nodes.ClassRef(symbol.name))
        raise self.error(f"Unable to resolve symbol: {symbol.name} in this context", "name_error")

    def local(self, found: object, scope: Scope) -> Node:
        """A local, a field of the object at hand, or the constant that stands for a local."""
        if isinstance(found, nodes.FreshNaN):
            return self.mark(nodes.FreshNaN())
        if isinstance(found, Field):
            this = nodes.LocalRef(found.this, scope.function.slot_of(found.this))
            return self.mark(nodes.FieldRef(self.mark(this), found.name, own=True))
        assert isinstance(found, nodes.Binding)
        return self.mark(nodes.LocalRef(found, scope.function.slot_of(found)))

    def resolve(self, symbol: Symbol) -> Value:
        """The var or class of a symbol, or None.

        Raises:
            AnalysisError: the var is private to another namespace.
        """
        policy = self.environment.policy
        if policy is not None:
            policy(symbol)
        found = self.environment.resolve(symbol)
        if (
            found.__class__ is Var
            and symbol.namespace is not None
            and found.namespace is not self.environment.current
            and is_private(found)
        ):
            raise self.error(f"var: {found!r} is not public", "name_error")
        return found

    def class_name(self, name: str) -> str | None:
        """The full name of the class that a symbol's text means; unknown ones that look like classes too."""
        environment = self.environment
        found = environment.find_class(environment.current, name)
        if found is not None:
            return found.name
        if name in environment.namespaces or name in environment.current.aliases:
            return None
        last = name.rpartition(".")[2]
        return name if last[:1].isupper() else None

    def vector(self, form: Vector, scope: Scope) -> Node:
        """A vector."""
        items = self.elements(form.elements(), scope)
        values = _constants(items)
        if values is not None:
            node = self.constant(Vector(values) if values else EMPTY_VECTOR)
        else:
            node = self.mark(nodes.VectorOf(items))
        return self.with_metadata(node, form.metadata, scope)

    def with_metadata(self, node: Node, metadata: Metadata, scope: Scope) -> Node:
        """`node` with the metadata that stands on its literal."""
        if metadata is None or metadata.count() == 0:
            return node
        if metadata.dissoc(self._line).dissoc(self._column).count() == 0:
            return node
        return self.mark(nodes.WithMeta(node, self.form(metadata, scope, tail=False)))

    def map(self, form: MapInterface, scope: Scope) -> Node:
        """A map."""
        parts = [part for entry in form.entries() for part in entry.array()]
        items = self.elements(parts, scope)
        values = _constants(items)
        if values is not None:
            table = {key_of(values[i]): values[i + 1] for i in range(0, len(values), 2)}
            node = self.constant(Map(table) if table else EMPTY_MAP)
        else:
            node = self.mark(nodes.MapOf(items))
        return self.with_metadata(node, form.metadata, scope)

    def set(self, form: SetInterface, scope: Scope) -> Node:
        """A set."""
        items = self.elements(form.elements(), scope)
        node = self.mark(nodes.SetOf(items)) if items else self.constant(EMPTY_SET)
        return self.with_metadata(node, form.metadata, scope)

    def sequence(self, form: Seq | LazySeq, scope: Scope, *, tail: bool) -> Node:
        """A list: special form, macro, host call or call."""
        sequence = form.seq()
        if sequence is None:
            return self.constant(form)
        self.enter(form)
        line, column = self.line, self.column
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error("forms are nested too deeply")
        try:
            return self.call(form, sequence, scope, tail=tail)
        finally:
            self.depth -= 1
            self.line, self.column = line, column

    def call(self, form: Value, sequence: ISeq, scope: Scope, *, tail: bool) -> Node:
        """A list that is not empty."""
        head = sequence.first()
        if head.__class__ is Symbol:
            name = head.name
            if head.namespace is None or head.namespace == "clojure.core":
                special = self.special_forms.get(name)
                if special is not None and (head.namespace is None or name in _QUALIFIED):
                    if self.environment.policy is not None:
                        self.environment.policy(head)
                    node = special(self, list(iterate(sequence)), scope, tail)
                    if name == "reify*" and isinstance(node, nodes.TypeDefinition):
                        metadata = getattr(form, "metadata", None)
                        node.metadata = None if metadata is None else self.form(metadata, scope, tail=False)
                    if name == "fn*":
                        return self.with_metadata(node, getattr(form, "metadata", None), scope)
                    return node
            if head.namespace is not None or name not in scope.names:
                expanded = self.expand(head, form, scope)
                if expanded is not form:
                    return self.form(expanded, scope, tail=tail)
                if head.namespace is None:
                    if name.startswith(".") and len(name) > 1 and name != "..":
                        return self.host_call(name[1:], list(iterate(sequence))[1:], scope)
                    if name.endswith(".") and len(name) > 1 and name != "..":
                        arguments = self.nested(list(iterate(sequence))[1:], scope)
                        return self.new(name[:-1], arguments)
                elif self.environment.resolve(head) is None:
                    class_name = self.class_name(head.namespace)
                    if class_name is not None:
                        arguments = self.nested(list(iterate(sequence))[1:], scope)
                        return self.mark(nodes.StaticCall(class_name, name, arguments))
        elif head is None:
            raise self.error(f"Can't call nil, form: {self.environment.printer.text(form)}")
        items = list(iterate(sequence))
        if head.__class__ is Symbol and (head.namespace is not None or head.name not in scope.names):
            var = self.environment.resolve(head)
            if var.__class__ is Var:
                inlined = self.var_call(var, items, scope, tail=tail)
                if inlined is not None:
                    return inlined
        line, column = self.line, self.column
        function = self.form(items[0], scope, tail=False)
        self.line, self.column = line, column
        return self.mark(nodes.Invoke(function, self.nested(items[1:], scope)))

    def var_call(self, var: Var, items: list[Value], scope: Scope, *, tail: bool) -> Node | None:
        """A call that does not look at its var: inlined, or linked directly; else None (Compiler.isInline)."""
        namespace, name, count = var.namespace.name, var.name, len(items) - 1
        if is_inlined(namespace, name, count):
            return self.inlining.call(name, self.nested(items[1:], scope))
        metadata = var.metadata
        expander = cast("Function | None", get(metadata, self._inline))
        if expander is not None:
            arities = cast("Function | None", get(metadata, self._inline_arities))
            if arities is None or truthy(arities(count)):
                return self.form(expander(*items[1:]), scope, tail=tail)
        if self.environment.linking and not var.dynamic and namespace.startswith(LINKED):
            function = self.mark(nodes.Linked(namespace, name))
            return self.mark(nodes.Invoke(function, self.nested(items[1:], scope)))
        return None

    def new(self, name: str, arguments: list[Node]) -> Node:
        """A constructor call; an unknown class throws when it is executed."""
        return self.mark(nodes.New(self.class_name(name) or name, arguments))

    def host_call(self, member: str, forms: list[Value], scope: Scope) -> Node:
        """`(.member target args)`."""
        if not forms:
            raise self.error("Malformed member expression, expecting (.member target ...)")
        target = forms[0]
        if target.__class__ is Symbol and target.namespace is None and target.name not in scope.names:
            found = self.environment.resolve(target)
            if isinstance(found, JavaClass) and member not in {"getName", "getSimpleName", "isInstance"}:
                arguments = self.nested(forms[1:], scope)
                if member.startswith("-"):
                    return self.mark(nodes.StaticField(found.name, member[1:]))
                return self.mark(nodes.StaticCall(found.name, member, arguments))
        parts = self.nested(forms, scope)
        if member.startswith("-"):
            return self.mark(nodes.FieldRef(parts[0], member[1:]))
        return self.mark(nodes.MethodCall(parts[0], member, parts[1:]))

    def macro(self, head: Symbol) -> Var | None:
        """The macro that a symbol names, or None."""
        found = self.resolve(head)
        return found if found.__class__ is Var and found.macro else None

    def expand(self, head: Symbol, form: Value, scope: Scope) -> Value:
        """One macro expansion of `form`, or `form` itself.

        Raises:
            Throwable: the macro threw, or it was called with a wrong number of arguments.
        """
        macro = self.macro(head)
        if macro is None:
            return form
        names = Map({Symbol(None, name): Symbol(None, name) for name in scope.names})
        arguments = (
            list(iterate(form.next())) if isinstance(form, (Seq, LazySeq)) else list(iterate(form))[1:]
        )
        location = Location(self.file, self.line, self.column)
        try:
            expanded = cast("Function", macro.deref())(form, names if scope.names else None, *arguments)
        except GuestSyntaxError:
            raise
        except Exception as error:  # whatever a macro throws
            thrown = guest_exception(error)
            if thrown.java_class.name == "clojure.lang.ArityException" and f": {macro.key}" in str(
                thrown.message
            ):
                thrown = throwable("ArityException", ArityFault(len(arguments), macro.key).message)
            if thrown.location is None or thrown.phase == "eval":
                thrown.location = location
                thrown.phase = "macroexpand"
            raise thrown from None
        if isinstance(expanded, PersistentList) and expanded.size and expanded.metadata is None:
            self.positions.setdefault(id(expanded), (self.line, self.column))
            self._keep.append(expanded)
        return expanded


def _constants(items: list[Node]) -> list[Value] | None:
    """The values of nodes, where a literal of them may be made once: all are constants."""
    values = [item.value for item in items if isinstance(item, nodes.Const)]
    return values if len(values) == len(items) else None


_QUALIFIED = frozenset({"fn*", "let*", "loop*", "case*", "letfn*", "deftype*", "reify*", "import*"})

# The function of a special form: the form's parts, its scope, and whether it stands in tail position.
SpecialForm = Callable[[Analyser, "list[Value]", Scope, bool], Node]
