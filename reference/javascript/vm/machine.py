"""The VM as the runtime's `Evaluator`: compiles, keeps compiled programs, and runs them in a realm."""

from __future__ import annotations

from collections.abc import Generator
from types import FrameType, FunctionType, MethodType
from typing import TYPE_CHECKING

from lockstep.reference.host.collector import collector_paused_for
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.program_cache import ProgramCache
from lockstep.reference.javascript.runtime.call_frame import CallFrame, Calls
from lockstep.reference.javascript.runtime.call_frames import frames_of_code
from lockstep.reference.javascript.runtime.completions import NativeErrorCompletion
from lockstep.reference.javascript.runtime.environments import DeclarativeEnvironment, EnvironmentRecord
from lockstep.reference.javascript.runtime.operations.declarations import (
    eval_declaration_instantiation,
    global_declaration_instantiation,
)
from lockstep.reference.javascript.runtime.operations.evaluation import parse_eval, perform_eval
from lockstep.reference.javascript.runtime.operations.references import method_entry
from lockstep.reference.javascript.runtime.values import PrivateName, Value, undefined
from lockstep.reference.javascript.syntax.parse import EvalContext, parse_function_parts, parse_module
from lockstep.reference.javascript.vm import asynchronous
from lockstep.reference.javascript.vm.closures import (
    Cells,
    ClosureTemplate,
    make_default_constructor,
    make_deferred,
    make_function,
)
from lockstep.reference.javascript.vm.compiler import Compiler
from lockstep.reference.javascript.vm.construction import LateThis, ThisBinding
from lockstep.reference.javascript.vm.generation.compilation import Options
from lockstep.reference.javascript.vm.kept_programs import KeptModule, KeptPrograms
from lockstep.reference.javascript.vm.program import CompiledProgram, program_size
from lockstep.reference.javascript.vm.support import install

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.modules import SourceTextModule
    from lockstep.reference.javascript.runtime.objects.function import JSFunction
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
    from lockstep.reference.javascript.syntax.ast import Module, Script, Source
    from lockstep.reference.javascript.syntax.scope import DeclaredNames

# In a program of so many characters, functions of so many wait for their first call to be compiled.
LARGE_PROGRAM = 16_000
LARGE_FUNCTION = 150


class DirectEval:
    """What the code around a direct eval lends to it."""

    __slots__ = (
        "binding",
        "callee",
        "lexical",
        "new_target",
        "private",
        "private_names",
        "this",
        "variables",
    )

    def __init__(
        self,
        *,
        lexical: EnvironmentRecord,
        variables: EnvironmentRecord,
        this: Value,
        binding: ThisBinding | None,
        new_target: Value,
        callee: Value,
        private_names: tuple[str, ...],
        private: tuple[PrivateName, ...],
    ) -> None:
        self.lexical = lexical
        self.variables = variables
        self.this = this
        self.binding = binding
        self.new_target = new_target
        self.callee = callee
        self.private_names = private_names
        self.private = private


class Machine:
    """The VM's side of the runtime's protocol; one per run."""

    def __init__(
        self, cache: ProgramCache[CompiledProgram], *, metered: bool, kept: KeptPrograms | None = None
    ) -> None:
        self.cache = cache
        self.kept = kept
        self.metered = metered

    def for_agent(self) -> Machine:
        """See the protocol."""
        return Machine(self.cache, metered=True)

    def prepare_realm(self, realm: Realm) -> None:
        """See the protocol."""
        install(realm)
        for name, function in (
            ("make_function_", make_function),
            ("make_deferred_", make_deferred),
            ("make_default_constructor_", make_default_constructor),
            ("declare_script_", _declare_script),
            ("declare_eval_", _declare_eval),
            ("direct_eval_", _direct_eval),
        ):
            realm.host_globals[name] = MethodType(function, realm)
        realm.host_globals["late_this_"] = LateThis
        realm.host_globals["cells_"] = Cells
        realm.host_globals["this_binding_"] = ThisBinding
        asynchronous.install(realm)

    def compile_script(self, script: Script, *, completion: bool, keep_tree: bool = False) -> CompiledProgram:
        """Compile a parsed script."""
        compiler = self.compiler(script.source, keep_tree=keep_tree)
        with collector_paused_for(len(script.source.text)):
            return compiler.script(script, completion=completion)

    def compiler(self, source: Source, *, keep_tree: bool = False) -> Compiler:
        """A compiler for a script or module."""
        large = len(source.text) >= LARGE_PROGRAM and not keep_tree
        if not large:
            return Compiler(Options(source.name, self.metered, keep_tree=keep_tree))
        waits = {"deferred_from": LARGE_FUNCTION, "extent": len(source.text)}
        return Compiler(Options(source.name, self.metered, keep_tree=keep_tree, **waits))

    def run_script(self, realm: Realm, script: Script) -> Value:
        """See the protocol."""
        return self.run_program(realm, self.compile_script(script, completion=True))

    def run_program(self, realm: Realm, program: CompiledProgram) -> Value:
        """Run a compiled script."""
        function = self._function(realm, program)
        try:
            return function(realm.global_this, program.function_templates(), program.names)
        except GuestSyntaxError as error:
            # Of an eval or a Function constructor: an error of the running code, not of its source.
            raise NativeErrorCompletion(error.name, error.message, realm) from None

    @staticmethod
    def _function(realm: Realm, program: CompiledProgram) -> FunctionType:
        return FunctionType(program.code, realm.host_globals)

    def _compile_eval(
        self, source: str, rights: EvalContext, private_names: tuple[str, ...]
    ) -> CompiledProgram:
        script = parse_eval(source, rights)
        compiler = Compiler(Options(script.source.name, self.metered))
        return compiler.eval_code(script, private_names=private_names, rights=rights)

    def run_eval(self, realm: Realm, source: str, rights: EvalContext, caller: DirectEval | None) -> Value:
        """See the protocol."""
        names = caller.private_names if caller is not None else ()
        program = self.cache.get(
            (source, rights, names, self.metered),
            lambda: self._compile_eval(source, rights, names),
            program_size,
        )
        if program.is_taken:
            program = self._compile_eval(source, rights, names)
        if caller is None:
            outer: EnvironmentRecord = realm.global_environment
            variables = outer
            this: Value = realm.global_this
        else:
            outer, variables = caller.lexical, caller.variables
            this = caller.this
        lexical = DeclarativeEnvironment(outer)
        if program.strict:
            variables = lexical
        function = self._function(realm, program)
        return function(
            this,
            _own_templates(program),
            program.names,
            variables,
            lexical,
            caller.private if caller is not None else (),
            caller.callee if caller is not None else undefined,
            caller.new_target if caller is not None else undefined,
            caller.binding if caller is not None else None,
        )

    def prepare_function(self, parameters: str, body: str, kind: str) -> CompiledProgram:
        """See the protocol."""

        def compiled() -> CompiledProgram:
            function = parse_function_parts(parameters, body, kind=kind)
            return Compiler(Options(function.source.name, self.metered)).function(function)

        program = self.cache.get((parameters, body, kind, self.metered), compiled, program_size)
        return compiled() if program.is_taken else program

    def make_function(self, realm: Realm, function: CompiledProgram, prototype: JSObject) -> JSFunction:
        """See the protocol."""
        made: JSFunction = self._function(realm, function)(undefined, _own_templates(function), undefined)
        if made.get_prototype_of() is not prototype:
            made.set_prototype_of(prototype)
        return made

    def call_frames(self, calls: Calls) -> tuple[list[CallFrame], FrameType | None]:
        """See the protocol."""
        return frames_of_code(calls)

    def parse_module(self, source: str, name: str) -> Module:
        """See the protocol."""
        return parse_module(source, name) if self.kept is None else self.kept.module(self, source, name)

    def compile_module(self, node: Module) -> CompiledProgram:
        """Compile a parsed module."""
        with collector_paused_for(len(node.source.text)):
            return self.compiler(node.source).module(node)

    def instantiate_module(self, realm: Realm, module: SourceTextModule) -> Generator[Value, Value, Value]:
        """See the protocol: a started host generator whose next `send` runs the body."""
        node = module.node
        program = node.program if isinstance(node, KeptModule) else self.compile_module(node)
        execution: Generator[Value, Value, Value] = self._function(realm, program)(
            undefined, program.function_templates(), program.names, module.environment, module
        )
        execution.send(None)
        return execution


def _own_templates(program: CompiledProgram) -> list[ClosureTemplate]:
    """13.2.8.4: each evaluation of eval code, and each new function, has template objects of its own."""
    templates = program.function_templates()
    return templates if program.defers else list(templates)


def _instantiated(function: JSFunction) -> JSFunction:
    return function


def _declare_script(
    realm: Realm, scope: DeclaredNames, names: tuple[str, ...], functions: tuple[JSFunction, ...]
) -> None:
    global_declaration_instantiation(realm, scope, dict(zip(names, functions)), _instantiated)


def _declare_eval(
    realm: Realm,
    scope: DeclaredNames,
    variables: EnvironmentRecord,
    lexical: EnvironmentRecord,
    strict: bool,
    names: tuple[str, ...],
    functions: tuple[JSFunction, ...],
) -> None:
    eval_declaration_instantiation(
        scope, variables, lexical, strict, dict(zip(names, functions)), _instantiated
    )


def _direct_eval(
    realm: Realm,
    function: Value,
    receiver: Value,
    arguments: list[Value],
    lexical: EnvironmentRecord,
    variables: EnvironmentRecord,
    this: Value,
    binding: ThisBinding | None,
    new_target: Value,
    callee: Value,
    strict: bool,
    flags: tuple[tuple[str, bool], ...],
    private_names: tuple[str, ...],
    private: tuple[PrivateName, ...],
) -> Value:
    """13.3.6.1, step 6."""
    if function is not realm.eval:
        return method_entry(function, 9, "eval")(receiver, *arguments)
    if not arguments:
        return undefined
    source = arguments[0]
    if source.__class__ is not str:
        return source
    caller = DirectEval(
        lexical=lexical,
        variables=variables,
        this=this,
        binding=binding,
        new_target=new_target,
        callee=callee,
        private_names=private_names,
        private=private,
    )
    rights = EvalContext(strict=strict, private_names=frozenset(private_names), **dict(flags))
    return perform_eval(realm, source, caller, context=rights)
