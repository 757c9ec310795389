"""A badge: the share of a suite that an engine passes, as an SVG file or as JSON for a service that draws it."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import msgspec

from lockstep.harness.reports.tables import percent

# From which share on, in per cent, a badge has which colour; named as shields.io does.
_COLOURS = (
    (100, "brightgreen"),
    (95, "green"),
    (80, "yellowgreen"),
    (50, "yellow"),
    (20, "orange"),
    (0, "red"),
)
_HEX = {
    "brightgreen": "#3a7d0a",
    "green": "#4c7a17",
    "yellowgreen": "#6d6f10",
    "yellow": "#8a6508",
    "orange": "#a35200",
    "red": "#b3321f",
    "lightgrey": "#6a6a6a",
}
_CHARACTER, _PADDING, _HEIGHT = 6.6, 12, 20
_SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" aria-label={title}>
<title>{text}</title>
<clipPath id="r"><rect width="{width}" height="{height}" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="{left}" height="{height}" fill="#444"/>\
<rect x="{left}" width="{right}" height="{height}" fill="{colour}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\
<text x="{left_middle}" y="14">{label}</text><text x="{right_middle}" y="14">{message}</text></g>
</svg>
"""


def write_badge(path: Path, label: str, passes: int, total: int) -> None:
    """Write a badge: `.json` as shields.io's endpoint reads it, anything else as SVG.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(badge(label, passes, total, as_json=path.suffix == ".json"))


def badge(label: str, passes: int, total: int, *, as_json: bool = False) -> bytes:
    """A badge as SVG, or as shields.io's endpoint reads it."""
    message = percent(passes, total)
    colour = _colour(passes, total)
    if as_json:
        content = {"schemaVersion": 1, "label": label, "message": message, "color": colour}
        return msgspec.json.encode(content) + b"\n"
    return _svg(label, message, _HEX[colour]).encode("utf-8")


def _colour(passes: int, total: int) -> str:
    if not total:
        return "lightgrey"
    return next(name for share, name in _COLOURS if passes * 100 >= share * total)


def _svg(label: str, message: str, colour: str) -> str:
    left = round(len(label) * _CHARACTER + _PADDING)
    right = round(len(message) * _CHARACTER + _PADDING)
    return _SVG.format(
        width=left + right,
        height=_HEIGHT,
        left=left,
        right=right,
        left_middle=left / 2,
        right_middle=left + right / 2,
        colour=colour,
        title=quoteattr(f"{label}: {message}"),
        text=escape(f"{label}: {message}"),
        label=escape(label),
        message=escape(message),
    )
