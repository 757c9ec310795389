# ruff: noqa: D102  # the names are those of ast.NodeVisitor, which says what they do
"""Guest AST to host AST: almost everything stays, because a guest value is a host value.

What changes: guarded attributes go through the runtime; imports call the guest's import system; `match`
becomes tests over the runtime's patterns; handlers let limits pass; metered code counts its steps.
What the VM adds stands in constants (`constants.py`): no namespace of the guest's has a name for it.
"""

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.python.syntax.parse import error_at
from lockstep.reference.python.vm.constants import placeholder
from lockstep.reference.python.vm.match import MatchLowering
from lockstep.reference.python.vm.names import HONOURS_BUILTINS, is_guarded

Position = dict[str, Any]
_SIZED = {ast.Mult: "multiply", ast.Pow: "power", ast.LShift: "shift"}


def position(node: ast.AST) -> Position:
    """Where `node` stands, as keyword arguments of a new node."""
    return {
        "lineno": getattr(node, "lineno", 1),
        "col_offset": getattr(node, "col_offset", 0),
        "end_lineno": getattr(node, "end_lineno", None),
        "end_col_offset": getattr(node, "end_col_offset", None),
    }


def helper_call(name: str, place: Position, *arguments: ast.expr) -> ast.Call:
    """A call of the VM's helper `name`."""
    return ast.Call(func=placeholder(name, place), args=list(arguments), keywords=[], **place)


def _key(node: ast.expr, place: Position) -> ast.expr:
    """A subscript's key where it is no subscript's: a slice, or a tuple with slices in it, is made by hand."""
    if isinstance(node, ast.Slice):
        parts = [
            constant(None, place) if part is None else part for part in (node.lower, node.upper, node.step)
        ]
        return helper_call("slice", place, *parts)
    if isinstance(node, ast.Tuple):
        node.elts = [_key(element, place) for element in node.elts]
    return node


def constant(value: Any, place: Position) -> ast.expr:
    """A constant; tuples of strings are built."""
    if isinstance(value, tuple):
        return ast.Tuple(elts=[constant(item, place) for item in value], ctx=ast.Load(), **place)
    return ast.Constant(value=value, **place)


class Lowering(MatchLowering):
    """Rewrites one parsed program in place.

    Args:
        filename: names the guest file in errors.
        metered: count steps at function entries and loop back-edges.
        sized: ask before operations whose result can be large at once.
    """

    def __init__(self, filename: str, metered: bool, sized: bool) -> None:
        super().__init__()
        self.filename = filename
        self.metered = metered
        self.sized = sized
        self.depth = 0
        self.interactive = False

    # -- programs

    def program(self, tree: ast.AST) -> ast.AST:
        """Lower a Module, Expression or Interactive."""
        if isinstance(tree, ast.Expression):
            tree.body = self.visit(tree.body)
            return tree
        assert isinstance(tree, (ast.Module, ast.Interactive))
        self.interactive = isinstance(tree, ast.Interactive)
        tree.body = self.block(tree.body)
        if isinstance(tree, ast.Interactive):
            return ast.Module(body=tree.body, type_ignores=[])
        return tree

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        # `single` prints the values of expression statements through sys.displayhook.
        starred = isinstance(node.value, ast.Starred)
        self.generic_visit(node)
        if self.interactive and not self.depth and not starred:
            node.value = helper_call("display", position(node), node.value)
        return node

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Lower statements; one may become several."""
        lowered: list[ast.stmt] = []
        for statement in statements:
            result = self.visit(statement)
            if isinstance(result, list):
                lowered.extend(result)
            elif result is not None:
                lowered.append(result)
        return lowered

    # -- attributes and subscripts

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        node.value = self.visit(node.value)
        special = node.attr[:2] == "__" and node.attr[-2:] == "__"
        if not (special if not isinstance(node.ctx, ast.Load) else is_guarded(node.attr)):
            return node
        place = position(node)
        name = constant(node.attr, place)
        if isinstance(node.ctx, ast.Load):
            return helper_call("getattribute", place, node.value, name)
        proxy = helper_call("attributes", place, node.value)
        return ast.Subscript(value=proxy, slice=name, ctx=node.ctx, **place)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if (
            isinstance(node.value, ast.Name)
            and node.value.id == "type"
            and isinstance(node.ctx, ast.Load)
            and not isinstance(node.slice, ast.Slice)
        ):
            return helper_call("subscript", position(node), node.value, node.slice)
        return node

    def visit_Delete(self, node: ast.Delete) -> Any:
        self.generic_visit(node)
        lowered: list[ast.stmt] = []
        for target in node.targets:
            place = position(target)
            if isinstance(target, ast.Subscript):
                call = helper_call("delete_subscript", place, target.value, _key(target.slice, place))
                lowered.append(ast.Expr(value=call, **place))
            else:
                lowered.append(ast.Delete(targets=[target], **position(node)))
        return lowered

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function = node.func
        if (
            isinstance(function, ast.Name)
            and function.id == "type"
            and len(node.args) == 1
            and not node.keywords
            and isinstance(node.args[0], ast.Name)
        ):
            # `type(x)` asks for a type; making one takes the metaclass.
            return helper_call("call_type", position(node), function, node.args[0])
        return node

    # -- sizes (only with a memory limit)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        helper = _SIZED.get(type(node.op)) if self.sized else None
        if helper is None:
            return node
        return helper_call(helper, position(node), node.left, node.right)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        helper = _SIZED.get(type(node.op)) if self.sized else None
        if helper is not None and isinstance(node.target, ast.Name):
            place = position(node)
            current = ast.Name(id=node.target.id, ctx=ast.Load(), **position(node.target))
            value = helper_call(f"{helper}_inplace", place, current, node.value)
            return ast.Assign(targets=[node.target], value=value, **place)
        return node

    # -- imports (7.11)

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        place = position(node)
        lowered: list[ast.stmt] = []
        for alias in node.names:
            if alias.asname is None and HONOURS_BUILTINS:
                lowered.append(ast.Import(names=[alias], **place))
            elif alias.asname is None:
                value = helper_call("import_top", place, constant(alias.name, place))
                target = ast.Name(id=alias.name.partition(".")[0], ctx=ast.Store(), **place)
                lowered.append(ast.Assign(targets=[target], value=value, **place))
            else:
                value = helper_call("import_as", place, constant(alias.name, place))
                target = ast.Name(id=alias.asname, ctx=ast.Store(), **place)
                lowered.append(ast.Assign(targets=[target], value=value, **place))
        return lowered

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        if node.module == "__future__" and not node.level:
            if self.depth:
                raise error_at(
                    "from __future__ imports must occur at the beginning of the file", self.filename, node
                )
            return node
        place = position(node)
        module = constant(node.module or "", place)
        level = constant(node.level, place)
        names = tuple(alias.name for alias in node.names)
        if names == ("*",):
            if self.depth:
                raise error_at("import * only allowed at module level", self.filename, node.names[0])
            return ast.Expr(value=helper_call("import_star", place, module, level), **place)
        lowered: list[ast.stmt] = []
        wanted = [constant(alias.name, place) for alias in node.names]
        if len(names) == 1:
            values = [helper_call("import_from", place, module, level, constant(names, place), wanted[0])]
        else:
            values = [helper_call("imported", place, name) for name in wanted]
        for alias, value in zip(node.names, values):
            target = ast.Name(id=alias.asname or alias.name, ctx=ast.Store(), **place)
            lowered.append(ast.Assign(targets=[target], value=value, **place))
        if len(names) == 1:
            return lowered
        # The module is asked for once; each name is bound before the next one is looked for.
        begin = helper_call("begin_import", place, module, level, constant(names, place))
        end = ast.Expr(value=helper_call("end_import", place), **place)
        return [
            ast.Expr(value=begin, **place),
            ast.Try(body=lowered, handlers=[], orelse=[], finalbody=[end], **place),
        ]

    # -- blocks

    def _step(self, node: ast.AST) -> list[ast.stmt]:
        """A step, by hand: `budget.steps -= 1`, and what follows when none is left."""
        if not self.metered:
            return []
        place = position(node)
        count = ast.AugAssign(
            target=ast.Attribute(value=self._budget(place), attr="steps", ctx=ast.Store(), **place),
            op=ast.Sub(),
            value=constant(1, place),
            **place,
        )
        return [count, *self._stop(node)]

    def _stop(self, node: ast.AST) -> list[ast.stmt]:
        """End the guest here if its steps are used up."""
        if not self.metered:
            return []
        place = position(node)
        steps = ast.Attribute(value=self._budget(place), attr="steps", ctx=ast.Load(), **place)
        exhausted = ast.Attribute(value=self._budget(place), attr="exhausted", ctx=ast.Load(), **place)
        call = ast.Call(func=exhausted, args=[], keywords=[], **place)
        test = ast.Compare(left=steps, ops=[ast.Lt()], comparators=[constant(0, place)], **place)
        return [ast.If(test=test, body=[ast.Expr(value=call, **place)], orelse=[], **place)]

    def _tick(self, node: ast.AST) -> ast.expr:
        """A true expression that takes a step, where no statement can stand."""
        place = position(node)
        step = ast.Attribute(value=self._budget(place), attr="step", ctx=ast.Load(), **place)
        call = ast.Call(func=step, args=[], keywords=[], **place)
        return ast.Tuple(elts=[call], ctx=ast.Load(), **place)

    @staticmethod
    def _budget(place: Position) -> ast.expr:
        # Through the guest: a session's functions count against the budget of the evaluation that calls them.
        guest = placeholder("guest", place)
        return ast.Attribute(value=guest, attr="budget", ctx=ast.Load(), **place)

    def _function(self, node: Any) -> ast.stmt:
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        node.args = self.visit(node.args)
        if node.returns is not None:
            node.returns = self.visit(node.returns)
        self.depth += 1
        first = node.body[0]
        documented = (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        )
        outer, self.in_function = self.in_function, True
        body = self.block(node.body)
        self.in_function = outer
        start = 1 if documented else 0
        node.body = [*body[:start], *self._step(node), *body[start:]]
        self.depth -= 1
        return node  # type: ignore[no-any-return]

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        node.bases = [self.visit(base) for base in node.bases]
        node.keywords = [self.visit(keyword) for keyword in node.keywords]
        self.depth += 1
        outer, self.in_function = self.in_function, False
        node.body = self.block(node.body)
        self.in_function = outer
        self.depth -= 1
        if not HONOURS_BUILTINS:
            place = position(node)
            function = placeholder("class_driver", place)
            driver = ast.Call(func=function, args=node.bases, keywords=node.keywords, **place)
            driver.args = [constant(node.name, place), *driver.args]
            node.bases, node.keywords = [], [ast.keyword(arg="metaclass", value=driver, **place)]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self.generic_visit(node)
        if self.metered:
            place = position(node)
            node.body = ast.BoolOp(op=ast.And(), values=[self._tick(node), node.body], **place)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        if self.metered:
            node.ifs.insert(0, self._tick(node.iter))
        return node

    def _loop(self, node: Any) -> ast.stmt:
        self.generic_visit(node)
        node.body = [*self._step(node), *node.body]
        return node  # type: ignore[no-any-return]

    visit_For = visit_AsyncFor = visit_While = _loop

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        self.generic_visit(node)
        self._stop_first(node)
        if node.handlers:
            # 7.4: limits and exhausted memory are no exceptions of the guest's.
            place = position(node.handlers[0])
            handler = ast.ExceptHandler(
                type=placeholder("uncatchable", place),
                name=None,
                body=[ast.Raise(exc=None, cause=None, **place)],
                **place,
            )
            node.handlers.insert(0, handler)
        return node

    def visit_TryStar(self, node: Any) -> ast.stmt:
        self.generic_visit(node)
        self._stop_first(node)
        # No clause before the others could let limits pass: `except*` hands on parts of groups. So what ends the
        # guest is put aside in the body, and raised where no clause is asked any more.
        place = position(node)
        aside = ast.ExceptHandler(
            type=placeholder("uncatchable", place),
            name=None,
            body=[ast.Expr(value=helper_call("put_aside", place), **place)],
            **place,
        )
        node.body = [ast.Try(body=node.body, handlers=[aside], orelse=[], finalbody=[], **place)]
        node.orelse.insert(0, ast.Expr(value=helper_call("raise_put_aside", place), **place))
        return node  # type: ignore[no-any-return]

    def _stop_first(self, node: Any) -> None:
        """An ended guest runs no handler and no `finally`, whatever took the place of what ended it."""
        for handler in node.handlers:
            handler.body[:0] = self._stop(handler)
        if node.finalbody:
            node.finalbody[:0] = self._stop(node.finalbody[0])
