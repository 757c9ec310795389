"""Classes: modifiers, members that vanish, `implements`."""

from __future__ import annotations

from typing import NamedTuple

from lockstep.reference.javascript.syntax.lexer import NAME, NAME_KINDS, PRIVATE, Token
from lockstep.reference.javascript.syntax.typescript.functions import FunctionReader

# Modifiers that vanish; the other ones stay.
_VANISHING = frozenset({"public", "private", "protected", "readonly", "override"})
_MODIFIERS = _VANISHING | {"static", "abstract", "declare", "async", "accessor"}
_ACCESSIBILITY = frozenset({"public", "private", "protected"})
# What must not stand before a modifier: TypeScript fixes their order.
_NOT_BEFORE = {
    **dict.fromkeys(
        _ACCESSIBILITY, _ACCESSIBILITY | {"abstract", "static", "override", "readonly", "accessor", "async"}
    ),
    "abstract": frozenset({"abstract", "override", "async"}),
    "static": frozenset({"override", "async"}),
    "override": frozenset({"override", "readonly", "declare", "async"}),
    "readonly": frozenset({"readonly"}),
    "declare": frozenset({"declare", "static", "override", "abstract", "readonly", "async"}),
}
# Names of fields that would modify what stands behind them.
_MODIFYING_NAMES = frozenset({"get", "set", "static"})
# Names that go on with the field before them.
_OPERATOR_NAMES = frozenset({"in", "instanceof"})
# What goes on with a field that ends without a semicolon.
_CONTINUING = frozenset({"[", "(", "*", "in", "instanceof", "`"})


class _Class(NamedTuple):
    """What its members ask of a class."""

    is_abstract: bool
    is_derived: bool


class _Member:
    """What is known of a class element before its name."""

    __slots__ = ("decorated", "first", "is_async", "is_generator", "modifiers", "start", "static")

    def __init__(self, first: Token) -> None:
        self.first = first
        # Behind decorators.
        self.start = first.start
        self.modifiers: dict[str, Token] = {}
        self.decorated = False
        self.static = False
        self.is_async = False
        self.is_generator = False


class ClassReader(FunctionReader):
    """15.7 Class Definitions."""

    # Behind a field that has no semicolon, besides members that vanish.
    after_open_field = False

    def parse_class(self, *, abstract: bool = False) -> None:
        """15.7 ClassTail and the name before it."""
        if self.token.kind == NAME and not (self.is_word("implements") and self.peek().kind in NAME_KINDS):
            self.advance()
        self.blank_type_parameters(("const", "in", "out"))
        is_derived = self.parse_heritage()
        self.parse_class_body(_Class(abstract, is_derived))

    def parse_heritage(self) -> bool:
        """15.7 ClassHeritage, and `implements`, which vanishes: whether the class extends another one."""
        is_derived = self.accept("extends")
        if is_derived:
            self.arrow_at = -1
            self.parse_left_hand_side(instantiates=False)
            if self.token.kind == "<":
                self.blank_type_arguments()
        if self.is_word("implements"):
            start = self.advance().start
            self.parse_implemented()
            self.edits.blank(start, self.end)
        return is_derived

    def parse_implemented(self) -> None:
        """The types behind `implements` or an interface's `extends`."""
        while True:
            self.expect_identifier_name()
            self.parse_entity_name()
            if self.token.kind == "<":
                self.parse_type_arguments()
            if not self.accept(","):
                return

    def parse_class_body(self, around: _Class) -> None:
        """15.7 ClassBody."""
        self.expect("{")
        saved = self.allow_in
        self.allow_in = True
        self.after_open_field = False
        while self.token.kind != "}":
            if self.accept(";"):
                self.after_open_field = False
            else:
                self.parse_class_element(around)
        self.allow_in = saved
        self.advance()

    def parse_class_element(self, around: _Class) -> None:
        """15.7 ClassElement."""
        mark = self.edits.mark()
        after_open_field = self.after_open_field
        member = _Member(self.token)
        if self.token.kind == "@":
            self.parse_decorators()
            member.decorated = True
            member.start = self.token.start
        self.parse_modifiers(member)
        self.check_modifiers(member, around)
        if member.static and self.token.kind == "{":
            saved = self.enter_function(is_async=False, is_generator=False)
            self.parse_block()
            self.leave_function(saved)
            self.after_open_field = False
            return
        if self.at_index_signature():
            wrong = member.modifiers.keys() - {"static", "readonly", "declare"}
            if wrong:
                self.fail(f"'{min(wrong)}' modifier cannot appear on an index signature.", member.start)
            self.parse_index_signature()
            self.consume_semicolon()
            vanishes = True
        else:
            vanishes = self.parse_named_element(member)
        if vanishes:
            self.edits.undo(mark)
            self.edits.blank(member.first.start, self.end)
            self.after_open_field = after_open_field
            if after_open_field and self.token.kind in _CONTINUING:
                self.edits.put(member.first.start, ";")

    def parse_modifiers(self, member: _Member) -> None:
        """Modifiers before the name of a class element."""
        while self.token.kind == NAME and self.token.value in _MODIFIERS:
            word: str = self.token.value
            following = self.peek()
            if word == "static":
                if following.kind == "{":
                    self.advance()
                    member.static = True
                    return
                if not self.modifies(same_line=False):
                    return
                member.static = True
            elif not self.modifies(same_line=True):
                return
            wrong = _NOT_BEFORE.get(word, frozenset()) & member.modifiers.keys()
            if wrong:
                before = min(wrong)
                seen = f"'{word}' modifier already seen."
                self.fail(
                    seen if before == word else f"'{word}' modifier must precede '{before}' modifier.",
                    self.token.start,
                )
            token = self.advance()
            member.modifiers[word] = token
            if word in _VANISHING:
                self.edits.blank(token.start, token.end)
            elif word == "async":
                member.is_async = True

    def check_modifiers(self, member: _Member, around: _Class) -> None:
        """What modifiers ask of the class, and of the name behind them."""
        modifiers = member.modifiers.keys()
        if "abstract" in modifiers and not around.is_abstract:
            self.fail("Abstract methods can only appear within an abstract class.", member.start)
        if "override" in modifiers and not around.is_derived:
            self.fail(
                "This member cannot have an 'override' modifier because its containing class does not extend "
                "another class.",
                member.start,
            )
        private = modifiers & (_ACCESSIBILITY | {"abstract", "declare"})
        if private and self.token.kind == PRIVATE and "accessor" not in modifiers:
            self.fail(f"'{min(private)}' modifier cannot be used with a private identifier.", member.start)

    def parse_named_element(self, member: _Member) -> bool:
        """A field, method or accessor; whether all of it vanishes."""
        accessor = self.token.kind == NAME and self.token.value in ("get", "set")
        if accessor and self.modifies(same_line=False) and self.peek().kind != "*":
            self.advance()
        if self.accept("*"):
            member.is_generator = True
        name = self.token
        self.parse_member_name()
        mark = self.token
        if mark.kind == "?" or (mark.kind == "!" and not mark.newline):
            self.advance()
            self.edits.blank(mark.start, mark.end)
        if self.token.kind in ("(", "<"):
            self.check_method(member, name)
            has_body = self.parse_signature_or_body(
                is_async=member.is_async, is_generator=member.is_generator
            )
            if not has_body:
                self.consume_semicolon()
            elif "abstract" in member.modifiers:
                self.fail("Abstract method cannot have an implementation.", member.start)
            self.after_open_field = False
            self.keep_from_field_before(member, name)
            return not has_body
        initialized = self.parse_field(name, mark)
        if "abstract" in member.modifiers and initialized:
            self.fail("Abstract property cannot have an initializer.", member.start)
        self.keep_from_field_before(member, name)
        return "abstract" in member.modifiers or "declare" in member.modifiers

    def check_method(self, member: _Member, name: Token) -> None:
        """What TypeScript asks of a method from its type parameters on."""
        if "readonly" in member.modifiers:
            self.fail("A method cannot be readonly.", member.start)
        if self.token.kind == "<" and name.value == "constructor" and not member.static:
            self.fail("Type parameters cannot appear on a constructor declaration.", self.token.start)

    def keep_from_field_before(self, member: _Member, name: Token) -> None:
        """A semicolon for a modifier that vanished, where the name would go on with the field before it."""
        if member.static or member.decorated or not _VANISHING & member.modifiers.keys():
            return
        if name.kind == "[" or member.is_generator or name.kind in _OPERATOR_NAMES:
            self.edits.put(member.start, ";")

    def parse_field(self, name: Token, mark: Token) -> bool:
        """15.7 FieldDefinition, from behind its name and mark: whether it has an initializer."""
        annotation = self.token if self.token.kind == ":" else mark
        typed = self.token.kind == ":" or mark is not self.token
        self.blank_annotation()
        initialized = self.accept("=")
        if initialized:
            saved = self.enter_function(is_async=False, is_generator=False)
            self.parse_assignment()
            self.leave_function(saved)
        elif typed and name.kind == NAME and name.value in _MODIFYING_NAMES:
            self.edits.put(annotation.start, ";")
        self.consume_semicolon()
        self.after_open_field = self.tokens[self.index - 1].kind != ";"
        return initialized
