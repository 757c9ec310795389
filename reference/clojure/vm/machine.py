"""The VM as the runtime sees it: evaluates forms and loads sources by compiling them to host code."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from types import CodeType

from lockstep.reference.clojure.analysis.nodes import Node
from lockstep.reference.clojure.analysis.toplevel import (
    analysed_forms,
    analyser_of,
    macroexpand_1,
    top_level_forms,
)
from lockstep.reference.clojure.runtime.collections import access, interface
from lockstep.reference.clojure.runtime.collections.interface import list_of
from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP, EMPTY_SET, Map
from lockstep.reference.clojure.runtime.collections.vector import EMPTY_VECTOR
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.forms import Forms
from lockstep.reference.clojure.runtime.kernel import arithmetic
from lockstep.reference.clojure.runtime.operations import (
    MISSING,
    Operations,
    case_index,
    caught,
    lookup,
    map_constant,
    not_callable,
    rest_seq,
    set_constant,
    vector_literal,
    with_meta,
)
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Pattern
from lockstep.reference.clojure.runtime.values import Value, numbers
from lockstep.reference.clojure.runtime.values.equality import equiv
from lockstep.reference.clojure.runtime.values.faults import ArityFault
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant, TaggedLiteral
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Boolean, Char, Keyword, Symbol
from lockstep.reference.clojure.syntax.reader import Reader
from lockstep.reference.clojure.vm.builder import Builder
from lockstep.reference.clojure.vm.compiler import FunctionCompiler
from lockstep.reference.clojure.vm.constants import Constants
from lockstep.reference.clojure.vm.destinations import RETURN
from lockstep.reference.clojure.vm.inference import Types
from lockstep.reference.host.collector import collector_paused
from lockstep.reference.host.generation.code_cache import CodeCache
from lockstep.reference.host.generation.compiling import compile_tree

# What compiled code calls, by the name it has there; the rest belongs to an environment.
_SHARED: dict[str, Value] = {
    "%true": TRUE,
    "%false": FALSE,
    "%missing": MISSING,
    "%Exception": Exception,
    "%Map": Map,
    "%Keyword": Keyword,
    "%Boolean": Boolean,
    "%nan": numbers.NAN,
    "%fresh_nan": numbers.not_a_number,
    "%empty_vector": EMPTY_VECTOR,
    "%empty_map": EMPTY_MAP,
    "%empty_set": EMPTY_SET,
    "%int": int,
    "%float": float,
    "%str": str,
    "%type": type,
    "%overflow": numbers.overflow,
    "%subtract": numbers.subtract,
    "%modulo": numbers.modulo,
    "%remainder": numbers.remainder,
    "%quotient": numbers.quotient,
    "%divide": numbers.divide,
    "%double_cast": arithmetic.double_cast,
    "%long_cast": arithmetic.long_cast,
    "%require_number": numbers.require_number,
    "%second_number": numbers.second_number,
    "%equiv": equiv,
    "%is_zero": numbers.is_zero,
    "%product": numbers.product,
    "%quotient_longs": numbers.quotient_longs,
    "%remainder_longs": numbers.remainder_longs,
    "%get": access.get,
    "%nth": access.nth,
    "%conj": access.conj,
    "%assoc": access.assoc,
    "%first": access.first,
    "%rest": access.rest,
    "%next": access.following,
    "%seq": interface.seq,
    "%cons": access.cons,
    "%count": access.count,
    "%lookup": lookup,
    "%not_callable": not_callable,
    "%rest_seq": rest_seq,
    "%arity_fault": ArityFault,
    "%caught": caught,
    "%case": case_index,
    "%with_meta": with_meta,
    "%vector": vector_literal,
    "%map": map_constant,
    "%set": set_constant,
    "%list": list_of,
    "%symbol": Symbol,
    "%char": Char,
    "%bigint": numbers.BigInt,
    "%ratio": numbers.Ratio,
    "%decimal": numbers.BigDecimal,
    "%pattern": Pattern,
    "%instant": Instant,
    "%identifier": Identifier,
    "%tagged": TaggedLiteral,
}


class Unit:
    """The host code of one top-level form, before and after compilation."""

    def __init__(self, statements: list[ast.stmt], opaque: dict[str, Value]) -> None:
        self.statements = statements
        self.opaque = opaque

    def code(self, file: str) -> CodeType:
        """The code object."""
        return compile_tree(ast.Module(self.statements, []), file, optimize=2)


class _OpaqueError(Exception):
    """The code holds an object that cannot be written down, so it serves one environment only."""


class Machine:
    """The VM's evaluator for one environment.

    Args:
        environment: the guest state.
        cache: the engine's compiled code.
    """

    def __init__(self, environment: Environment, cache: CodeCache) -> None:
        self.environment = environment
        self.cache = cache
        self.metered = environment.budget.limits.metered
        operations = Operations(environment)
        cells = environment.cells
        cells.update(_SHARED)
        cells.update(
            {
                "%budget": environment.budget,
                "%keyword": environment.interner.keyword,
                "%var": operations.var,
                "%class": operations.class_named,
                "%define": operations.define,
                "%set_var": operations.set_var,
                "%set_field": operations.set_field,
                "%set_own_field": operations.set_own_field,
                "%field": operations.field,
                "%own_field": operations.own_field,
                "%new": operations.new,
                "%method": operations.method,
                "%static": operations.static,
                "%static_field": operations.static_field,
                "%make_type": operations.make_type,
                "%import": operations.import_class,
                "%matches": operations.matches,
                "%throwable": operations.throwable,
                "%map_literal": operations.map_literal,
                "%set_literal": operations.set_literal,
            }
        )
        cells["%result"] = None

    def expand(self, form: Value) -> Value:
        """`macroexpand-1`."""
        return macroexpand_1(self.environment, form)

    @collector_paused()
    def unit(self, node: Node, name: str) -> Unit:
        """The host code of an analysed form; `name` is part of the names of its constants."""
        builder = Builder()
        constants = Constants(builder, name)
        compiler = FunctionCompiler(builder, constants, {}, [0], self.metered, Types())
        compiler.emit(node, RETURN)
        builder.line, builder.column = node.line, node.column
        main = builder.defining("~form", (), compiler.block)
        run = builder.assigning("%result", builder.call("~form"))
        return Unit([*constants.prologue, main, run], constants.opaque)

    def run(self, unit: Unit, file: str) -> Value:
        """Run a unit in the environment."""
        cells = self.environment.cells
        cells.update(unit.opaque)
        exec(unit.code(file), cells)  # noqa: S102  # host code that this compiler made
        return cells["%result"]

    def evaluate(self, form: Value) -> Value:
        """The value of a form."""
        result = None
        self.environment.history.update(self.environment.print_text(form).encode("utf-8", "surrogatepass"))
        analyser = analyser_of(self.environment, str(self.environment.value("*file*")))
        for one in top_level_forms(analyser, form):
            node, _ = analyser.analyse(one)
            result = self.run(self.unit(node, f"e{self.environment.next_id()}"), analyser.file)
        return result

    def load(self, source: str, name: str, *, library: bool = False, required: bool = False) -> Value:
        """Read, compile and run all forms of a source.

        A library comes from the compiled code cache. A required file is compiled once for every history that leads
        to it, as ahead-of-time compilation would: its macros are not expanded anew in the next environment.
        """
        environment = self.environment
        linking, environment.linking = environment.linking, library
        try:
            return self._load(source, name, library=library, required=required)
        finally:
            environment.linking = linking

    def _load(self, source: str, name: str, *, library: bool, required: bool) -> Value:
        environment = self.environment
        if not library and not required:
            return self._run_all(source, name, None)
        if library:
            key = self.cache.key(source, "library", name, self.metered)
        else:
            past = environment.history.hexdigest()
            key = self.cache.key(source, "required", name, self.metered, environment.features, past)
        environment.history.update(key.encode())
        ran: list[Value] = []

        def compile_source() -> CodeType:
            statements: list[ast.stmt] = []
            ran.append(self._run_all(source, name, statements))
            if not statements:
                raise _OpaqueError
            with collector_paused():
                return compile_tree(ast.Module(statements, []), name, optimize=2)

        try:
            code = self.cache.get(key, compile_source, persist=library)
        except _OpaqueError:
            return ran[0]
        if not ran:
            exec(code, environment.cells)  # noqa: S102  # host code that this compiler made
        return environment.cells["%result"]

    def _run_all(self, source: str, name: str, statements: list[ast.stmt] | None) -> Value:
        environment = self.environment
        reader = Reader(source, name, Forms(environment), environment.features)
        opaque = False
        start = 0
        digest = hashlib.sha256(f"{name}\0{source}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
        result = None
        made: set[str] = set()
        for count, (node, _) in enumerate(analysed_forms(environment, reader, name)):
            unit = self.unit(
                node, f"{digest}.{count}" if statements is not None else f"e{environment.next_id()}"
            )
            if statements is None:
                environment.history.update(source[start : reader.position].encode("utf-8", "surrogatepass"))
                start = reader.position
            else:
                opaque = opaque or bool(unit.opaque)
                for statement in unit.statements:
                    # Every form makes its keywords; the whole needs them once.
                    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
                    name = target.id if isinstance(target, ast.Name) else ""
                    if not name.startswith(":"):
                        statements.append(statement)
                    elif name not in made:
                        made.add(name)
                        statements.append(statement)
            result = self.run(unit, name)
        if opaque and statements is not None:
            statements.clear()
        return result

    def disassemble(self, source: str, name: str) -> Iterator[str]:
        """The generated host source of each form of a source; they are run on the way."""
        environment = self.environment
        reader = Reader(source, name, Forms(environment), environment.features)
        for node, _ in analysed_forms(environment, reader, name):
            unit = self.unit(node, f"e{environment.next_id()}")
            yield ast.unparse(ast.Module(unit.statements, []))
            self.run(unit, name)
