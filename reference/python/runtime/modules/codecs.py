"""`_codecs` with a registry of the guest's own (Library Reference, codecs).

The host's registry is the whole process's, and what it hands out is made in Python: a guest that changed it would
change it for everybody. So a guest's `codecs.lookup` asks the guest's own `encodings`.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Callable

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call, is_callable
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.modules.compiled import guest_module
from lockstep.reference.python.runtime.sealed import BuiltinFunction
from lockstep.reference.python.runtime.type_info import name_of

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


_WITHHELD = ("__loader__", "__spec__", "__file__", "__builtins__")


class Registry:
    """Search functions, what they found, and error handlers of one guest."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.searches: list[Value] = []
        self.found: dict[str, Value] = {}
        self.handlers: dict[str, Value] = {}
        self.host = importlib.import_module("_codecs")

    def register(self, search_function: Value, /) -> None:
        """Register a codec search function."""
        if not is_callable(search_function):
            raise TypeError("argument must be callable")
        self.searches.append(search_function)

    def unregister(self, search_function: Value, /) -> None:
        """Unregister a codec search function and clear the registry's cache."""
        self.searches = [search for search in self.searches if search is not search_function]
        self.found.clear()

    def lookup(self, encoding: str, /) -> Value:
        """Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."""
        if not is_a(encoding, str):
            raise TypeError(f"lookup() argument must be str, not {name_of(encoding)}")
        key = encoding.replace(" ", "-").lower()
        if key not in self.found:
            guest_module(self.interpreter, "encodings")  # registers its search function
            for search in self.searches:
                entry = call(search, (key,), {})
                if entry is None:
                    continue
                if not is_a(entry, tuple) or tuple.__len__(entry) != 4:
                    raise TypeError("codec search functions must return 4-tuples")
                self.found[key] = entry
                break
            else:
                raise LookupError(f"unknown encoding: {encoding}")
        return self.found[key]

    def register_error(self, errors: str, handler: Value, /) -> None:
        """Register the specified error handler under the name errors."""
        if not is_callable(handler):
            raise TypeError("handler must be callable")
        self.handlers[errors] = handler

    def lookup_error(self, name: str, /) -> Value:
        """The error handler for the specified error handling name."""
        return self.handlers[name] if name in self.handlers else self.host.lookup_error(name)

    def encode(self, obj: Value, encoding: str = "utf-8", errors: str = "strict") -> Value:
        """Encodes obj using the codec registered for encoding."""
        return self._run("encode", obj, encoding, errors)

    def decode(self, obj: Value, encoding: str = "utf-8", errors: str = "strict") -> Value:
        """Decodes obj using the codec registered for encoding."""
        return self._run("decode", obj, encoding, errors)

    def _run(self, what: str, value: Value, encoding: str, errors: str) -> Value:
        function = get_attribute(self.lookup(encoding), what)
        result = call(function, (value, errors), {})
        if not is_a(result, tuple) or tuple.__len__(result) != 2:
            raise TypeError(f"{what}r must return a tuple (object, integer)")
        return result[0]


def codecs_module(interpreter: Interpreter) -> ModuleType:
    """A fresh `_codecs`."""
    registry = Registry(interpreter)
    module = ModuleType("_codecs")
    names = module.__dict__
    names.update((key, value) for key, value in vars(registry.host).items() if key not in _WITHHELD)
    own: list[Callable[..., Value]] = [
        registry.register,
        registry.unregister,
        registry.lookup,
        registry.register_error,
        registry.lookup_error,
        registry.encode,
        registry.decode,
    ]
    for method in own:
        names[method.__name__] = BuiltinFunction(method, home="_codecs")
    return module
