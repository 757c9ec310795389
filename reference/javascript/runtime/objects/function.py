"""ECMA-262 10.2 and 10.3: function objects, guest and built-in.

A call is a host call: `function.call_2(this, a, b)`. There is one entry per argument count up to three, and `call_n` for
any. The entry that matches the parameters is the compiled function itself; entries that adapt are made when they
are first asked for (`entry`). A missing argument is the host default None, that is undefined.
"""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Final

from lockstep.reference.host.adapters import adapter
from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.keys import guest_name, host_name, ordered
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    instance_class,
    make_slow,
    object_create,
)
from lockstep.reference.javascript.runtime.objects.property import Property, hidden
from lockstep.reference.javascript.runtime.values import ABSENT, PropertyKey, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

ENTRY_NAMES: Final = ("call_0", "call_1", "call_2", "call_3")
START_NAMES: Final = ("start_0", "start_1", "start_2", "start_3", "start_4", "start_5", "start_6")
_VARIADIC: Final = -1
CLASS_KINDS: Final = frozenset({"constructor", "derived"})
_HIDDEN: Final = ("length", "name", "prototype")


class FunctionTemplate:
    """What all closures of one function have in common; no state of any realm.

    Attributes:
        name: the initial `name`.
        length: the initial `length`.
        kind: `normal`, `arrow`, `method`, `get`, `set`, `constructor`, `derived` (class constructor with
            heritage), `builtin`, or `builtin_constructor` (host called with new.target in place of this).
        arity: how many arguments the host function takes at most; -1 for any number.
        makes_this: [[Construct]] makes the object itself (10.2.2, step 5), and a constructor above does not.
        wants_new_target: [[Construct]] passes the keyword `new_target`; calls leave it undefined.
        source_text: makes the text for Function.prototype.toString, or None for native code.
        function: the host function of a built-in, called with the realm first.
    """

    __slots__ = (
        "arity",
        "function",
        "is_async",
        "is_constructor",
        "is_generator",
        "kind",
        "length",
        "makes_this",
        "name",
        "own_keys",
        "source_text",
        "strict",
        "wants_new_target",
    )

    def __init__(
        self,
        name: str,
        length: int,
        kind: str = "normal",
        *,
        arity: int = _VARIADIC,
        strict: bool = True,
        is_async: bool = False,
        is_generator: bool = False,
        wants_new_target: bool = False,
        source_text: Callable[[], str] | None = None,
        function: Callable[..., Value] | None = None,
    ) -> None:
        self.name = name
        self.length = float(length)
        self.kind = kind
        self.arity = arity
        self.strict = strict
        self.is_async = is_async
        self.is_generator = is_generator
        self.wants_new_target = wants_new_target
        self.source_text = source_text
        self.function = function
        plain = kind == "normal" and not is_async and not is_generator
        self.is_constructor = plain or kind in CLASS_KINDS or kind == "builtin_constructor"
        self.makes_this = kind in ("normal", "constructor")
        has_prototype = is_generator or plain or kind in CLASS_KINDS
        self.own_keys = ("length", "name", "prototype") if has_prototype else ("length", "name")


class BuiltInTemplate(FunctionTemplate):
    """That of a built-in.

    Attributes:
        section: the clause that describes it: of ECMA-262 by its number, `Temporal 3.3.4`, or an anchor of its proposal.
        since: the edition that brought it, or the proposal that does.
    """

    __slots__ = ("section", "since")

    section: str
    since: str


class _Attribute:
    """A virtual own property of fast functions, as host descriptor."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    def __get__(self, instance: Any, owner: type) -> Value:
        if self.key == "prototype":
            if "prototype" not in instance.template_.own_keys:
                raise AttributeError("prototype")
            return function_prototype(instance)
        return instance.name_ if self.key == "name" else instance.template_.length

    def __set__(self, instance: Any, value: Value) -> None:
        template = instance.template_
        if self.key != "prototype" or template.kind != "normal" or "prototype" not in template.own_keys:
            raise AttributeError(self.key)
        instance.prototype_property_ = value
        instance.forget_instances_()


class JSFunction(JSObject):
    """A function object.

    Attributes:
        template_: what its closures share.
        realm_: [[Realm]].
        host_: the host function that runs it.
        name_: the current initial name (String), for computed names.
        home_object_: [[HomeObject]], unset without one.
        fields_: [[Fields]] and private methods of a class constructor, as a host function to call with the new
            object, or None.
        instances_of_: the prototype that the last `new` with this as new.target used and its host class, or None.
        instance_: the host class of what `new` makes, unset until it is known (`construction`).
        start_0 to start_6: what runs it on an instance, for so many arguments, unset until they are asked for.
        in_place_: of a derived constructor that can run on an instance: the host function that does.
        prototype_property_: the value of `prototype`, unset until it is asked for.
    """

    __slots__ = (
        "call_0",
        "call_1",
        "call_2",
        "call_3",
        "call_n",
        "fields_",
        "home_object_",
        "host_",
        "in_place_",
        "instance_",
        "instances_of_",
        "name_",
        "prototype_property_",
        "realm_",
        "start_0",
        "start_1",
        "start_2",
        "start_3",
        "start_4",
        "start_5",
        "start_6",
        "template_",
    )
    class_name_ = "Function"
    is_callable_ = True
    has_virtual_ = True
    virtual_attributes_: ClassVar = {key: _Attribute(key) for key in _HIDDEN}
    template_: FunctionTemplate
    realm_: Realm
    host_: Callable[..., Value]
    name_: str
    fields_: Any
    home_object_: Any
    in_place_: Callable[..., Value]
    instance_: type[JSObject]
    instances_of_: Any
    prototype_property_: Any
    call_0: Any
    call_1: Any
    call_2: Any
    call_3: Any
    call_n: Any

    @property
    def is_constructor_(self) -> bool:  # type: ignore[override]
        """Whether it has [[Construct]]."""
        return self.template_.is_constructor

    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        if self.properties_ is None and key.__class__ is str and key in _HIDDEN:
            if key not in self.template_.own_keys:
                return None
            if key == "length":
                return Property(self.template_.length, False, False, True)
            if key == "name":
                return Property(self.name_, False, False, True)
            writable = self.template_.kind not in CLASS_KINDS
            return Property(function_prototype(self), writable, False, False)
        return super().get_own_property(key)

    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        if self.properties_ is None:
            if key.__class__ is str and key in _HIDDEN:
                if (
                    key == "prototype"
                    and "prototype" in self.template_.own_keys
                    and self.template_.kind == "normal"
                    and not descriptor.is_accessor
                    and descriptor.writable is not False
                    and descriptor.enumerable is not True
                    and descriptor.configurable is not True
                ):
                    if descriptor.value is not ABSENT:
                        self.prototype_property_ = descriptor.value
                        self.forget_instances_()
                    return True
                make_slow(self)
            elif descriptor.is_plain:
                self.__dict__[host_name(key)] = descriptor.value
                return True
        return super().define_own_property(key, descriptor)

    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        if self.properties_ is None and key.__class__ is str and key in _HIDDEN:
            make_slow(self)
        return super().delete_property(key)

    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        if self.properties_ is not None:
            return super().own_property_keys()
        return ordered([*self.template_.own_keys, *(guest_name(name) for name in self.__dict__)])

    def virtual_properties_(self) -> list[tuple[PropertyKey, Property]]:
        """See JSObject."""
        found: list[tuple[PropertyKey, Property]] = []
        for key in self.template_.own_keys:
            own = self.get_own_property(key)
            assert own is not None
            found.append((key, own))
        return found

    def own_prototype_(self) -> Value:
        """The object that is the own data property `prototype`, or None."""
        if self.properties_ is None:
            return function_prototype(self)
        found = self.properties_.get("prototype")
        return found.value if found is not None and found.get is ABSENT else None

    def left_fast_form_(self) -> None:
        """See JSObject: from now on `prototype` may change unseen."""
        if self.template_.kind not in CLASS_KINDS:
            self.forget_instances_()

    def forget_instances_(self) -> None:
        """The `prototype` has changed, or may: `new` has to look again."""
        try:
            object.__delattr__(self, "instance_")
        except AttributeError:
            pass  # nobody has constructed anything yet

    def construct_n(self, arguments: list[Value], new_target: Any) -> Any:
        """10.2.2 [[Construct]]."""
        template = self.template_
        if template.makes_this:
            this = _instance_for(new_target)
            fields = self.fields_
            if fields is not None:
                fields(this)
            if template.wants_new_target:
                result = self.host_(this, *_clipped(template, arguments), new_target=new_target)
            else:
                result = self.host_(this, *_clipped(template, arguments))
            return result if isinstance(result, JSObject) else this
        if template.kind == "builtin_constructor":
            return self.host_(new_target, *_clipped(template, arguments))
        if template.kind == "derived":
            return self.host_(undefined, *_clipped(template, arguments), new_target=new_target)
        raise type_error(f"{self.name_} is not a constructor")


def _instance_for(new_target: JSObject) -> JSObject:
    """10.1.13 OrdinaryCreateFromConstructor with %Object.prototype%; a function remembers the host class."""
    if isinstance(new_target, JSFunction):
        prototype = new_target.own_prototype_()
        made = new_target.instances_of_
        if made is not None and made[0] is prototype:
            this: JSObject = made[1]()
            return this
        if isinstance(prototype, JSObject):
            object.__setattr__(new_target, "instances_of_", (prototype, instance_class(prototype)))
            return object_create(prototype)
    return object_create(prototype_from_constructor(new_target, "object_prototype"))


def _clipped(template: FunctionTemplate, arguments: list[Value]) -> list[Value]:
    arity = template.arity
    return arguments if arity < 0 or len(arguments) <= arity else arguments[:arity]


def function_prototype(function: JSFunction) -> Value:
    """The value of `prototype`, made when it is first asked for (20.2.4.3, 27.3.4.1)."""
    try:
        return function.prototype_property_
    except AttributeError:
        pass
    template, realm = function.template_, function.realm_
    prototype: Any
    if template.is_generator:
        prototype = object_create(
            realm.async_generator_prototype if template.is_async else realm.generator_prototype
        )
    else:
        prototype = object_create(realm.object_prototype)
        prototype.define_own_property("constructor", hidden(function))
    function.prototype_property_ = prototype
    return prototype


def prototype_from_constructor(constructor: Any, default: str) -> Any:
    """10.1.13 GetPrototypeFromConstructor; `default` is the realm's attribute, `array_prototype` for instance."""
    prototype = constructor.get_value("prototype", constructor)
    if isinstance(prototype, JSObject):
        return prototype
    return getattr(function_realm(constructor), default)


def function_realm(function: Any) -> Realm:
    """7.3.24 GetFunctionRealm."""
    while True:
        if function.class_name_ == "Proxy":
            if function.handler_ is None:
                raise type_error("The proxy has been revoked")
            function = function.target_
        elif function.class_name_ == "BoundFunction":
            function = function.target_
        else:
            realm: Realm = function.realm_
            return realm


def create_function(
    realm: Realm, template: FunctionTemplate, host: Callable[..., Value], prototype: JSObject | None = None
) -> JSFunction:
    """10.2.3 OrdinaryFunctionCreate, with MakeConstructor and MakeMethod left to the properties they set.

    Args:
        realm: the function's realm.
        template: what the closures share.
        host: called as host(this, *arguments), with `new_target=` if the template wants it.
        prototype: its [[Prototype]]; the realm's default for the template without one.
    """
    if prototype is None:
        prototype = default_function_prototype(realm, template)
    function = object_create(prototype, JSFunction)
    function.template_ = template
    function.realm_ = realm
    function.host_ = host
    function.name_ = template.name
    function.fields_ = None
    function.instances_of_ = None
    if template.kind not in CLASS_KINDS:
        arity = template.arity
        if arity == 1:
            function.call_0 = function.call_1 = host
        elif arity == 0:
            function.call_0 = host
        elif arity == 2:
            function.call_0 = function.call_1 = function.call_2 = host
        elif arity < 0:
            function.call_0 = function.call_1 = function.call_2 = function.call_3 = function.call_n = host
        else:
            function.call_0 = function.call_1 = function.call_2 = function.call_3 = host
        if arity >= 0:
            function.call_n = _any_count(host, arity)
    else:
        refuse = _refuse_call(template.name)
        function.call_0 = function.call_1 = function.call_2 = function.call_3 = function.call_n = refuse
    return function


def default_function_prototype(realm: Realm, template: FunctionTemplate) -> JSObject:
    """The intrinsic that functions of this template inherit from."""
    prototype: JSObject
    if template.is_generator:
        is_async = template.is_async
        prototype = (
            realm.async_generator_function_prototype if is_async else realm.generator_function_prototype
        )
    else:
        prototype = realm.async_function_prototype if template.is_async else realm.function_prototype
    return prototype


def _any_count(host: Callable[..., Value], arity: int) -> Callable[..., Value]:
    return lambda this, *arguments: host(this, *arguments[:arity])


def _refuse_call(name: str) -> Callable[..., Value]:
    def refuse(this: Value, *arguments: Value) -> Value:
        raise type_error(f"Class constructor {name} cannot be invoked without 'new'")

    return refuse


def entry(function: Any, count: int) -> Callable[..., Value]:
    """The entry of `function` for `count` arguments, made if it is missing.

    Raises:
        ThrowCompletion: TypeError, `function` is not callable.
    """
    if not isinstance(function, JSObject) or not function.is_callable_:
        raise type_error(f"{describe(function)} is not a function")
    if count >= len(ENTRY_NAMES):
        return function.call_n
    name = ENTRY_NAMES[count]
    made: Callable[..., Value]
    try:
        made = getattr(function, name)
    except AttributeError:
        made = function.call_n
    else:
        return made
    if isinstance(function, JSFunction):
        template = function.template_
        if template.kind not in CLASS_KINDS and template.kind != "builtin_constructor":
            # `this` is an argument of the host function.
            arity = template.arity
            made = function.host_ if arity < 0 else adapter(function.host_, arity + 1, count + 1)
        object.__setattr__(function, name, made)
    return made


def create_builtin(realm: Realm, template: FunctionTemplate, prototype: JSObject | None = None) -> JSFunction:
    """10.3.4 CreateBuiltinFunction: the host function gets the realm first, then `this` (or new.target)."""
    function = object_create(realm.function_prototype if prototype is None else prototype, JSFunction)
    function.template_ = template
    function.realm_ = realm
    function.name_ = template.name
    function.fields_ = None
    function.instances_of_ = None
    assert template.function is not None
    host = MethodType(template.function, realm)
    function.host_ = host
    arity = template.arity
    if template.kind == "builtin_constructor":
        function.call_n = _without_new(host, arity)
    elif arity < 0:
        function.call_0 = function.call_1 = function.call_2 = function.call_3 = function.call_n = host
    else:
        function.call_0 = host
        if arity >= 1:
            function.call_1 = host
            if arity >= 2:
                function.call_2 = host
                if arity >= 3:
                    function.call_3 = host
        function.call_n = _any_count(host, arity)
    return function


def _without_new(host: Callable[..., Value], arity: int) -> Callable[..., Value]:
    if arity < 0:
        return lambda this, *arguments: host(undefined, *arguments)
    return lambda this, *arguments: host(undefined, *arguments[:arity])


def builtin(
    name: str,
    function: Callable[..., Value],
    length: int,
    kind: str = "builtin",
    *,
    section: str,
    since: str,
) -> BuiltInTemplate:
    """The template of a built-in: one row of an intrinsic's table, as `host.inventory` describes it."""
    code = function.__code__
    arity = _VARIADIC if code.co_flags & 4 else code.co_argcount - 2
    template = BuiltInTemplate(name, length, kind, arity=arity, function=function)
    template.section = section
    template.since = since
    return template


def native(realm: Realm, function: Callable[..., Value], length: int = 0, name: str = "") -> JSFunction:
    """An anonymous built-in over a host closure `function(this, *arguments)`."""
    template = FunctionTemplate(
        name, length, "builtin", function=lambda _realm, this, *args: function(this, *args)
    )
    return create_builtin(realm, template)
