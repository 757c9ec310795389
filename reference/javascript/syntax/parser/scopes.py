"""Scope analysis while parsing: declarations with their early errors, and which binding each name means.

References are collected by name in three lists per function (own references, references from inner functions,
assignments). A block remembers how long the lists were when it opened; what was added since is resolved
against its bindings when it closes. That also lets the parameters of an arrow function, first parsed as an
expression, move to the arrow function: they are the tail of the lists since the parenthesis.
"""

from __future__ import annotations

from typing import NoReturn

from lockstep.reference.javascript.syntax.ast.functions import (
    Binding,
    FunctionDeclaration,
    FunctionScope,
    Scope,
)
from lockstep.reference.javascript.syntax.ast.node import Positioned

# Pseudo names among the references; no identifier looks like them.
THIS = "%this"
SUPER = "%super"
NEW_TARGET = "%new.target"
EVAL = "%eval"
ARROW_EVAL = "%arrow eval"
_FUNCTION_NAMES = frozenset({THIS, SUPER, NEW_TARGET, ARROW_EVAL, "arguments"})

_LEXICAL = frozenset({"let", "const", "class", "using", "await using", "import"})

BLOCK = "block"
CATCH = "catch"
CATCH_BODY = "catch body"
PARAMETERS = "parameters"
FUNCTION = "function"
MODULE = "module"
SCRIPT = "script"
EVAL_CODE = "eval"
SWITCH = "switch"


class OpenScope:
    """A scope that is still being parsed, with the lengths of the reference lists when it opened."""

    __slots__ = ("assigned", "captured", "kind", "parent", "references", "scope")

    def __init__(
        self, scope: Scope, parent: OpenScope | None, kind: str, references: int, captured: int, assigned: int
    ) -> None:
        self.scope = scope
        self.parent = parent
        self.kind = kind
        self.references = references
        self.captured = captured
        self.assigned = assigned


class FunctionState:
    """What the code of one function, or of a script or module, is allowed to do.

    Attributes:
        is_arrow: `this`, `super`, `arguments` and `new.target` are those of the enclosing function.
        forbid_arguments: in a class field initializer or static block (15.7.1).
        in_static_block: `await` is reserved.
        labels: labels in scope, with whether each labels a loop.
        loops, breakables: nesting depth of what `continue` and `break` may end.
        candidates: functions in blocks that B.3.2 may make variables, with their scope.
    """

    __slots__ = (
        "allow_new_target",
        "allow_return",
        "allow_super_call",
        "allow_super_property",
        "breakables",
        "candidates",
        "forbid_arguments",
        "has_await",
        "has_with",
        "in_static_block",
        "is_arrow",
        "is_async",
        "is_function",
        "is_generator",
        "labels",
        "loops",
    )

    def __init__(self) -> None:
        self.is_async = False
        self.is_generator = False
        self.is_arrow = False
        self.is_function = True
        self.allow_super_property = False
        self.allow_super_call = False
        self.allow_new_target = True
        self.allow_return = True
        self.forbid_arguments = False
        self.in_static_block = False
        self.has_with = False
        self.has_await = False
        self.labels: dict[str, bool] = {}
        self.loops = 0
        self.breakables = 0
        self.candidates: list[tuple[FunctionDeclaration, OpenScope]] = []


class ScopeTracker:
    """The part of the parser that keeps scopes."""

    strict: bool
    function: FunctionState
    current: OpenScope
    references: list[str]
    captured: list[str]
    assigned: list[str]

    def fail(self, message: str, at: Positioned) -> NoReturn:
        """Raise a SyntaxError at a token or node."""
        raise NotImplementedError

    def fail_redeclared(self, name: str, at: Positioned) -> NoReturn:
        """Raise the early error for a name that is declared twice."""
        self.fail(f"Identifier '{name}' has already been declared", at)

    def open_scope(self, kind: str = BLOCK) -> OpenScope:
        """Enter a scope for lexical declarations."""
        opened = OpenScope(
            Scope(), self.current, kind, len(self.references), len(self.captured), len(self.assigned)
        )
        self.current = opened
        return opened

    def close_scope(self, opened: OpenScope) -> Scope | None:
        """Leave a scope: resolve the references in it; None if it declares nothing."""
        assert opened.parent is not None
        self.current = opened.parent
        scope = opened.scope
        if not scope.bindings:
            return None
        self._resolve(scope, opened)
        return scope

    def _resolve(self, scope: Scope, opened: OpenScope) -> None:
        """Resolve the names added since `opened` against `scope`; the others stay in the lists."""
        bindings = scope.bindings
        added = self.references[opened.references :]
        self.references[opened.references :] = [name for name in added if name not in bindings]
        inner = self.captured[opened.captured :]
        if inner:
            left = []
            for name in inner:
                binding = bindings.get(name)
                if binding is None:
                    left.append(name)
                else:
                    binding.captured = True
            self.captured[opened.captured :] = left
        stored = self.assigned[opened.assigned :]
        if stored:
            left = []
            for name in stored:
                binding = bindings.get(name)
                if binding is None:
                    left.append(name)
                else:
                    binding.assigned = True
            self.assigned[opened.assigned :] = left
        if EVAL in added or EVAL in inner:
            scope.contains_direct_eval = True

    # 14.2.1, 14.12.1, 16.1.1, 16.2.1.1: lexically declared names must be unique, and not be variables.

    def declare_lexical(self, name: str, kind: str, at: Positioned) -> Binding:
        """Declare `let`, `const`, `class`, `using` or an import."""
        opened = self.current
        scope = opened.scope
        if name in scope.bindings or name in scope.vars_passing:
            self.fail_redeclared(name, at)
        self._check_parameters(name, opened, at)
        binding = scope.bindings[name] = Binding(name, kind)
        if kind in ("using", "await using"):
            scope.has_using = True
        if isinstance(scope, FunctionScope):
            scope.lexical_names[name] = None
        return binding

    def _check_parameters(self, name: str, opened: OpenScope, at: Positioned) -> None:
        """14.15.1, 15.2.1: a parameter's name must not be lexically declared in the body."""
        parent = opened.parent
        if (
            parent is None
            or parent.kind not in (CATCH, PARAMETERS)
            or opened.kind not in (CATCH_BODY, FUNCTION)
        ):
            return
        if name in parent.scope.bindings:
            self.fail_redeclared(name, at)

    def declare_var(self, name: str, at: Positioned) -> None:
        """Declare a `var` name: it passes through the open blocks up to the function."""
        opened = self.current
        while not isinstance(opened.scope, FunctionScope):
            binding = opened.scope.bindings.get(name)
            # B.3.4 a variable may have the name of a simple catch parameter.
            if binding is not None and binding.kind != "catch":
                self.fail_redeclared(name, at)
            opened.scope.vars_passing.add(name)
            assert opened.parent is not None
            opened = opened.parent
        scope = opened.scope
        binding = scope.bindings.get(name)
        if binding is None:
            scope.bindings[name] = Binding(name, "var")
            scope.var_names[name] = None
        elif binding.kind in _LEXICAL or (opened.kind == MODULE and binding.kind == "function"):
            self.fail_redeclared(name, at)
        elif binding.kind == "parameter" and name not in scope.var_names:
            scope.var_names[name] = None

    def declare_function(self, name: str, node: FunctionDeclaration, at: Positioned) -> None:
        """Declare a function: like a variable at the top level of a function or script, else lexically."""
        opened = self.current
        scope = opened.scope
        plain = not node.function.is_async and not node.function.is_generator
        binding = scope.bindings.get(name)
        if isinstance(scope, FunctionScope) and opened.kind != MODULE:
            if binding is None:
                scope.bindings[name] = Binding(name, "function")
                scope.var_names[name] = None
            elif binding.kind in _LEXICAL:
                self.fail_redeclared(name, at)
            elif binding.kind == "var":
                binding.kind = "function"
            elif name not in scope.var_names:
                scope.var_names[name] = None
            scope.functions.append(node)
            return
        if binding is not None:
            # B.3.3.4 duplicate plain functions in a block of sloppy code are allowed.
            same = binding.kind == "function" and plain and not self.strict and opened.kind != MODULE
            if not same or not all(_is_plain(other) for other in scope.functions if _name(other) == name):
                self.fail_redeclared(name, at)
        else:
            if name in scope.vars_passing:
                self.fail_redeclared(name, at)
            self._check_parameters(name, opened, at)
            scope.bindings[name] = Binding(name, "function")
            if isinstance(scope, FunctionScope):
                scope.lexical_names[name] = None
        scope.functions.append(node)
        if plain and not self.strict:
            self.function.candidates.append((node, opened))

    def _hoist_functions(self, scope: FunctionScope) -> None:
        """B.3.2.1: functions in blocks become variables where a `var` would be no early error."""
        for node, opened in self.function.candidates:
            name = _name(node)
            outer = opened.parent
            while outer is not None and not isinstance(outer.scope, FunctionScope):
                binding = outer.scope.bindings.get(name)
                if binding is not None and binding.kind != "catch":
                    break
                outer = outer.parent
            else:
                binding = scope.bindings.get(name)
                if binding is not None and binding.kind in _LEXICAL:
                    continue
                if name in scope.parameter_names:
                    continue
                node.annex_b = True
                if binding is None:
                    scope.bindings[name] = Binding(name, "var")
                    scope.annex_b_names.append(name)

    def close_function_scope(self, opened: OpenScope) -> None:
        """Resolve all names of a function, script or module.

        What it does not bind is left in `captured` and `assigned`, for the enclosing function.
        """
        scope = opened.scope
        assert isinstance(scope, FunctionScope)
        function = self.function
        if function.candidates:
            self._hoist_functions(scope)
        own_eval = EVAL in self.references
        scope.calls_direct_eval = own_eval
        scope.has_with = function.has_with
        scope.has_await = function.has_await
        parameters = scope.parameter_scope
        self._resolve(scope, opened)
        if parameters is not None:
            assert opened.parent is not None
            self._resolve(parameters, opened.parent)
        left = set(self.references)
        left.update(self.captured)
        any_eval = own_eval or ARROW_EVAL in left
        scope.uses_this = any_eval or THIS in left
        scope.uses_super = any_eval or SUPER in left
        scope.uses_new_target = any_eval or NEW_TARGET in left
        scope.uses_arguments = "arguments" in left or any_eval
        if not function.is_arrow and function.is_function:
            self._resolve_arguments(scope, parameters)
            left -= _FUNCTION_NAMES
        elif own_eval:
            left.add(ARROW_EVAL)
        self.references = []
        scope.free_names = tuple(left)
        self.captured = list(left)
        self.assigned = list(set(self.assigned))
        if self.assigned:
            scope.free_assigned = tuple(self.assigned)

    def _resolve_arguments(self, scope: FunctionScope, parameters: Scope | None) -> None:
        """10.2.11, steps 15 to 18: whether the arguments object is needed."""
        binding = scope.bindings.get("arguments")
        if "arguments" in scope.parameter_names:
            scope.uses_arguments = False
        elif binding is not None and binding.kind == "var":
            scope.uses_arguments = True
        elif binding is not None and parameters is None:
            scope.uses_arguments = False


def resolve_outside(scope: Scope, captured: list[str], assigned: list[str]) -> tuple[list[str], list[str]]:
    """Resolve what a function left unresolved against a scope just around it; returns what is still left."""
    scope.contains_direct_eval = EVAL in captured
    for name, binding in scope.bindings.items():
        if name in captured:
            binding.captured = True
            captured = [other for other in captured if other != name]
        if name in assigned:
            binding.assigned = True
            assigned = [other for other in assigned if other != name]
    return captured, assigned


def _name(node: FunctionDeclaration) -> str:
    name = node.function.name
    assert name is not None
    return name.name


def _is_plain(node: FunctionDeclaration) -> bool:
    return not node.function.is_async and not node.function.is_generator
