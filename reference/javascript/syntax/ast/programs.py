"""ECMA-262 clause 16: scripts and modules."""

from __future__ import annotations

from lockstep.reference.host.trees import attached, child, declared
from lockstep.reference.javascript.syntax.ast.classes import ClassDeclaration
from lockstep.reference.javascript.syntax.ast.functions import FunctionDeclaration, FunctionScope
from lockstep.reference.javascript.syntax.ast.node import Expression, Node, Source, Statement


@declared
class Script(Node):
    """16.1 a script, or the code of an eval or of a Function constructor (which holds one function).

    Attributes:
        strict: whether the code is strict (in eval code also by inheritance).
        scope: top-level declarations, see `FunctionScope`.
    """

    body: list[Statement] = child()
    strict: bool
    scope: FunctionScope = attached()
    source: Source = attached()


@declared
class ModuleRequest(Node):
    """16.2.1.3 ModuleRequest Record: specifier and attributes, in source order."""

    specifier: str
    attributes: tuple[tuple[str, str], ...]
    phase: str


@declared
class ImportEntry(Node):
    """16.2.1.6 ImportEntry Record; `import_name` None stands for namespace-object."""

    request: ModuleRequest = attached()
    import_name: str | None
    local_name: str


@declared
class ExportEntry(Node):
    """16.2.1.6 ExportEntry Record.

    Attributes:
        export_name: None for `export * from`.
        request: None for a local export.
        import_name: None for a local export; `*` for all (`all` and `all-but-default` differ by
            export_name).
        local_name: None for an indirect or star export.
    """

    export_name: str | None
    request: ModuleRequest | None = child()
    import_name: str | None
    local_name: str | None


@declared
class ImportDeclaration(Statement):
    """16.2.2 `import`; nothing to do when evaluated."""

    request: ModuleRequest = child()
    entries: list[ImportEntry] = child()


@declared
class ExportDeclaration(Statement):
    """16.2.3 `export` of a declaration or of names.

    Attributes:
        declaration: the declaration to evaluate, or None.
    """

    declaration: Statement | None = child()
    entries: list[ExportEntry] = child()


@declared
class ExportDefault(Statement):
    """16.2.3 `export default` of an expression or an anonymous or named declaration.

    Attributes:
        value: an expression is evaluated and initializes `*default*`; a FunctionDeclaration was initialized
            at
        instantiation; a ClassDeclaration binds its name or `*default*`.
        names_function: the expression is an anonymous function or class that is named `default`.
    """

    value: Expression | FunctionDeclaration | ClassDeclaration = child()
    names_function: bool


@declared
class Module(Node):
    """16.2 a module; always strict.

    Attributes:
        requests: the requested modules in source order, without duplicates (16.2.1.3 ModuleRequests).
        has_top_level_await: 16.2.1.6 [[HasTLA]].
    """

    body: list[Statement] = child()
    scope: FunctionScope = attached()
    requests: list[ModuleRequest] = attached()
    imports: list[ImportEntry] = attached()
    local_exports: list[ExportEntry] = attached()
    indirect_exports: list[ExportEntry] = attached()
    star_exports: list[ExportEntry] = attached()
    has_top_level_await: bool
    source: Source = attached()
