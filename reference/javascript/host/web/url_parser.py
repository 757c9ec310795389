"""The URL record, its parser and its serializer (URL standard, 4)."""

from __future__ import annotations

import re
from typing import Final

from lockstep.reference.javascript.host.web.url_hosts import Host, HostError, parse_host, serialized
from lockstep.reference.javascript.host.web.url_percent import (
    C0,
    FRAGMENT,
    PATH,
    QUERY,
    SPECIAL_QUERY,
    USERINFO,
    percent_encoded,
)

SPECIAL: Final[dict[str, int | None]] = {
    "ftp": 21,
    "file": None,
    "http": 80,
    "https": 443,
    "ws": 80,
    "wss": 443,
}
"""The special schemes with their default ports."""
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*")
_EDGES: Final = "".join(map(chr, range(0x21)))
_TABS: Final = re.compile("[\t\n\r]")
_SINGLE_DOT: Final = frozenset({".", "%2e"})
_DOUBLE_DOT: Final = frozenset({"..", ".%2e", "%2e.", "%2e%2e"})
_DRIVE: Final = re.compile(r"[a-zA-Z][:|]\Z")
_NORMAL_DRIVE: Final = re.compile(r"[a-zA-Z]:\Z")
_STARTS_WITH_DRIVE: Final = re.compile(r"[a-zA-Z][:|]([/\\?#]|\Z)")


class URLError(ValueError):
    """A text that is no URL."""


class URLRecord:
    """4.1 a URL.

    Attributes:
        path: the segments, or a string where it is opaque.
    """

    __slots__ = ("fragment", "host", "password", "path", "port", "query", "scheme", "username")

    def __init__(self) -> None:
        self.scheme = ""
        self.username = ""
        self.password = ""
        self.host: Host = None
        self.port: int | None = None
        self.path: list[str] | str = []
        self.query: str | None = None
        self.fragment: str | None = None

    @property
    def is_special(self) -> bool:
        """Whether the scheme is special."""
        return self.scheme in SPECIAL

    @property
    def is_opaque(self) -> bool:
        """Whether the path is opaque."""
        return isinstance(self.path, str)

    @property
    def has_credentials(self) -> bool:
        """Whether there is a username or password."""
        return bool(self.username or self.password)

    def cannot_have_credentials(self) -> bool:
        """4.4 cannot have a username/password/port."""
        return self.host is None or self.host == "" or self.scheme == "file"

    def path_text(self) -> str:
        """4.5 URL path serializer."""
        return self.path if isinstance(self.path, str) else "".join(f"/{segment}" for segment in self.path)

    def host_text(self) -> str:
        """The host with its port."""
        return serialized(self.host) + ("" if self.port is None else f":{self.port}")

    def href(self, *, fragment: bool = True) -> str:
        """4.5 URL serializer."""
        text = f"{self.scheme}:"
        if self.host is not None:
            text += "//"
            if self.has_credentials:
                text += self.username + (f":{self.password}" if self.password else "") + "@"
            text += self.host_text()
        elif isinstance(self.path, list) and len(self.path) > 1 and self.path[0] == "":
            text += "/."
        text += self.path_text()
        if self.query is not None:
            text += f"?{self.query}"
        if fragment and self.fragment is not None:
            text += f"#{self.fragment}"
        return text

    def origin(self) -> str:
        """4.7 the serialized origin."""
        if self.scheme == "blob":
            try:
                inner = parse_url(self.path_text())
            except URLError:
                return "null"
            return inner.origin() if inner.scheme in ("http", "https") else "null"
        if self.scheme in SPECIAL and self.scheme != "file":
            return f"{self.scheme}://{self.host_text()}"
        return "null"


def parse_url(text: str, base: URLRecord | None = None) -> URLRecord:
    """4.4 URL parser.

    Raises:
        URLError: failure.
    """
    text = _TABS.sub("", text.strip(_EDGES))
    url = URLRecord()
    text, mark, fragment = text.partition("#")
    if mark:
        url.fragment = percent_encoded(fragment, FRAGMENT)
    scheme = _SCHEME.match(text)
    if scheme is not None and text[scheme.end() : scheme.end() + 1] == ":":
        url.scheme = scheme[0].lower()
        _after_scheme(url, text[scheme.end() + 1 :], base)
        return url
    _without_scheme(url, text, base, bool(mark))
    return url


def _after_scheme(url: URLRecord, rest: str, base: URLRecord | None) -> None:
    if url.scheme == "file":
        _file(url, rest, base if base is not None and base.scheme == "file" else None)
    elif url.is_special:
        if base is not None and base.scheme == url.scheme and not rest.startswith("//"):
            _relative(url, rest, base)
        else:
            _authority(url, rest.lstrip("/\\"))
    elif rest.startswith("//"):
        _authority(url, rest[2:])
    elif rest.startswith("/"):
        _path_and_query(url, rest)
    else:
        path, mark, query = rest.partition("?")
        if mark == "" and url.fragment is None:
            path = path.rstrip(" ")
        url.path = percent_encoded(path, C0)
        if mark:
            _set_query(url, query)


def _without_scheme(url: URLRecord, rest: str, base: URLRecord | None, has_fragment: bool) -> None:
    if base is None or (base.is_opaque and (rest or not has_fragment)):
        raise URLError(rest)
    if base.is_opaque:
        url.scheme, url.path, url.query = base.scheme, base.path, base.query
        return
    if base.scheme == "file":
        url.scheme = "file"
        _file(url, rest, base)
        return
    url.scheme = base.scheme
    _relative(url, rest, base)


def _slashes(url: URLRecord) -> str:
    return "/\\" if url.is_special else "/"


def _relative(url: URLRecord, rest: str, base: URLRecord) -> None:
    slashes = _slashes(url)
    if rest[:1] and rest[0] in slashes:
        if rest[1:2] and rest[1] in slashes:
            rest = rest.lstrip("/\\") if url.is_special else rest[2:]
            _authority(url, rest)
            return
        _copy_authority(url, base)
        _path_and_query(url, rest)
        return
    _copy_authority(url, base)
    assert isinstance(base.path, list)
    url.path = list(base.path)
    if rest.startswith("?"):
        _set_query(url, rest[1:])
    elif rest == "":
        url.query = base.query
    else:
        _shorten(url)
        _path_and_query(url, rest, relative=True)


def _copy_authority(url: URLRecord, base: URLRecord) -> None:
    url.username, url.password, url.host, url.port = base.username, base.password, base.host, base.port


def _authority(url: URLRecord, rest: str) -> None:
    end = len(rest)
    for stop in "/?" + ("\\" if url.is_special else ""):
        place = rest.find(stop)
        if 0 <= place < end:
            end = place
    authority, rest = rest[:end], rest[end:]
    credentials, at, where = authority.rpartition("@")
    if at:
        if not where:
            raise URLError(authority)
        name, _, password = credentials.partition(":")
        url.username = percent_encoded(name, USERINFO)
        url.password = percent_encoded(password, USERINFO)
    _host_and_port(url, where)
    if url.is_special and url.host == "":
        raise URLError(authority)
    _path_and_query(url, rest)


def split_port(text: str) -> tuple[str, str | None]:
    """The host and the port of a text; None without a colon outside of brackets."""
    inside = False
    for place, one in enumerate(text):
        if one == "[":
            inside = True
        elif one == "]":
            inside = False
        elif one == ":" and not inside:
            return text[:place], text[place + 1 :]
    return text, None


def _host_and_port(url: URLRecord, where: str) -> None:
    host, port = split_port(where)
    if not host and (port is not None or url.is_special):
        raise URLError(where)
    set_host(url, host)
    if port is not None:
        if port and not (port.isascii() and port.isdigit()):
            raise URLError(where)
        set_port(url, port)


def set_host(url: URLRecord, text: str) -> None:
    """Parse and set the host.

    Raises:
        URLError: failure.
    """
    if not text and not url.is_special:
        url.host = ""
        return
    try:
        url.host = parse_host(text, special=url.is_special)
    except HostError:
        raise URLError(text) from None


def set_port(url: URLRecord, digits: str) -> None:
    """Set the port.

    Raises:
        URLError: it is too large.
    """
    if not digits:
        return
    port = int(digits)
    if port > 0xFFFF:
        raise URLError(digits)
    url.port = None if SPECIAL.get(url.scheme) == port else port


def _file(url: URLRecord, rest: str, base: URLRecord | None) -> None:
    url.host = ""
    if rest[:1] and rest[0] in "/\\":
        if rest[1:2] and rest[1] in "/\\":
            _file_host(url, rest[2:])
            return
        if base is not None:
            url.host = base.host
            if (
                not _STARTS_WITH_DRIVE.match(rest[1:])
                and isinstance(base.path, list)
                and base.path
                and _NORMAL_DRIVE.match(base.path[0])
            ):
                url.path = [base.path[0]]
                _path_and_query(url, rest, relative=True)
                return
        _path_and_query(url, rest)
        return
    if base is not None:
        assert isinstance(base.path, list)
        url.host, url.path, url.query = base.host, list(base.path), base.query
        if rest.startswith("?"):
            _set_query(url, rest[1:])
        elif rest:
            url.query = None
            if _STARTS_WITH_DRIVE.match(rest):
                url.path = []
            else:
                _shorten(url)
            _path_and_query(url, rest, relative=True)
        return
    _path_and_query(url, rest)


def _file_host(url: URLRecord, rest: str) -> None:
    end = min((place for place in (rest.find(stop) for stop in "/\\?") if place >= 0), default=len(rest))
    host = rest[:end]
    if _DRIVE.match(host):
        _path_and_query(url, "/" + rest)
        return
    if host:
        try:
            url.host = parse_host(host, special=True)
        except HostError:
            raise URLError(host) from None
        if url.host == "localhost":
            url.host = ""
    _path_and_query(url, rest[end:])


def _shorten(url: URLRecord) -> None:
    """4.1 shorten a URL's path."""
    path = url.path
    assert isinstance(path, list)
    if url.scheme == "file" and len(path) == 1 and _NORMAL_DRIVE.match(path[0]):
        return
    if path:
        path.pop()


def _path_and_query(url: URLRecord, rest: str, *, relative: bool = False) -> None:
    path, mark, query = rest.partition("?")
    parse_path(url, path, relative=relative)
    if mark:
        _set_query(url, query)


def parse_path(url: URLRecord, text: str, *, relative: bool = False) -> None:
    """The path start and path states; `relative`: the segments follow those that are there."""
    slashes = _slashes(url)
    if not isinstance(url.path, list):
        url.path = []
    if not url.is_special and not text and not relative:
        return
    if text[:1] and text[0] in slashes:
        text = text[1:]
    segments = re.split(r"[/\\]" if url.is_special else "/", text)
    for place, segment in enumerate(segments):
        last = place == len(segments) - 1
        lowered = segment.lower()
        if lowered in _DOUBLE_DOT:
            _shorten(url)
            if last:
                url.path.append("")
        elif lowered in _SINGLE_DOT:
            if last:
                url.path.append("")
        else:
            is_drive = url.scheme == "file" and not url.path and _DRIVE.match(segment)
            url.path.append(f"{segment[0]}:" if is_drive else percent_encoded(segment, PATH))


def _set_query(url: URLRecord, query: str) -> None:
    url.query = percent_encoded(query, SPECIAL_QUERY if url.is_special else QUERY)
