"""ECMA-262 clause 16: scripts and modules."""

from __future__ import annotations

from lockstep.reference.javascript.syntax.ast.literals import Expression
from lockstep.reference.javascript.syntax.ast.node import Node, Positioned, Source
from lockstep.reference.javascript.syntax.ast.statements import (
    ClassDeclaration,
    FunctionDeclaration,
    Statement,
)
from lockstep.reference.javascript.syntax.scope import FunctionScope


class Script(Node):
    """16.1 a script, or the code of an eval or of a Function constructor (which holds one function).

    Attributes:
        strict: whether the code is strict (in eval code also by inheritance).
        scope: top-level declarations, see `FunctionScope`.
    """

    __slots__ = ("body", "scope", "source", "strict")

    def __init__(
        self,
        first: Positioned,
        end: int,
        body: list[Statement],
        strict: bool,
        scope: FunctionScope,
        source: Source,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.body = body
        self.strict = strict
        self.scope = scope
        self.source = source


class ModuleRequest(Node):
    """16.2.1.3 ModuleRequest Record: specifier and attributes, in source order."""

    __slots__ = ("attributes", "phase", "specifier")

    def __init__(
        self, first: Positioned, end: int, specifier: str, attributes: tuple[tuple[str, str], ...], phase: str
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.specifier = specifier
        self.attributes = attributes
        self.phase = phase


class ImportEntry(Node):
    """16.2.1.6 ImportEntry Record; `import_name` None stands for namespace-object."""

    __slots__ = ("import_name", "local_name", "request")

    def __init__(
        self, first: Positioned, end: int, request: ModuleRequest, import_name: str | None, local_name: str
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.request = request
        self.import_name = import_name
        self.local_name = local_name


class ExportEntry(Node):
    """16.2.1.6 ExportEntry Record.

    Attributes:
        export_name: None for `export * from`.
        request: None for a local export.
        import_name: None for a local export; `*` for all (`all` and `all-but-default` differ by
            export_name).
        local_name: None for an indirect or star export.
    """

    __slots__ = ("export_name", "import_name", "local_name", "request")

    def __init__(
        self,
        first: Positioned,
        end: int,
        export_name: str | None,
        request: ModuleRequest | None,
        import_name: str | None,
        local_name: str | None,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.export_name = export_name
        self.request = request
        self.import_name = import_name
        self.local_name = local_name


class ImportDeclaration(Statement):
    """16.2.2 `import`; nothing to do when evaluated."""

    __slots__ = ("entries", "request")

    def __init__(
        self, first: Positioned, end: int, request: ModuleRequest, entries: list[ImportEntry]
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.request = request
        self.entries = entries


class ExportDeclaration(Statement):
    """16.2.3 `export` of a declaration or of names.

    Attributes:
        declaration: the declaration to evaluate, or None.
    """

    __slots__ = ("declaration", "entries")

    def __init__(
        self, first: Positioned, end: int, declaration: Statement | None, entries: list[ExportEntry]
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.declaration = declaration
        self.entries = entries


class ExportDefault(Statement):
    """16.2.3 `export default` of an expression or an anonymous or named declaration.

    Attributes:
        value: an expression is evaluated and initializes `*default*`; a FunctionDeclaration was initialized
            at
        instantiation; a ClassDeclaration binds its name or `*default*`.
        names_function: the expression is an anonymous function or class that is named `default`.
    """

    __slots__ = ("names_function", "value")

    def __init__(
        self,
        first: Positioned,
        end: int,
        value: Expression | FunctionDeclaration | ClassDeclaration,
        names_function: bool,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.value = value
        self.names_function = names_function


class Module(Node):
    """16.2 a module; always strict.

    Attributes:
        requests: the requested modules in source order, without duplicates (16.2.1.3 ModuleRequests).
        has_top_level_await: 16.2.1.6 [[HasTLA]].
    """

    __slots__ = (
        "body",
        "has_top_level_await",
        "imports",
        "indirect_exports",
        "local_exports",
        "requests",
        "scope",
        "source",
        "star_exports",
    )

    def __init__(
        self,
        first: Positioned,
        end: int,
        body: list[Statement],
        scope: FunctionScope,
        requests: list[ModuleRequest],
        imports: list[ImportEntry],
        local_exports: list[ExportEntry],
        indirect_exports: list[ExportEntry],
        star_exports: list[ExportEntry],
        has_top_level_await: bool,
        source: Source,
    ) -> None:
        self.start = first.start
        self.line = first.line
        self.column = first.column
        self.end = end
        self.body = body
        self.scope = scope
        self.requests = requests
        self.imports = imports
        self.local_exports = local_exports
        self.indirect_exports = indirect_exports
        self.star_exports = star_exports
        self.has_top_level_await = has_top_level_await
        self.source = source
