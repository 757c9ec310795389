"""`path.posix`: pure functions of texts."""

from __future__ import annotations


def normalize_segments(path: str, *, above_root: bool, separators: str = "/", joint: str = "/") -> str:
    """Resolve `.` and `..` in the segments of a path."""
    kept: list[str] = []
    segment = ""
    for character in path + separators[0]:
        if character not in separators:
            segment += character
            continue
        if segment == "..":
            if kept and kept[-1] != "..":
                kept.pop()
            elif above_root:
                kept.append("..")
        elif segment not in ("", "."):
            kept.append(segment)
        segment = ""
    return joint.join(kept)


def normalize(path: str) -> str:
    """`path.normalize`."""
    if not path:
        return "."
    absolute = path.startswith("/")
    found = normalize_segments(path, above_root=not absolute)
    if not found:
        return "/" if absolute else ("./" if path.endswith("/") else ".")
    if path.endswith("/"):
        found += "/"
    return f"/{found}" if absolute else found


def join(*parts: str) -> str:
    """`path.join`."""
    joined = "/".join(part for part in parts if part)
    return normalize(joined) if joined else "."


def resolve(folder: str, *parts: str) -> str:
    """`path.resolve`, from a working folder."""
    resolved = ""
    absolute = False
    for part in (*reversed(parts), folder):
        if absolute:
            break
        if part:
            resolved = f"{part}/{resolved}"
            absolute = part.startswith("/")
    found = normalize_segments(resolved, above_root=not absolute)
    if absolute:
        return f"/{found}"
    return found or "."


def dirname(path: str) -> str:
    """`path.dirname`."""
    if not path:
        return "."
    stripped = path.rstrip("/")
    if not stripped:
        return "/"
    head, slash, _ = stripped.rpartition("/")
    if not slash:
        return "."
    if path.startswith("//") and head in ("", "/") and stripped.count("/") == 2 and stripped[:2] == "//":
        return "//"
    return head.rstrip("/") or "/" if not head.strip("/") else head


def basename(path: str, suffix: str = "") -> str:
    """`path.basename`."""
    name = path.rstrip("/").rpartition("/")[2]
    if suffix and name.endswith(suffix) and name != suffix:
        return name[: -len(suffix)]
    return name


def extname(path: str) -> str:
    """`path.extname`."""
    name = basename(path)
    head, dot, tail = name.rpartition(".")
    if not dot or not head or (head == "." and not tail):
        return ""
    return f".{tail}"


def relative(folder: str, before: str, after: str) -> str:
    """`path.relative`."""
    if before == after:
        return ""
    start, end = resolve(folder, before), resolve(folder, after)
    if start == end:
        return ""
    left = [part for part in start.split("/") if part]
    right = [part for part in end.split("/") if part]
    common = 0
    while common < min(len(left), len(right)) and left[common] == right[common]:
        common += 1
    return "/".join([".."] * (len(left) - common) + right[common:])


def parse(path: str) -> dict[str, str]:
    """`path.parse`."""
    root = "/" if path.startswith("/") else ""
    stripped = path.rstrip("/")
    base = basename(path)
    head, slash, _ = stripped.rpartition("/")
    folder = (head or "/") if slash else ""
    if root and not stripped:
        folder = "/"
    end = extname(base)
    return {"root": root, "dir": folder, "base": base, "ext": end, "name": base[: len(base) - len(end)]}
