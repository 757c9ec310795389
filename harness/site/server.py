"""Serves the site: pages are made when they are asked for, and anew when a run has come to the store."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from lockstep.harness.records.record import RecordError
from lockstep.harness.site.making import Sources, make_site
from lockstep.harness.site.site import Site
from lockstep.harness.status.yaml_file import YamlError
from lockstep.harness.store.place import StoreError

# Seconds between two looks at whether something is new.
_LOOK_AGAIN = 2.0
_PAGES = 512
_SMALL = 1400
_LEVEL = 5
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "xml": "application/atom+xml",
}


class Fresh:
    """The newest state of a site: made anew beside the old one, which is shown until then.

    Args:
        sources: what it is made from.
        said: takes a sentence for the user.

    Raises:
        RecordError, YamlError, StoreError: as `make_site`.
    """

    def __init__(self, sources: Sources, said: Callable[[str], None]) -> None:
        self._sources = sources
        self._said = said
        self._lock = threading.Lock()
        self._looked = time.monotonic()
        self._making = False
        self.stamp = sources.stamp()
        self._take(make_site(sources, said, self.stamp), self.stamp)

    def _take(self, site: Site, stamp: str) -> None:
        self._site, self.stamp = site, stamp
        self.content = lru_cache(maxsize=_PAGES)(site.content)

    def look(self) -> None:
        """Begin to make it anew where something is new; at most one does at a time."""
        with self._lock:
            if self._making or time.monotonic() - self._looked < _LOOK_AGAIN:
                return
            self._making = True
        threading.Thread(target=self._renew, daemon=True).start()

    def _renew(self) -> None:
        try:
            stamp = self._sources.stamp()
            if stamp != self.stamp:
                self._take(make_site(self._sources, self._said, stamp), stamp)
                self._said("made anew")
        except (RecordError, YamlError, StoreError) as error:
            self._said(f"still shown as it was: {error}")
        finally:
            with self._lock:
                self._looked = time.monotonic()
                self._making = False


def serve(fresh: Fresh, host: str, port: int) -> ThreadingHTTPServer:
    """A server that is bound and not yet running.

    Raises:
        OSError: the address is taken, or is none of this machine.
    """

    class Handler(BaseHTTPRequestHandler):
        """Answers with the files of the site."""

        server_version = "lockstep"
        sys_version = ""
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the library's name
            """Send a file."""
            self._answer(body=True)

        def do_HEAD(self) -> None:  # the library's name
            """Send what is known of a file."""
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            fresh.look()
            path = unquote(urlsplit(self.path).path).lstrip("/")
            if path == "stamp":
                self._send(HTTPStatus.OK, "text/plain; charset=utf-8", fresh.stamp.encode(), body=body)
                return
            if not path or path.endswith("/"):
                path += "index.html"
            content = fresh.content(path)
            if content is None:
                self._send(
                    HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"There is no such page.\n", body=body
                )
                return
            kind = _TYPES.get(path.rpartition(".")[2], "application/octet-stream")
            self._send(HTTPStatus.OK, kind, content, body=body)

        def _send(self, status: HTTPStatus, kind: str, content: bytes, *, body: bool) -> None:
            packed = len(content) > _SMALL and "gzip" in self.headers.get("Accept-Encoding", "")
            if packed:
                content = gzip.compress(content, _LEVEL, mtime=0)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-cache")
            self.send_header("X-Content-Type-Options", "nosniff")
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing of each request."""

    return ThreadingHTTPServer((host, port), Handler)
