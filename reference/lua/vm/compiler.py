"""From source to host code."""

from __future__ import annotations

import ast
import re
from types import CodeType
from typing import Any

from reference.lua.profile import Profile
from reference.lua.runtime.frames import CODE_PREFIX
from reference.lua.syntax import nodes
from reference.lua.syntax.parser import parse
from reference.lua.syntax.walking import functions_of
from reference.lua.vm.functions import Chunk
from reference.lua.vm.statements import function_definition

CHUNK_FUNCTION = "$chunk"
_DEBUG = re.compile(r"\bdebug\b")


def generate(source: str, chunk_name: str, profile: Profile, *, metered: bool) -> ast.Module:
    """The host syntax of a chunk: a function that takes `_ENV` and gives the main function's host function.

    Raises:
        GuestSyntaxError: the source is no chunk.
    """
    return generate_tree(source, chunk_name, profile, metered=metered)[1]


def generate_tree(
    source: str, chunk_name: str, profile: Profile, *, metered: bool
) -> tuple[nodes.Function, ast.Module]:
    """The chunk's syntax, its variables with their host names, and its host syntax."""
    tree = parse(source, chunk_name, profile)
    if _DEBUG.search(source):
        share_variables(tree)
    chunk = Chunk(profile, metered=metered)
    environment = chunk.host_name(tree.upvalues[0])
    definition, name = function_definition(None, tree, chunk)
    position: dict[str, Any] = {"lineno": 1, "col_offset": 0}
    made = ast.Return(ast.Name(name, ast.Load(), **position), **position)
    arguments = ast.arguments([], [ast.arg(environment, None, **position)], None, [], [], None, [])
    outer = ast.FunctionDef(CHUNK_FUNCTION, arguments, [definition, made], [], None, **position)
    return tree, ast.Module([outer], [])


def generate_function(
    source: str, chunk_name: str, profile: Profile, number: int, *, metered: bool
) -> tuple[nodes.Function, ast.Module]:
    """One function of a chunk as a chunk of its own: the host function takes the upvalues' first values."""
    tree, _ = generate_tree(source, chunk_name, profile, metered=metered)
    function = next(one for one in functions_of(tree) if one.number == number)
    chunk = Chunk(profile, metered=metered)
    definition, name = function_definition(None, function, chunk)
    position: dict[str, Any] = {"lineno": 1, "col_offset": 0}
    parameters = [chunk.host_name(variable) for variable in function.upvalues]
    made = ast.Return(ast.Name(name, ast.Load(), **position), **position)
    arguments = ast.arguments(
        [], [ast.arg(one, None, **position) for one in parameters], None, [], [], None, []
    )
    outer = ast.FunctionDef(CHUNK_FUNCTION, arguments, [definition, made], [], None, **position)
    return function, ast.Module([outer], [])


def share_variables(tree: nodes.Function) -> None:
    """Keep every captured variable of a loop in a box: `debug.upvalueid` and its like tell them apart."""
    for function in functions_of(tree):
        for variable in function.variables:
            variable.assigned = True


def compile_chunk(source: str, chunk_name: str, profile: Profile, *, metered: bool) -> CodeType:
    """The host code of a chunk. Raises GuestSyntaxError."""
    module = generate(source, chunk_name, profile, metered=metered)
    return compile_module(module, chunk_name)


def compile_module(module: ast.Module, chunk_name: str) -> CodeType:
    """Host code under the file name that tells what chunk it is of."""
    file_name = CODE_PREFIX + chunk_name.replace("\0", "\\0")
    return compile(module, file_name, "exec", dont_inherit=True)
