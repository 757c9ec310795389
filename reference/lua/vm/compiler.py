"""From source to host code."""

from __future__ import annotations

import ast
import re
from types import CodeType

from lockstep.reference.host.collector import collector_paused
from lockstep.reference.host.generation.compiling import compile_tree
from lockstep.reference.host.generation.nodes import Nodes
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.stack.frames import code_file_name
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.syntax.parser import parse_chunk
from lockstep.reference.lua.syntax.walking import functions_of, variables_in
from lockstep.reference.lua.vm.form import CHUNK_FUNCTION, INSPECTS, STATE_PARAMETER, Form
from lockstep.reference.lua.vm.functions import Chunk, Forms
from lockstep.reference.lua.vm.kinds import Kinds
from lockstep.reference.lua.vm.productions.assignments import ASSIGNMENTS
from lockstep.reference.lua.vm.productions.control import STATEMENTS
from lockstep.reference.lua.vm.productions.definitions import function_definition, function_value
from lockstep.reference.lua.vm.productions.expressions import EXPRESSIONS
from lockstep.reference.lua.vm.yielding import yielding_functions

_ENVIRONMENTS = re.compile(r"\b(setfenv|module)\b")
_COLLECTS = re.compile(r"\b(collectgarbage|gcinfo|__gc|__mode)\b")
_JOINS = re.compile(r"\bupvaluejoin\b")
FORMS: Forms = {**EXPRESSIONS, **ASSIGNMENTS, **STATEMENTS, nodes.Function: function_value}


def generate(source: ChunkSource, profile: Profile, form: Form) -> ast.Module:
    """The host syntax of a chunk: a function that takes `_ENV` and gives the main function's host function.

    Raises:
        GuestSyntaxError: the source is no chunk.
    """
    return generate_tree(source, profile, form)[1]


def generate_tree(source: ChunkSource, profile: Profile, form: Form) -> tuple[nodes.Function, ast.Module]:
    """The chunk's syntax, its variables with their host names, and its host syntax."""
    tree = parse_chunk(source, profile)
    inspects = INSPECTS.search(source.text) is not None
    if inspects or form.boxed:
        share_variables(tree, joined=form.boxed or _JOINS.search(source.text) is not None)
    if not profile.environments and _ENVIRONMENTS.search(source.text):
        _carry_environments(tree)
    if source.outer is not None:
        return tree, _generate_dumped(tree, profile, form)
    trusting = not (inspects or form.hooked or form.boxed)
    chunk = Chunk(profile, form, Kinds(tree, profile, trusting=trusting), FORMS)
    if form.releasing or _COLLECTS.search(source.text):
        chunk.releasing = True
        _separate_blocks(tree)
    if not form.hooked:
        chunk.yielding = yielding_functions(tree, source.text)
    environment = chunk.host_name(tree.upvalues[0])
    if tree.upvalues[0].in_loop:
        chunk.environment = environment
    definition, name = function_definition(None, tree, chunk)
    return tree, _module([environment], definition, name)


def _generate_dumped(tree: nodes.Function, profile: Profile, form: Form) -> ast.Module:
    """The dumped function in its chunk: the host function takes the upvalues' first values."""
    function = next(one for one in functions_of(tree) if one.number == 1)
    for variable in tree.variables:
        # In boxes, as where `debug.upvaluejoin` is mentioned.
        variable.assigned = variable.in_loop = True
    chunk = Chunk(profile, form, Kinds(function, profile, trusting=False), FORMS)
    chunk.host_name(tree.upvalues[0])
    definition, name = function_definition(None, function, chunk)
    parameters = [chunk.host_name(variable) for variable in function.upvalues]
    return _module(parameters, definition, name)


def _module(parameters: list[str], definition: ast.FunctionDef, name: str) -> ast.Module:
    nodes_of_chunk = Nodes()
    body = [definition, nodes_of_chunk.returning(nodes_of_chunk.variable(name))]
    return ast.Module([nodes_of_chunk.defining(CHUNK_FUNCTION, [STATE_PARAMETER, *parameters], body)], [])


def _carry_environments(tree: nodes.Function) -> None:
    """Let each closure carry an environment of its own, as what a loop's round captures."""
    environment = tree.upvalues[0]
    environment.in_loop = True
    for function in functions_of(tree):
        if environment not in function.upvalues:
            function.upvalues.append(environment)


def _separate_blocks(tree: nodes.Function) -> None:
    """Let closures carry the variables of inner blocks, so that their function can let go of them."""
    for function in functions_of(tree):
        outermost = {v for one in function.block.statements for v in getattr(one, "variables", ())}
        outermost.update(
            one.variable for one in function.block.statements if isinstance(one, nodes.LocalFunction)
        )
        for variable in variables_in(nodes.Do(function.block)):
            if variable in outermost:
                continue
            variable.in_loop = True


def share_variables(tree: nodes.Function, *, joined: bool) -> None:
    """Keep every captured variable of a loop in a box: `debug.upvalueid` and its like tell them apart.

    All of them where they may be `joined` with those of other functions.
    """
    for function in functions_of(tree):
        for variable in function.variables:
            variable.assigned = True
            variable.in_loop = variable.in_loop or joined


def compile_chunk(source: ChunkSource, profile: Profile, form: Form, key: str) -> CodeType:
    """The host code of a chunk; its file name tells what chunk it is of, and `key` which of that name.

    Raises:
        GuestSyntaxError: the source is no chunk.
    """
    file_name = code_file_name(source.chunk_name, key, stripped=source.stripped)
    with collector_paused():
        return compile_tree(generate(source, profile, form), file_name)
