"""Pages that are files: text, Markdown and HTML, one page a file.

Markdown is read as text: its marks are content to the labeller, which knows its images and links.
"""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final

from corpuskit.errors import PageError
from corpuskit.model import Page, Stage
from corpuskit.read.registry import COMPRESSIONS
from corpuskit.sniff import media_type_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings

MEDIA_TYPES: Final = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/plain",
    ".markdown": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
"""What ``media_type = "auto"`` makes of a file's name; what has another is text, unless it begins as HTML does."""

_CHUNK: Final = 1 << 18


def media_type_of(path: PurePath, raw: bytes) -> str:
    """Return the media type of the file ``raw``: HTML where its name or its beginning says so, else text."""
    suffixes = path.suffixes or [""]
    last = suffixes[-2] if suffixes[-1].lower() in COMPRESSIONS and len(suffixes) > 1 else suffixes[-1]
    named = MEDIA_TYPES.get(last.lower(), "text/plain")
    return named if named == "text/html" else media_type_in(raw)


def pages_of_stream(stream: BinaryIO, name: str, source: SourceSettings, limits: LimitSettings) -> Iterator[Page]:
    """Yield the page that the file is; one over the limit is never held whole."""
    raw = read_page(stream, limits)
    media_type = media_type_of(PurePosixPath(name), raw) if source.media_type == "auto" else source.media_type
    yield Page(raw, media_type, name, source.name, encoding=source.encoding)


def read_page(stream: BinaryIO, limits: LimitSettings) -> bytes:
    """Read a page from ``stream``.

    Raises:
        PageError: it is empty, or larger than a page may be.
    """
    parts: list[bytes] = []
    size = 0
    while part := stream.read(_CHUNK):  # asked for the limit at once, a stream would set aside so much
        parts.append(part)
        size += len(part)
        check_size(size, limits)
    if not parts:
        raise PageError(Stage.READ, "is an empty file")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def check_size(size: int, limits: LimitSettings) -> None:
    """Refuse a page of more bytes than a page may have.

    Raises:
        PageError: it has.
    """
    if size > limits.max_page_bytes:
        raise PageError(Stage.READ, f"is larger than limits.max_page_bytes ({limits.max_page_bytes:,} bytes)")
