"""Pages that are files: text, Markdown and HTML, one page a file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from corpuskit.errors import PageError, SourceError
from corpuskit.model import Page, Stage, page_id
from corpuskit.read.unit import Unit, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings

MEDIA_TYPES: Final = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
"""What ``media_type = "auto"`` makes of a file's name; any other name is text."""


def media_type_of(path: PurePosixPath | Path) -> str:
    """Return the media type that a file's name stands for."""
    return MEDIA_TYPES.get(path.suffix.lower(), "text/plain")


def units(source: SourceSettings, folder: Path) -> list[Unit]:
    """List the files of ``source``, whose path is relative to ``folder``, in order of their ids.

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
    found = [
        _unit(source.name, path, base)
        for path in matches
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(base).parts)
        and path.resolve().is_relative_to(base)
    ]
    if not found:
        raise SourceError(
            f"source {source.name!r} holds no page: no file matches {', '.join(source.include)}",
            where=str(base),
            remedy="Put pages there, or change `include` in the [[source]] table.",
        )
    return sorted(found, key=lambda unit: page_id(unit.source, unit.name))


def _unit(source: str, path: Path, base: Path) -> Unit:
    stat = path.stat()
    return Unit(
        source=source,
        name=path.relative_to(base).as_posix(),
        reader="files",
        address=str(path),
        fingerprint=f"{stat.st_size}-{stat.st_mtime_ns}",
        bytes=stat.st_size,
    )


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable]:
    """Yield the page that the file is, or why it cannot be read; a file over the limit is never held whole."""
    try:
        raw = _read(Path(unit.address), limits.max_page_bytes)
    except PageError as error:
        yield Unreadable(source.name, unit.name, error)
        return
    name = PurePosixPath(unit.name)
    media_type = media_type_of(name) if source.media_type == "auto" else source.media_type
    yield Page(raw, media_type, unit.name, source.name, encoding=source.encoding)


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise PageError(Stage.READ, f"cannot be read: {error.strerror or error}") from error
    if len(raw) > most:
        raise PageError(Stage.READ, f"is larger than limits.max_page_bytes ({most:,} bytes)")
    if not raw:
        raise PageError(Stage.READ, "is an empty file")
    return raw
