"""The reference evaluator as the runtime sees it (`runtime.agent.Evaluator`), and ECMA-262 clause 16."""

from __future__ import annotations

from types import FrameType
from typing import Callable

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.runtime.call_frame import CallFrame, Calls
from lockstep.reference.javascript.runtime.completions import (
    NativeErrorCompletion,
    ThrowCompletion,
    thrown_value,
)
from lockstep.reference.javascript.runtime.environments import (
    DeclarativeEnvironment,
    EnvironmentRecord,
    GlobalEnvironment,
)
from lockstep.reference.javascript.runtime.modules import SourceTextModule
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.declarations import (
    eval_declaration_instantiation,
    functions_by_name,
    global_declaration_instantiation,
)
from lockstep.reference.javascript.runtime.operations.evaluation import parse_eval
from lockstep.reference.javascript.runtime.realm import Realm
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.parse import EvalContext, parse_function_parts, parse_module
from lockstep.reference.javascript.treewalk import modules
from lockstep.reference.javascript.treewalk.context import EMPTY, Completion, ExecutionContext, Productions
from lockstep.reference.javascript.treewalk.coroutines import Coroutine
from lockstep.reference.javascript.treewalk.expressions import left_hand_side, operators, primary
from lockstep.reference.javascript.treewalk.frames import call_frames
from lockstep.reference.javascript.treewalk.functions import instantiate_function_object, ordinary_function
from lockstep.reference.javascript.treewalk.modules import initialize_module
from lockstep.reference.javascript.treewalk.statements import blocks, control, iteration

PRODUCTIONS = Productions(
    {**primary.EXPRESSIONS, **left_hand_side.EXPRESSIONS, **operators.EXPRESSIONS},
    {**primary.REFERENCES, **left_hand_side.REFERENCES},
    {**blocks.STATEMENTS, **control.STATEMENTS, **iteration.STATEMENTS, **modules.STATEMENTS},
    primary.named_evaluation,
)


class TreeWalker:
    """The reference evaluator. It holds no state: everything hangs off the realm.

    Args:
        metered: whether steps are limited; they are counted either way.
    """

    def __init__(self, *, metered: bool = False) -> None:
        self.metered = metered

    def for_agent(self) -> TreeWalker:
        """See the protocol."""
        return TreeWalker(metered=True)

    def prepare_realm(self, realm: Realm) -> None:
        """Nothing to prepare."""

    def call_frames(self, calls: Calls) -> tuple[list[CallFrame], FrameType | None]:
        """See the protocol."""
        return call_frames(calls)

    def parse_module(self, source: str, name: str) -> ast.Module:
        """See the protocol."""
        return parse_module(source, name)

    # 16.1.6
    def run_script(self, realm: Realm, script: ast.Script) -> Value:
        """ScriptEvaluation ( scriptRecord )."""
        context = ExecutionContext(
            PRODUCTIONS,
            realm,
            realm.global_environment,
            script.source,
            strict=script.strict,
            script_or_module=script,
        )

        def run() -> Value:
            context.hoisted = self._global_functions(script, realm)
            global_declaration_instantiation(
                realm,
                script.scope,
                functions_by_name(script.scope),
                lambda declaration: instantiate_function_object(declaration, context),
            )
            return blocks.statement_list(script.body, context)

        return _completed(run, realm)

    def _global_functions(self, script: ast.Script, realm: Realm) -> frozenset[str]:
        """B.3.2.2: the functions in blocks that become variables, as far as the global environment lets them."""
        environment = realm.global_environment
        return frozenset(
            name
            for name in (*script.scope.var_names, *script.scope.annex_b_names)
            if not environment.has_lexical_declaration(name)
            and (name in script.scope.var_names or environment.can_declare_global_function(name))
        )

    # 19.2.1.1, steps 12 to 30
    def run_eval(
        self, realm: Realm, source: str, rights: EvalContext, caller: ExecutionContext | None
    ) -> Value:
        """PerformEval from step 11 on; `caller` is the execution context of a direct eval."""
        script = parse_eval(source, rights)
        strict = script.strict
        outer: EnvironmentRecord
        if caller is not None:
            outer, variables = caller.environment, caller.variable_environment
        else:
            outer = variables = realm.global_environment
        lexical = DeclarativeEnvironment(outer)
        if strict:
            variables = lexical
        context = ExecutionContext(
            PRODUCTIONS,
            realm,
            lexical,
            script.source,
            strict=strict,
            private_environment=None if caller is None else caller.private_environment,
            function=None if caller is None else caller.function,
            script_or_module=script if caller is None else caller.script_or_module,
        )
        context.variable_environment = variables

        def run() -> Value:
            if not strict:
                context.hoisted = self._eval_functions(script, lexical, variables)
            eval_declaration_instantiation(
                script.scope,
                variables,
                lexical,
                strict,
                functions_by_name(script.scope),
                lambda declaration: instantiate_function_object(declaration, context),
            )
            return blocks.statement_list(script.body, context)

        return _completed(run, realm)

    def _eval_functions(
        self, script: ast.Script, lexical: EnvironmentRecord, variables: EnvironmentRecord
    ) -> frozenset[str]:
        """B.3.2.3: the functions in blocks that become variables, as far as the environments around let them."""
        allowed = {*script.scope.var_names, *script.scope.annex_b_names}
        environment = lexical.outer
        while environment is not variables:
            assert environment is not null
            if isinstance(environment, DeclarativeEnvironment) and not getattr(
                environment, "is_simple_catch", False
            ):
                allowed.difference_update(environment.bindings)
            environment = environment.outer
        if isinstance(variables, GlobalEnvironment):
            allowed = {
                name
                for name in allowed
                if not variables.has_lexical_declaration(name) and variables.can_declare_global_function(name)
            }
        return frozenset(allowed)

    def prepare_function(self, parameters: str, body: str, kind: str) -> ast.Function:
        """See the protocol."""
        return parse_function_parts(parameters, body, kind=kind)

    def make_function(self, realm: Realm, function: ast.Function, prototype: JSObject) -> JSFunction:
        """20.2.1.1.1 CreateDynamicFunction, steps 22 to 28: a closure over the global environment."""
        context = ExecutionContext(
            PRODUCTIONS, realm, realm.global_environment, function.source, strict=function.strict
        )
        return ordinary_function(function, context, "anonymous", prototype)

    def instantiate_module(self, realm: Realm, module: SourceTextModule) -> Coroutine:
        """16.2.1.7.3.1 InitializeEnvironment, from step 18 on."""
        assert module.environment is not None
        context = ExecutionContext(
            PRODUCTIONS,
            realm,
            module.environment,
            module.node.source,
            strict=True,
            script_or_module=module,
        )
        return initialize_module(context, module)


def _completed(run: Callable[[], Completion], realm: Realm) -> Value:
    """The value of the code's completion; an error that leaves the code knows where it was thrown."""
    realm_ = realm
    try:
        completion = run()
    except GuestSyntaxError as error:
        # Of a direct eval or a Function constructor: an error of the running code, not of its source.
        raise NativeErrorCompletion(error.name, error.message, realm_) from None
    except ThrowCompletion as error:
        frames = getattr(error, "frames", None)
        value = thrown_value(error, realm_)
        if isinstance(value, JSError) and getattr(value, "stack_", None) is None:
            value.stack_ = frames
        raise
    return undefined if completion is EMPTY else completion
