"""ECMA-262 clause 15: functions, and the scopes that say what they and their blocks declare.

The parser fills the scopes while it parses; nobody changes them afterwards. A reference is resolved by walking the
scopes outwards from where it stands; a `with` statement, and a direct eval in sloppy code, make the walk dynamic.
"""

from __future__ import annotations

from lockstep.reference.host.trees import attached, child, declared
from lockstep.reference.javascript.syntax.ast.node import Expression, Node, Source, Statement
from lockstep.reference.javascript.syntax.ast.patterns import BindingIdentifier, PatternElement, Target

_IMMUTABLE = frozenset({"const", "using", "await using", "import", "function_name", "class_name"})
_DEAD_ZONE = frozenset({"let", "const", "class", "using", "await using", "class_name"})


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


@declared
class Function(Node):
    """Any function: declaration, expression or arrow function; `Method` for the rest.

    Attributes:
        kind: `normal`, `arrow`, `method`, `get`, `set`, `constructor` or `derived` (constructor of a class
            with heritage).
        name: the BindingIdentifier, or None.
        parameters: without the rest parameter.
        rest: the target of `...rest`.
        body: the statements; of a concise arrow body one Return.
        strict: whether the code is strict.
        scope: what scope analysis found, see `FunctionScope`.
        name_scope: the scope of a named function expression's own name (an immutable binding), else None.
        source: of the whole program, see `source_text`.
    """

    kind: str
    is_async: bool
    is_generator: bool
    name: BindingIdentifier | None = child()
    parameters: list[PatternElement] = child()
    rest: Target | None = child()
    body: list[Statement] = child()
    strict: bool
    scope: FunctionScope = attached()
    name_scope: Scope | None = attached()
    source: Source = attached()

    @property
    def source_text(self) -> str:
        """The exact source text as UTF-16 code units, for Function.prototype.toString."""
        return self.source.text_between(self.start, self.end)

    @property
    def expected_argument_count(self) -> int:
        """15.1.5 ExpectedArgumentCount: parameters before the first with an initializer."""
        count = 0
        for parameter in self.parameters:
            if parameter.initializer is not None:
                break
            count += 1
        return count


@declared
class Method(Function):
    """15.4 the function of a MethodDefinition or of a class constructor; it has a home object."""


@declared
class FunctionExpression(Expression):
    """15.2, 15.5, 15.6, 15.8, 15.3, 15.9: a function or arrow function as an expression."""

    function: Function = child()


@declared
class FunctionDeclaration(Statement):
    """15.2, 15.5, 15.6, 15.8 a function as a declaration.

    Attributes:
        annex_b: B.3.2 applies: evaluating the declaration copies the block's binding to the variable of the
            same
        name (in scripts and eval code only if instantiation could make that variable).
    """

    function: Function = child()
    annex_b: bool = attached()

    @property
    def bound_name(self) -> str:
        """8.2.1 BoundNames; an anonymous `export default function` binds `*default*`."""
        name = self.function.name
        return "*default*" if name is None else name.name
