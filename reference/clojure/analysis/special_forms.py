"""The special forms, in one table: a name and the function that makes its node (Compiler.java, `specials`)."""

from __future__ import annotations

from typing import Callable, cast

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.analysis.analyser import Analyser, SpecialForm
from lockstep.reference.clojure.analysis.scopes import Field, FunctionScope, Scope
from lockstep.reference.clojure.runtime.collections.interface import (
    LazySeq,
    PersistentList,
    Seq,
    iterate,
    list_of,
)
from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP, Map
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import JavaClass
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.interfaces import IPersistentMap
from lockstep.reference.clojure.runtime.values.names import TRUE, Keyword, Symbol, truthy
from lockstep.reference.clojure.runtime.values.numbers import NAN

Node = nodes.Node


def _arity(analyser: Analyser, items: list[Value], low: int, high: int, name: str) -> None:
    if len(items) - 1 < low:
        raise analyser.error(f"Too few arguments to {name}")
    if len(items) - 1 > high:
        raise analyser.error(f"Too many arguments to {name}")


def analyse_quote(analyser: Analyser, items: list[Value], _: Scope, __: bool) -> Node:
    """`(quote form)`."""
    return analyser.constant(_as_constant(items[1]) if len(items) > 1 else None)


def _as_constant(form: Value) -> Value:
    """A form as a constant: every sequence is a list in compiled code (ObjMethod.emitValue)."""
    if isinstance(form, Vector):
        made = [_as_constant(item) for item in form.elements()]
        same = all(one is other for one, other in zip(made, form.elements()))
        return form if same else Vector(made, form.metadata)
    if not isinstance(form, (Seq, LazySeq)):
        return form
    parts = list(iterate(form))
    made = [_as_constant(part) for part in parts]
    if form.__class__ is PersistentList and all(one is other for one, other in zip(made, parts)):
        return form
    return list_of(made, form.metadata)


def analyse_if(analyser: Analyser, items: list[Value], scope: Scope, tail: bool) -> Node:
    """`(if test then else?)`."""
    _arity(analyser, items, 2, 3, "if")
    test = analyser.form(items[1], scope, tail=False)
    consequent = analyser.form(items[2], scope, tail=tail)
    alternative = analyser.form(items[3], scope, tail=tail) if len(items) == 4 else analyser.constant(None)
    return analyser.mark(nodes.If(test, consequent, alternative))


def analyse_do(analyser: Analyser, items: list[Value], scope: Scope, tail: bool) -> Node:
    """`(do forms*)`."""
    return analyser.body(items[1:], scope, tail=tail)


def _bindings(
    analyser: Analyser, items: list[Value], scope: Scope, name: str
) -> tuple[Scope, list[tuple[nodes.Binding, Node]]]:
    if len(items) < 2 or not isinstance(items[1], Vector):
        raise analyser.error(f"Bad binding form, expected vector in {name}")
    parts = items[1].elements()
    if len(parts) % 2:
        raise analyser.error("Bad binding form, expected matched symbol expression pairs")
    inner = scope.extended()
    inner.target = None
    made = []
    for index in range(0, len(parts), 2):
        symbol = parts[index]
        if symbol.__class__ is not Symbol:
            raise analyser.error(f"Bad binding form, expected symbol, got: {_shown(analyser, symbol)}")
        if symbol.namespace is not None:
            raise analyser.error(f"Can't let qualified name: {symbol.text}")
        value = analyser.form(parts[index + 1], inner, tail=False)
        if name == "let" and isinstance(value, nodes.Const) and value.value is NAN:
            # A primitive local: it is boxed anew at each use.
            inner.names[symbol.name] = nodes.FreshNaN()
            continue
        binding = inner.bind(symbol.name)
        binding.init = value
        made.append((binding, value))
    inner.target = scope.target
    return inner, made


def _shown(analyser: Analyser, value: Value) -> str:
    return analyser.environment.print_text(value)


def analyse_let(analyser: Analyser, items: list[Value], scope: Scope, tail: bool) -> Node:
    """`(let* [name value ...] body*)`."""
    inner, made = _bindings(analyser, items, scope, "let")
    return analyser.mark(nodes.Let(made, analyser.body(items[2:], inner, tail=tail)))


def analyse_loop(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(loop* [name value ...] body*)`."""
    inner, made = _bindings(analyser, items, scope, "loop")
    target = nodes.Target([binding for binding, _ in made])
    body = analyser.body(items[2:], inner.within(target), tail=True)
    return analyser.mark(nodes.Loop(made, body, target))


def analyse_recur(analyser: Analyser, items: list[Value], scope: Scope, tail: bool) -> Node:
    """`(recur args*)`."""
    target = scope.target
    if target is None and tail:
        raise analyser.error("Cannot recur across try")
    if target is None or not tail:
        raise analyser.error("Can only recur from tail position")
    wanted = len(target.bindings)
    if len(items) - 1 != wanted:
        raise analyser.error(
            f"Mismatched argument count to recur, expected: {wanted} args, got: {len(items) - 1}",
            "arity_error",
        )
    node = nodes.Recur(target, analyser.nested(items[1:], scope))
    for binding, argument in zip(target.bindings, node.arguments):
        binding.steps.append(argument)
    target.recurs.append(node)
    return analyser.mark(node)


def analyse_fn(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(fn* name? [params] body*)` or `(fn* name? ([params] body*) ...)`."""
    rest = items[1:]
    own: str | None = None
    if rest and rest[0].__class__ is Symbol:
        own = rest[0].name
        rest = rest[1:]
    if rest and isinstance(rest[0], Vector):
        clauses = [rest]
    else:
        clauses = [list(iterate(clause)) if isinstance(clause, Seq) else [clause] for clause in rest]
    return function_node(analyser, own, clauses, scope)


def function_node(
    analyser: Analyser,
    own: str | None,
    clauses: list[list[Value]],
    scope: Scope,
    fields: Callable[[nodes.Binding], dict[str, object]] | None = None,
) -> nodes.Fn:
    """The node of a function; `fields` gives the names that its first parameter brings into scope."""
    function = FunctionScope(scope.function, scope.function.counter)
    names = dict(scope.names)
    outer = Scope(function, names, None)
    own_binding = outer.bind(own) if own is not None else None
    namespace = analyser.environment.current.name
    name = f"{namespace}/{own}" if own is not None else f"{namespace}/fn--{function.counter.next()}"
    node = nodes.Fn(name, own_binding, [])
    analyser.mark(node)
    line, column = analyser.line, analyser.column
    for clause in clauses:
        node.arities.append(_arity_node(analyser, clause, outer, fields))
        analyser.line, analyser.column = line, column
    node.arities.sort(key=lambda arity: (arity.rest is not None, len(arity.parameters)))
    _check_arities(analyser, node.arities)
    node.size = function.size
    for binding, slot in function.captures.items():
        node.captures.append((scope.function.slot_of(binding), slot))
        node.captured.append(binding)
    return node


def _check_arities(analyser: Analyser, arities: list[nodes.Arity]) -> None:
    counts = [len(arity.parameters) for arity in arities if arity.rest is None]
    if len(set(counts)) != len(counts):
        raise analyser.error("Can't have 2 overloads with same arity")
    variadic = [arity for arity in arities if arity.rest is not None]
    if len(variadic) > 1:
        raise analyser.error("Can't have more than 1 variadic overload")
    if variadic and counts and max(counts) > len(variadic[0].parameters):
        raise analyser.error("Can't have fixed arity function with more params than variadic function")


def _arity_node(
    analyser: Analyser,
    clause: list[Value],
    outer: Scope,
    fields: Callable[[nodes.Binding], dict[str, object]] | None,
) -> nodes.Arity:
    if not clause or not isinstance(clause[0], Vector):
        shown = _shown(analyser, clause[0] if clause else None)
        raise analyser.error(f"Parameter declaration {shown} should be a vector")
    inner = outer.extended()
    parameters: list[nodes.Binding] = []
    rest: nodes.Binding | None = None
    symbols = clause[0].elements()
    index = 0
    while index < len(symbols):
        symbol = symbols[index]
        if symbol.__class__ is not Symbol:
            raise analyser.error("fn params must be Symbols")
        if symbol.namespace is not None:
            raise analyser.error(f"Can't use qualified name as parameter: {symbol.text}")
        if symbol.name == "&":
            if index + 2 != len(symbols):
                raise analyser.error("Unexpected parameter")
            rest = inner.bind(cast("Symbol", symbols[index + 1]).name)
            break
        parameters.append(inner.bind(symbol.name))
        parameters[-1].hint = _primitive_hint(analyser, symbol)
        index += 1
    if fields is not None:
        own_names = {binding.name for binding in parameters}
        for name, field in fields(parameters[0]).items():
            if name not in own_names:
                inner.names[name] = field
    every = parameters if rest is None else [*parameters, rest]
    target = nodes.Target(every, variadic=rest is not None)
    forms = clause[1:]
    if fields is None and rest is None and len(parameters) <= _MOST_PRIMITIVES:
        forms = _unboxed(forms, parameters)
    body = analyser.body(forms, inner.within(target), tail=True)
    return nodes.Arity(parameters, rest, body, target)


# A function with primitive parameters has no more than these (Compiler.FnMethod.primInterface).
_MOST_PRIMITIVES = 4


def _unboxed(forms: list[Value], parameters: list[nodes.Binding]) -> list[Value]:
    """The forms of a body that begins by unboxing the hinted parameters (HostExpr.emitUnboxArg)."""
    parts: list[Value] = []
    for parameter in parameters:
        if parameter.hint is not None:
            symbol = Symbol(None, parameter.name)
            parts += [symbol, list_of([Symbol("clojure.core", parameter.hint), symbol])]
    return [list_of([Symbol(None, "let*"), Vector(parts), *forms])] if parts else forms


def _primitive_hint(analyser: Analyser, symbol: Symbol) -> str | None:
    tag = None if symbol.metadata is None else symbol.metadata.lookup(analyser.environment.keyword("tag"))
    return tag.name if tag.__class__ is Symbol and tag.name in {"long", "double"} else None


def analyse_letfn(analyser: Analyser, items: list[Value], scope: Scope, tail: bool) -> Node:
    """`(letfn* [name function ...] body*)`."""
    inner = scope.extended()
    inner.target = None
    parts = cast("Vector", items[1]).elements()
    bindings = [inner.bind(cast("Symbol", parts[index]).name) for index in range(0, len(parts), 2)]
    functions: list[nodes.Fn] = []
    for index in range(1, len(parts), 2):
        function = analyser.form(parts[index], inner, tail=False)
        assert isinstance(function, nodes.Fn)
        functions.append(function)
    inner.target = scope.target
    body = analyser.body(items[2:], inner, tail=tail)
    return analyser.mark(nodes.Letfn(list(zip(bindings, functions)), body))


def analyse_def(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(def name doc? value?)`."""
    _arity(analyser, items, 1, 3, "def")
    symbol = items[1]
    if symbol.__class__ is not Symbol:
        raise analyser.error("First argument to def must be a Symbol")
    environment = analyser.environment
    namespace = environment.current
    if symbol.namespace is not None:
        target = namespace.aliases.get(symbol.namespace) or environment.namespaces.get(symbol.namespace)
        if target is not namespace:
            known = target is not None and target.own(symbol.name) is not None
            raise analyser.error(
                "Can't create defs outside of current ns"
                if known
                else f"Can't refer to qualified var that doesn't exist: {symbol.text}"
            )
    metadata: IPersistentMap = symbol.metadata if symbol.metadata is not None else EMPTY_MAP
    keyword = environment.keyword
    if len(items) == 4:
        if items[2].__class__ is not str:
            raise analyser.error("Too many arguments to def")
        metadata = metadata.assoc_key(keyword("doc"), items[2])
    metadata = metadata.conj(
        Map(
            {
                keyword("line"): analyser.line,
                keyword("column"): analyser.column,
                keyword("file"): analyser.file,
            }
        )
    )
    var = namespace.intern(symbol.name)
    dynamic = truthy(metadata.lookup(keyword("dynamic")))
    if dynamic:
        var.dynamic = True
    if var.metadata is None and truthy(metadata.lookup(keyword("private"))):
        var.metadata = Map({keyword("private"): TRUE})
    init = None
    if len(items) > 2:
        init = analyser.form(items[-1], scope.within(None), tail=False)
        if isinstance(init, nodes.Fn) and init.own is None:
            init.name = f"{namespace.name}/{symbol.name}"
    metadata_node = analyser.form(metadata, scope.within(None), tail=False)
    return analyser.mark(nodes.Def(namespace.name, symbol.name, init, metadata_node, dynamic))


def analyse_var(analyser: Analyser, items: list[Value], _: Scope, __: bool) -> Node:
    """`(var name)`."""
    symbol = items[1]
    if symbol.__class__ is not Symbol:
        raise analyser.error("First argument to var must be a Symbol")
    found = analyser.environment.resolve(symbol)
    if found.__class__ is not Var:
        raise analyser.error(f"Unable to resolve var: {symbol.text} in this context", "name_error")
    return analyser.mark(nodes.TheVar(found.namespace.name, found.name))


def analyse_set(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(set! target value)`."""
    _arity(analyser, items, 2, 2, "set!")
    target = items[1]
    value = analyser.form(items[2], scope, tail=False)
    if target.__class__ is Symbol:
        found = scope.names.get(target.name) if target.namespace is None else None
        if found.__class__ is Field:
            # A function inside of the method closes over the value, not over the field.
            if not found.mutable or found.this.number not in scope.function.owned:
                raise analyser.error(f"Cannot assign to non-mutable: {target.name}")
            this = analyser.mark(nodes.LocalRef(found.this, scope.function.slot_of(found.this)))
            return analyser.mark(nodes.SetField(this, found.name, value, own=True))
        if found is not None:
            raise analyser.error(f"Cannot assign to non-mutable: {target.name}")
        var = analyser.resolve(target)
        if var.__class__ is Var:
            return analyser.mark(nodes.SetVar(var.namespace.name, var.name, value))
        raise analyser.error(f"Unable to resolve symbol: {target.text} in this context", "name_error")
    place = analyser.form(target, scope, tail=False)
    if isinstance(place, nodes.FieldRef):
        return analyser.mark(nodes.SetField(place.target, place.field, value, own=False))
    if isinstance(place, nodes.MethodCall) and not place.arguments:
        return analyser.mark(nodes.SetField(place.target, place.method, value, own=False))
    raise analyser.error("Invalid assignment target")


def analyse_throw(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(throw exception)`."""
    _arity(analyser, items, 1, 1, "throw")
    return analyser.mark(nodes.Throw(analyser.form(items[1], scope, tail=False)))


def _is_call(form: Value, name: str) -> bool:
    if not isinstance(form, Seq) or form.seq() is None:
        return False
    head = form.first()
    return head.__class__ is Symbol and head.namespace is None and head.name == name


def analyse_try(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(try expr* (catch class name expr*)* (finally expr*)?)`."""
    body: list[Value] = []
    final: list[Value] | None = None
    clauses: list[Value] = []
    outside = scope.within(None)
    for form in items[1:]:
        if _is_call(form, "catch"):
            clauses.append(form)
        elif _is_call(form, "finally"):
            final = list(iterate(form))[1:]
        else:
            if clauses or final is not None:
                raise analyser.error("Only catch or finally clause can follow catch in try expression")
            body.append(form)
    # A recur inside of try has no target, and says so because its position is a tail.
    made = analyser.body(body, outside, tail=True)
    catches = [_catch(analyser, list(iterate(clause)), outside) for clause in clauses]
    ending = None if final is None else analyser.body(final, outside, tail=False)
    return analyser.mark(nodes.Try(made, catches, ending))


def _catch(analyser: Analyser, parts: list[Value], scope: Scope) -> nodes.Catch:
    if len(parts) < 3:
        raise analyser.error("Malformed catch clause")
    class_form, name = parts[1], parts[2]
    if isinstance(class_form, Keyword):
        class_name = "java.lang.Throwable"
    elif class_form.__class__ is Symbol:
        found = analyser.environment.resolve(class_form)
        class_name = found.name if isinstance(found, JavaClass) else class_form.text
    else:
        raise analyser.error("catch needs a class")
    if name.__class__ is not Symbol or name.namespace is not None:
        raise analyser.error(f"Bad binding form, expected symbol, got: {_shown(analyser, name)}")
    inner = scope.extended()
    binding = inner.bind(name.name)
    return nodes.Catch(class_name, binding, analyser.body(parts[3:], inner, tail=False))


def analyse_new(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(new Class args*)`."""
    if len(items) < 2 or items[1].__class__ is not Symbol:
        raise analyser.error("wrong number of arguments, expecting at least 1")
    return analyser.new(items[1].text, analyser.nested(items[2:], scope))


def analyse_dot(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(. target member args*)` or `(. target (member args*))`."""
    if len(items) < 3:
        raise analyser.error("Malformed member expression, expecting (. target member ...)")
    member, arguments = items[2], items[3:]
    if isinstance(member, Seq):
        parts = list(iterate(member))
        member, arguments = parts[0], parts[1:]
    if member.__class__ is not Symbol:
        raise analyser.error("Malformed member expression")
    return analyser.host_call(member.name, [items[1], *arguments], scope)


def analyse_case(analyser: Analyser, items: list[Value], scope: Scope, tail: bool) -> Node:
    """`(case* subject default [constants form] ...)`."""
    subject = analyser.form(items[1], scope, tail=False)
    default = analyser.form(items[2], scope, tail=tail)
    clauses = [cast("Vector", clause).elements() for clause in items[3:]]
    groups = [
        (list(iterate(constants)), analyser.form(form, scope, tail=tail)) for constants, form in clauses
    ]
    return analyser.mark(nodes.Case(subject, groups, default))


def analyse_import(analyser: Analyser, items: list[Value], _: Scope, __: bool) -> Node:
    """`(import* "class")`."""
    return analyser.mark(nodes.Import(cast("str", items[1])))


def analyse_type(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(deftype* class-name [fields] record? [interfaces] (method [this args] body*) ...)`."""
    name = cast("Symbol", items[1]).text
    symbols = cast("list[Symbol]", cast("Vector", items[2]).elements())
    fields = [symbol.name for symbol in symbols]
    mutable = [symbol.name for symbol in symbols if _is_mutable(symbol)]
    is_record = items[3] is TRUE

    def members(this: nodes.Binding) -> dict[str, object]:
        return {field: Field(this, field, field in mutable) for field in fields}

    interfaces = analyser.nested(cast("Vector", items[4]).elements(), scope)
    methods = _methods(analyser, items[5:], scope, members)
    return analyser.mark(nodes.TypeDefinition(name, fields, mutable, interfaces, methods, is_record))


def _is_mutable(symbol: Symbol) -> bool:
    if symbol.metadata is None:
        return False
    return any(
        getattr(entry.key(), "name", "") in {"mutable", "unsynchronized-mutable", "volatile-mutable"}
        and truthy(entry.value())
        for entry in symbol.metadata.entries()
    )


def _methods(
    analyser: Analyser,
    forms: list[Value],
    scope: Scope,
    members: Callable[[nodes.Binding], dict[str, object]] | None,
) -> list[tuple[str, nodes.Fn]]:
    grouped: dict[str, list[list[Value]]] = {}
    for form in forms:
        parts = list(iterate(form))
        grouped.setdefault(cast("Symbol", parts[0]).name, []).append(parts[1:])
    outside = scope.within(None)
    return [
        (name, function_node(analyser, None, _distinct(_method_clauses(clauses)), outside, members))
        for name, clauses in grouped.items()
    ]


def _method_clauses(clauses: list[list[Value]]) -> list[list[Value]]:
    if len(clauses) == 1 and clauses[0] and isinstance(clauses[0][0], Seq):
        return [list(iterate(clause)) for clause in clauses[0]]
    return clauses


def _distinct(clauses: list[list[Value]]) -> list[list[Value]]:
    """Overloads by type hint only: the dialect has no static types, so the first of an arity counts."""
    found: dict[int, list[Value]] = {}
    for clause in clauses:
        found.setdefault(clause[0].size if isinstance(clause[0], Vector) else -1, clause)
    return list(found.values())


def analyse_reify(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(reify* [interfaces] (method [this args] body*) ...)`."""
    interfaces = analyser.nested(cast("Vector", items[1]).elements(), scope)
    methods = _methods(analyser, items[2:], scope, None)
    return analyser.mark(nodes.TypeDefinition("", [], [], interfaces, methods, is_record=False))


def analyse_monitor(analyser: Analyser, items: list[Value], scope: Scope, _: bool) -> Node:
    """`(monitor-enter x)`: one guest thread runs at a time, so there is nothing to wait for."""
    value = analyser.form(items[1], scope, tail=False)
    return analyser.mark(nodes.Do([value], analyser.constant(None)))


SPECIAL_FORMS: dict[str, SpecialForm] = {
    "quote": analyse_quote,
    "if": analyse_if,
    "do": analyse_do,
    "let*": analyse_let,
    "loop*": analyse_loop,
    "recur": analyse_recur,
    "fn*": analyse_fn,
    "letfn*": analyse_letfn,
    "def": analyse_def,
    "var": analyse_var,
    "set!": analyse_set,
    "throw": analyse_throw,
    "try": analyse_try,
    "new": analyse_new,
    ".": analyse_dot,
    "case*": analyse_case,
    "import*": analyse_import,
    "deftype*": analyse_type,
    "reify*": analyse_reify,
    "monitor-enter": analyse_monitor,
    "monitor-exit": analyse_monitor,
}
