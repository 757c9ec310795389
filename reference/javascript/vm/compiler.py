"""AST to host code: the whole compiler, and the forms of a program."""

from __future__ import annotations

import ast
from functools import partial
from types import CodeType
from typing import Any

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.generation.compiling import compile_tree
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.syntax.parse import EvalContext
from lockstep.reference.javascript.syntax.scope import DeclaredNames
from lockstep.reference.javascript.vm.generation.builder import Operand
from lockstep.reference.javascript.vm.generation.inference import has_loop, infer
from lockstep.reference.javascript.vm.generation.names import StaticScope, Variable
from lockstep.reference.javascript.vm.productions.deferral import inner_code
from lockstep.reference.javascript.vm.productions.functions import bound_name
from lockstep.reference.javascript.vm.productions.statements import Statements
from lockstep.reference.javascript.vm.program import CompiledProgram

_RIGHTS = ("in_function", "in_method", "in_derived_constructor", "in_class_field_initializer")


# What stands for the code of a program that is only lowered: a function in a function.
_NO_CODE = compile("def around():\n    def inner():\n        pass", "<lowered>", "exec")


class Compiler(Statements):
    """Compiles one program."""

    compiles = True

    def __init__(
        self,
        filename: str,
        *,
        metered: bool,
        keep_tree: bool = False,
        deferred_from: int = 0,
        extent: int = 0,
        compiles: bool = True,
    ) -> None:
        super().__init__(filename, metered)
        self.keep_tree = keep_tree
        if deferred_from:
            self.deferred_from = deferred_from
            self.deferred = {}
            self.compiles = compiles
            self.unit.extent = extent
            self.successor = partial(
                Compiler, filename, metered=metered, deferred_from=deferred_from, extent=extent
            )
        self.templates = []
        self.variable_scopes = {}
        self.eval_flags: dict[str, bool] = {}

    def script(self, node: js.Script, *, completion: bool) -> CompiledProgram:
        """16.1.6: `program_(this, templates@)` runs the script and returns its completion value."""
        unit = self.unit
        unit.strict = node.strict
        unit.this_name = "this@"
        scope = StaticScope(None, unit)
        scope.script_constants = frozenset(
            name
            for name, binding in node.scope.bindings.items()
            if binding.is_const and name in node.scope.lexical_names
        )
        self.scope = scope
        if not node.scope.contains_direct_eval and not node.scope.has_with and has_loop(node.body):
            unit.numeric, unit.counters = infer(node.body, node.scope)
        if completion:
            unit.completion = "completion@"
            self.assign("completion@", self.constant(None))
        names = tuple(map(bound_name, node.scope.functions))
        pairs = []
        for declaration in node.scope.functions:
            function = declaration.function
            self.position(declaration)
            made = self.closure(function, function.name.name)  # type: ignore[union-attr]
            pairs.append(made)
        self.evaluate(
            self.call("declare_script_", self.name("scope@"), self.constant(names), self.tuple_of(pairs))
        )
        self.statements(node.body)
        return self._finish(node, ["this@", "templates@", "scope@"])

    def eval_code(
        self, node: js.Script, *, private_names: tuple[str, ...], rights: EvalContext
    ) -> CompiledProgram:
        """19.2.1.1: `program_(this, templates@, scope@, variables, lexical, ...)` runs eval code."""
        unit = self.unit
        unit.strict = node.strict
        unit.kind = "eval"
        unit.completion = "completion@"
        unit.this_name = "this@"
        unit.callee_name = "callee_"
        unit.new_target_name = "new_target"
        if rights.in_derived_constructor:
            unit.this_binding = "binding@"
        self.eval_flags = {flag: getattr(rights, flag) for flag in _RIGHTS}
        outer = StaticScope(None, unit)
        for name in private_names:
            variable = Variable(f"{name}@private", unit, None)
            outer.variables[name] = variable
        scope = StaticScope(outer, unit)
        scope.environment = "lexical@"
        variables = StaticScope(outer, unit)
        variables.environment = "variables@"
        self.variable_scopes[id(unit)] = variables
        self.scope = scope
        self.assign("completion@", self.constant(None))
        for index, name in enumerate(private_names):
            self.assign(f"{name}@private", self.subscript(self.name("private@"), self.constant(index)))
        functions = []
        for declaration in node.scope.functions:
            self.position(declaration)
            functions.append(self.closure(declaration.function, declaration.function.name.name))  # type: ignore[union-attr]
        self.evaluate(
            self.call(
                "declare_eval_",
                self.name("scope@"),
                self.name("variables@"),
                self.name("lexical@"),
                self.constant(node.strict),
                self.constant(tuple(map(bound_name, node.scope.functions))),
                self.tuple_of(functions),
            )
        )
        self.statements(node.body)
        return self._finish(
            node,
            [
                "this@",
                "templates@",
                "scope@",
                "variables@",
                "lexical@",
                "private@",
                "callee_",
                "new_target",
                "binding@",
            ],
        )

    def function(self, node: js.Function) -> CompiledProgram:
        """20.2.1.1.1: `program_(this, templates@, scope@)` returns the closure."""
        self.unit.this_name = "this@"
        self.scope = StaticScope(None, self.unit)
        closure = self.closure(node, "anonymous")
        self.emit(ast.Return(closure))
        return self._finish(node, ["this@", "templates@", "scope@"])

    def module(self, node: js.Module) -> CompiledProgram:
        """16.2.1.7: a host generator: the first `send` instantiates, the second runs the body."""
        unit = self.unit
        unit.strict = True
        unit.is_async = True
        unit.kind = "module"
        unit.this_name = "this@"
        scope = StaticScope(None, unit)
        scope.environment = "environment@"
        self.scope = scope
        self.variable_scopes[id(unit)] = scope
        for declaration in node.scope.functions:
            self._hoist(declaration)
        self.evaluate(self.placed(ast.Yield(self.constant(None))))
        self.body_with_resources(node.body, node.scope)
        return self._finish(node, ["this@", "templates@", "scope@", "environment@", "module@"])

    def _finish(self, node: Any, parameters: list[str]) -> CompiledProgram:
        unit = self.unit
        if unit.completion:
            self.emit(ast.Return(self.name(unit.completion)))
        head: list[ast.stmt] = []
        if unit.globals:
            head.append(self.placed(ast.Global(sorted(unit.globals))))
        head.extend(self.jump_head(unit))
        head.extend(self.cells_head(unit))
        body = head + unit.body
        self.line, self.column = node.line, node.column
        tree = ast.Module([self.defining("program_", parameters, body)], [])
        program = CompiledProgram(
            inner_code(self.host_code(tree, node)),
            self.templates,
            DeclaredNames(node.scope),
            node.source,
            self.successor,
            strict=unit.strict,
            is_module=unit.kind == "module",
        )
        if self.successor is not None:
            program.deferred = self.deferred
        if self.keep_tree:
            program.tree = tree
        unit.body, unit.regions, unit.jump_numbers = [], [], {}
        return program

    def host_code(self, tree: ast.Module, node: Any) -> CodeType:
        """See `Deferral`."""
        if not self.compiles:
            return _NO_CODE
        try:
            code: CodeType | None = compile_tree(tree, self.filename)
        except (RecursionError, MemoryError):
            code = None
        if code is None:
            # The host's compiler has a stack of its own.
            raise GuestSyntaxError(
                "the code is nested too deeply", node.source.location(node.start), name="RangeError"
            )
        return code

    # 19.2.1.1 direct eval

    def _direct_eval(self, node: js.Call) -> Operand:
        function, this = self.callee_and_this(node.callee)
        callee = self.saved(function)
        packed = self.argument_list(node.arguments)
        self.position(node)
        owner = self.owner()
        scope = self.scope
        while scope is not None and not scope.environment:
            scope = scope.parent
        lexical = self.environment(scope) if scope is not None else self.name("global_environment_")
        variables = self._variable_environment()
        private = self._visible_private_names()
        kind = owner.kind
        in_eval = kind == "eval"
        in_function = kind not in ("", "module", "eval") or owner.rejects_arguments
        flags = (
            self.eval_flags
            if in_eval
            else {
                "in_function": in_function,
                "in_method": kind in ("method", "get", "set", "constructor", "derived"),
                "in_derived_constructor": kind == "derived",
                "in_class_field_initializer": owner.rejects_arguments,
            }
        )
        if in_function or in_eval:
            owner.uses_new_target = True
            target: ast.expr = self.name("new_target")
        else:
            target = self.constant(None)
        function_object: ast.expr = self.constant(None)
        if in_function or in_eval:
            owner.uses_callee = True
            function_object = self.name("callee_")
        binding = self.this_binding()
        bound_elsewhere = owner.derived or owner.this_binding
        this_value = self.constant(None) if bound_elsewhere else self.name(owner.this_name)
        flag_items = tuple(sorted(flags.items()))
        return self.result(
            self.call(
                "direct_eval_",
                callee,
                this,
                packed,
                lexical,
                variables,
                this_value,
                binding,
                target,
                function_object,
                self.constant(self.unit.strict),
                self.constant(flag_items),
                self.constant(tuple(private)),
                self.tuple_of([self.private_name(name) for name in private]),
            )
        )

    def _variable_environment(self) -> ast.expr:
        unit: Any = self.unit
        while unit is not None:
            scope = self.variable_scopes.get(id(unit))
            if scope is not None and unit.kind != "class":
                return self.environment(scope) if scope.environment else self.name("global_environment_")
            if unit.rejects_arguments:
                current = self.scope
                while current is not None and not current.environment:
                    current = current.parent
                if current is not None:
                    return self.environment(current)
            unit = unit.parent
        return self.name("global_environment_")

    def _visible_private_names(self) -> list[str]:
        names: list[str] = []
        scope = self.scope
        while scope is not None:
            names.extend(name for name in scope.variables if name.startswith("#"))
            scope = scope.parent
        return list(dict.fromkeys(names))


Compiler.expression_methods = {
    js.NumericLiteral: Compiler.number,
    js.StringLiteral: Compiler.string,
    js.BooleanLiteral: Compiler.boolean,
    js.NullLiteral: Compiler.null,
    js.BigIntLiteral: Compiler.bigint,
    js.RegularExpressionLiteral: Compiler.regular_expression,
    js.IdentifierReference: Compiler.identifier,
    js.ThisExpression: Compiler.this_expression,
    js.TemplateLiteral: Compiler.template,
    js.TaggedTemplate: Compiler.tagged_template,
    js.ArrayLiteral: Compiler.array,
    js.ObjectLiteral: Compiler.object_literal,
    js.FunctionExpression: Compiler.function_expression,
    js.ClassExpression: Compiler.class_expression,
    js.DotMember: Compiler.dot_member,
    js.ComputedMember: Compiler.computed_member,
    js.PrivateMember: Compiler.private_member,
    js.PrivateIn: Compiler.private_in,
    js.SuperDot: Compiler.super_dot,
    js.SuperComputed: Compiler.super_computed,
    js.OptionalChain: Compiler.optional_chain,
    js.Call: Compiler.call_expression,
    js.SuperCall: Compiler.super_call,
    js.New: Compiler.new_expression,
    js.ImportCall: Compiler.import_call,
    js.ImportMeta: Compiler.import_meta,
    js.NewTarget: Compiler.new_target,
    js.Update: Compiler.update_expression,
    js.Unary: Compiler.unary,
    js.Await: Compiler.await_expression,
    js.Yield: Compiler.yield_expression,
    js.Binary: Compiler.binary_expression,
    js.Logical: Compiler.logical,
    js.Conditional: Compiler.conditional_expression,
    js.Assignment: Compiler.assignment,
    js.CompoundAssignment: Compiler.compound_assignment,
    js.LogicalAssignment: Compiler.logical_assignment,
    js.Sequence: Compiler.sequence,
}

Compiler.statement_methods = {
    js.Block: Compiler.block_statement,
    js.VariableStatement: Compiler.variable_statement,
    js.LexicalDeclaration: Compiler.lexical_declaration,
    js.FunctionDeclaration: Compiler.function_declaration,
    js.ClassDeclaration: Compiler.class_declaration,
    js.EmptyStatement: Compiler.empty,
    js.Debugger: Compiler.empty,
    js.ExpressionStatement: Compiler.expression_statement,
    js.If: Compiler.if_statement,
    js.While: Compiler.while_statement,
    js.DoWhile: Compiler.do_while_statement,
    js.For: Compiler.for_statement,
    js.ForIn: Compiler.for_in_statement,
    js.ForOf: Compiler.for_of_statement,
    js.Break: Compiler.break_statement,
    js.Continue: Compiler.continue_statement,
    js.Return: Compiler.return_statement,
    js.With: Compiler.with_statement,
    js.Switch: Compiler.switch_statement,
    js.Labelled: Compiler.labelled_statement,
    js.Throw: Compiler.throw_statement,
    js.Try: Compiler.try_statement,
    js.ImportDeclaration: Compiler.import_declaration,
    js.ExportDeclaration: Compiler.export_declaration,
    js.ExportDefault: Compiler.export_default,
}
