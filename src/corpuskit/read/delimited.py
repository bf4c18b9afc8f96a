"""Delimited text (CSV, TSV): one page a record; the first record names the columns."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, BinaryIO, Final

from corpuskit.errors import PageError
from corpuskit.model import Stage
from corpuskit.read import rows
from corpuskit.read.lines import Lines, LongLineError
from corpuskit.read.unit import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page

_DELIMITERS: Final = ",;\t|"
_WIDE_MARKS: Final = ("\udcff\udcfe", "\udcfe\udcff")
"""The byte order marks of UTF-16, as :class:`_Decoded` gives bytes that are in no encoding."""


def pages_of_stream(
    stream: BinaryIO, name: str, source: SourceSettings, limits: LimitSettings
) -> Iterator[Page | Unreadable]:
    """Yield the page of every record; one with too many fields or too long a field costs itself alone.

    Raises:
        PageError: the columns that the settings name are not there, or the file is in UTF-16.
    """
    csv.field_size_limit(max(csv.field_size_limit(), limits.max_page_bytes))  # the module has one for the process
    lines = Lines(stream, limits)
    text = _Decoded(lines, source.encoding)
    first = next(text, None)
    if first is None:
        raise PageError(Stage.READ, "is an empty file")
    if first.startswith(_WIDE_MARKS):
        raise PageError(Stage.READ, "is in UTF-16, where lines cannot be told: save it as UTF-8")
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter))
    rows.columns(source, header)
    records = csv.reader(text, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        locator = f"{name}#row-{number}"
        try:
            record = next(records, None)
        except (LongLineError, csv.Error) as error:
            said = error if isinstance(error, PageError) else PageError(Stage.READ, f"is no CSV: {error}")
            yield Unreadable(source.name, locator, said)
            continue
        if record is None:
            return
        if len(record) > len(header):
            message = f"has {len(record)} fields, and there are {len(header)} columns"
            yield Unreadable(source.name, locator, PageError(Stage.READ, message))
        elif record:
            yield rows.page_of(dict(zip(header, record, strict=False)), locator, source, limits)


class _Decoded:
    """Lines as text; what is not in the encoding is kept for the page's own decoding."""

    def __init__(self, lines: Lines, encoding: str | None) -> None:
        self._lines = lines
        self._encoding = encoding or "utf-8-sig"

    def __iter__(self) -> _Decoded:
        return self

    def __next__(self) -> str:
        return next(self._lines).decode(self._encoding, "surrogateescape")
