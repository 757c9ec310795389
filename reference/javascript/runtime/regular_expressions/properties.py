"""22.2.2.9 the sets of characters and strings that a property escape names."""

from __future__ import annotations

from itertools import product
from typing import Final

from lockstep.reference.javascript.runtime.regular_expressions.character_set import (
    ALL,
    complement,
    decode,
    ranges,
    union,
)

# Table 69: the groups of General_Category values.
_GROUPS: Final = {
    "C": "Cc Cf Cn Co Cs",
    "L": "Ll Lm Lo Lt Lu",
    "LC": "Ll Lt Lu",
    "M": "Mc Me Mn",
    "N": "Nd Nl No",
    "P": "Pc Pd Pe Pf Pi Po Ps",
    "S": "Sc Sk Sm So",
    "Z": "Zl Zp Zs",
}
_CATEGORY_NAMES: Final = {
    "Cased_Letter": "LC",
    "Close_Punctuation": "Pe",
    "Combining_Mark": "M",
    "Connector_Punctuation": "Pc",
    "Control": "Cc",
    "Currency_Symbol": "Sc",
    "Dash_Punctuation": "Pd",
    "Decimal_Number": "Nd",
    "Enclosing_Mark": "Me",
    "Final_Punctuation": "Pf",
    "Format": "Cf",
    "Initial_Punctuation": "Pi",
    "Letter": "L",
    "Letter_Number": "Nl",
    "Line_Separator": "Zl",
    "Lowercase_Letter": "Ll",
    "Mark": "M",
    "Math_Symbol": "Sm",
    "Modifier_Letter": "Lm",
    "Modifier_Symbol": "Sk",
    "Nonspacing_Mark": "Mn",
    "Number": "N",
    "Open_Punctuation": "Ps",
    "Other": "C",
    "Other_Letter": "Lo",
    "Other_Number": "No",
    "Other_Punctuation": "Po",
    "Other_Symbol": "So",
    "Paragraph_Separator": "Zp",
    "Private_Use": "Co",
    "Punctuation": "P",
    "Separator": "Z",
    "Space_Separator": "Zs",
    "Spacing_Mark": "Mc",
    "Surrogate": "Cs",
    "Symbol": "S",
    "Titlecase_Letter": "Lt",
    "Unassigned": "Cn",
    "Uppercase_Letter": "Lu",
    "cntrl": "Cc",
    "digit": "Nd",
    "punct": "P",
}
_MODIFIERS: Final = tuple(range(0x1F3FB, 0x1F400))
_REGIONAL_A: Final = 0x1F1E6
# The regions whose flags are tag sequences: England, Scotland and Wales.
_TAGGED_REGIONS: Final = ("gbeng", "gbsct", "gbwls")


def property_set(name: str, value: str | None) -> tuple[int, ...]:
    """The set of the code points with the property; a binary one has no value."""
    if name == "General_Category":
        assert value is not None
        return _general_category(_CATEGORY_NAMES.get(value, value))
    if name in {"Script", "Script_Extensions"}:
        assert value is not None
        return _script(value, extensions=name == "Script_Extensions")
    if name == "Any":
        return ALL
    if name == "ASCII":
        return (0, 0x80)
    if name == "Assigned":
        return complement(_general_category("Cn"))
    from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.binary_properties import (
        BINARY,
        BINARY_ALIASES,
    )

    return decode(BINARY[BINARY_ALIASES.get(name, name)])


def _general_category(value: str) -> tuple[int, ...]:
    # The tables are large, and few programs name a property.
    from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.general_category import (
        GENERAL_CATEGORY,
    )

    if value == "Cn":
        return complement(union(*map(decode, GENERAL_CATEGORY.values())))
    if value in _GROUPS:
        return union(*map(_general_category, _GROUPS[value].split()))
    return decode(GENERAL_CATEGORY[value])


def _script(value: str, *, extensions: bool) -> tuple[int, ...]:
    from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.script_extensions import (
        SCRIPT_EXTENSIONS,
    )
    from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.scripts import (
        SCRIPT,
        SCRIPT_ALIASES,
    )

    if value in ("Zzzz", "Unknown"):
        return complement(union(*map(decode, SCRIPT.values())))
    value = SCRIPT_ALIASES.get(value, value)
    if extensions and value in SCRIPT_EXTENSIONS:
        return decode(SCRIPT_EXTENSIONS[value])
    return decode(SCRIPT[value])


def property_strings(name: str) -> list[str]:
    """The strings, single code points among them, of a property of strings; in code points."""
    if name == "RGI_Emoji":
        found = []
        for part in _STRING_PROPERTIES:
            found += property_strings(part)
        return found
    return _STRING_PROPERTIES[name]()


def _basic_emoji() -> list[str]:
    from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.emoji_sequences import (
        BASIC_EMOJI,
        BASIC_EMOJI_WITH_VARIATION_SELECTOR,
    )

    selected = _characters(BASIC_EMOJI_WITH_VARIATION_SELECTOR)
    return _characters(BASIC_EMOJI) + [character + "\ufe0f" for character in selected]


def _keycaps() -> list[str]:
    return [key + "\ufe0f\u20e3" for key in "#*0123456789"]


def _modifier_sequences() -> list[str]:
    from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.emoji_sequences import (
        MODIFIER_BASES,
    )

    return [base + chr(modifier) for base in _characters(MODIFIER_BASES) for modifier in _MODIFIERS]


def _flags() -> list[str]:
    from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.emoji_sequences import (
        FLAGS,
    )

    def indicator(letter: str) -> str:
        return chr(_REGIONAL_A + ord(letter) - 0x41)

    return [indicator(first) + indicator(second) for first, row in FLAGS.items() for second in row]


def _tag_sequences() -> list[str]:
    tags = ("".join(chr(0xE0000 + ord(letter)) for letter in region) for region in _TAGGED_REGIONS)
    return [f"\U0001f3f4{tag}\U000e007f" for tag in tags]


def _zwj_sequences() -> list[str]:
    from lockstep.reference.javascript.runtime.regular_expressions.unicode_data.emoji_sequences import (
        ZWJ_SEQUENCES,
    )

    found = []
    for row in ZWJ_SEQUENCES:
        # Slots for modifiers: any, or two that differ.
        words = row.replace(" ", " 200D ").replace("+", " ").split()
        slots = [index for index, word in enumerate(words) if word in "MN"]
        for choice in product(_MODIFIERS, repeat=len(slots)):
            if "N" in words and len(set(choice)) == 1:
                continue
            chosen = dict(zip(slots, choice))
            found.append(
                "".join(
                    chr(chosen[index] if index in chosen else int(word, 16))
                    for index, word in enumerate(words)
                )
            )
    return found


_STRING_PROPERTIES: Final = {
    "Basic_Emoji": _basic_emoji,
    "Emoji_Keycap_Sequence": _keycaps,
    "RGI_Emoji_Modifier_Sequence": _modifier_sequences,
    "RGI_Emoji_Flag_Sequence": _flags,
    "RGI_Emoji_Tag_Sequence": _tag_sequences,
    "RGI_Emoji_ZWJ_Sequence": _zwj_sequences,
}


def _characters(runs: str) -> list[str]:
    return [chr(code) for first, last in ranges(decode(runs)) for code in range(first, last + 1)]
