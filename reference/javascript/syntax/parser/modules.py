"""ECMA-262 16.2: modules."""

from __future__ import annotations

from typing import cast

from lockstep.reference.javascript.syntax.ast import (
    ClassDeclaration,
    ExportDeclaration,
    ExportDefault,
    ExportEntry,
    FunctionDeclaration,
    ImportDeclaration,
    ImportEntry,
    LexicalDeclaration,
    Module,
    ModuleRequest,
    Positioned,
    Statement,
    VariableStatement,
)
from lockstep.reference.javascript.syntax.ast.functions import FunctionScope
from lockstep.reference.javascript.syntax.lexer import END, NAME, NAME_KINDS, STRING, Token
from lockstep.reference.javascript.syntax.parser.base import STRICT_RESERVED
from lockstep.reference.javascript.syntax.parser.iteration import IterationParser
from lockstep.reference.javascript.syntax.parser.patterns import bound_names
from lockstep.reference.javascript.syntax.parser.scopes import MODULE, OpenScope
from lockstep.reference.javascript.syntax.utf16 import to_code_points


class ModuleParser(IterationParser):
    """16.2 Modules."""

    def parse_module(self) -> Module:
        """16.2.1 the whole source as a Module."""
        state = self.function
        state.is_async = True
        state.is_function = False
        state.allow_return = False
        state.allow_new_target = False
        scope = FunctionScope()
        opened = OpenScope(scope, None, MODULE, 0, 0, 0)
        self.current = opened
        self.requests: list[ModuleRequest] = []
        self.imports: list[ImportEntry] = []
        self.exports: list[ExportEntry] = []
        self.exported: dict[str, Positioned] = {}
        self.local_exports: list[tuple[str, Positioned]] = []
        first = self.token
        body: list[Statement] = []
        while self.token.kind != END:
            body.append(self.parse_module_item())
        # 16.2.1.1: every exported local name must be declared.
        for name, at in self.local_exports:
            if name not in scope.bindings:
                self.fail(f"Export '{name}' is not defined in module", at)
        self.close_function_scope(opened)
        scope.has_await = state.has_await
        local, indirect, star = self.sort_exports()
        return Module(
            first,
            self.end,
            body,
            scope,
            self.requests,
            self.imports,
            local,
            indirect,
            star,
            state.has_await,
            self.source,
        )

    def sort_exports(self) -> tuple[list[ExportEntry], list[ExportEntry], list[ExportEntry]]:
        """16.2.1.7.1 ParseModule, step 9: local, indirect and star export entries."""
        imported = {entry.local_name: entry for entry in self.imports}
        local: list[ExportEntry] = []
        indirect: list[ExportEntry] = []
        star: list[ExportEntry] = []
        for entry in self.exports:
            if entry.request is not None:
                (star if entry.export_name is None else indirect).append(entry)
                continue
            source = imported.get(cast("str", entry.local_name))
            if source is None:
                local.append(entry)
                continue
            # A re-export of a single name, or of a namespace object.
            name = "*" if source.import_name is None else source.import_name
            indirect.append(ExportEntry(entry, entry.end, entry.export_name, source.request, name, None))
        return local, indirect, star

    def parse_module_item(self) -> Statement:
        """16.2.1 ModuleItem."""
        kind = self.token.kind
        if kind == "import" and self.peek().kind not in ("(", "."):
            return self.parse_import_declaration()
        if kind == "export":
            return self.parse_export()
        return self.parse_statement_list_item()

    # 16.2.2 Imports

    def parse_import_declaration(self) -> Statement:
        """16.2.2 ImportDeclaration."""
        first = self.advance()
        if self.token.kind == STRING:
            request = self.parse_from_string("evaluation")
            self.consume_semicolon()
            return ImportDeclaration(first, self.end, request, [])
        phase = self.parse_phase()
        names: list[tuple[Token, str | None, str]] = []
        if self.token.kind == NAME:
            token = self.token
            names.append((token, "default", self.binding_identifier().name))
            if phase != "source" and self.accept(",") and self.token.kind not in ("{", "*"):
                self.unexpected(self.token)
        if phase == "source" and not names:
            self.unexpected(self.token)
        if self.token.kind == "*":
            token = self.advance()
            self.expect_word("as")
            names.append((token, None, self.binding_identifier().name))
        elif self.token.kind == "{" and phase == "evaluation":
            names.extend(self.parse_named_imports())
        elif not names or phase == "defer":
            self.unexpected(self.token)
        self.expect_word("from")
        if self.token.kind != STRING:
            self.unexpected(self.token)
        request = self.parse_from_string(phase)
        self.consume_semicolon()
        entries = []
        for token, imported, name in names:
            self.declare_lexical(name, "import", token)
            entries.append(ImportEntry(token, token.end, request, imported, name))
        self.imports.extend(entries)
        return ImportDeclaration(first, self.end, request, entries)

    def parse_phase(self) -> str:
        """`source` or `defer` in front of the imported binding, if it is not the binding itself."""
        token = self.token
        if self.is_word(token, "defer") and self.peek().kind == "*":
            self.advance()
            return "defer"
        if self.is_word(token, "source") and self.peek().kind == NAME:
            following = self.peek()
            index = self.index + 2
            after = self.tokens[index] if index < len(self.tokens) else following
            # `import source from "x"` imports the default as `source`.
            if following.value != "from" or (after.kind == NAME and after.value == "from"):
                self.advance()
                return "source"
        return "evaluation"

    def parse_named_imports(self) -> list[tuple[Token, str | None, str]]:
        """16.2.2 NamedImports."""
        self.advance()
        names: list[tuple[Token, str | None, str]] = []
        while self.token.kind != "}":
            token = self.token
            following = self.peek()
            if token.kind == STRING or self.is_word(following, "as"):
                imported = self.module_export_name()
                self.expect_word("as")
                names.append((self.token, imported, self.binding_identifier().name))
            else:
                name = self.binding_identifier().name
                names.append((token, name, name))
            if not self.accept(","):
                break
        self.expect("}")
        return names

    def expect_word(self, word: str) -> None:
        """Consume a contextual keyword."""
        if not self.is_word(self.token, word):
            self.unexpected(self.token)
        self.advance()

    def module_export_name(self) -> str:
        """16.2.2 ModuleExportName: a name or a well-formed string."""
        token = self.token
        if token.kind != STRING:
            return self.identifier_name()
        self.advance()
        name = cast("str", token.value)
        if any("\ud800" <= unit <= "\udfff" for unit in to_code_points(name)):
            self.fail("Invalid module export name: contains unpaired surrogate character", token)
        return name

    def parse_from_string(self, phase: str) -> ModuleRequest:
        """16.2.2 ModuleSpecifier and its attributes."""
        token = self.advance()
        attributes: list[tuple[str, str]] = []
        if self.token.kind == "with":
            self.advance()
            self.expect("{")
            while self.token.kind != "}":
                at = self.token
                if at.kind not in NAME_KINDS and at.kind != STRING:
                    self.unexpected(at)
                self.advance()
                key = cast("str", at.value)
                self.expect(":")
                value = self.expect(STRING)
                if any(key == other for other, _ in attributes):
                    self.fail(f"Import attributes has a duplicate key '{key}'", at)
                attributes.append((key, cast("str", value.value)))
                if not self.accept(","):
                    break
            self.expect("}")
        attributes.sort()
        found = ModuleRequest(token, self.end, cast("str", token.value), tuple(attributes), phase)
        for request in self.requests:
            same = (request.specifier, request.attributes, request.phase)
            if same == (found.specifier, found.attributes, found.phase):
                return request
        self.requests.append(found)
        return found

    # 16.2.3 Exports

    def add_export(self, name: str, at: Positioned) -> None:
        """16.2.1.1: exported names are unique."""
        if name in self.exported:
            self.fail(f"Duplicate export of '{name}'", at)
        self.exported[name] = at

    def parse_export(self) -> Statement:
        """16.2.3 ExportDeclaration."""
        first = self.advance()
        token = self.token
        if token.kind == "*":
            return self.parse_export_from(first)
        if token.kind == "{":
            return self.parse_export_names(first)
        if token.kind == "default":
            return self.parse_export_default(first)
        declaration = self.parse_statement_list_item()
        if isinstance(declaration, (VariableStatement, LexicalDeclaration)):
            if isinstance(declaration, LexicalDeclaration) and "using" in declaration.kind:
                self.fail("Unexpected using declaration", declaration)
            names = [name for each in declaration.declarations for name in bound_names(each.target)]
        elif isinstance(declaration, (FunctionDeclaration, ClassDeclaration)):
            named = (
                declaration.function
                if isinstance(declaration, FunctionDeclaration)
                else declaration.definition
            )
            assert named.name is not None
            names = [named.name]
        else:
            self.unexpected(token)
        entries = []
        for name in names:
            self.add_export(name.name, name)
            entries.append(ExportEntry(name, name.end, name.name, None, None, name.name))
        self.exports.extend(entries)
        return ExportDeclaration(first, self.end, declaration, entries)

    def parse_export_from(self, first: Token) -> Statement:
        """16.2.3 `export * from` and `export * as name from`."""
        token = self.advance()
        name = None
        if self.is_word(self.token, "as"):
            self.advance()
            token = self.token
            name = self.module_export_name()
            self.add_export(name, token)
        self.expect_word("from")
        if self.token.kind != STRING:
            self.unexpected(self.token)
        request = self.parse_from_string("evaluation")
        self.consume_semicolon()
        entry = ExportEntry(token, token.end, name, request, "*", None)
        self.exports.append(entry)
        return ExportDeclaration(first, self.end, None, [entry])

    def parse_export_names(self, first: Token) -> Statement:
        """16.2.3 NamedExports, of this module or `from` another one."""
        self.advance()
        names: list[tuple[Token, str, str]] = []
        while self.token.kind != "}":
            token = self.token
            local = self.module_export_name()
            exported = local
            at = token
            if self.is_word(self.token, "as"):
                self.advance()
                at = self.token
                exported = self.module_export_name()
            self.add_export(exported, at)
            names.append((token, local, exported))
            if not self.accept(","):
                break
        self.expect("}")
        request = None
        if self.is_word(self.token, "from"):
            self.advance()
            if self.token.kind != STRING:
                self.unexpected(self.token)
            request = self.parse_from_string("evaluation")
        self.consume_semicolon()
        entries = []
        for token, local, exported in names:
            if request is not None:
                entries.append(ExportEntry(token, token.end, exported, request, local, None))
                continue
            # 16.2.3.1: local names are identifiers, and not reserved.
            if token.kind != NAME or local in STRICT_RESERVED or local == "await":
                self.unexpected(token)
            self.local_exports.append((local, token))
            self.captured.append(local)
            entries.append(ExportEntry(token, token.end, exported, None, None, local))
        self.exports.extend(entries)
        return ExportDeclaration(first, self.end, None, entries)

    def parse_export_default(self, first: Token) -> Statement:
        """16.2.3 `export default`."""
        self.advance()
        token = self.token
        self.add_export("default", token)
        named = False
        value: FunctionDeclaration | ClassDeclaration
        if token.kind == "function" or (token.kind == NAME and self.is_async_function(token)):
            value = self.function_declaration(default=True)
            name = value.function.name
        elif token.kind == "class":
            value = self.class_declaration(default=True)
            name = value.definition.name
        else:
            expression = self.parse_assignment()
            self.consume_semicolon()
            self.declare_lexical("*default*", "let", token)
            named = self.is_anonymous_function(expression)
            entry = ExportEntry(token, self.end, "default", None, None, "*default*")
            self.exports.append(entry)
            return ExportDefault(first, self.end, expression, named)
        local = "*default*" if name is None else name.name
        self.exports.append(ExportEntry(token, self.end, "default", None, None, local))
        return ExportDefault(first, self.end, value, named)
