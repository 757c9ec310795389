"""The operations that stand twice: once in a runtime, once written out by a VM; and the test that compares the two.

An operation has one text, in `runtime/`. Where a VM has a second one, more than a guard in front of a call of the first, a row stands here.
`tests/test_house.py` holds the rows against the code.
"""

from __future__ import annotations

from typing import NamedTuple


class SecondText(NamedTuple):
    """One rule that has two texts.

    Attributes:
        rule: what it says, with its clause.
        first: the runtime's function, as MODULE:NAME.
        second: who writes it out, as FILE:NAME.
        test: what compares the two, as FILE:NAME.
    """

    rule: str
    first: str
    second: str
    test: str


_JAVASCRIPT = "lockstep.reference.javascript.runtime.operations.operators"
_PRODUCTIONS = "reference/javascript/vm/productions"
_LUA = "lockstep.reference.lua.runtime"
_GENERATION = "reference/lua/vm/productions"
_NUMBERS = "lockstep.reference.clojure.runtime.values.numbers"
_INTRINSICS = "reference/clojure/vm/intrinsics.py"
_OPERATORS_TEST = "tests/javascript/test_operators.py"
_DENSE_TEST = "tests/javascript/test_dense.py"
_JAVASCRIPT_REFERENCES = "lockstep.reference.javascript.runtime.operations.references"
_JAVASCRIPT_OBJECTS = "lockstep.reference.javascript.runtime.operations.objects"
_ARRAYS = "lockstep.reference.javascript.runtime.intrinsics.indexed"
_LUA_TEST = "tests/lua/test_differential.py"
_CLOJURE_TEST = "tests/clojure/test_inlined.py"

SECOND_TEXTS = (
    SecondText("13.15.3 the operators of two numbers", f"{_JAVASCRIPT}:add", f"{_PRODUCTIONS}/operators.py:_arithmetic", f"{_OPERATORS_TEST}:test_binary"),
    SecondText("13.5.5 unary minus", f"{_JAVASCRIPT}:negate", f"{_PRODUCTIONS}/unary.py:_negation", f"{_OPERATORS_TEST}:test_unary"),
    SecondText("7.2.15 IsStrictlyEqual", f"{_JAVASCRIPT}:strictly_equal", f"{_PRODUCTIONS}/operators.py:strict_test", f"{_OPERATORS_TEST}:test_binary"),
    SecondText("7.2.14 IsLooselyEqual", f"{_JAVASCRIPT}:loosely_equal", f"{_PRODUCTIONS}/operators.py:_loose_test", f"{_OPERATORS_TEST}:test_binary"),
    SecondText("7.1.2 ToBoolean", "lockstep.reference.javascript.runtime.operations.conversion:to_boolean", f"{_PRODUCTIONS}/operators.py:truth", f"{_OPERATORS_TEST}:test_binary"),
    SecondText("13.12 and 13.9 bitwise operators and shifts", f"{_JAVASCRIPT}:bitwise_and", f"{_PRODUCTIONS}/bitwise.py:bitwise", f"{_OPERATORS_TEST}:test_binary"),
    SecondText("13.5.6 bitwise not", f"{_JAVASCRIPT}:bitwise_not", f"{_PRODUCTIONS}/bitwise.py:bitwise_not", f"{_OPERATORS_TEST}:test_unary"),
    SecondText("13.15.2 appending to a variable", f"{_JAVASCRIPT}:add", f"{_PRODUCTIONS}/appending.py:appended", f"{_DENSE_TEST}:test_appending"),
    SecondText("6.2.5.6 PutValue of an element", f"{_JAVASCRIPT_REFERENCES}:put_computed", f"{_PRODUCTIONS}/references.py:_store_element", f"{_DENSE_TEST}:test_elements"),
    SecondText("6.2.5.5 GetValue of an element", f"{_JAVASCRIPT_REFERENCES}:get_computed", f"{_PRODUCTIONS}/members.py:_get_element", f"{_DENSE_TEST}:test_elements"),
    SecondText("8.6.2 destructuring of an array that nobody watches", "lockstep.reference.javascript.runtime.operations.iteration:get_iterator", "reference/javascript/vm/iteration.py:_first_elements", f"{_DENSE_TEST}:test_arrays"),
    SecondText("7.4.10 IteratorStepValue of the language's own iterators", "lockstep.reference.javascript.runtime.operations.iteration:IteratorRecord", "reference/javascript/runtime/operations/iteration.py:direct_step", f"{_DENSE_TEST}:test_iteration"),
    SecondText("23.1.3 the array methods on dense arrays", f"{_ARRAYS}.array_transform:array_slice", "reference/javascript/runtime/intrinsics/indexed/dense.py:part", f"{_DENSE_TEST}:test_arrays"),
    SecondText("23.1.3.17 Array.prototype.indexOf of dense arrays", f"{_ARRAYS}.array_search:index_of", "reference/javascript/runtime/intrinsics/indexed/dense.py:position", f"{_DENSE_TEST}:test_arrays"),
    SecondText("25.5.2 JSON.parse of ordinary texts", "lockstep.reference.javascript.runtime.intrinsics.structured.json_parse:JSONParser", "reference/javascript/runtime/intrinsics/structured/json_scanning.py:scan", f"{_DENSE_TEST}:test_json"),
    SecondText("25.5.4 JSON.stringify of values that run no code", "lockstep.reference.javascript.runtime.intrinsics.structured.json:stringify", "reference/javascript/runtime/intrinsics/structured/json_writing.py:write", f"{_DENSE_TEST}:test_json_texts"),
    SecondText("10.4.2 the length of a String or fast array", f"{_JAVASCRIPT_REFERENCES}:get_named", f"{_PRODUCTIONS}/members.py:measure", f"{_DENSE_TEST}:test_lengths"),
    SecondText("7.3.33 DefineField", "lockstep.reference.javascript.runtime.operations.classes:define_field", f"{_PRODUCTIONS}/classes.py:_define_field", f"{_DENSE_TEST}:test_fields"),
    SecondText("10.2.2 [[Construct]] on an instance", "lockstep.reference.javascript.runtime.objects.function:JSFunction", f"{_PRODUCTIONS}/construction.py:_new_expression", f"{_DENSE_TEST}:test_new_again"),
    SecondText("13.3.7.1 SuperCall on an instance", "lockstep.reference.javascript.runtime.operations.classes:construct_super", f"{_PRODUCTIONS}/construction.py:_super_in_place", f"{_DENSE_TEST}:test_new_again"),
    SecondText("7.3.30 PrivateGet of a field", f"{_JAVASCRIPT_OBJECTS}:private_get", f"{_PRODUCTIONS}/members.py:private_element", f"{_DENSE_TEST}:test_private_elements"),
    SecondText("7.3.31 PrivateSet of a field", f"{_JAVASCRIPT_OBJECTS}:private_set", f"{_PRODUCTIONS}/references.py:store", f"{_DENSE_TEST}:test_private_elements"),
    SecondText("7.3.28 PrivateFieldAdd", f"{_JAVASCRIPT_OBJECTS}:private_add", "reference/javascript/runtime/operations/objects.py:add_private_field", f"{_DENSE_TEST}:test_private_elements"),
    SecondText("6.2.5.5 GetValue of super.name", f"{_JAVASCRIPT_REFERENCES}:super_base", f"{_PRODUCTIONS}/members.py:_super_dot", f"{_DENSE_TEST}:test_super_members"),
    SecondText("13.4 the update operators", f"{_JAVASCRIPT}:increment", f"{_PRODUCTIONS}/assignments.py:_update", f"{_OPERATORS_TEST}:test_update"),
    SecondText("5.4 manual 3.4.1 arithmetic", f"{_LUA}.operations.arithmetic:arithmetic", f"{_GENERATION}/operators.py:arithmetic", f"{_LUA_TEST}:test_expressions"),
    SecondText("5.4 manual 3.4.3 floor division and modulo", f"{_LUA}.operations.arithmetic:floor_divide", f"{_GENERATION}/operators.py:_division", f"{_LUA_TEST}:test_expressions_of_5_4"),
    SecondText("5.4 manual 3.4.2 shifts", f"{_LUA}.operations.arithmetic:shift_left", f"{_GENERATION}/operators.py:_shift", f"{_LUA_TEST}:test_expressions_of_5_4"),
    SecondText("5.4 manual 3.4.4 comparison", f"{_LUA}.operations.comparison:less_than", f"{_GENERATION}/operators.py:comparison", f"{_LUA_TEST}:test_comparisons_in_conditions"),
    SecondText("5.4 manual 3.4.6 concatenation", f"{_LUA}.operations.arithmetic:concatenate", f"{_GENERATION}/operators.py:concatenation", f"{_LUA_TEST}:test_expressions"),
    SecondText("arithmetic of floats in a row", f"{_LUA}.operations.arithmetic:arithmetic", f"{_GENERATION}/floats.py:generate_float_line", f"{_LUA_TEST}:test_elements_that_change"),
    SecondText("5.4 manual 6.4 to 6.7, calls of known built-ins", f"{_LUA}.library.strings:lua_sub", f"{_GENERATION}/intrinsics.py:in_place", f"{_LUA_TEST}:test_well_known_calls"),
    SecondText("Numbers.add, minus and multiply of longs", f"{_NUMBERS}:add", f"{_INTRINSICS}:_sum", f"{_CLOJURE_TEST}:test_of_two"),
    SecondText("Numbers.minus", f"{_NUMBERS}:subtract", f"{_INTRINSICS}:_subtract", f"{_CLOJURE_TEST}:test_of_two"),
    SecondText("Numbers.multiply", f"{_NUMBERS}:multiply", f"{_INTRINSICS}:_product", f"{_CLOJURE_TEST}:test_of_two"),
    SecondText("clojure.core/mod", f"{_NUMBERS}:modulo", f"{_INTRINSICS}:_modulo", f"{_CLOJURE_TEST}:test_of_two"),
    SecondText("Numbers.quotient and remainder", f"{_NUMBERS}:quotient", f"{_INTRINSICS}:_truncating", f"{_CLOJURE_TEST}:test_of_two"),
    SecondText("Numbers.lt and its like", f"{_NUMBERS}:number_equal", f"{_INTRINSICS}:_comparison", f"{_CLOJURE_TEST}:test_of_two"),
    SecondText("clojure.core/=", "lockstep.reference.clojure.runtime.values.equality:equiv", f"{_INTRINSICS}:_equal", f"{_CLOJURE_TEST}:test_of_two"),
    SecondText("Numbers.add of longs that cannot overflow", f"{_NUMBERS}:add", f"{_INTRINSICS}:checked", "tests/clojure/test_intervals.py:test_random_loops"),
)  # fmt: skip
