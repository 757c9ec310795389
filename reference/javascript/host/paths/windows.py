"""`path.win32`: pure functions of texts."""

from __future__ import annotations

from lockstep.reference.javascript.host.paths import posix

_SEPARATORS = "\\/"


def _root(path: str) -> tuple[str, str, bool]:
    """The device, the rest behind the root, and whether the path is absolute."""
    if len(path) > 1 and path[0] in _SEPARATORS and path[1] in _SEPARATORS:
        parts = [part for part in path[2:].replace("/", "\\").split("\\") if part]
        if len(parts) > 1:
            rest = "\\".join(parts[2:])
            return f"\\\\{parts[0]}\\{parts[1]}", rest, True
    if len(path) > 1 and path[0].isalpha() and path[1] == ":":
        absolute = len(path) > 2 and path[2] in _SEPARATORS
        return path[:2], path[2:], absolute
    if path[:1] and path[0] in _SEPARATORS:
        return "", path, True
    return "", path, False


def _segments(path: str, *, above_root: bool) -> str:
    return posix.normalize_segments(path, above_root=above_root, separators=_SEPARATORS, joint="\\")


def normalize(path: str) -> str:
    """`path.win32.normalize`."""
    if not path:
        return "."
    device, rest, absolute = _root(path)
    found = _segments(rest, above_root=not absolute)
    if not found and not absolute:
        found = "."
    if found and path[-1] in _SEPARATORS:
        found += "\\"
    return f"{device}\\{found}" if absolute else f"{device}{found}"


def join(*parts: str) -> str:
    """`path.win32.join`."""
    given = [part for part in parts if part]
    return normalize("\\".join(given)) if given else "."


def is_absolute(path: str) -> bool:
    """`path.win32.isAbsolute`."""
    return _root(path)[2]


def resolve(folder: str, *parts: str) -> str:
    """`path.win32.resolve`, from a working folder."""
    device, tail, absolute = "", "", False
    for part in (*reversed(parts), folder):
        if not part:
            continue
        own, rest, is_rooted = _root(part)
        if own and device and own.lower() != device.lower():
            continue
        device = device or own
        if not absolute:
            tail = f"{rest}\\{tail}"
            absolute = is_rooted
        if absolute and device:
            break
    found = _segments(tail, above_root=not absolute)
    return f"{device}\\{found}" if absolute else f"{device}{found}" or "."


def dirname(path: str) -> str:
    """`path.win32.dirname`."""
    if not path:
        return "."
    device, rest, absolute = _root(path)
    stripped = rest.rstrip(_SEPARATORS)
    place = max(stripped.rfind(one) for one in _SEPARATORS)
    root = device + (rest[:1] if absolute and rest[:1] in ("\\", "/") else "")
    if place < 0:
        return root or "."
    head = stripped[:place]
    return device + head if head.strip(_SEPARATORS) else root


def basename(path: str, suffix: str = "") -> str:
    """`path.win32.basename`."""
    if len(path) > 1 and path[0].isalpha() and path[1] == ":":
        path = path[2:]
    stripped = path.rstrip(_SEPARATORS)
    place = max(stripped.rfind(one) for one in _SEPARATORS)
    name = stripped[place + 1 :]
    return name[: -len(suffix)] if suffix and name.endswith(suffix) and name != suffix else name


def extname(path: str) -> str:
    """`path.win32.extname`."""
    return posix.extname(basename(path))


def relative(folder: str, before: str, after: str) -> str:
    """`path.win32.relative`."""
    start, end = resolve(folder, before), resolve(folder, after)
    left = [part for part in start.split("\\") if part]
    right = [part for part in end.split("\\") if part]
    common = 0
    while common < min(len(left), len(right)) and left[common].lower() == right[common].lower():
        common += 1
    if not common:
        return end
    return "\\".join([".."] * (len(left) - common) + right[common:])


def parse(path: str) -> dict[str, str]:
    """`path.win32.parse`."""
    device, rest, absolute = _root(path)
    root = device + (rest[:1] if absolute and rest[:1] in ("\\", "/") else "")
    base = basename(path) if rest.strip(_SEPARATORS) else ""
    folder = dirname(path) if base else root
    if folder == ".":
        folder = ""
    end = posix.extname(base)
    return {"root": root, "dir": folder, "base": base, "ext": end, "name": base[: len(base) - len(end)]}
