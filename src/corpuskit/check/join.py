"""A join on disk: what the rows of the configs say of one document, brought together in bounded memory.

Records go to files by their key, so that all records of a key are in one file and each file fits into memory; the
number of files follows from the number of rows.  Ids are 128 bits; of texts only digests are held.
"""

from __future__ import annotations

import re
import tempfile
from enum import IntEnum
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    from numpy.typing import NDArray

RECORD: Final = np.dtype(
    [("high", "u8"), ("low", "u8"), ("tag", "u1"), ("code", "u2"), ("value", "i8"), ("a", "u8"), ("b", "u8")]
)
"""One record: a key of 128 bits, and what is known about it."""

BUCKET: Final = 1 << 18
"""Records a file is meant to hold: 11 MB of memory, a few times that while they are compared."""

_ID = re.compile(r"[0-9a-f]{32}")

Keys = Any
"""An array of (n, 2) unsigned 64-bit numbers."""


class Tag(IntEnum):
    """What a record says of its key."""

    DOCUMENT = 0  # code: source; value: digest of the text; a, b: digest of the input
    KEPT = 1  # a, b: digest of the input
    MAIN = 2  # value: digest of the main blocks
    BLOCKS = 3  # value: how many; a: characters of main blocks; b: of related and boilerplate ones
    CHILD = 4  # code: number of the config
    TARGET = 5  # a, b: the document that points to the key
    BLOCK_INDEX = 6  # value: the highest block index that a related item names
    URL = 7  # a, b: the document that has it
    TEXT = 8  # a, b: the document that has it
    BAND = 9  # code: the split; a, b: the document
    SPLIT = 10  # code: the split that rows of the document stand in


class Join:
    """Records, spread over files in a temporary folder."""

    def __init__(self, expected: int) -> None:
        self._buckets = max(1, -(-expected // BUCKET))
        self._folder = tempfile.TemporaryDirectory(prefix="corpuskit-check-")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def add(self, keys: Keys, tag: Tag, **columns: object) -> None:
        """Add a record for each of ``keys``; ``columns`` are arrays or single numbers."""
        if not len(keys):
            return
        records = np.zeros(len(keys), RECORD)
        records["high"], records["low"], records["tag"] = keys[:, 0], keys[:, 1], tag
        for name, column in columns.items():
            records[name] = column
        bucket = records["low"] % np.uint64(self._buckets)
        for number in np.unique(bucket):
            with self._path(int(number)).open("ab") as file:
                file.write(records[bucket == number].tobytes())

    def buckets(self) -> Iterator[NDArray[np.void]]:
        """Yield the records of one file after another, sorted by key; all of a key are together."""
        for number in range(self._buckets):
            path = self._path(number)
            if path.exists():
                records = np.fromfile(path, RECORD)
                yield records[np.lexsort((records["tag"], records["low"], records["high"]))]

    def _path(self, number: int) -> Path:
        return Path(self._folder.name) / f"{number:05d}"


def keys(ids: Sequence[str]) -> Keys:
    """Return the keys of document ids: their 128 bits, or a digest of what is no id."""
    joined = "".join(ids)
    if len(joined) == 32 * len(ids) and all(map(_ID.fullmatch, ids)):
        return np.frombuffer(bytes.fromhex(joined), ">u8").astype("u8").reshape(-1, 2)
    return _pairs(bytes.fromhex(i) if _ID.fullmatch(i) else blake2b(i.encode(), digest_size=16).digest() for i in ids)


def digests(texts: Iterable[str]) -> Keys:
    """Return the keys of any texts: 128-bit digests."""
    return _pairs(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts)


def name(high: int, low: int) -> str:
    """Return the id whose key is (``high``, ``low``)."""
    return f"{int(high):016x}{int(low):016x}"


def groups(records: NDArray[np.void]) -> NDArray[np.int64]:
    """Return for sorted records the number of the key each belongs to, counted from 0."""
    changes = (records["high"][1:] != records["high"][:-1]) | (records["low"][1:] != records["low"][:-1])
    return np.concatenate(([0], np.cumsum(changes))).astype(np.int64)


def _pairs(digests_: Iterable[bytes]) -> Keys:
    return np.frombuffer(b"".join(digests_), ">u8").astype("u8").reshape(-1, 2)
