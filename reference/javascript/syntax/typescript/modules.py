"""Imports and exports: those of types vanish."""

from __future__ import annotations

from lockstep.reference.javascript.syntax.lexer import END, NAME, NAME_KINDS, STRING
from lockstep.reference.javascript.syntax.typescript.statements import StatementReader

IMPORT_EQUALS = "TypeScript import equals declaration is not supported in strip-only mode"
EXPORT_ASSIGNMENT = "TypeScript export assignment is not supported in strip-only mode"


class ModuleReader(StatementReader):
    """16 Scripts and Modules; which of both does not matter here."""

    def parse_program(self) -> None:
        """The whole text."""
        while self.token.kind != END:
            self.parse_module_item()

    def parse_module_item(self) -> bool:
        """16.2.1 ModuleItem: whether it holds nothing but types."""
        kind = self.token.kind
        if kind == "import" and self.peek().kind not in ("(", "."):
            self.parse_import_declaration()
            return False
        if kind == "export":
            return self.parse_export()
        return self.parse_statement()

    # 16.2.2 Imports

    def parse_import_declaration(self, first: int = -1) -> None:
        """16.2.2 ImportDeclaration, or `import name = `."""
        first = self.index if first < 0 else first
        self.advance()
        if self.token.kind == STRING:
            self.parse_from_string()
            self.found_module_syntax()
            return
        only_types = self.at_type_modifier()
        if only_types or self.at_phase():
            self.advance()
        if self.token.kind == NAME:
            self.advance()
            if self.token.kind == "=":
                self.parse_import_equals(first, only_types=only_types)
                return
            if self.token.kind != NAME:
                self.expect(",")
        if self.token.kind == "*":
            self.advance()
            self.expect_word("as")
            self.expect_name()
        elif self.token.kind == "{":
            self.parse_specifiers(only_types=only_types, imported=True)
        self.expect_word("from")
        self.parse_from_string()
        if only_types:
            self.vanish(first)
        else:
            self.found_module_syntax()

    def at_phase(self) -> bool:
        """Whether `defer` or `source` stands before what is imported, and is not its name."""
        following = self.peek()
        if self.is_word("defer"):
            return following.kind == "*"
        return (
            self.is_word("source")
            and following.kind == NAME
            and (not self.is_word("from", following) or self.is_word("from", self.peek(2)))
        )

    def at_type_modifier(self) -> bool:
        """Whether `type` behind `import` is a modifier, and not the name of the default import."""
        if not self.is_word("type"):
            return False
        following = self.peek()
        if following.kind in ("*", "{"):
            return True
        if following.kind != NAME:
            return False
        # `import type from "x"` imports `type`, `import type from from "x"` the type `from`.
        after = self.peek(2)
        return not self.is_word("from", following) or self.is_word("from", after) or after.kind == "="

    def parse_import_equals(self, first: int, *, only_types: bool) -> None:
        """`import name = require("x")` or `= A.B`."""
        self.advance()
        if self.is_word("require") and self.peek().kind == "(":
            self.advance()
            self.advance()
            self.expect(STRING)
            self.expect(")")
        else:
            self.expect_name()
            while self.accept("."):
                self.expect_identifier_name()
        self.consume_semicolon()
        if only_types:
            self.vanish(first)
        else:
            self.edits.refusals.append((self.tokens[first].start, IMPORT_EQUALS))

    def parse_from_string(self) -> None:
        """16.2.2 ModuleSpecifier, its attributes, and the end of the statement."""
        self.expect(STRING)
        if self.token.kind == "with" or (self.is_word("assert") and not self.token.newline):
            self.advance()
            if self.token.kind != "{":
                self.unexpected(self.token)
            self.skip_brackets()
        self.consume_semicolon()

    def parse_specifiers(self, *, only_types: bool, imported: bool = False) -> None:
        """16.2.2 NamedImports, 16.2.3 NamedExports; those of types vanish, each with its comma."""
        self.advance()
        while self.token.kind != "}":
            start = self.token.start
            only_type = self.parse_specifier(imported=imported)
            if only_type and only_types:
                self.fail("The 'type' modifier cannot be used twice.", start)
            end = self.end
            if self.accept(","):
                end = self.end
            elif self.token.kind != "}":
                self.unexpected(self.token)
            if only_type:
                self.edits.blank(start, end)
        self.advance()

    def parse_specifier(self, *, imported: bool) -> bool:
        """`type name as name`: whether `type` is a modifier in it."""
        words = []
        while self.token.kind in NAME_KINDS or self.token.kind == STRING:
            words.append(self.advance())
        if not words or len(words) > 4:
            self.unexpected(self.token)
        # `type as as` is the type `as` by the name... only where a fourth word stands; see the table.
        if not self.is_word("type", words[0]):
            only_type = False
        elif len(words) == 3:
            only_type = not self.is_word("as", words[1])
        else:
            only_type = len(words) in (2, 4)
        names = words[1:] if only_type else words
        if len(names) == 2 or (len(names) == 3 and not self.is_word("as", names[1])):
            self.unexpected(names[1])
        if imported and names[-1].kind != NAME:
            self.unexpected(names[-1])
        return only_type

    # 16.2.3 Exports

    def parse_export(self) -> bool:
        """16.2.3 ExportDeclaration: whether it holds nothing but types."""
        first = self.index
        start = self.advance().start
        only_types = self.parse_exported(first)
        ranges = self.edits.ranges
        if not ranges or ranges[-1][0] != start:
            self.found_module_syntax()
        return only_types

    def parse_exported(self, first: int) -> bool:
        """16.2.3 what stands behind `export`: whether it holds nothing but types."""
        kind = self.token.kind
        if kind == "import":
            self.parse_import_declaration(first)
        elif kind == "=":
            self.advance()
            self.parse_assignment()
            self.consume_semicolon()
            self.edits.refusals.append((self.tokens[first].start, EXPORT_ASSIGNMENT))
        elif kind == "default":
            return self.parse_export_default(first)
        elif kind in ("*", "{"):
            self.parse_export_names(only_types=False)
        elif self.is_word("type") and self.peek().kind in ("*", "{"):
            self.advance()
            self.parse_export_names(only_types=True)
            self.vanish(first)
        elif self.is_word("as") and self.is_word("namespace", self.peek()):
            # It stays, and is an error where it is run.
            self.advance()
            self.advance()
            self.expect_name()
            self.consume_semicolon()
        elif self.token.kind == NAME and self.at_types():
            return self.parse_types(first)
        elif self.token.kind == "function" or self.at_async_function():
            return self.parse_function_declaration(first)
        else:
            return self.parse_statement()
        return False

    def at_async_function(self) -> bool:
        """Whether `async function` stands here."""
        return self.is_word("async") and self.peek().kind == "function" and not self.peek().newline

    def parse_export_names(self, *, only_types: bool) -> None:
        """`* as name from "x"`, `{ names } from "x"`, or names of this module."""
        if self.token.kind == "{":
            self.parse_specifiers(only_types=only_types)
            if not self.is_word("from"):
                self.consume_semicolon()
                return
        else:
            self.advance()
            if self.accept_word("as"):
                if self.token.kind == STRING:
                    self.advance()
                else:
                    self.expect_identifier_name()
        self.expect_word("from")
        self.parse_from_string()

    def parse_export_default(self, first: int) -> bool:
        """16.2.3 `export default`."""
        self.advance()
        following = self.peek()
        token = self.token
        if token.kind == "function" or self.at_async_function():
            return self.parse_function_declaration(first, default=True)
        if token.kind == "class":
            self.advance()
            self.parse_class()
        elif token.kind == "@":
            self.parse_decorated()
        elif self.is_word("abstract") and following.kind == "class" and not following.newline:
            self.parse_abstract_class()
        elif self.is_word("interface") and following.kind == NAME:
            self.parse_interface()
            self.vanish(first)
            return True
        else:
            self.parse_assignment()
            self.consume_semicolon()
        return False
