"""`node:url`: the web's classes, paths of file URLs, and the parser from before."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lockstep.reference.javascript.host.definition import (
    add_functions,
    class_of,
    coded_error,
    namespace,
    prototype_from,
    wrong_type,
)
from lockstep.reference.javascript.host.hosting import global_of
from lockstep.reference.javascript.host.paths import posix
from lockstep.reference.javascript.host.paths.query_module import escaped, parsed, stringified, unescaped
from lockstep.reference.javascript.host.stacks.lines import file_url
from lockstep.reference.javascript.host.web.url import JSURL, invalid_url, new_url
from lockstep.reference.javascript.host.web.url_hosts import HostError, domain_to_ascii, domain_to_unicode
from lockstep.reference.javascript.host.web.url_parser import URLError, URLRecord, parse_url
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import get, get_v
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_PARTS = (
    "protocol",
    "slashes",
    "auth",
    "host",
    "port",
    "hostname",
    "hash",
    "search",
    "query",
    "pathname",
    "path",
    "href",
)
_OLD = re.compile(r"([a-zA-Z][a-zA-Z0-9.+-]*:)?(//)?")
_WITH_SLASHES = frozenset({"http:", "https:", "ftp:", "gopher:", "file:", "ws:", "wss:"})


def path_of_url(realm: Realm, given: Value) -> str:
    """`url.fileURLToPath`."""
    if isinstance(given, JSURL):
        record = given.record_
    elif isinstance(given, str):
        try:
            record = parse_url(to_code_points(given))
        except URLError:
            raise invalid_url(realm, given) from None
    else:
        raise wrong_type(realm, 'The "path" argument', "of type string or an instance of URL", given)
    if record.scheme != "file":
        raise coded_error(realm, "TypeError", "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file")
    if record.host:
        raise coded_error(
            realm,
            "TypeError",
            "ERR_INVALID_FILE_URL_HOST",
            'File URL host must be "localhost" or empty on linux',
        )
    path = record.path_text()
    if "%2f" in path.lower():
        raise coded_error(
            realm,
            "TypeError",
            "ERR_INVALID_FILE_URL_PATH",
            "File URL path must not include encoded / characters",
        )
    return to_utf16(unquote(path))


def _url_of(realm: Realm, given: Value) -> JSObject:
    if not isinstance(given, str):
        raise wrong_type(realm, 'The "path" argument', "of type string", given)
    path = posix.resolve(os.getcwd(), to_code_points(given))
    if given.endswith("/") and not path.endswith("/"):
        path += "/"
    text = (
        file_url(path.replace("%", "%25").replace("\\", "%5C"))
        .replace("%2525", "%25")
        .replace("%255C", "%5C")
    )
    return new_url(realm, parse_url(text))


def _old_parts(text: str, *, slashes_denote_host: bool) -> dict[str, Any]:
    """`url.parse`: the parts of a URL of any form."""
    parts: dict[str, Any] = dict.fromkeys(_PARTS)
    rest = text.strip()
    head = re.split(r"[?#]", rest, maxsplit=1)[0]
    rest = head.replace("\\", "/") + rest[len(head) :]
    match = _OLD.match(rest)
    assert match is not None
    protocol = match[1].lower() if match[1] else None
    parts["protocol"] = protocol
    after = rest[len(match[1] or "") :]
    has_slashes = after.startswith("//")
    if has_slashes and (protocol != "javascript:") and (protocol or slashes_denote_host):
        parts["slashes"] = True
        after = after[2:]
        end = min((place for place in map(after.find, "/?#") if place >= 0), default=len(after))
        authority, after = after[:end], after[end:]
        auth, at, where = authority.rpartition("@")
        if at:
            parts["auth"] = unquote(auth)
        port = re.search(r":([0-9]*)\Z", where)
        if port is not None:
            parts["port"] = port[1] or None
            where = where[: port.start()]
        hostname = where.lower()
        if hostname.startswith("[") and hostname.endswith("]"):
            parts["hostname"] = hostname[1:-1]
        else:
            try:
                hostname = domain_to_ascii(hostname)
            except HostError:
                pass
            parts["hostname"] = hostname
        parts["host"] = hostname + (f":{parts['port']}" if parts["port"] else "")
    after, mark, fragment = after.partition("#")
    if mark:
        parts["hash"] = f"#{fragment}"
    after, mark, query = after.partition("?")
    if mark:
        parts["search"], parts["query"] = f"?{query}", query
    if after:
        parts["pathname"] = after.replace(" ", "%20")
    if protocol in _WITH_SLASHES and parts["hostname"] and not parts["pathname"]:
        parts["pathname"] = "/"
    if parts["pathname"] or parts["search"]:
        parts["path"] = (parts["pathname"] or "") + (parts["search"] or "")
    parts["href"] = _old_text(parts)
    return parts


def _old_text(parts: dict[str, Any]) -> str:
    """`url.format` of parts."""
    auth = f"{parts['auth'].replace('@', '%40')}@" if parts.get("auth") else ""
    protocol = parts.get("protocol") or ""
    if protocol and not protocol.endswith(":"):
        protocol += ":"
    host = ""
    if parts.get("host"):
        host = auth + parts["host"]
    elif parts.get("hostname"):
        name = parts["hostname"]
        host = auth + (f"[{name}]" if ":" in name and not name.startswith("[") else name)
        if parts.get("port"):
            host += f":{parts['port']}"
    search = parts.get("search") or (f"?{parts['query']}" if parts.get("query") else "")
    pathname = (parts.get("pathname") or "").replace("?", "%3F").replace("#", "%23")
    if parts.get("slashes") or (protocol in _WITH_SLASHES and host):
        host = f"//{host}"
        if pathname and pathname[0] != "/":
            pathname = f"/{pathname}"
    fragment = parts.get("hash") or ""
    if fragment and fragment[0] != "#":
        fragment = f"#{fragment}"
    if search and search[0] != "?":
        search = f"?{search}"
    return f"{protocol}{host}{pathname}{search.replace('#', '%23')}{fragment}"


def url_module(realm: Realm) -> JSObject:
    """The exports."""

    def construct(new_target: Value, *_rest: Value) -> Value:
        made = object_create(prototype_from(new_target, prototype))
        for name in _PARTS:
            made.define_own_property(name, plain(null))
        return made

    constructor, prototype = class_of(realm, "Url", construct, 0, tag=False)

    def parse(
        _this: Value, text: Value = undefined, as_object: Value = False, slashes: Value = False, *_rest: Value
    ) -> Value:
        if not isinstance(text, str):
            raise wrong_type(realm, 'The "url" argument', "of type string", text)
        parts = _old_parts(text, slashes_denote_host=to_boolean(slashes))
        made = object_create(prototype)
        if to_boolean(as_object):
            parts["query"] = parsed(realm, parts["query"] or "", "&", "=", unescaped, 1000)
            parts["search"] = parts["search"] or ""
        for name in _PARTS:
            found = parts[name]
            made.define_own_property(name, plain(null if found is None else found))
        return made

    def parts_of(value: JSObject) -> dict[str, Any]:
        parts: dict[str, Any] = {}
        for name in _PARTS:
            found = get(value, name)
            if name == "query" and isinstance(found, JSObject):
                found = stringified(realm, found, "&", "=", lambda text: escaped(realm, text))
            parts[name] = (
                None
                if found is undefined or found is null
                else found
                if found.__class__ is bool
                else to_string(found)
            )
        return parts

    def format_url(_this: Value, given: Value = undefined, options: Value = undefined, *_rest: Value) -> str:
        if isinstance(given, str):
            return _old_text(_old_parts(given, slashes_denote_host=False))
        if isinstance(given, JSURL):
            return _formatted(given.record_, options)
        if not isinstance(given, JSObject):
            raise wrong_type(realm, 'The "urlObject" argument', "one of type object or string", given)
        return _old_text(parts_of(given))

    def resolve(_this: Value, base: Value = undefined, target: Value = undefined, *_rest: Value) -> str:
        before, after = to_string(base), to_string(target)
        anchor = "resolve://anchor"
        try:
            outer = parse_url(before, parse_url(f"{anchor}/"))
            found = parse_url(after, outer).href()
        except URLError:
            return after
        if found.startswith(anchor):
            found = found[len(anchor) :]
            return found if before.startswith("/") or after.startswith("/") else found[1:]
        return found

    def http_options(_this: Value, given: Value = undefined, *_rest: Value) -> Value:
        made = realm.make_object()
        for name in ("protocol", "hostname", "hash", "search", "pathname", "href"):
            made.define_own_property(name, plain(get_v(realm, given, name)))
        made.define_own_property(
            "path",
            plain(to_string(get_v(realm, given, "pathname")) + to_string(get_v(realm, given, "search"))),
        )
        return made

    def to_ascii(_this: Value, domain: Value = undefined, *_rest: Value) -> str:
        try:
            return domain_to_ascii(to_code_points(to_string(domain)))
        except HostError:
            return ""

    made = namespace(realm)
    for name, value in (
        ("Url", constructor),
        ("URL", global_of(realm, "URL")),
        ("URLSearchParams", global_of(realm, "URLSearchParams")),
    ):
        stored(made)[name] = plain(value)
    add_functions(
        realm,
        made,
        [
            ("parse", parse, 3),
            ("resolve", resolve, 2),
            ("format", format_url, 2),
            ("domainToASCII", to_ascii, 1),
            (
                "domainToUnicode",
                lambda _this, domain=undefined, *_rest: to_utf16(
                    domain_to_unicode(to_ascii(undefined, domain))
                ),
                1,
            ),
            ("pathToFileURL", lambda _this, path=undefined, *_rest: _url_of(realm, path), 1),
            ("fileURLToPath", lambda _this, given=undefined, *_rest: path_of_url(realm, given), 1),
            ("urlToHttpOptions", http_options, 1),
        ],
    )
    return made


def _formatted(record: URLRecord, options: Value) -> str:
    """`url.format` of a URL, with parts left out."""

    def wanted(name: str) -> bool:
        if not isinstance(options, JSObject):
            return True
        value = get(options, name)
        return True if value is undefined else to_boolean(value)

    text = f"{record.scheme}:"
    if record.host is not None:
        text += "//"
        if wanted("auth") and record.has_credentials:
            text += record.username + (f":{record.password}" if record.password else "") + "@"
        host = record.host_text()
        if isinstance(options, JSObject) and to_boolean(get(options, "unicode")):
            host = domain_to_unicode(host)
        text += host
    text += record.path_text()
    if wanted("search") and record.query is not None:
        text += f"?{record.query}"
    if wanted("fragment") and record.fragment is not None:
        text += f"#{record.fragment}"
    return to_utf16(text)
