"""ECMA-262 13.2.5.4: evaluation of property names, and 8.4.5: names of anonymous functions."""

from __future__ import annotations

from lockstep.reference.javascript.runtime.operations.conversion import to_property_key
from lockstep.reference.javascript.runtime.operations.functions import function_name
from lockstep.reference.javascript.runtime.values import PrivateName, PropertyKey
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.treewalk.context import ExecutionContext, FunctionName


def property_name(key: ast.PropertyName, context: ExecutionContext) -> PropertyKey:
    """13.2.5.4 Evaluation of PropertyName."""
    if isinstance(key, str):
        return key
    # ComputedPropertyName: 3. Return ? ToPropertyKey(propName).
    assert isinstance(key, ast.ComputedPropertyName)
    return to_property_key(context.evaluate(key.expression))


def text_of_name(name: FunctionName) -> str:
    """10.2.9 SetFunctionName, steps 2 to 4: the text for a property key or Private Name."""
    return function_name(name.description if isinstance(name, PrivateName) else name)
