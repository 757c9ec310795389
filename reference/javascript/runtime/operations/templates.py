"""ECMA-262 13.2.8.4 GetTemplateObject."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.objects import (
    define_property_or_throw,
    set_integrity_level,
)

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def get_template_object(
    realm: Realm, site: Hashable, cooked: Sequence[str | None], raw: Sequence[str]
) -> JSObject:
    """13.2.8.4 GetTemplateObject ( templateLiteral ).

    Args:
        realm: the running realm, whose [[TemplateMap]] is asked.
        site: identifies the template's place in the source, by host equality.
        cooked: the template values, None for undefined.
        raw: the raw values.
    """
    found = realm.templates.get(site)
    if found is not None:
        return found
    template = realm.make_array(list(cooked))
    raw_object = realm.make_array(list(raw))
    set_integrity_level(realm, raw_object, True)
    define_property_or_throw(template, "raw", Property(raw_object, False, False, False))
    set_integrity_level(realm, template, True)
    realm.templates[site] = template
    return template
