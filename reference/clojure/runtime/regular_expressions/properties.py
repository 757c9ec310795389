r"""The names of `\p{...}` (java.util.regex.CharPredicates)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from lockstep.reference.clojure.runtime.regular_expressions.code_points import (
    HIGHEST,
    Ranges,
    characters,
    complement,
    intersection,
    parsed,
    ranges_of,
    union,
)
from lockstep.reference.clojure.runtime.regular_expressions.unicode_blocks import BLOCKS
from lockstep.reference.clojure.runtime.regular_expressions.unicode_properties import PROPERTIES
from lockstep.reference.clojure.runtime.regular_expressions.unicode_scripts import SCRIPTS

DIGIT = ranges_of([(0x30, 0x39)])
UPPER = ranges_of([(0x41, 0x5A)])
LOWER = ranges_of([(0x61, 0x7A)])
ALPHA = union(UPPER, LOWER)
ALNUM = union(ALPHA, DIGIT)
WORD = union(ALNUM, characters("_"))
SPACE = characters(" \t\n\x0b\f\r")
HORIZONTAL = union(parsed("9 20 A0 1680 180E 2000-200A 202F 205F 3000"))
VERTICAL = parsed("A-D 85 2028 2029")
ASCII = ranges_of([(0, 0x7F)])
PUNCTUATION = parsed("21-2F 3A-40 5B-60 7B-7E")
_HEXADECIMAL = parsed("30-39 41-46 61-66")
_WHITE_SPACE = parsed("9-D 20 85 A0 1680 2000-200A 2028 2029 202F 205F 3000")
_LAST_ASSIGNED = 0x323AF

_POSIX: dict[str, Ranges] = {
    "ASCII": ASCII,
    "Alnum": ALNUM,
    "Alpha": ALPHA,
    "Blank": characters(" \t"),
    "Cntrl": parsed("0-1F 7F"),
    "Digit": DIGIT,
    "Graph": parsed("21-7E"),
    "Lower": LOWER,
    "Print": parsed("20-7E"),
    "Punct": PUNCTUATION,
    "Space": SPACE,
    "Upper": UPPER,
    "XDigit": _HEXADECIMAL,
    "L1": ranges_of([(0, 0xFF)]),
    "all": ranges_of([(0, HIGHEST)]),
    "javaISOControl": parsed("0-1F 7F-9F"),
}


@lru_cache(maxsize=1)
def _categories() -> dict[str, Ranges]:
    """The general categories, read off the host's database once; what lies above the last letters is not asked."""
    found: dict[str, list[tuple[int, int]]] = {}
    start, current = 0, unicodedata.category("\0")
    for code in range(1, _LAST_ASSIGNED + 2):
        category = unicodedata.category(chr(code)) if code <= _LAST_ASSIGNED else ""
        if category != current:
            found.setdefault(current, []).append((start, code - 1))
            start, current = code, category
    for code in range(0xE0000, 0xE01F0):
        found.setdefault(unicodedata.category(chr(code)), []).append((code, code))
    found["Co"] += [(0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)]
    made = {name: ranges_of(pairs) for name, pairs in found.items()}
    assigned = union(*[ranges for name, ranges in made.items() if name != "Cn"])
    made["Cn"] = complement(assigned)
    return made


_GROUPS = {
    "L": ("Lu", "Ll", "Lt", "Lm", "Lo"),
    "M": ("Mn", "Me", "Mc"),
    "N": ("Nd", "Nl", "No"),
    "Z": ("Zs", "Zl", "Zp"),
    "C": ("Cc", "Cf", "Co", "Cs", "Cn"),
    "P": ("Pd", "Ps", "Pe", "Pc", "Po", "Pi", "Pf"),
    "S": ("Sm", "Sc", "Sk", "So"),
    "LC": ("Lu", "Ll", "Lt"),
    "LD": ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd"),
    "javaTitleCase": ("Lt",),
    "javaDigit": ("Nd",),
    "javaLetter": ("Lu", "Ll", "Lt", "Lm", "Lo"),
    "javaLetterOrDigit": ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd"),
    "javaSpaceChar": ("Zs", "Zl", "Zp"),
}
_CASED = frozenset({"Lu", "Ll", "Lt"})
_TABLED = {
    "javaLowerCase": "LOWERCASE",
    "javaUpperCase": "UPPERCASE",
    "javaAlphabetic": "ALPHABETIC",
    "javaIdeographic": "IDEOGRAPHIC",
    "javaJavaIdentifierStart": "JAVA_IDENTIFIER_START",
    "javaUnicodeIdentifierStart": "UNICODE_IDENTIFIER_START",
    "javaIdentifierIgnorable": "IDENTIFIER_IGNORABLE",
}


def category(name: str) -> Ranges | None:
    """The set of a general category or a group of them."""
    parts = _GROUPS.get(name, (name,))
    known = _categories()
    if parts[0] not in known:
        return None
    return union(*[known.get(part, ()) for part in parts])


def _identifier_part(start: str) -> Ranges:
    marks = [category(name) or () for name in ("Mn", "Mc", "Nd", "Nl", "Pc")]
    return union(parsed(PROPERTIES[start]), parsed(PROPERTIES["IDENTIFIER_IGNORABLE"]), *marks)


def _by_java_name(name: str) -> Ranges | None:
    if name in _TABLED:
        return parsed(PROPERTIES[_TABLED[name]])
    if name == "javaWhitespace":
        # Character.isWhitespace: space separators that may break, and the controls of ASCII.
        spaces = union(category("Z") or (), parsed("9-D 1C-1F"))
        return intersection(spaces, complement(parsed("A0 2007 202F")))
    if name == "javaDefined":
        return complement(category("Cn") or ())
    if name == "javaMirrored":
        return ranges_of((c, c) for c in range(0x2FFFF) if unicodedata.mirrored(chr(c)))
    if name == "javaJavaIdentifierPart":
        return union(_identifier_part("JAVA_IDENTIFIER_START"), category("Sc") or ())
    if name == "javaUnicodeIdentifierPart":
        return _identifier_part("UNICODE_IDENTIFIER_START")
    return None


@lru_cache(maxsize=256)
def named(name: str, ignore_case: bool) -> Ranges | None:
    r"""The set of `\p{name}` without prefix: a category, a POSIX class, a method of java.lang.Character."""
    if ignore_case and name in {"Lower", "Upper"}:
        return ALPHA
    if ignore_case and name in {"javaLowerCase", "javaUpperCase", "javaTitleCase"}:
        return union(*[parsed(PROPERTIES[p]) for p in ("LOWERCASE", "UPPERCASE")], category("Lt") or ())
    known = _POSIX.get(name)
    if known is not None:
        return known
    if ignore_case and name in _CASED:
        return category("LC")
    return category(name) if not name.startswith("java") or name in _GROUPS else _by_java_name(name)


def _unicode_property(name: str) -> Ranges | None:
    name = {"WHITESPACE": "WHITE_SPACE", "HEXDIGIT": "HEX_DIGIT"}.get(name, name)
    simple: dict[str, tuple[str, ...]] = {
        "LETTER": _GROUPS["L"],
        "TITLECASE": ("Lt",),
        "CONTROL": ("Cc",),
        "PUNCTUATION": _GROUPS["P"],
        "DIGIT": ("Nd",),
    }
    if name in simple:
        return union(*[category(part) or () for part in simple[name]])
    if name in {"ALPHABETIC", "IDEOGRAPHIC", "LOWERCASE", "UPPERCASE"}:
        return parsed(PROPERTIES[name])
    if name == "WHITE_SPACE":
        return _WHITE_SPACE
    if name == "HEX_DIGIT":
        return union(_HEXADECIMAL, parsed("FF10-FF19 FF21-FF26 FF41-FF46"), category("Nd") or ())
    if name == "ASSIGNED":
        return complement(category("Cn") or ())
    if name in {"NONCHARACTER_CODE_POINT", "NONCHARACTERCODEPOINT"}:
        planes = [(plane << 16 | 0xFFFE, plane << 16 | 0xFFFF) for plane in range(17)]
        return ranges_of([(0xFDD0, 0xFDEF), *planes])
    if name in {"JOIN_CONTROL", "JOINCONTROL"}:
        return parsed("200C-200D")
    return _composed(name)


def _composed(name: str) -> Ranges | None:
    alphabetic, digits = parsed(PROPERTIES["ALPHABETIC"]), category("Nd") or ()
    if name == "ALNUM":
        return union(alphabetic, digits)
    if name == "WORD":
        marks = [category(part) or () for part in ("Mn", "Me", "Mc", "Pc")]
        return union(alphabetic, digits, *marks, parsed("200C-200D"))
    blank = union(category("Zs") or (), characters("\t"))
    if name == "BLANK":
        return blank
    unseen = [category(part) or () for part in ("Zs", "Zl", "Zp", "Cc", "Cs", "Cn")]
    graph = intersection(complement(union(*unseen)), complement(_WHITE_SPACE))
    if name == "GRAPH":
        return graph
    if name == "PRINT":
        return intersection(union(graph, blank), complement(category("Cc") or ()))
    return None


_SCRIPT_CODES = {
    "LATN": "LATIN", "GREK": "GREEK", "CYRL": "CYRILLIC", "ARMN": "ARMENIAN", "HEBR": "HEBREW", "ARAB": "ARABIC",
    "DEVA": "DEVANAGARI", "BENG": "BENGALI", "THAI": "THAI", "HANG": "HANGUL", "HIRA": "HIRAGANA", "KANA": "KATAKANA",
    "HANI": "HAN", "GEOR": "GEORGIAN", "ETHI": "ETHIOPIC", "TAML": "TAMIL", "TELU": "TELUGU", "GUJR": "GUJARATI",
    "KHMR": "KHMER", "MONG": "MONGOLIAN", "ZYYY": "COMMON", "ZINH": "INHERITED", "QAAI": "INHERITED",
}  # fmt: skip


@lru_cache(maxsize=256)
def script(name: str) -> Ranges | None:
    """The set of a script by its name or code (Character.UnicodeScript.forName)."""
    upper = name.upper()
    text = SCRIPTS.get(_SCRIPT_CODES.get(upper, upper))
    return None if text is None else parsed(text)


@lru_cache(maxsize=256)
def block(name: str) -> Ranges | None:
    """The set of a block by its name, however it is spaced (Character.UnicodeBlock.forName)."""
    wanted = "".join(unit for unit in name.upper() if unit not in " -_")
    for known, text in BLOCKS.items():
        if known.replace("_", "") == wanted:
            return parsed(text)
    return None


@lru_cache(maxsize=256)
def unicode_property(name: str, ignore_case: bool) -> Ranges | None:
    r"""The set of `\p{Isname}`: a binary property, a category, a script."""
    upper = name.upper()
    if ignore_case and upper in {"LOWERCASE", "UPPERCASE", "TITLECASE"}:
        return named("javaLowerCase", True)
    found = _unicode_property(upper)
    if found is None:
        found = named(name, ignore_case)
    return script(name) if found is None else found


@lru_cache(maxsize=64)
def posix_unicode(name: str) -> Ranges | None:
    r"""The set of a POSIX name under UNICODE_CHARACTER_CLASS."""
    if name.upper() == "XDIGIT":
        return _unicode_property("HEX_DIGIT")
    renamed = {
        "ALPHA": "ALPHABETIC", "LOWER": "LOWERCASE", "UPPER": "UPPERCASE", "SPACE": "WHITE_SPACE",
        "PUNCT": "PUNCTUATION", "CNTRL": "CONTROL", "DIGIT": "DIGIT", "ALNUM": "ALNUM", "BLANK": "BLANK",
        "GRAPH": "GRAPH", "PRINT": "PRINT",
    }.get(name.upper())  # fmt: skip
    return None if renamed is None else _unicode_property(renamed)
