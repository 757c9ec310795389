"""The syntax tree of ECMAScript 2026: one class per production that means something when evaluated.

Every node knows where it stands: `start` and `end` are offsets in `Source.text`, `line` counts from 1, `column`
from 0 (what host code objects want). A node begins at its first token, so parentheses around a whole
expression are not part of it; they leave no node.

Strings are guest strings: host `str` with one character per UTF-16 code unit. Numbers are host floats, BigInts
host ints.

What the parser has settled, so that evaluators need not look again:

- Early errors. A tree that exists is valid.
- Cover grammars. Patterns are `ObjectPattern` and `ArrayPattern`; a name is an `IdentifierReference` where it is
  read or assigned and a `BindingIdentifier` where it is declared.
- Property keys. A literal key is a `str` (13.2.5.5: `{1e3: 0}` has key "1000"); else a `ComputedPropertyName`, or a
  `PrivateName` in classes.
- Function names. Where the specification asks IsAnonymousFunctionDefinition, the node has `names_function`: the
  value is a FunctionExpression or ClassExpression without a name, and takes the target's or key's name.
- Direct eval. `Call.is_direct_eval` says the callee is the plain name `eval`.
- Optional chains. `OptionalChain` wraps the chain as a whole; inside, a link with `optional` ends it.
- Functions as bodies of `if` (B.3.3) and of labels: an `If` branch is then a Block with a scope.

Scopes (`functions.py`): every Function, Method, field initializer, static block, Script and Module carries a
`FunctionScope`; every Block, For, ForIn, ForOf, Switch and CatchClause a `Scope`, or None where it declares
nothing and needs no environment; every Class a `Scope` for its inner name. A named function expression has
`name_scope`. They say, per scope: the bindings (name, kind, captured, assigned), the functions to initialise on
entry; per function: parameter names, var names, lexical names, B.3.2 names, simple parameters, parameter
expressions, `calls_direct_eval`, `contains_direct_eval`, `uses_this`, `uses_arguments`, `uses_super`,
`uses_new_target`, `has_with`. Strictness stands in `Function.strict` and `Script.strict`; modules and class
bodies are strict.

Order of entry into a function (10.2.11): bind parameters (`parameter_scope`, or the function scope itself), then
`var_names` and `annex_b_names`, then the lexical bindings in their dead zone, then `scope.functions`.
"""

from __future__ import annotations

from lockstep.reference.javascript.syntax.ast.classes import (
    Class,
    ClassDeclaration,
    ClassElement,
    ClassExpression,
    FieldDefinition,
    MethodDefinition,
    StaticBlock,
)
from lockstep.reference.javascript.syntax.ast.expressions import (
    ArrayLiteral,
    Assignment,
    Await,
    Binary,
    Call,
    CompoundAssignment,
    ComputedMember,
    Conditional,
    DotMember,
    IdentifierReference,
    ImportCall,
    ImportMeta,
    Logical,
    LogicalAssignment,
    New,
    NewTarget,
    ObjectLiteral,
    OptionalChain,
    PrivateIn,
    PrivateMember,
    PropertyDefinition,
    Sequence,
    SpreadElement,
    SuperCall,
    SuperComputed,
    SuperDot,
    TaggedTemplate,
    TemplateLiteral,
    ThisExpression,
    Unary,
    Update,
    Yield,
)
from lockstep.reference.javascript.syntax.ast.functions import (
    Binding,
    Function,
    FunctionDeclaration,
    FunctionExpression,
    FunctionScope,
    Method,
    Scope,
)
from lockstep.reference.javascript.syntax.ast.literals import (
    BigIntLiteral,
    BooleanLiteral,
    NullLiteral,
    NumericLiteral,
    RegularExpressionLiteral,
    StringLiteral,
)
from lockstep.reference.javascript.syntax.ast.node import Expression, Node, Positioned, Source, Statement
from lockstep.reference.javascript.syntax.ast.patterns import (
    ArrayPattern,
    BindingIdentifier,
    ObjectPattern,
    Pattern,
    PatternElement,
    PatternProperty,
    Target,
)
from lockstep.reference.javascript.syntax.ast.programs import (
    ExportDeclaration,
    ExportDefault,
    ExportEntry,
    ImportDeclaration,
    ImportEntry,
    Module,
    ModuleRequest,
    Script,
)
from lockstep.reference.javascript.syntax.ast.property_names import (
    ComputedPropertyName,
    PrivateName,
    PropertyName,
)
from lockstep.reference.javascript.syntax.ast.statements import (
    Block,
    Break,
    CatchClause,
    Continue,
    Debugger,
    DoWhile,
    EmptyStatement,
    ExpressionStatement,
    For,
    ForIn,
    ForOf,
    If,
    Labelled,
    LexicalDeclaration,
    LoopTarget,
    Return,
    Switch,
    SwitchCase,
    Throw,
    Try,
    VariableDeclarator,
    VariableStatement,
    While,
    With,
)

__all__ = [
    "ArrayLiteral",
    "ArrayPattern",
    "Assignment",
    "Await",
    "BigIntLiteral",
    "Binary",
    "Binding",
    "BindingIdentifier",
    "Block",
    "BooleanLiteral",
    "Break",
    "Call",
    "CatchClause",
    "Class",
    "ClassDeclaration",
    "ClassElement",
    "ClassExpression",
    "CompoundAssignment",
    "ComputedMember",
    "ComputedPropertyName",
    "Conditional",
    "Continue",
    "Debugger",
    "DoWhile",
    "DotMember",
    "EmptyStatement",
    "ExportDeclaration",
    "ExportDefault",
    "ExportEntry",
    "Expression",
    "ExpressionStatement",
    "FieldDefinition",
    "For",
    "ForIn",
    "ForOf",
    "Function",
    "FunctionDeclaration",
    "FunctionExpression",
    "FunctionScope",
    "IdentifierReference",
    "If",
    "ImportCall",
    "ImportDeclaration",
    "ImportEntry",
    "ImportMeta",
    "Labelled",
    "LexicalDeclaration",
    "Logical",
    "LogicalAssignment",
    "LoopTarget",
    "Method",
    "MethodDefinition",
    "Module",
    "ModuleRequest",
    "New",
    "NewTarget",
    "Node",
    "NullLiteral",
    "NumericLiteral",
    "ObjectLiteral",
    "ObjectPattern",
    "OptionalChain",
    "Pattern",
    "PatternElement",
    "PatternProperty",
    "Positioned",
    "PrivateIn",
    "PrivateMember",
    "PrivateName",
    "PropertyDefinition",
    "PropertyName",
    "RegularExpressionLiteral",
    "Return",
    "Scope",
    "Script",
    "Sequence",
    "Source",
    "SpreadElement",
    "Statement",
    "StaticBlock",
    "StringLiteral",
    "SuperCall",
    "SuperComputed",
    "SuperDot",
    "Switch",
    "SwitchCase",
    "TaggedTemplate",
    "Target",
    "TemplateLiteral",
    "ThisExpression",
    "Throw",
    "Try",
    "Unary",
    "Update",
    "VariableDeclarator",
    "VariableStatement",
    "While",
    "With",
    "Yield",
]
