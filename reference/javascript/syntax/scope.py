"""What scope analysis leaves in the AST: bindings, scopes and what a function needs.

The parser fills these while it parses; nobody changes them afterwards. A reference is resolved by walking the
scopes outwards from where it stands; a `with` statement, and a direct eval in sloppy code, make the walk dynamic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast.statements import FunctionDeclaration


class Binding:
    """One declared name.

    Attributes:
        name: the name, UTF-16 code units. `*default*` for an anonymous default export.
        kind: `var`, `function`, `parameter`, `let`, `const`, `class`, `using`, `await using`, `catch` (a
            simple catch parameter), `import`, `function_name` (own name of a function expression) or
            `class_name` (own name inside a class).
        captured: a function other than the one that holds the scope refers to it.
        assigned: something besides its initialization stores into it (assignment, `++`, pattern, loop head).
    """

    __slots__ = ("assigned", "captured", "kind", "name")

    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self.captured = False
        self.assigned = False

    @property
    def is_const(self) -> bool:
        """Whether the binding is immutable (9.1.1.1.3 CreateImmutableBinding)."""
        return self.kind in _IMMUTABLE

    @property
    def has_dead_zone(self) -> bool:
        """Whether the binding is uninitialized until its declaration is evaluated."""
        return self.kind in _DEAD_ZONE

    def __repr__(self) -> str:
        return f"Binding({self.name!r}, {self.kind!r})"


_IMMUTABLE = frozenset({"const", "using", "await using", "import", "function_name", "class_name"})
_DEAD_ZONE = frozenset({"let", "const", "class", "using", "await using", "class_name"})


class Scope:
    """The declarations of one environment: a block, loop head, switch, catch parameter, class body.

    Attributes:
        bindings: by name, in order of declaration. In a block only lexical declarations and functions.
        functions: the function declarations to initialise on entry, in source order (for two of one name
            in sloppy code the last one wins).
        contains_direct_eval: a direct eval stands in this scope or anywhere inside, nested functions
            included, so every binding may be read and written by name.
        has_using: a binding is declared with `using` or `await using`.
    """

    __slots__ = ("bindings", "contains_direct_eval", "functions", "has_using", "vars_passing")

    def __init__(self) -> None:
        self.bindings: dict[str, Binding] = {}
        self.functions: list[FunctionDeclaration] = []
        self.contains_direct_eval = False
        self.has_using = False
        # Names of `var` declarations inside, for the early errors of 14.2.1.
        self.vars_passing: set[str] = set()


class DeclaredNames:
    """What 16.1.7 and 19.2.1.3 need of a script's or eval code's scope: names and bindings, and no syntax tree."""

    __slots__ = ("annex_b_names", "bindings", "lexical_names", "var_names")

    def __init__(self, scope: FunctionScope) -> None:
        self.bindings = scope.bindings
        self.var_names = scope.var_names
        self.annex_b_names = scope.annex_b_names
        self.lexical_names = scope.lexical_names

    def to_data(self) -> tuple[Any, ...]:
        """The same as plain host values."""
        bindings = [
            (binding.name, binding.kind, binding.captured, binding.assigned)
            for binding in self.bindings.values()
        ]
        return bindings, self.var_names, self.annex_b_names, self.lexical_names

    @classmethod
    def from_data(cls, data: tuple[Any, ...]) -> DeclaredNames:
        """What `to_data` gave."""
        scope = FunctionScope()
        bindings, scope.var_names, scope.annex_b_names, scope.lexical_names = data
        for name, kind, captured, assigned in bindings:
            binding = scope.bindings[name] = Binding(name, kind)
            binding.captured, binding.assigned = captured, assigned
        return cls(scope)


class FunctionScope(Scope):
    """The top-level scope of a function body, script, module, eval code, class field or static block.

    `bindings` holds parameters (unless `parameter_scope` does), `var` names, functions and top-level lexical
    declarations together: the early errors keep them apart.

    Attributes:
        parameter_names: BoundNames of the parameters, with duplicates.
        has_simple_parameters: 15.1.3 IsSimpleParameterList.
        has_parameter_expressions: 15.1.2 ContainsExpression.
        parameter_scope: where the parameters are bound when they contain expressions; the body then is a
            separate environment (10.2.11, step 28), whose variables named like a parameter start with that
            parameter's value. Else None: the parameters are among `bindings`.
        var_names: 8.2.6 VarDeclaredNames, each once, in order, functions included.
        annex_b_names: the names that B.3.2 adds as variables for functions in blocks.
        lexical_names: 8.2.4 LexicallyDeclaredNames of the top level; of such a dict only the keys count.
        uses_this, uses_arguments, uses_super, uses_new_target: the code does, itself or through arrow
            functions or a direct eval inside it; `uses_arguments` only where `arguments` is not a
            parameter or lexical name, a function or (with parameter expressions) so named. For arrow
            functions: they need the one of the enclosing function.
        free_names: what the code, with the functions in it, refers to and does not bind; pseudo names of the parser
            (`%this`) among them.
        free_assigned: those of them that it assigns.
        calls_direct_eval: the code itself, not a nested function, holds a direct eval.
        has_with: the code itself, not a nested function, holds a `with` statement.
        has_await: module code that awaits at top level.
    """

    __slots__ = (
        "annex_b_names",
        "calls_direct_eval",
        "free_assigned",
        "free_names",
        "has_await",
        "has_parameter_expressions",
        "has_simple_parameters",
        "has_with",
        "lexical_names",
        "parameter_names",
        "parameter_scope",
        "uses_arguments",
        "uses_new_target",
        "uses_super",
        "uses_this",
        "var_names",
    )

    def __init__(self) -> None:
        self.bindings = {}
        self.functions = []
        self.contains_direct_eval = False
        self.has_using = False
        self.vars_passing = set()
        self.parameter_names: list[str] = []
        self.has_simple_parameters = True
        self.has_parameter_expressions = False
        self.parameter_scope: Scope | None = None
        self.var_names: dict[str, None] = {}
        self.annex_b_names: list[str] = []
        self.lexical_names: dict[str, None] = {}
        self.free_names: tuple[str, ...] = ()
        self.free_assigned: tuple[str, ...] = ()
        self.uses_this = False
        self.uses_arguments = False
        self.uses_super = False
        self.uses_new_target = False
        self.calls_direct_eval = False
        self.has_with = False
        self.has_await = False
