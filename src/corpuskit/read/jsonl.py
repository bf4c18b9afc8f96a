"""JSON Lines: one page a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

from corpuskit.errors import PageError
from corpuskit.model import Stage
from corpuskit.read import rows
from corpuskit.read.lines import Lines, LongLineError
from corpuskit.read.unit import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page


def pages_of_stream(
    stream: BinaryIO, name: str, source: SourceSettings, limits: LimitSettings
) -> Iterator[Page | Unreadable]:
    """Yield the page of every line that is not blank; a line that is no JSON object costs itself alone."""
    lines = Lines(stream, limits)
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
