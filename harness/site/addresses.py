"""Where each page of the site lies: names of suites, engines and folders as names of files, whatever they hold."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

_PLAIN = re.compile(rb"[A-Za-z0-9_+-]")
_LONGEST = 100
_KEPT = 60
_DIGEST = 16


def slug(name: str) -> str:
    """`name` as a name of a file: two names never become one.

    >>> slug("javascript:vm"), slug("..")
    ('javascript~3avm', '~2e~2e')
    """
    content = name.encode("utf-8", "surrogatepass")
    inner = name.strip(".") == name and ".." not in name
    text = "".join(
        chr(byte) if _PLAIN.match(bytes([byte])) or (inner and byte == ord(".")) else f"~{byte:02x}"
        for byte in content
    )
    if len(text) > _LONGEST:
        return f"{text[:_KEPT]}~~{hashlib.sha256(content).hexdigest()[:_DIGEST]}"
    return text or "~"


def language_page(language: str) -> str:
    """The page of a language."""
    return f"language/{slug(language)}/index.html"


def suite_folder(language: str, suite: str) -> str:
    """The folder of everything about a suite in a language."""
    return f"suite/{slug(language)}/{slug(suite)}"


def suite_page(language: str, suite: str) -> str:
    """The page of a suite in a language."""
    return f"{suite_folder(language, suite)}/index.html"


def folder_page(language: str, suite: str, path: str) -> str:
    """The page of a folder of a suite; of its top, the suite's."""
    if not path:
        return suite_page(language, suite)
    return f"{suite_folder(language, suite)}/in/{'/'.join(map(slug, path.split('/')))}/index.html"


def engine_page(language: str, engine: str) -> str:
    """The page of an engine."""
    return f"engine/{slug(language)}/{slug(engine)}/index.html"


def feed_file(language: str, engine: str) -> str:
    """The feed of what an engine lost."""
    return f"engine/{slug(language)}/{slug(engine)}/regressions.xml"


def badge_file(language: str, suite: str, engine: str, ending: str) -> str:
    """The badge of an engine on a suite; `ending` is svg or json."""
    return f"{suite_folder(language, suite)}/badge/{slug(engine)}.{ending}"


def test_address(language: str, suite: str, test: str) -> str:
    """The address of a test."""
    return f"{suite_folder(language, suite)}/test.html#{quote(test, safe='/')}"


def to_root(page: str) -> str:
    """What leads from a page to the top of the site: `../` as often as it takes."""
    return "../" * page.count("/")
