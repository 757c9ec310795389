"""Reading, writing and initializing guest variables."""

from __future__ import annotations

import ast
from typing import Any, cast

from lockstep.reference.host.generation.nodes import STORE
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.vm.generation.builder import Builder, Operand
from lockstep.reference.javascript.vm.generation.names import Resolution, StaticScope, Unit, Variable, resolve


class Variables(Builder):
    """What the names of the guest become."""

    def use(self, variable: Variable) -> None:
        """Note that the current unit refers to `variable`."""
        unit: Unit | None = self.unit
        if variable.boxed:
            while unit is not None and unit is not variable.unit:
                unit.free_boxes[variable.host] = variable
                unit = unit.parent

    def environment(self, scope: StaticScope) -> ast.expr:
        """The environment record of `scope`: the only way in which code refers to one."""
        if scope.record is not None:
            self.use(scope.record)
        return self.name(scope.environment)

    def open_record(self, scope: StaticScope, record: ast.expr) -> None:
        """Let the names of `scope` be found in an environment record."""
        scope.environment = self.fresh("environment")
        scope.record = Variable(scope.environment, self.unit, None, boxed=True)
        self.assign(scope.environment, record)

    def read_variable(self, variable: Variable) -> Operand:
        """Its value; the host raises in the temporal dead zone."""
        self.use(variable)
        if not variable.ready:
            variable.early = True
        if variable.boxed:
            return self.result(self.subscript(self.name(variable.host), self.constant(0)), variable.kind)
        late = not variable.ready or variable.unit is not self.unit
        if late and variable.has_dead_zone:
            # Evaluated here and now: where it is uninitialized, this is the place of the error.
            return self.result(self.name(variable.host), variable.kind)
        binding = variable.binding
        stable = binding is None or not binding.assigned
        if binding is not None and binding.kind == "var":
            stable = False
        return Operand(self.name(variable.host), variable.kind, stable)

    def read_name(self, name: str, *, for_typeof: bool = False) -> Operand:
        """13.1.3: the value that an IdentifierReference has."""
        if name == "undefined" and self._is_global(name):
            return Operand(self.constant(None), "undefined")
        found, rest = resolve(self.scope, name)
        if found.variable is not None:
            return self.read_variable(found.variable)
        if found.environment is not None:
            return self.read_dynamic(found, rest, name, for_typeof=for_typeof)
        if found.is_script_constant:
            return self.result(self.name(f"{name}@const"))
        identifier = self.temporary()
        slow = self.call("get_global_or_undefined_" if for_typeof else "get_global_", self.constant(name))
        self.guarded(identifier, self.name(host_name(name)), ("name_error_",), slow)
        return Operand(self.name(identifier))

    def _is_global(self, name: str) -> bool:
        found, _ = resolve(self.scope, name)
        return found.variable is None and found.environment is None and not found.is_script_constant

    def read_dynamic(
        self,
        found: Resolution,
        rest: StaticScope | None,
        name: str,
        holder: str = "",
        *,
        for_typeof: bool = False,
    ) -> Operand:
        """A name that environment records may hold; `holder` names the record where it is resolved already."""
        assert found.environment is not None
        environment = self.environment(found.environment)
        strict = self.constant(self.unit.strict)
        if found.ends:
            if holder:
                read = self.attribute(self.name(holder), "get_binding_value")
                return self.result(self.call(read, self.constant(name), strict))
            helper = "typeof_lookup_" if for_typeof else "lookup_"
            return self.result(self.call(helper, environment, self.constant(name), strict))
        if not holder:
            holder = self.temporary()
            self.assign(holder, self.call("holder_", environment, self.constant(name)))
        identifier = self.temporary()
        with self.collected() as static:
            saved = self.scope
            self.scope = rest
            inner = self.read_name(name, for_typeof=for_typeof)
            self.scope = saved
            self.assign(identifier, inner.expression)
        with self.collected() as dynamic:
            read = self.attribute(self.name(holder), "get_binding_value")
            self.assign(identifier, self.call(read, self.constant(name), strict))
        self.if_(self.comparison("is", self.name(holder), self.constant(None)), static, dynamic)
        return Operand(self.name(identifier))

    # Assignment.

    def prepare_name(self, name: str) -> Any:
        """13.1.3 ResolveBinding, as far as it happens before the value is evaluated."""
        found, rest = resolve(self.scope, name)
        if found.environment is not None:
            holder = self.temporary()
            helper = "resolved_" if found.ends else "holder_"
            self.assign(holder, self.call(helper, self.environment(found.environment), self.constant(name)))
            return found, rest, holder
        if found.variable is None and not found.is_script_constant and self.unit.strict:
            # 9.1.1.4.5: in strict code the binding must exist before the value is evaluated.
            holder = self.temporary()
            self.guarded(
                holder,
                self.name(host_name(name)),
                ("name_error_",),
                self.call("global_exists_", self.constant(name)),
            )
            exists = self.temporary()
            self.assign(exists, self.comparison("is not", self.name(holder), self.name("missing_")))
            return found, rest, exists
        return found, rest, ""

    def write_name(self, name: str, value: ast.expr, prepared: Any = None) -> None:
        """6.2.5.6 PutValue to a name."""
        found, rest, holder = prepared if prepared is not None else self.prepare_name(name)
        if found.variable is not None:
            self.write_variable(found.variable, value, name)
        elif found.environment is not None:
            self._write_dynamic(found, rest, name, value, holder)
        elif found.is_script_constant:
            self.evaluate(self.name(f"{name}@const"))
            self.evaluate(self.call("throw_constant_", self.constant(name)))
        else:
            self._write_global(name, value, holder)

    def _write_dynamic(
        self, found: Resolution, rest: StaticScope | None, name: str, value: ast.expr, holder: str
    ) -> None:
        strict = self.constant(self.unit.strict)
        if found.ends:
            self.evaluate(self.call("assign_", self.name(holder), self.constant(name), value, strict))
            return
        saved_value = self.saved(Operand(value, stable=False))
        with self.collected() as static:
            saved = self.scope
            self.scope = rest
            self.write_name(name, saved_value)
            self.scope = saved
        with self.collected() as dynamic:
            self.evaluate(self.call("assign_", self.name(holder), self.constant(name), saved_value, strict))
        self.if_(self.comparison("is", self.name(holder), self.constant(None)), static, dynamic)

    def _write_global(self, name: str, value: ast.expr, exists: str) -> None:
        host = host_name(name)
        value = self.saved(Operand(value, stable=False))
        with self.collected() as body:
            self.evaluate(self.name(host))
        with self.collected() as handler:
            arguments = [self.constant(name), value, self.constant(self.unit.strict)]
            if exists:
                arguments.append(self.name(exists))
            self.evaluate(self.call("put_global_", *arguments))
        with self.collected() as after:
            self.assign(host, value)
        self.unit.globals.add(host)
        clause = self.placed(ast.ExceptHandler(self.name("name_error_"), None, handler))
        self.emit(ast.Try(body, [clause], after, []))

    def write_variable(self, variable: Variable, value: ast.expr, name: str) -> None:
        """Assign to a static variable, with the checks that assignment makes."""
        self.use(variable)
        if variable.is_const or (variable.has_dead_zone and not self._surely_ready(variable)):
            value = self.saved(Operand(value, stable=False))
        if variable.has_dead_zone and not self._surely_ready(variable):
            variable.early = True
            self.evaluate(self._raw(variable))
        if not variable.is_const:
            self._store(variable, value)
        elif variable.binding.kind != "function_name" or self.unit.strict:
            self.evaluate(self.call("throw_constant_", self.constant(name)))

    def _surely_ready(self, variable: Variable) -> bool:
        return variable.ready and variable.unit is self.unit

    def _raw(self, variable: Variable) -> ast.expr:
        if variable.boxed:
            return self.subscript(self.name(variable.host), self.constant(0))
        return self.name(variable.host)

    def _store(self, variable: Variable, value: ast.expr) -> None:
        if variable.boxed:
            target = ast.Subscript(self.name(variable.host), self.constant(0), STORE)
            self.emit(ast.Assign([self.placed(target)], value))
            return
        self.store_local(variable, value)

    def store_local(self, variable: Variable, value: ast.expr) -> None:
        """Store into the host variable itself."""
        if variable.unit is not self.unit:
            self.unit.nonlocals.add(variable.host)
        self.assign(variable.host, value)
        if variable.counter:
            # What is assigned to a counter is finite and integral: see `kinds`.
            if isinstance(value, ast.Constant):
                self.assign(variable.counter, self.constant(int(cast("float", value.value))))
            else:
                self.assign(variable.counter, self.call("int_", self.name(variable.host)))

    def initialize_name(self, name: str, value: ast.expr) -> None:
        """Initialize a lexical binding or parameter of the current scope, or assign a `var`."""
        found, _ = resolve(self.scope, name)
        variable = found.variable
        if variable is not None:
            self.use(variable)
            if variable.boxed:
                if variable.has_dead_zone and not variable.ready:
                    append = self.attribute(self.name(variable.host), "append")
                    self.evaluate(self.call(append, value))
                else:
                    self._store(variable, value)
            else:
                self.store_local(variable, value)
            variable.ready = True
        elif found.environment is not None:
            initialize = self.attribute(self.environment(found.environment), "initialize_binding")
            self.evaluate(self.call(initialize, self.constant(name), value))
        else:
            self.evaluate(self.call("initialize_lexical_", self.constant(name), value))

    def declare(self, scope: StaticScope, name: str, binding: Any, *, boxed: bool = False) -> Variable:
        """A new static variable of the current unit."""
        variable = Variable(self.fresh(name), self.unit, binding, boxed)
        scope.variables[name] = variable
        if (
            binding is not None
            and name in self.unit.numeric
            and not (binding.captured and (binding.assigned or binding.kind == "var"))
        ):
            variable.kind = "number"
            if name in self.unit.counters and not binding.captured and not boxed:
                variable.counter = f"{variable.host}#"
        return variable
