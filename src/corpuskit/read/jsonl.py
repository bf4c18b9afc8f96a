"""JSON Lines: one page a line; a large file is cut at the ends of lines."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from corpuskit.errors import PageError
from corpuskit.model import Stage
from corpuskit.read import rows
from corpuskit.read.lines import Lines, LongLineError
from corpuskit.read.opening import is_compressed, is_url, opened, streamed
from corpuskit.read.unit import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.unit import Unit

CUT: Final = 16_000_000
"""Bytes from which a file is cut: a few files of less than that keep several workers busy to the end."""

PART: Final = 8_000_000
"""Bytes that a part has at least, but for the last: some seconds of HTML."""

_CHUNK: Final = 1 << 18
_MARK: Final = "#bytes-"
"""What stands between the name of a file and that of a part of it."""


def parts(unit: Unit, _source: SourceSettings) -> list[Unit]:
    """Cut a large file of this machine at the ends of lines.

    A row is known by its number, so that the lines before each part are counted, at the speed of the disk.  Where that
    means to expand a file, or to fetch it twice, it stays whole; so does one that cannot be read, to fail where it is.
    """
    if unit.bytes < CUT or is_url(unit.address) or is_compressed(unit.name):
        return [unit]
    try:
        with opened(unit.address) as file:
            starts = [(0, 0), *_cuts(file, PART)]
    except (PageError, OSError):
        return [unit]
    stops = [start for start, _ in starts[1:]] + [unit.bytes]
    made = [
        replace(
            unit, name=f"{unit.name}#bytes-{start}-{stop - 1}", part=(start, stop), bytes=stop - start, before=before
        )
        for (start, before), stop in zip(starts, stops, strict=True)
        if start < stop
    ]
    return made if len(made) > 1 else [unit]


def _cuts(file: BinaryIO, least: int) -> Iterator[tuple[int, int]]:
    """Yield where parts of ``least`` bytes and more begin, after the first, and how many lines come before each."""
    begun = position = lines = 0
    while chunk := file.read(_CHUNK):
        enough = max(begun + least - 1 - position, 0)
        while (end := chunk.find(b"\n", enough)) >= 0:
            begun = position + end + 1
            yield begun, lines + chunk.count(b"\n", 0, end + 1)
            enough = end + least
        lines += chunk.count(b"\n")
        position += len(chunk)


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable]:
    """Yield the page of every line.  Its number is that in the file, however it is cut."""
    if unit.part is None:
        with streamed(unit, limits) as stream:
            yield from pages_of_stream(stream, unit.name, source, limits)
        return
    start, stop = unit.part
    with opened(unit.address) as file:
        file.seek(start)
        name = unit.name.rpartition(_MARK)[0]
        yield from _pages(Lines(file, limits, unit.before, stop - start), name, source, limits)


def pages_of_stream(
    stream: BinaryIO, name: str, source: SourceSettings, limits: LimitSettings
) -> Iterator[Page | Unreadable]:
    """Yield the page of every line that is not blank; a line that is no JSON object costs itself alone."""
    return _pages(Lines(stream, limits), name, source, limits)


def _pages(lines: Lines, name: str, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable]:
    while True:
        try:
            line = next(lines, None)
        except LongLineError as error:
            yield Unreadable(source.name, f"{name}#row-{lines.number}", error)
            continue
        if line is None:
            return
        if not line.isspace():
            yield _page(line, f"{name}#row-{lines.number}", source, limits)


def _page(line: bytes, locator: str, source: SourceSettings, limits: LimitSettings) -> Page | Unreadable:
    try:
        row = _row(line, source.encoding)
    except PageError as error:
        return Unreadable(source.name, locator, error)
    return rows.page_of(row, locator, source, limits)


def _row(line: bytes, encoding: str | None) -> dict[str, Any]:
    """Return the object that ``line`` is.  Bytes that are not in the encoding are kept for the page's own decoding."""
    try:
        text = line.decode(encoding or "utf-8-sig", "surrogateescape")
        row = json.loads(text)
    except (ValueError, RecursionError, LookupError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise PageError(Stage.READ, f"is no JSON: {what}") from None
    if not isinstance(row, dict):
        raise PageError(Stage.READ, f"is no JSON object but {type(row).__name__}")
    return row
