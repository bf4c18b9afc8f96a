"""Lines of a stream, none longer than it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from corpuskit.errors import PageError
from corpuskit.model import Stage

if TYPE_CHECKING:
    from corpuskit.config import LimitSettings

ESCAPED = 6
"""Bytes that one byte of a page may take in a row: ``\\u0000`` in JSON."""


class LongLineError(PageError):
    """A line is too long; the one after it can be read."""


class Lines:
    """The lines of ``stream``, as bytes.  One that is too long raises :class:`LongLineError`; then comes the next.

    Args:
        stream: it is read from where it stands.
        limits: how long a line may be.
        before: lines that were read before.
        size: bytes to read, at the end of a line; all there are without it.
    """

    def __init__(self, stream: BinaryIO, limits: LimitSettings, before: int = 0, size: int | None = None) -> None:
        self._stream = stream
        self._most = limits.max_page_bytes * ESCAPED
        self._end = None if size is None else stream.tell() + size
        self.number = before
        """How many lines were taken, those before included."""

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> bytes:
        if self._end is not None and self._stream.tell() >= self._end:
            raise StopIteration
        line = self._stream.readline(self._most)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == self._most and not line.endswith(b"\n"):
            while (rest := self._stream.readline(1 << 16)) and not rest.endswith(b"\n"):
                pass
            raise LongLineError(Stage.READ, f"is a row of more than {ESCAPED} times limits.max_page_bytes")
        return line
