"""Hosts of URLs: domains, IPv4 and IPv6 addresses, opaque hosts (URL standard, 3.5), and domains in Unicode (UTS 46)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Union

from lockstep.reference.javascript.host.web.url_percent import C0, percent_decoded, percent_encoded

Host = Union[str, int, tuple[int, ...], None]
"""A domain or opaque host, an IPv4 address, the eight pieces of an IPv6 address, or none."""

_FORBIDDEN_HOST: Final = frozenset("\0\t\n\r #/:<>?@[\\]^|")
_FORBIDDEN_DOMAIN: Final = _FORBIDDEN_HOST | frozenset("%\x7f") | frozenset(map(chr, range(0x20)))
_DOTS: Final = re.compile("[.\u3002\uff0e\uff61]")
# UTS 46: mapped to nothing.
_IGNORED: Final = re.compile("[\u00ad\u034f\u180b-\u180d\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff]")
_KEPT: Final = {"\u00df": "\u00df", "\u03c2": "\u03c2", "\u1e9e": "\u00df"}
_JOINERS: Final = "\u200c\u200d"
_LONGEST_DOMAIN: Final = 253


class HostError(ValueError):
    """A host that is none."""


def parse_host(text: str, *, special: bool) -> Host:
    """3.5 host parser.

    Raises:
        HostError: failure.
    """
    if text.startswith("["):
        if not text.endswith("]"):
            raise HostError(text)
        return _ipv6(text[1:-1])
    if not special:
        if any(one in _FORBIDDEN_HOST for one in text):
            raise HostError(text)
        return percent_encoded(text, C0)
    domain = percent_decoded(text).decode("utf-8", "replace")
    ascii_domain = domain_to_ascii(domain)
    if not ascii_domain or any(one in _FORBIDDEN_DOMAIN for one in ascii_domain):
        raise HostError(text)
    if _ends_in_number(ascii_domain):
        return _ipv4(ascii_domain)
    return ascii_domain


def _ends_in_number(text: str) -> bool:
    parts = text.split(".")
    if parts[-1] == "":
        if len(parts) == 1:
            return False
        parts.pop()
    last = parts[-1]
    return (bool(last) and last.isdigit()) or _number(last) is not None


def _number(text: str) -> int | None:
    if not text:
        return None
    base = 10
    if text[:2] in ("0x", "0X"):
        text, base = text[2:], 16
    elif len(text) > 1 and text[0] == "0":
        text, base = text[1:], 8
    if not text:
        return 0
    digits = "0123456789abcdef"[:base]
    return int(text, base) if all(one in digits for one in text.lower()) else None


def _ipv4(text: str) -> int:
    parts = text.split(".")
    if parts[-1] == "" and len(parts) > 1:
        parts.pop()
    if len(parts) > 4:
        raise HostError(text)
    numbers = []
    for part in parts:
        number = _number(part)
        if number is None:
            raise HostError(text)
        numbers.append(number)
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise HostError(text)
    address = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        address += number * 256 ** (3 - place)
    return address


def _ipv6(text: str) -> tuple[int, ...]:
    head, gap, tail = text.partition("::")
    if (gap and "::" in tail) or tail.startswith(":"):
        raise HostError(text)
    left = _pieces(head, last=not gap) if head or not gap else []
    right = _pieces(tail, last=True) if tail else []
    if gap:
        if len(left) + len(right) > 7:
            raise HostError(text)
        return tuple(left + [0] * (8 - len(left) - len(right)) + right)
    if len(left) != 8:
        raise HostError(text)
    return tuple(left)


def _pieces(text: str, *, last: bool) -> list[int]:
    found: list[int] = []
    parts = text.split(":")
    for place, part in enumerate(parts):
        if last and place == len(parts) - 1 and "." in part:
            found.extend(_embedded(part))
        elif re.fullmatch("[0-9a-fA-F]{1,4}", part):
            found.append(int(part, 16))
        else:
            raise HostError(text)
    return found


def _embedded(text: str) -> list[int]:
    numbers = text.split(".")
    if len(numbers) != 4 or not all(
        re.fullmatch("0|[1-9][0-9]{0,2}", one) and int(one) < 256 for one in numbers
    ):
        raise HostError(text)
    a, b, c, d = map(int, numbers)
    return [a << 8 | b, c << 8 | d]


def serialized(host: Host) -> str:
    """3.6 host serializer."""
    if isinstance(host, int):
        return ".".join(str(host >> shift & 255) for shift in (24, 16, 8, 0))
    if isinstance(host, tuple):
        return f"[{_compressed(host)}]"
    return host or ""


def _compressed(pieces: tuple[int, ...]) -> str:
    start, length = 0, 1
    place = 0
    while place < 8:
        end = place
        while end < 8 and pieces[end] == 0:
            end += 1
        if end - place > length:
            start, length = place, end - place
        place = max(end, place + 1)
    if length < 2:
        return ":".join(f"{piece:x}" for piece in pieces)
    left = ":".join(f"{piece:x}" for piece in pieces[:start])
    right = ":".join(f"{piece:x}" for piece in pieces[start + length :])
    return f"{left}::{right}"


def domain_to_ascii(domain: str) -> str:
    """3.3 domain to ASCII, not strict.

    Raises:
        HostError: it is no domain.
    """
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()
    labels = _DOTS.split(_mapped(domain))
    return ".".join(_ascii_label(label) for label in labels)


def _mapped(text: str) -> str:
    text = _IGNORED.sub("", text)
    folded = "".join(_KEPT.get(one) or unicodedata.normalize("NFKC", one).casefold() for one in text)
    return unicodedata.normalize("NFKC", folded)


def _ascii_label(label: str) -> str:
    if label.startswith("xn--"):
        if not label.isascii():
            raise HostError(label)
        try:
            decoded = label[4:].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError):
            raise HostError(label) from None
        if not decoded or decoded.isascii() or _mapped(decoded) != decoded:
            raise HostError(label)
        _check_label(decoded)
        return label
    if label.isascii():
        return label
    _check_label(label)
    return "xn--" + label.encode("punycode").decode("ascii")


def _check_label(label: str) -> None:
    """UTS 46, section 4.1: the validity criteria that matter beyond the mapping."""
    if not label or unicodedata.combining(label[0]) or unicodedata.category(label[0]).startswith("M"):
        raise HostError(label)
    for place, one in enumerate(label):
        category = unicodedata.category(one)
        if one in _JOINERS:
            if place == 0 or unicodedata.combining(label[place - 1]) != 9:
                raise HostError(label)
        elif category in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs") or one == "\ufffd":
            raise HostError(label)
    directions = [unicodedata.bidirectional(one) for one in label]
    if any(one in ("R", "AL", "AN") for one in directions):
        _check_direction(directions)


def _check_direction(directions: list[str]) -> None:
    """RFC 5893, section 2."""
    allowed = {"R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
    last = next((one for one in reversed(directions) if one != "NSM"), "")
    if directions[0] in ("R", "AL"):
        fine = set(directions) <= allowed and last in ("R", "AL", "EN", "AN")
        fine = fine and not ("EN" in directions and "AN" in directions)
    else:
        fine = directions[0] == "L" and set(directions) <= {"L", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
        fine = fine and last in ("L", "EN")
    if not fine:
        raise HostError("bidi")


def domain_to_unicode(domain: str) -> str:
    """3.3 domain to Unicode."""
    labels = []
    for label in domain.split("."):
        if label.startswith("xn--"):
            try:
                labels.append(label[4:].encode("ascii").decode("punycode"))
                continue
            except (UnicodeError, ValueError):
                pass
        labels.append(label)
    return ".".join(labels)
