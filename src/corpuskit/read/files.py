"""Pages that are files: text and HTML, one page a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpuskit.errors import PageError, SourceError
from corpuskit.model import Page, Stage, page_id

if TYPE_CHECKING:
    from pathlib import Path

    from corpuskit.config import SourceSettings

MEDIA_TYPES: Final = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
"""What ``media_type = "auto"`` makes of a file's name; any other name is text."""


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page that was found but not yet read."""

    source: str
    locator: str
    path: Path
    media_type: str
    encoding: str | None = None

    @property
    def id(self) -> str:
        """The id the page will have."""
        return page_id(self.source, self.locator)


def media_type_of(path: Path) -> str:
    """Return the media type that a file's name stands for."""
    return MEDIA_TYPES.get(path.suffix.lower(), "text/plain")


def find(source: SourceSettings, folder: Path) -> list[PageRef]:
    """List the pages of ``source``, whose path is relative to ``folder``, in order of their ids.

    A file that two patterns match is one page.  Hidden files (a name or a parent's name that begins with a dot) and
    links that lead out of the source are passed over: a page's locator must say where it is.

    Raises:
        SourceError: the path does not exist, or there is no page in it.
    """
    base = (folder / source.path).resolve()
    if not base.exists():
        raise SourceError(
            f"the path of source {source.name!r} does not exist",
            where=str(base),
            remedy="Correct `path` in the [[source]] table; it is relative to the configuration file.",
        )
    if base.is_file():
        matches = {base}
        base = base.parent
    else:
        matches = {match for pattern in source.include for match in base.glob(pattern)}
        matches -= {match for pattern in source.exclude for match in base.glob(pattern)}
    refs = [
        PageRef(
            source=source.name,
            locator=path.relative_to(base).as_posix(),
            path=path,
            media_type=media_type_of(path) if source.media_type == "auto" else source.media_type,
            encoding=source.encoding,
        )
        for path in matches
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(base).parts)
        and path.resolve().is_relative_to(base)
    ]
    if not refs:
        raise SourceError(
            f"source {source.name!r} holds no page: no file matches {', '.join(source.include)}",
            where=str(base),
            remedy="Put pages there, or change `include` in the [[source]] table.",
        )
    return sorted(refs, key=lambda ref: ref.id)


def read(ref: PageRef, *, max_bytes: int) -> Page:
    """Bring in the page ``ref`` stands for.

    Raises:
        PageError: it cannot be read, is empty, or is larger than ``max_bytes``; a larger one is never held whole.
    """
    try:
        with ref.path.open("rb") as file:
            raw = file.read(max_bytes + 1)
    except OSError as error:
        raise PageError(Stage.READ, f"cannot be read: {error.strerror or error}") from error
    if len(raw) > max_bytes:
        raise PageError(Stage.READ, f"is larger than limits.max_page_bytes ({max_bytes:,} bytes)")
    if not raw:
        raise PageError(Stage.READ, "is an empty file")
    return Page(raw, ref.media_type, ref.locator, ref.source)
