"""From source to host code."""

from __future__ import annotations

import ast
from types import CodeType

from reference.lua.profile import Profile
from reference.lua.runtime.frames import CODE_PREFIX
from reference.lua.syntax import nodes
from reference.lua.syntax.parser import parse
from reference.lua.vm.functions import Chunk
from reference.lua.vm.statements import function_definition

CHUNK_FUNCTION = "$chunk"


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
    chunk = Chunk(profile, metered=metered)
    environment = chunk.host_name(tree.upvalues[0])
    definition, name = function_definition(None, tree, chunk)
    position = {"lineno": 1, "col_offset": 0}
    made = ast.Return(ast.Name(name, ast.Load(), **position), **position)
    arguments = ast.arguments([], [ast.arg(environment, None, **position)], None, [], [], None, [])
    outer = ast.FunctionDef(CHUNK_FUNCTION, arguments, [definition, made], [], None, **position)
    return tree, ast.Module([outer], [])


def compile_chunk(source: str, chunk_name: str, profile: Profile, *, metered: bool) -> CodeType:
    """The host code of a chunk. Raises GuestSyntaxError."""
    module = generate(source, chunk_name, profile, metered=metered)
    file_name = CODE_PREFIX + chunk_name.replace("\0", "\\0")
    return compile(module, file_name, "exec", dont_inherit=True)
