# ruff: noqa: D102  # the names are those of ast.NodeVisitor, which says what they do
"""Guest AST to host AST: almost everything stays, because a guest value is a host value.

What changes: guarded attributes go through the runtime; imports call the guest's import system; `match`
becomes tests over the runtime's patterns; handlers let limits pass; metered code counts its steps.
What the VM adds stands in constants (`reference/host/generation/constants.py`): no namespace of the guest's has a name for it.
"""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.constants import placeholder
from lockstep.reference.python.runtime.builtins.consumers import CONSUMING_ATTRIBUTES, CONSUMING_NAMES
from lockstep.reference.python.syntax.parse import error_at
from lockstep.reference.python.vm.match import MatchLowering
from lockstep.reference.python.vm.names import HONOURS_BUILTINS, is_guarded
from lockstep.reference.python.vm.places import Place

_SIZED = {ast.Mult: "multiply", ast.Pow: "power", ast.LShift: "shift"}


def _key(node: ast.expr, place: Place) -> ast.expr:
    """A subscript's key where it is no subscript's: a slice, or a tuple with slices in it, is made by hand."""
    if isinstance(node, ast.Slice):
        parts = [
            place.literal(None) if part is None else part for part in (node.lower, node.upper, node.step)
        ]
        return place.helper("slice", *parts)
    if isinstance(node, ast.Tuple):
        node.elts = [_key(element, place) for element in node.elts]
    return node


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
            node.value = Place(node).helper("display", node.value)
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
        place = Place(node)
        name = place.literal(node.attr)
        if isinstance(node.ctx, ast.Load):
            return place.helper("getattribute", node.value, name)
        proxy = place.helper("attributes", node.value)
        return place.placed(ast.Subscript(value=proxy, slice=name, ctx=node.ctx))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if (
            isinstance(node.value, ast.Name)
            and node.value.id == "type"
            and isinstance(node.ctx, ast.Load)
            and not isinstance(node.slice, ast.Slice)
        ):
            return Place(node).helper("subscript", node.value, node.slice)
        return node

    def visit_Delete(self, node: ast.Delete) -> object:
        self.generic_visit(node)
        lowered: list[ast.stmt] = []
        for target in node.targets:
            place = Place(target)
            if isinstance(target, ast.Subscript):
                call = place.helper("delete_subscript", target.value, _key(target.slice, place))
                lowered.append(place.evaluating(call))
            else:
                lowered.append(Place(node).placed(ast.Delete(targets=[target])))
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
            return Place(node).helper("call_type", function, node.args[0])
        if self.metered and node.args:
            node.args = [self._passed(function, argument) for argument in node.args]
        return node

    # -- what the host may run through (only in metered code)

    @staticmethod
    def _passed(function: ast.expr, argument: ast.expr) -> ast.expr:
        """An argument that `function` may run through."""
        if isinstance(argument, (ast.Constant, ast.ListComp, ast.Starred)):
            return argument
        place = Place(argument)
        if isinstance(function, ast.Name) and function.id in CONSUMING_NAMES:
            return place.helper("passed_to", place.variable(function.id), argument)
        if isinstance(function, ast.Attribute) and function.attr in CONSUMING_ATTRIBUTES:
            owner = function.value
            if isinstance(owner, ast.Name):
                again: ast.expr = place.variable(owner.id)
            elif isinstance(owner, ast.Constant):
                again = place.constant(owner.value)
            else:
                return argument
            return place.helper("passed_to_attribute", again, place.literal(function.attr), argument)
        return argument

    def visit_Starred(self, node: ast.Starred) -> ast.expr:
        self.generic_visit(node)
        if self.metered and isinstance(node.ctx, ast.Load):
            node.value = Place(node.value).helper("passing", node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        self.generic_visit(node)
        target = node.targets[0]
        elements = target.elts if isinstance(target, (ast.Tuple, ast.List)) and len(node.targets) == 1 else ()
        if self.metered and any(isinstance(element, ast.Starred) for element in elements):
            node.value = Place(node.value).helper("passing", node.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if self.metered:
            node.comparators = [
                Place(operand).helper("searched", operand)
                if isinstance(operator, (ast.In, ast.NotIn)) and isinstance(operand, (ast.Name, ast.Call))
                else operand
                for operator, operand in zip(node.ops, node.comparators)
            ]
        return node

    # -- sizes (only with a memory limit)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        helper = _SIZED.get(type(node.op)) if self.sized else None
        if helper is None:
            return node
        return Place(node).helper(helper, node.left, node.right)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        helper = _SIZED.get(type(node.op)) if self.sized else None
        if helper is not None and isinstance(node.target, ast.Name):
            place = Place(node)
            current = Place(node.target).variable(node.target.id)
            value = place.helper(f"{helper}_inplace", current, node.value)
            return place.placed(ast.Assign(targets=[node.target], value=value))
        return node

    # -- imports (7.11)

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        place = Place(node)
        lowered: list[ast.stmt] = []
        for alias in node.names:
            if alias.asname is None and HONOURS_BUILTINS:
                lowered.append(place.placed(ast.Import(names=[alias])))
            elif alias.asname is None:
                value = place.helper("import_top", place.literal(alias.name))
                target = place.target(alias.name.partition(".")[0])
                lowered.append(place.placed(ast.Assign(targets=[target], value=value)))
            else:
                value = place.helper("import_as", place.literal(alias.name))
                target = place.target(alias.asname)
                lowered.append(place.placed(ast.Assign(targets=[target], value=value)))
        return lowered

    def visit_ImportFrom(self, node: ast.ImportFrom) -> object:
        if node.module == "__future__" and not node.level:
            if self.depth:
                raise error_at(
                    "from __future__ imports must occur at the beginning of the file", self.filename, node
                )
            return node
        place = Place(node)
        module = place.literal(node.module or "")
        level = place.literal(node.level)
        names = tuple(alias.name for alias in node.names)
        if names == ("*",):
            if self.depth:
                raise error_at("import * only allowed at module level", self.filename, node.names[0])
            return place.evaluating(place.helper("import_star", module, level))
        lowered: list[ast.stmt] = []
        wanted = [place.literal(alias.name) for alias in node.names]
        if len(names) == 1:
            values = [place.helper("import_from", module, level, place.literal(names), wanted[0])]
        else:
            values = [place.helper("imported", name) for name in wanted]
        for alias, value in zip(node.names, values):
            target = place.target(alias.asname or alias.name)
            lowered.append(place.placed(ast.Assign(targets=[target], value=value)))
        if len(names) == 1:
            return lowered
        # The module is asked for once; each name is bound before the next one is looked for.
        begin = place.helper("begin_import", module, level, place.literal(names))
        end = place.evaluating(place.helper("end_import"))
        return [
            place.evaluating(begin),
            place.placed(ast.Try(lowered, [], [], [end])),
        ]

    # -- blocks

    def _step(self, node: ast.AST) -> list[ast.stmt]:
        place = Place(node)
        return place.step(self._budget(place)) if self.metered else []

    def _stop(self, node: ast.AST) -> list[ast.stmt]:
        place = Place(node)
        return [place.stop(self._budget(place))] if self.metered else []

    def _tick(self, node: ast.AST) -> ast.expr:
        """A true expression that takes a step, where no statement can stand."""
        place = Place(node)
        return place.tuple_of([place.call(place.attribute(self._budget(place), "step"))])

    @staticmethod
    def _budget(place: Place) -> ast.expr:
        # Through the guest: a session's functions count against the budget of the evaluation that calls them.
        return place.attribute(placeholder(place, "guest"), "budget")

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
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
        lowered: ast.stmt = node
        return lowered

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
            place = Place(node)
            function = placeholder(place, "class_driver")
            driver = place.placed(ast.Call(func=function, args=node.bases, keywords=node.keywords))
            driver.args = [place.literal(node.name), *driver.args]
            node.bases, node.keywords = [], [place.placed(ast.keyword(arg="metaclass", value=driver))]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self.generic_visit(node)
        if self.metered:
            place = Place(node)
            node.body = place.both(self._tick(node), node.body)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        if self.metered:
            node.ifs.insert(0, self._tick(node.iter))
        return node

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> ast.stmt:
        self.generic_visit(node)
        node.body = [*self._step(node), *node.body]
        lowered: ast.stmt = node
        return lowered

    visit_For = visit_AsyncFor = visit_While = _loop

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        self.generic_visit(node)
        self._stop_first(node)
        if node.handlers:
            # 7.4: limits and exhausted memory are no exceptions of the guest's.
            place = Place(node.handlers[0])
            handler = place.placed(
                ast.ExceptHandler(
                    type=placeholder(place, "uncatchable"),
                    name=None,
                    body=[place.placed(ast.Raise(exc=None, cause=None))],
                )
            )
            node.handlers.insert(0, handler)
        return node

    def visit_TryStar(self, node: ast.TryStar) -> ast.stmt:
        self.generic_visit(node)
        self._stop_first(node)
        # No clause before the others could let limits pass: `except*` hands on parts of groups. So what ends the
        # guest is put aside in the body, and raised where no clause is asked any more.
        place = Place(node)
        aside = place.placed(
            ast.ExceptHandler(
                type=placeholder(place, "uncatchable"),
                name=None,
                body=[place.evaluating(place.helper("put_aside"))],
            )
        )
        node.body = [place.placed(ast.Try(node.body, [aside], [], []))]
        node.orelse.insert(0, place.evaluating(place.helper("raise_put_aside")))
        lowered: ast.stmt = node
        return lowered

    def _stop_first(self, node: ast.Try | ast.TryStar) -> None:
        """An ended guest runs no handler and no `finally`, whatever took the place of what ended it."""
        for handler in node.handlers:
            handler.body[:0] = self._stop(handler)
        if node.finalbody:
            node.finalbody[:0] = self._stop(node.finalbody[0])
