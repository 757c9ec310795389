"""What FUNCTION DUMP gives and FUNCTION RESTORE takes: libraries in the RDB format, version and checksum at the end."""

from __future__ import annotations

from lockstep.reference.redis.wire.replies import FailureError

_FUNCTION = 245
_RDB_VERSION = 10
_POLYNOMIAL = 0x95AC9329AC4BC9B5  # Jones, reflected
_BAD = "ERR DUMP payload version or checksum are wrong"


def _checksum(data: bytes) -> int:
    """CRC-64 as Redis computes it."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    check = 0
    for byte in data:
        check = table[(check ^ byte) & 0xFF] ^ (check >> 8)
    return check


def _length(size: int) -> bytes:
    if size < 64:
        return bytes((size,))
    if size < 16384:
        return bytes((0x40 | size >> 8, size & 0xFF))
    return b"\x80" + size.to_bytes(4, "big")


def dump(codes: list[bytes]) -> bytes:
    """The payload of libraries, each by its whole text."""
    body = b"".join(bytes((_FUNCTION,)) + _length(len(code)) + code for code in codes)
    body += _RDB_VERSION.to_bytes(2, "little")
    return body + _checksum(body).to_bytes(8, "little")


def restore(payload: bytes) -> list[bytes]:
    """The libraries in a payload, by their whole texts.

    Raises:
        FailureError: it is damaged or of another version.
    """
    if len(payload) < 10:
        raise FailureError(_BAD)
    body, version = payload[:-10], int.from_bytes(payload[-10:-8], "little")
    if version > _RDB_VERSION or _checksum(payload[:-8]).to_bytes(8, "little") != payload[-8:]:
        raise FailureError(_BAD)
    codes: list[bytes] = []
    at = 0
    try:
        while at < len(body):
            if body[at] != _FUNCTION:
                raise FailureError("ERR given type is not a function")
            code, at = _string(body, at + 1)
            codes.append(code)
    except IndexError:
        raise FailureError("ERR failed loading functions") from None
    return codes


def _read_length(data: bytes, at: int) -> tuple[int, bool, int]:
    """A length, whether it names a special encoding instead, and where it ends."""
    first = data[at]
    kind = first >> 6
    if kind == 0:
        return first & 63, False, at + 1
    if kind == 1:
        return (first & 63) << 8 | data[at + 1], False, at + 2
    if kind == 3:
        return first & 63, True, at + 1
    width = 8 if first == 0x81 else 4
    return int.from_bytes(data[at + 1 : at + 1 + width], "big"), False, at + 1 + width


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    size, special, at = _read_length(data, at)
    if not special:
        if at + size > len(data):
            raise IndexError
        return data[at : at + size], at + size
    if size < 3:
        width = 1 << size
        return b"%d" % int.from_bytes(data[at : at + width], "little", signed=True), at + width
    packed, _, at = _read_length(data, at)
    full, _, at = _read_length(data, at)
    return _decompressed(data[at : at + packed], full), at + packed


def _decompressed(data: bytes, size: int) -> bytes:
    """LZF."""
    result = bytearray()
    at = 0
    while at < len(data):
        control = data[at]
        at += 1
        if control < 32:
            result += data[at : at + control + 1]
            at += control + 1
            continue
        length = control >> 5
        if length == 7:
            length += data[at]
            at += 1
        start = len(result) - ((control & 31) << 8) - data[at] - 1
        at += 1
        if start < 0:
            raise IndexError
        for position in range(start, start + length + 2):
            result.append(result[position])
    if len(result) != size:
        raise IndexError
    return bytes(result)
