"""ECMA-262 13.3 and 6.2.5: members, calls, `new`, `super`, `delete`, and references to store into."""

# ruff: noqa: D102  # one method per production, named and tabled as in the specification

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.host.generation.nodes import STORE
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.runtime.operations.conversion import canonical_numeric_index
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.generation.names import Unit, resolve
from lockstep.reference.javascript.vm.productions.expressions import Expressions

# Strings are the primitives whose methods are called often: they are read on a probe, see `probe`.
_STRING_METHODS = frozenset(
    [
        "at",
        "charAt",
        "charCodeAt",
        "codePointAt",
        "concat",
        "endsWith",
        "includes",
        "indexOf",
        "lastIndexOf",
        "match",
        "padEnd",
        "padStart",
        "repeat",
        "replace",
        "replaceAll",
        "slice",
        "split",
        "startsWith",
        "substring",
        "toLowerCase",
        "toUpperCase",
        "trim",
    ]
)
_ENTRIES = ("call_0", "call_1", "call_2", "call_3")


class References(Expressions):
    """References and what is done with them."""

    # Members

    def member(self, base: ast.expr, name: str) -> Operand:
        """GetValue of `base.name`; `base` may stand twice."""
        if name == "length":
            return self.result(self.call("get_length_", base))
        identifier = self.temporary()
        slow = self.call("get_named_", base, self.constant(name))
        owner = base
        if name in _STRING_METHODS:
            is_string = self.comparison("is", self.attribute(base, "__class__"), self.name("str_"))
            owner = self.choice(is_string, self.name("string_probe_"), base)
        self.guarded(identifier, self.attribute(owner, host_name(name)), ("attribute_error_",), slow)
        return Operand(self.name(identifier))

    def dot_member(self, node: js.DotMember) -> Operand:
        base = self._twice(self.compile(node.base))
        self.position(node)
        if node.optional:
            self._end_chain_if_nullish(base)
        return self.member(base, node.name)

    def computed_member(self, node: js.ComputedMember) -> Operand:
        operand = self.compile(node.base)
        base = self.kept(operand, node.expression)
        if node.optional:
            base = self.saved(Operand(base, stable=operand.stable))
            self._end_chain_if_nullish(base)
        counter = self.counter(node.expression)
        if counter is not None:
            self.position(node)
            return self._get_indexed(self.saved(Operand(base, stable=operand.stable)), counter)
        key = self.compile(node.expression)
        self.position(node)
        return self._get_computed(base, key)

    def counter(self, node: Any) -> str | None:
        """The host int that goes with a loop counter, where `node` is one."""
        if node.__class__ is not js.IdentifierReference:
            return None
        found, _ = resolve(self.scope, node.name)
        variable = found.variable
        if variable is None or not variable.counter or variable.unit is not self.unit or not variable.ready:
            return None
        return variable.counter

    def _get_indexed(self, base: ast.expr, counter: str) -> Operand:
        """`base[i]` for a host int: the host's own indexing of an array's elements or a String."""
        identifier = self.temporary()
        is_string = self.comparison("is", self.attribute(base, "__class__"), self.name("str_"))
        elements = self.choice(is_string, base, self.attribute(base, "elements_"))
        slow = self.call("get_indexed_", base, self.name(counter))
        fast = self.subscript(elements, self.name(counter))
        self.guarded(identifier, fast, ("index_errors_",), slow)
        with self.collected() as emitted:
            self.assign(identifier, slow)
            hole = self.comparison("is", self.name(identifier), self.name("hole_"))
        self.if_(hole, emitted)
        return Operand(self.name(identifier))

    def _get_computed(self, base: ast.expr, key: Operand) -> Operand:
        name = self._constant_key(key)
        if name is not None:
            return self.member(self.saved(Operand(base)), name)
        return self.result(self.call("get_computed_", base, key.expression))

    @staticmethod
    def _constant_key(key: Operand) -> str | None:
        node = key.expression
        # A numeric string names an element of a TypedArray (10.4.5), never a host attribute.
        if (
            isinstance(node, ast.Constant)
            and key.kind == "string"
            and canonical_numeric_index(node.value) is None
        ):
            return node.value  # type: ignore[return-value]
        return None

    def private_member(self, node: js.PrivateMember) -> Operand:
        base = self.saved(self.compile(node.base))
        self.position(node)
        if node.optional:
            self._end_chain_if_nullish(base)
        return self.result(self.call("private_get_", base, self.private_name(node.name)))

    def private_name(self, name: str) -> ast.expr:
        """The Private Name that `#name` stands for here."""
        scope = self.scope
        while scope is not None:
            variable = scope.variables.get(name)
            if variable is not None:
                return self.read_variable(variable).expression
            scope = scope.parent
        raise AssertionError(name)

    def private_in(self, node: js.PrivateIn) -> Operand:
        value = self.saved(self.compile(node.right))
        self.position(node)
        return self.result(self.call("private_has_", value, self.private_name(node.name)), "boolean")

    def super_dot(self, node: js.SuperDot) -> Operand:
        this = self.this_value()
        return self.result(
            self.call("get_super_", self.home_object(), self.constant(node.name), this.expression)
        )

    def super_computed(self, node: js.SuperComputed) -> Operand:
        this = self.saved(self.this_value())
        key = self.saved(self.compile(node.expression))
        self.position(node)
        # 13.3.7.3, steps 2 to 4: the base is found before the key is converted.
        base = self.result(self.call("super_base_", self.home_object())).expression
        return self.result(self.call("get_from_super_", base, key, this))

    def home_object(self) -> ast.expr:
        """The [[HomeObject]] of the function around."""
        return self.attribute(self.callee(), "home_object_")

    # The function around

    def owner(self) -> Unit:
        """The unit whose `this` is meant here."""
        unit = self.unit
        while unit.transparent and unit.parent is not None:
            unit = unit.parent
        return unit

    def callee(self) -> ast.expr:
        """The active function object."""
        owner = self.owner()
        owner.uses_callee = True
        return self.name(owner.callee_name)

    def this_expression(self, node: js.ThisExpression) -> Operand:
        return self.this_value()

    def this_value(self) -> Operand:
        """`this`; in derived constructors the host raises before super()."""
        owner = self.owner()
        if owner.this_binding:
            return self.result(self.call(self.attribute(self.name(owner.this_binding), "read")))
        if owner.derived:
            return self.result(self.name(owner.this_name))
        return Operand(self.name(owner.this_name))

    def new_target(self, node: js.NewTarget) -> Operand:
        owner = self.owner()
        owner.uses_new_target = True
        return Operand(self.name(owner.new_target_name))

    def import_meta(self, node: js.ImportMeta) -> Operand:
        return self.result(self.call("import_meta_", self.name("module@")))

    def import_call(self, node: js.ImportCall) -> Operand:
        specifier = self.saved(self.compile(node.specifier))
        options: ast.expr = self.constant(None)
        if node.options is not None:
            options = self.saved(self.compile(node.options))
        self.position(node)
        return self.result(
            self.call("import_", self.constant(self.filename), specifier, options, self.constant(node.phase))
        )

    # Optional chains

    def optional_chain(self, node: js.OptionalChain) -> Operand:
        return self._chain(node, as_callee=False)[0]

    def _chain(self, node: js.OptionalChain, *, as_callee: bool) -> tuple[Operand, ast.expr]:
        """The chain's value and, for a callee, its `this`: a one-shot host loop that a short circuit leaves."""
        value = self.fresh("chain")
        this = self.fresh("chain")
        self.assign(value, self.constant(None))
        if as_callee:
            self.assign(this, self.constant(None))
        with self.collected() as emitted:
            if as_callee:
                operand, receiver = self.callee_and_this(node.expression)
                self.assign(this, receiver)
            else:
                operand = self.compile(node.expression)
            self.assign(value, operand.expression)
            self.emit(self.placed(ast.Break()))
        self.emit_loop(emitted)
        return Operand(self.name(value)), self.name(this)

    def emit_loop(self, body: list[ast.stmt]) -> None:
        """`while True: body`."""
        self.emit(ast.While(self.constant(True), body, []))

    def _end_chain_if_nullish(self, base: ast.expr) -> None:
        with self.collected() as emitted:
            self.emit(self.placed(ast.Break()))
            test = self.either(
                self.comparison("is", base, self.constant(None)),
                self.comparison("is", base, self.name("null_")),
            )
        self.if_(test, emitted)

    # Calls

    def call_expression(self, node: js.Call) -> Operand:
        if node.is_direct_eval:
            return self._direct_eval(node)
        function, this = self.callee_and_this(node.callee)
        if node.optional:
            callee = self.saved(function)
            self._end_chain_if_nullish(callee)
            function = Operand(callee)
        return self.invoke(node, function, this)

    def invoke(self, node: Any, function: Operand, this: ast.expr) -> Operand:
        """13.3.6.2 EvaluateCall."""
        if any(argument.__class__ is js.SpreadElement for argument in node.arguments):
            callee = self.saved(function)
            packed = self.argument_list(node.arguments)
            self.position(node)
            check = self.call("entry_", callee, self.constant(9), self.constant(self.text(node.callee)))
            entry = self.result(check)
            return self.result(self.call(entry.expression, this, self.starred(packed)))
        callee = self.kept(function, *node.arguments)
        arguments = self.arguments(node.arguments)
        self.position(node)
        count = len(arguments)
        name = _ENTRIES[count] if count < len(_ENTRIES) else "call_n"
        if not isinstance(callee, ast.Name):
            callee = self.saved(Operand(callee))
        identifier = self.temporary()
        slow = self.call("entry_", callee, self.constant(count), self.constant(self.text(node.callee)))
        self.guarded(identifier, self.attribute(callee, name), ("attribute_error_",), slow)
        return self.result(self.call(self.name(identifier), this, *arguments))

    def text(self, node: Any) -> str:
        """How an error message names a callee."""
        kind = node.__class__
        if kind is js.IdentifierReference:
            return str(node.name)
        if kind in (js.DotMember, js.PrivateMember):
            return f"{self.text(node.base)}.{node.name}"
        if kind is js.ThisExpression:
            return "this"
        if kind is js.SuperDot:
            return f"super.{node.name}"
        return "(intermediate value)"

    def arguments(self, nodes: list[Any]) -> list[ast.expr]:
        """The argument values, none of them spread."""
        return [self.kept(self.compile(node), *nodes[position + 1 :]) for position, node in enumerate(nodes)]

    def argument_list(self, nodes: list[Any]) -> ast.expr:
        """The argument values as a host list, spread ones included."""
        items: list[ast.expr] = []
        for node in nodes:
            if node.__class__ is js.SpreadElement:
                operand = self.compile(node.argument)
                self.position(node)
                items.append(self.starred(self.result(self.call("spread_", operand.expression)).expression))
            else:
                items.append(self.saved(self.compile(node)))
        return self.result(self.list_of(items)).expression

    def callee_and_this(self, node: Any) -> tuple[Operand, ast.expr]:
        """The function that a callee names, and the `this` it gets."""
        kind = node.__class__
        if kind is js.DotMember or kind is js.PrivateMember:
            base = self.saved(self.compile(node.base))
            self.position(node)
            if node.optional:
                self._end_chain_if_nullish(base)
            if kind is js.DotMember:
                return self.member(base, node.name), base
            return self.result(self.call("private_get_", base, self.private_name(node.name))), base
        if kind is js.ComputedMember:
            base = self.saved(self.compile(node.base))
            self.position(node)
            if node.optional:
                self._end_chain_if_nullish(base)
            key = self.compile(node.expression)
            self.position(node)
            return self._get_computed(base, key), base
        if kind in (js.SuperDot, js.SuperComputed):
            this = self.saved(self.this_value())
            return self.compile(node), this
        if kind is js.IdentifierReference:
            found, _ = resolve(self.scope, node.name)
            if found.environment is not None:
                return self._dynamic_callee(node)
        if kind is js.OptionalChain:
            return self._chain(node, as_callee=True)
        return self.compile(node), self.constant(None)

    def _dynamic_callee(self, node: js.IdentifierReference) -> tuple[Operand, ast.expr]:
        found, rest, holder = self.prepare_name(node.name)
        this = self.result(self.call("with_base_", self.name(holder))).expression
        return self.read_dynamic(found, rest, node.name, holder), this

    def new_expression(self, node: js.New) -> Operand:
        callee = self.saved(self.compile(node.callee))
        if any(argument.__class__ is js.SpreadElement for argument in node.arguments):
            packed = self.argument_list(node.arguments)
        else:
            packed = self.list_of(self.arguments(node.arguments))
        self.position(node)
        return self.result(self.call("construct_", callee, packed, self.constant(self.text(node.callee))))

    def super_call(self, node: js.SuperCall) -> Operand:
        """13.3.7.1 SuperCall."""
        owner = self.owner()
        owner.uses_new_target = True
        parent = self.result(self.call("super_constructor_", self.callee())).expression
        packed = self.argument_list(node.arguments)
        self.position(node)
        target = self.name(owner.new_target_name)
        made = self.result(self.call("construct_super_", parent, packed, target)).expression
        self._bind_this(owner, made)
        self.evaluate(self.call("initialize_fields_", self.callee(), made))
        return Operand(made)

    def _bind_this(self, owner: Unit, made: ast.expr) -> None:
        """9.1.1.3.1 BindThisValue."""
        if owner.this_binding:
            self.evaluate(self.call(self.attribute(self.name(owner.this_binding), "bind"), made))
            return
        # 3. If envRec.[[ThisBindingStatus]] is initialized, throw a ReferenceError exception.
        with self.collected() as body:
            self.evaluate(self.name(owner.this_name))
        with self.collected() as after:
            self.evaluate(self.call("throw_bound_twice_"))
        nothing = self.placed(ast.Pass())
        clause = self.placed(ast.ExceptHandler(self.name("name_error_"), None, [nothing]))
        self.emit(ast.Try(body, [clause], after, []))
        if owner is not self.unit:
            self.unit.nonlocals.add(owner.this_name)
        self.assign(owner.this_name, made)

    def this_binding(self) -> ast.expr:
        """The `this` of a derived constructor as an object that code elsewhere can read and bind; else undefined."""
        owner = self.owner()
        if owner.this_binding:
            return self.name(owner.this_binding)
        if not owner.derived:
            return self.constant(None)
        empty = ast.arguments([], [], None, [], [], None, [])
        reader = self.placed(ast.Lambda(empty, self.name(owner.this_name)))
        writer = self.setter(owner.this_name)
        return self.result(self.call("this_binding_", reader, writer)).expression

    def setter(self, host: str) -> ast.expr:
        """A host function that stores into a local or cell of the code around."""
        setter = self.fresh("set")
        body = [self.placed(ast.Nonlocal([host])), self.assigning(host, self.name("value@"))]
        self.emit(self.defining(setter, ["value@"], body))
        return self.name(setter)

    def tagged_template(self, node: js.TaggedTemplate) -> Operand:
        function, this = self.callee_and_this(node.tag)
        callee = self.saved(function)
        template = node.template
        site = self.call(
            "template_object_",
            self.name("templates@"),
            self.constant((self.filename, template.start, template.end)),
            self.constant(tuple(template.cooked)),
            self.constant(tuple(template.raw)),
        )
        strings = self.result(site).expression
        arguments = [self.saved(self.compile(part)) for part in template.expressions]
        self.position(node)
        entry = self.result(self.call("entry_", callee, self.constant(9), self.constant(self.text(node.tag))))
        return self.result(self.call(entry.expression, this, strings, *arguments))

    # References to store into

    def reference(self, node: Any, *, twice: bool = False) -> Any:
        """Evaluate the parts of a reference; `twice` where it is read and then written."""
        kind = node.__class__
        self.position(node)
        if kind is js.IdentifierReference:
            return "name", node.name, self.prepare_name(node.name)
        if kind is js.DotMember:
            return "dot", self.saved(self.compile(node.base)), node.name
        if kind is js.ComputedMember:
            base = self.saved(self.compile(node.base))
            counter = self.counter(node.expression)
            if counter is not None and not twice:
                # The value may change the counter, so its present value is kept.
                index = self.temporary()
                self.assign(index, self.name(counter))
                return "indexed", base, self.name(index)
            key_operand = self.compile(node.expression)
            name = self._constant_key(key_operand)
            if name is not None:
                return "dot", base, name
            key = self.saved(key_operand)
            self.position(node)
            if twice and key_operand.kind not in ("number", "string"):
                key = self.result(self.call("reference_key_", base, key)).expression
            return "computed", base, key
        if kind is js.PrivateMember:
            base = self.saved(self.compile(node.base))
            return "private", base, self.private_name(node.name)
        if kind is js.SuperDot or kind is js.SuperComputed:
            this = self.saved(self.this_value())
            if kind is js.SuperDot:
                key = self.constant(node.name)
            else:
                key = self.saved(self.compile(node.expression))
            home = self.result(self.call("super_base_", self.home_object())).expression
            if kind is js.SuperComputed and twice:
                key = self.result(self.call("to_property_key_", key)).expression
            return "super", home, key, this
        # A call as target (sloppy, annex B): a ReferenceError when it is reached.
        operand = self.compile(node)
        self.evaluate(operand.expression)
        self.evaluate(self.call("throw_invalid_target_"))
        return "invalid", None

    def load_reference(self, reference: Any) -> Operand:
        kind = reference[0]
        if kind == "name":
            found, rest, holder = reference[2]
            if found.environment is not None:
                return self.read_dynamic(found, rest, reference[1], holder)
            return self.read_name(reference[1])
        if kind == "dot":
            return self.member(reference[1], reference[2])
        if kind == "computed":
            return self.result(self.call("get_computed_", reference[1], reference[2]))
        if kind == "private":
            return self.result(self.call("private_get_", reference[1], reference[2]))
        if kind == "super":
            return self.result(self.call("get_from_super_", reference[1], reference[2], reference[3]))
        return Operand(self.constant(None))

    def store_reference(self, reference: Any, value: ast.expr) -> None:
        kind = reference[0]
        strict = self.constant(self.unit.strict)
        if kind == "name":
            self.write_name(reference[1], value, reference[2])
        elif kind == "dot":
            base, name = reference[1], reference[2]
            value = self.saved(Operand(value, stable=True))
            store = self.placed(ast.Attribute(base, host_name(name), STORE))
            body = self.placed(ast.Assign([store], value))
            with self.collected() as emitted:
                self.evaluate(self.call("put_named_", base, self.constant(name), value, strict))
            self.try_([body], ("attribute_error_",), emitted)
        elif kind == "computed":
            self.evaluate(self.call("put_computed_", reference[1], reference[2], value, strict))
        elif kind == "indexed":
            self.evaluate(self.call("put_indexed_", reference[1], reference[2], value, strict))
        elif kind == "private":
            self.evaluate(self.call("private_set_", reference[1], reference[2], value))
        elif kind == "super":
            key = self.call("to_property_key_", reference[2])
            self.evaluate(self.call("put_super_", reference[1], key, value, reference[3], strict))

    # 13.5.1 delete

    def delete(self, node: js.Unary) -> Operand:
        target: Any = node.argument
        kind = target.__class__
        strict = self.constant(self.unit.strict)
        if kind is js.OptionalChain:
            inner = target.expression
            value = self.fresh("chain")
            self.assign(value, self.constant(True))
            with self.collected() as emitted:
                operand = self.delete(js.Unary(node, node.end, "delete", inner))
                self.assign(value, operand.expression)
                self.emit(self.placed(ast.Break()))
            self.emit_loop(emitted)
            return Operand(self.name(value), "boolean")
        if kind is js.DotMember:
            base = self.saved(self.compile(target.base))
            if target.optional:
                self._end_chain_if_nullish(base)
            self.position(node)
            return self.result(self.call("delete_", base, self.constant(target.name), strict), "boolean")
        if kind is js.ComputedMember:
            base = self.saved(self.compile(target.base))
            if target.optional:
                self._end_chain_if_nullish(base)
            key = self.compile(target.expression)
            self.position(node)
            return self.result(self.call("delete_", base, key.expression, strict), "boolean")
        if kind in (js.SuperDot, js.SuperComputed):
            self.evaluate(self.this_value().expression)
            if kind is js.SuperComputed:
                self.effect(target.expression)
            self.evaluate(self.call("throw_delete_super_"))
            return Operand(self.constant(True), "boolean")
        if kind is js.IdentifierReference:
            return self._delete_name(target.name)
        self.effect(target)
        return Operand(self.constant(True), "boolean")

    def _delete_name(self, name: str) -> Operand:
        found, rest = resolve(self.scope, name)
        if found.variable is not None or found.is_script_constant:
            return Operand(self.constant(False), "boolean")
        if found.environment is None:
            return self.result(self.call("delete_global_", self.constant(name)), "boolean")
        if found.ends:
            return self.result(
                self.call("delete_name_", self.environment(found.environment), self.constant(name))
            )
        _, _, holder = self.prepare_name(name)
        deleted = self.temporary()
        with self.collected() as static:
            saved, self.scope = self.scope, rest
            self.assign(deleted, self._delete_name(name).expression)
            self.scope = saved
        with self.collected() as dynamic:
            delete = self.attribute(self.name(holder), "delete_binding")
            self.assign(deleted, self.call(delete, self.constant(name)))
        self.if_(self.comparison("is", self.name(holder), self.constant(None)), static, dynamic)
        return Operand(self.name(deleted), "boolean")

    def _direct_eval(self, node: js.Call) -> Operand:
        raise NotImplementedError
