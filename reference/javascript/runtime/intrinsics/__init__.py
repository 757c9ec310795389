"""ECMA-262 clauses 19 to 28, and Temporal: the intrinsics, one module each, in folders named after the clauses.

Each module has an `initialize(realm)` that makes its objects and leaves them on the realm.
"""

from __future__ import annotations

from typing import Final

PACKAGE: Final = "lockstep.reference.javascript.runtime.intrinsics"

NATIVE_ERRORS: Final = (
    ("EvalError", "eval_error"),
    ("RangeError", "range_error"),
    ("ReferenceError", "reference_error"),
    ("SyntaxError", "syntax_error"),
    ("TypeError", "type_error"),
    ("URIError", "uri_error"),
)

TYPED_ARRAYS: Final = (
    ("Int8Array", "int8_array"),
    ("Uint8Array", "uint8_array"),
    ("Uint8ClampedArray", "uint8_clamped_array"),
    ("Int16Array", "int16_array"),
    ("Uint16Array", "uint16_array"),
    ("Int32Array", "int32_array"),
    ("Uint32Array", "uint32_array"),
    ("BigInt64Array", "bigint64_array"),
    ("BigUint64Array", "biguint64_array"),
    ("Float16Array", "float16_array"),
    ("Float32Array", "float32_array"),
    ("Float64Array", "float64_array"),
)

TEMPORAL_TYPES: Final = (
    "duration",
    "instant",
    "plain_date",
    "plain_date_time",
    "plain_month_day",
    "plain_time",
    "plain_year_month",
    "zoned_date_time",
)

ERROR_PROTOTYPES: Final = {
    "Error": "error_prototype",
    "AggregateError": "aggregate_error_prototype",
    **{name: f"{attribute}_prototype" for name, attribute in NATIVE_ERRORS},
}

_MODULES: Final = {
    "fundamental.object": ("object",),
    "fundamental.function": ("function", "throw_type_error"),
    "fundamental.boolean": ("boolean", "boolean_prototype"),
    "fundamental.symbol": ("symbol", "symbol_prototype"),
    "fundamental.error": (
        "error",
        "error_prototype",
        "aggregate_error",
        "aggregate_error_prototype",
        "suppressed_error",
        "suppressed_error_prototype",
        *(attribute for _, attribute in NATIVE_ERRORS),
        *(f"{attribute}_prototype" for _, attribute in NATIVE_ERRORS),
    ),
    "fundamental.global_functions": (
        "eval",
        "is_finite",
        "is_nan",
        "parse_float",
        "parse_int",
        "decode_uri",
        "decode_uri_component",
        "encode_uri",
        "encode_uri_component",
        "escape",
        "unescape",
    ),
    "numbers.number": ("number", "number_prototype"),
    "numbers.bigint": ("bigint", "bigint_prototype"),
    "numbers.math": ("math",),
    "numbers.date": ("date", "date_prototype"),
    "text.string": ("string", "string_prototype"),
    "text.string_iterator": ("string_iterator_prototype",),
    "text.regexp": ("regexp", "regexp_prototype"),
    "text.regexp_string_iterator": ("regexp_string_iterator_prototype",),
    "indexed.array": ("array", "array_prototype", "array_prototype_values", "array_species"),
    "indexed.array_iterator": ("array_iterator_prototype", "array_iterator_next"),
    "indexed.typed_array": (
        "typed_array",
        "typed_array_prototype",
        *(attribute for _, attribute in TYPED_ARRAYS),
        *(f"{attribute}_prototype" for _, attribute in TYPED_ARRAYS),
    ),
    "keyed.map": ("map", "map_prototype", "map_iterator_prototype"),
    "keyed.set": ("set", "set_prototype", "set_iterator_prototype"),
    "keyed.weak": (
        "weak_map",
        "weak_map_prototype",
        "weak_set",
        "weak_set_prototype",
    ),
    "memory.weak_ref": (
        "weak_ref",
        "weak_ref_prototype",
        "finalization_registry",
        "finalization_registry_prototype",
    ),
    "structured.array_buffer": (
        "array_buffer",
        "array_buffer_prototype",
        "shared_array_buffer",
        "shared_array_buffer_prototype",
    ),
    "structured.data_view": ("data_view", "data_view_prototype"),
    "structured.atomics": ("atomics",),
    "structured.json": ("json",),
    "control.iterator": (
        "iterator",
        "iterator_prototype",
        "wrap_for_valid_iterator_prototype",
        "async_iterator_prototype",
    ),
    "control.iterator_helper": ("iterator_helper_prototype",),
    "control.promise": ("promise", "promise_prototype"),
    "control.disposable_stack": (
        "disposable_stack",
        "disposable_stack_prototype",
        "async_disposable_stack",
        "async_disposable_stack_prototype",
    ),
    "control.generator": (
        "generator_function",
        "generator_function_prototype",
        "generator_prototype",
    ),
    "control.async_function": ("async_function", "async_function_prototype"),
    "control.async_generator": (
        "async_generator_function",
        "async_generator_function_prototype",
        "async_generator_prototype",
    ),
    "control.async_from_sync": ("async_from_sync_iterator_prototype", "create_async_from_sync_iterator"),
    "reflection.reflect": ("reflect",),
    "reflection.proxy": ("proxy",),
    "temporal.namespace": ("temporal",),
    "temporal.now": ("temporal_now",),
    **{f"temporal.{name}": (f"temporal_{name}", f"temporal_{name}_prototype") for name in TEMPORAL_TYPES},
    "reflection.shadow_realm": ("shadow_realm", "shadow_realm_prototype"),
    "reflection.abstract_module_source": ("abstract_module_source", "abstract_module_source_prototype"),
}

INITIALIZERS: Final = {name: module for module, names in _MODULES.items() for name in names}
"""Which module makes each attribute of a realm."""

GLOBALS: Final = {
    "eval": "eval",
    "isFinite": "is_finite",
    "isNaN": "is_nan",
    "parseFloat": "parse_float",
    "parseInt": "parse_int",
    "decodeURI": "decode_uri",
    "decodeURIComponent": "decode_uri_component",
    "encodeURI": "encode_uri",
    "encodeURIComponent": "encode_uri_component",
    "escape": "escape",
    "unescape": "unescape",
    "AggregateError": "aggregate_error",
    "Array": "array",
    "ArrayBuffer": "array_buffer",
    "AsyncDisposableStack": "async_disposable_stack",
    "BigInt": "bigint",
    "Boolean": "boolean",
    "DataView": "data_view",
    "Date": "date",
    "DisposableStack": "disposable_stack",
    "Error": "error",
    **dict(NATIVE_ERRORS),
    "SuppressedError": "suppressed_error",
    "FinalizationRegistry": "finalization_registry",
    **dict(TYPED_ARRAYS),
    "Function": "function",
    "Iterator": "iterator",
    "Map": "map",
    "Number": "number",
    "Object": "object",
    "Promise": "promise",
    "Proxy": "proxy",
    "RegExp": "regexp",
    "Set": "set",
    "ShadowRealm": "shadow_realm",
    "SharedArrayBuffer": "shared_array_buffer",
    "String": "string",
    "Symbol": "symbol",
    "WeakMap": "weak_map",
    "WeakRef": "weak_ref",
    "WeakSet": "weak_set",
    "Atomics": "atomics",
    "JSON": "json",
    "Math": "math",
    "Reflect": "reflect",
    "Temporal": "temporal",
}
"""The constructors and functions that the global object offers, by the realm's attribute."""
