"""What assigning to the parts of a URL does (URL standard, 6.1: the setters, which parse with a state override)."""

from __future__ import annotations

import re

from lockstep.reference.javascript.host.web.url_hosts import HostError, parse_host
from lockstep.reference.javascript.host.web.url_parser import (
    SPECIAL,
    URLError,
    URLRecord,
    parse_path,
    set_host,
    set_port,
    split_port,
)
from lockstep.reference.javascript.host.web.url_percent import (
    FRAGMENT,
    QUERY,
    SPECIAL_QUERY,
    USERINFO,
    percent_encoded,
)

_TABS = re.compile("[\t\n\r]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*)(?::|\Z)")


def set_protocol(url: URLRecord, value: str) -> None:
    """The protocol setter."""
    match = _SCHEME.match(_TABS.sub("", value))
    if match is None:
        return
    scheme = match[1].lower()
    if (scheme in SPECIAL) != url.is_special:
        return
    if scheme == "file" and (url.has_credentials or url.port is not None):
        return
    if url.scheme == "file" and url.host == "":
        return
    url.scheme = scheme
    if url.port is not None and url.port == SPECIAL.get(scheme):
        url.port = None


def set_username(url: URLRecord, value: str) -> None:
    """The username setter."""
    if not url.cannot_have_credentials():
        url.username = percent_encoded(value, USERINFO)


def set_password(url: URLRecord, value: str) -> None:
    """The password setter."""
    if not url.cannot_have_credentials():
        url.password = percent_encoded(value, USERINFO)


def _host_part(url: URLRecord, value: str) -> str:
    value = _TABS.sub("", value)
    stops = "/?#" + ("\\" if url.is_special else "")
    end = min((place for place in map(value.find, stops) if place >= 0), default=len(value))
    return value[:end]


def set_host_of(url: URLRecord, value: str, *, only_name: bool) -> None:
    """The host setter, and that of the hostname."""
    if url.is_opaque:
        return
    host, port = split_port(_host_part(url, value))
    if only_name and port is not None:
        return
    if url.scheme == "file":
        _set_file_host(url, host if port is None else f"{host}:{port}")
        return
    if not host and (url.is_special or url.has_credentials or url.port is not None or port is not None):
        return
    before = url.host
    try:
        set_host(url, host)
    except URLError:
        url.host = before
        return
    if port is not None:
        _set_leading_port(url, port)


def _set_file_host(url: URLRecord, host: str) -> None:
    if not host:
        url.host = ""
        return
    try:
        found = parse_host(host, special=True)
    except HostError:
        return
    url.host = "" if found == "localhost" else found


def _set_leading_port(url: URLRecord, text: str) -> None:
    digits = re.match("[0-9]*", text)
    if digits is not None and digits[0]:
        try:
            set_port(url, digits[0])
        except URLError:
            return


def set_port_of(url: URLRecord, value: str) -> None:
    """The port setter."""
    if url.cannot_have_credentials():
        return
    if value == "":
        url.port = None
    else:
        _set_leading_port(url, _TABS.sub("", value))


def set_pathname(url: URLRecord, value: str) -> None:
    """The pathname setter."""
    if url.is_opaque:
        return
    value = _TABS.sub("", value)
    url.path = []
    # There ? and # are part of the path.
    text = value.replace("?", "%3F").replace("#", "%23")
    if url.is_special or text:
        parse_path(url, text if url.is_special or text[:1] == "/" else f"/{text}")


def set_search(url: URLRecord, value: str) -> None:
    """The search setter."""
    if value == "":
        url.query = None
        _strip_opaque(url)
        return
    text = _TABS.sub("", value.removeprefix("?"))
    url.query = percent_encoded(text, SPECIAL_QUERY if url.is_special else QUERY)


def set_hash(url: URLRecord, value: str) -> None:
    """The hash setter."""
    if value == "":
        url.fragment = None
        _strip_opaque(url)
        return
    url.fragment = percent_encoded(_TABS.sub("", value.removeprefix("#")), FRAGMENT)


def _strip_opaque(url: URLRecord) -> None:
    """4.4 potentially strip trailing spaces from an opaque path."""
    if isinstance(url.path, str) and url.fragment is None and url.query is None:
        url.path = url.path.rstrip(" ")
