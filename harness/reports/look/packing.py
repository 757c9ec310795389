"""Data inside an HTML page, or beside it: JSON, deflated, in base64; the page's own script unpacks it."""

from __future__ import annotations

import base64
import json
import zlib

# Editors and pagers choke on lines of megabytes.
_LINE = 4000
_LEVEL = 9


def packed(data: object) -> str:
    """`data` as text that may stand in any element of a page."""
    return packed_json(
        json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")
    )


def packed_json(content: bytes) -> str:
    """The same, of what is JSON already."""
    text = base64.b64encode(zlib.compress(content, _LEVEL)).decode("ascii")
    return "\n".join(text[start : start + _LINE] for start in range(0, len(text), _LINE))


def unpacked(text: str) -> object:
    """What `packed` packed.

    Raises:
        ValueError: the text is not of that form.
    """
    try:
        return json.loads(zlib.decompress(base64.b64decode(text)))
    except zlib.error as error:
        raise ValueError(f"not deflated: {error}") from error
