"""XML that was written here, or by what is tested."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET


def root_of(source: Path | str | bytes) -> ET.Element:
    """The root of a document, or of the document in a file."""
    text = source.read_bytes() if isinstance(source, Path) else source
    return ET.fromstring(text)  # noqa: S314  # none of a stranger's
