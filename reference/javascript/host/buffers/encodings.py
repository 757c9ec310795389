"""The encodings of buffers: text to bytes and back."""

from __future__ import annotations

import base64
import re
from typing import Final

from lockstep.reference.javascript.host.web.encoding import utf8_bytes
from lockstep.reference.javascript.syntax.utf16 import to_utf16

_NAMES: Final = {
    "utf8": "utf8",
    "utf-8": "utf8",
    "ucs2": "utf16le",
    "ucs-2": "utf16le",
    "utf16le": "utf16le",
    "utf-16le": "utf16le",
    "latin1": "latin1",
    "binary": "latin1",
    "ascii": "ascii",
    "base64": "base64",
    "base64url": "base64url",
    "hex": "hex",
}
_NOT_BASE64: Final = re.compile("[^A-Za-z0-9+/]")


def encoding_name(name: str) -> str | None:
    """The encoding that a name means."""
    return _NAMES.get(name.lower())


def bytes_of_text(text: str, encoding: str) -> bytes:
    """The bytes of a text."""
    kind = encoding_name(encoding) or "utf8"
    if kind == "utf8":
        return utf8_bytes(text)
    if kind == "utf16le":
        return text.encode("utf-16-le", "surrogatepass")
    if kind in ("latin1", "ascii"):
        return bytes([ord(one) & 0xFF for one in text])
    if kind == "hex":
        return _from_hex(text)
    return _from_base64(text)


def _from_hex(text: str) -> bytes:
    match = re.match("(?:[0-9a-fA-F]{2})*", text)
    return bytes.fromhex(match[0]) if match else b""


def _from_base64(text: str) -> bytes:
    text = text.split("=", 1)[0].replace("-", "+").replace("_", "/")
    text = _NOT_BASE64.sub("", text)
    if len(text) % 4 == 1:
        text = text[:-1]
    return base64.b64decode(text + "=" * (-len(text) % 4))


def text_of_bytes(data: bytes, encoding: str) -> str:
    """The text of some bytes."""
    kind = encoding_name(encoding) or "utf8"
    if kind == "utf8":
        return to_utf16(data.decode("utf-8", "replace"))
    if kind == "utf16le":
        return _code_units(data)
    if kind == "latin1":
        return data.decode("latin-1")
    if kind == "ascii":
        return bytes(byte & 0x7F for byte in data).decode("ascii")
    if kind == "hex":
        return data.hex()
    if kind == "base64":
        return base64.b64encode(data).decode("ascii")
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _code_units(data: bytes) -> str:
    return "".join(chr(data[place] | data[place + 1] << 8) for place in range(0, len(data) & ~1, 2))
