"""ECMA-262 9.3: realms. A realm holds its global object, every intrinsic, and the template registry.

An intrinsic is an attribute: `realm.array` is %Array%, `realm.array_prototype` %Array.prototype%. It is made when it
is first asked for, by the initializer that `intrinsics.INITIALIZERS` names, together with those that belong to it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from lockstep.reference.javascript.runtime.completions import GUEST_REALM
from lockstep.reference.javascript.runtime.environments import GlobalEnvironment
from lockstep.reference.javascript.runtime.intrinsics import ERROR_PROTOTYPES, GLOBALS, INITIALIZERS, PACKAGE
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.runtime.objects.global_object import (
    JSGlobalObject,
    Lazy,
    create_global_object,
)
from lockstep.reference.javascript.runtime.objects.keys import array_index, host_name
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    instance_class,
    mirror_renewed,
    slow_object,
    stored,
)
from lockstep.reference.javascript.runtime.objects.property import Property, hidden
from lockstep.reference.javascript.runtime.symbols import ITERATOR, SPECIES
from lockstep.reference.javascript.runtime.values import Null, PropertyKey, Value, null

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Agent
    from lockstep.reference.javascript.runtime.intrinsics.text.regexp_execution import LegacyState
    from lockstep.reference.javascript.runtime.modules import ModuleRecord
    from lockstep.reference.javascript.runtime.operations.iteration import IteratorRecord

T = TypeVar("T")
# What the name of an index takes.
_KEY_BYTES = 60
_CONSTANTS = (("NaN", float("nan")), ("Infinity", float("inf")), ("undefined", None))


class Realm:
    """9.3 Realm Record.

    Attributes:
        agent: the agent it belongs to.
        host: what a host keeps for it, if it has one.
        global_object: [[GlobalObject]].
        global_this: what `this` is at top level.
        global_environment: [[GlobalEnv]].
        host_globals: the globals of generated code: plain global variables by host name, and what the
            evaluator put there.
        templates: [[TemplateMap]], by the identity of the template's site.
    """

    host: object
    object_prototype: JSImmutablePrototype
    global_object: JSGlobalObject
    global_this: JSObject
    regexp_legacy: LegacyState
    regexp_pristine: tuple[tuple[PropertyKey, Value, Value], ...]
    create_async_from_sync_iterator: Callable[[IteratorRecord], IteratorRecord]
    array_class: type[JSArray]
    function_prototype: JSObject

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.templates: dict[object, JSArray] = {}
        self.modules: dict[str | tuple[str, str], ModuleRecord] = {}
        self.host_globals: dict[str, Any] = {
            GUEST_REALM: self,
            "__builtins__": {},
        }
        # 20.1.3: %Object.prototype% is an immutable prototype exotic object.
        self.object_prototype = slow_object(JSImmutablePrototype, null)
        self.function_prototype = slow_object(JSFunction, self.object_prototype)
        self.global_object = create_global_object(self, self.object_prototype)
        self.global_this = self.global_object
        self.global_environment = GlobalEnvironment(self)
        for module in ("fundamental.function", "fundamental.object"):
            importlib.import_module(f"{PACKAGE}.{module}").initialize(self)
        # Both had instances before they were filled.
        mirror_renewed(self.object_prototype)
        mirror_renewed(self.function_prototype)
        self.object_class = instance_class(self.object_prototype)
        properties = stored(self.global_object)
        properties["globalThis"] = hidden(self.global_this)
        for name, value in _CONSTANTS:
            properties[name] = Property(value, False, False, False)
        for name, attribute in GLOBALS.items():
            properties[name] = Property(Lazy(attrgetter(attribute)), True, False, True)
        agent.evaluator.prepare_realm(self)

    if TYPE_CHECKING:
        # Initializers leave the intrinsics as attributes.
        def __setattr__(self, name: str, value: Value) -> None: ...

    def __getattr__(self, name: str) -> JSObject:
        module = INITIALIZERS.get(name)
        if module is None:
            raise AttributeError(name)
        importlib.import_module(f"{PACKAGE}.{module}").initialize(self)
        made: JSObject = self.__dict__[name]
        return made

    def for_agent(self, agent: Agent) -> Realm:
        """9.3.1 CreateRealm: another realm, of this agent or of another."""
        return Realm(agent)

    def each(self, indices: Sequence[T]) -> Iterable[T]:
        """`indices`, for a loop of a built-in over what a guest made as long as it liked: see `Budget.each`."""
        return self.agent.budget.each(indices)

    def keys_of(self, target: JSObject) -> Iterable[PropertyKey]:
        """The own property keys of any object, for a loop of a built-in."""
        count = target.index_count_
        if count:
            self.agent.budget.elements(count)
            self.agent.budget.allocate(_KEY_BYTES * count)
        return self.agent.budget.each(target.own_property_keys())

    @staticmethod
    def global_name(name: str) -> str:
        """The host global that holds a global variable."""
        return host_name(name)

    def make_error(self, name: str, message: str) -> JSError:
        """A native error object of this realm."""
        error = slow_object(JSError, getattr(self, ERROR_PROTOTYPES[name]))
        stored(error)["message"] = hidden(message)
        error.stack_ = None
        return error

    def make_object(self) -> JSObject:
        """An empty ordinary object."""
        return self.object_class()

    def make_array(self, elements: list[Value]) -> JSArray:
        """An array that takes over `elements`."""
        try:
            array: JSArray = self.array_class()
        except AttributeError:
            self.array_class = instance_class(self.array_prototype, JSArray)
            array = self.array_class()
        array.elements_ = elements
        return array

    def array_iteration_is_plain(self) -> bool:
        """Whether iterating an array is unobservable: nobody replaced the methods that do it."""
        properties = self.array_prototype.properties_
        assert properties is not None
        found = properties.get(ITERATOR)
        if found is None or found.value is not self.array_prototype_values:
            return False
        properties = self.array_iterator_prototype.properties_
        assert properties is not None
        found = properties.get("next")
        return found is not None and found.value is self.array_iterator_next

    def array_species_is_plain(self) -> bool:
        """Whether what %Array.prototype% and %Array% say of an array's species is %Array%, unobservably: nobody replaced it."""
        properties = self.array.properties_
        assert properties is not None
        found = properties.get(SPECIES)
        if found is None or found.get is not self.array_species:
            return False
        properties = self.array_prototype.properties_
        assert properties is not None
        found = properties.get("constructor")
        return found is not None and found.value is self.array

    def has_plain_prototypes(self) -> bool:
        """Whether no index can be found on the prototypes of an ordinary array."""
        prototype = self.array_prototype
        properties = prototype.properties_
        assert properties is not None
        return (
            properties["length"].value == 0
            and prototype.prototype_ is self.object_prototype
            and not self.object_prototype.has_index_
        )


class JSImmutablePrototype(JSObject):
    """10.4.7 an immutable prototype exotic object."""

    __slots__ = ()

    def set_prototype_of(self, prototype: JSObject | Null) -> bool:
        """10.4.7.1."""
        return prototype is self.prototype_

    has_index_ = False

    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject; remembers for `push` whether there was ever an index."""
        if array_index(key) >= 0:
            self.__dict__["has_index_"] = True
        return super().define_own_property(key, descriptor)
