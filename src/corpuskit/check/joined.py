"""What the joined records say: which ids, references and texts do not fit, and how much text each source has."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from corpuskit.check.findings import Finding
from corpuskit.check.integrity import CONFIGS
from corpuskit.check.join import Tag, groups, name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from numpy.typing import NDArray

    from corpuskit.check.join import Join

    Values = Callable[[Tag, str], NDArray[Any]]

CANDIDATES: Final = 1_000
"""Pairs that are looked at as near-duplicates; one is enough to fail."""

_EMPTY: Final = int.from_bytes(blake2b(b"", digest_size=8).digest(), "big", signed=True)


class Joined:
    """Goes through the records once.

    ``kept`` and ``removed`` are characters of blocks by number of the source; ``candidates`` are pairs of documents
    in two splits that may be near-duplicates.
    """

    def __init__(self, records: Join, broken: Collection[str]) -> None:
        self.kept: Counter[int] = Counter()
        self.removed: Counter[int] = Counter()
        self.candidates: set[tuple[str, str]] = set()
        self._records = records
        self._broken = broken

    def findings(self) -> Iterator[Finding]:
        """Yield what does not fit; configs that could not be read as a whole are left out."""
        for records in self._records.buckets():
            yield from self._bucket(_Bucket(records))

    def _bucket(self, bucket: _Bucket) -> Iterator[Finding]:
        there = bucket.count(Tag.DOCUMENT)
        for i in np.flatnonzero(there > 1).tolist():
            yield Finding(
                "id-duplicate",
                f"{there[i]} rows have this id; remove all but one",
                document=bucket.id(i),
                pointer="/id",
            )
        if self._whole("documents", "decisions"):
            yield from self._decisions(bucket, there)
        if self._whole("documents", "blocks"):
            yield from self._texts(bucket, there)
        if self._whole("documents"):
            yield from self._references(bucket, there)
        for i in np.flatnonzero(bucket.differ(Tag.SPLIT, "code")).tolist():
            yield Finding(
                "split-differs", "its rows stand in different splits; put them into one", document=bucket.id(i)
            )
        yield from self._duplicates(bucket)
        self._candidates(bucket)

    def _whole(self, *configs: str) -> bool:
        return not self._broken & set(configs) if isinstance(self._broken, set) else True

    def _decisions(self, bucket: _Bucket, there: NDArray[Any]) -> Iterator[Finding]:
        kept = bucket.count(Tag.KEPT)
        for i in np.flatnonzero((there > 0) != (kept > 0)).tolist():
            where = "kept but has no row in documents" if kept[i] else "in documents but was not kept"
            yield Finding("decision-mismatch", f"the page is {where}; build again", document=bucket.id(i))
        for i in np.flatnonzero(kept > 1).tolist():
            yield Finding("id-duplicate", f"{kept[i]} decisions have this id", document=bucket.id(i))
        differs = (bucket.value(Tag.DOCUMENT, "a") != bucket.value(Tag.KEPT, "a")) | (
            bucket.value(Tag.DOCUMENT, "b") != bucket.value(Tag.KEPT, "b")
        )
        for i in np.flatnonzero((there == 1) & (kept == 1) & differs).tolist():
            yield Finding(
                "decision-differs",
                "its decision names other input bytes; build again",
                document=bucket.id(i),
                pointer="/raw_sha256",
            )

    def _texts(self, bucket: _Bucket, there: NDArray[Any]) -> Iterator[Finding]:
        main = np.where(bucket.count(Tag.MAIN) > 0, bucket.value(Tag.MAIN, "value"), _EMPTY)
        differs = (bucket.value(Tag.DOCUMENT, "value") != main) | (bucket.count(Tag.MAIN) > 1)
        for i in np.flatnonzero((there == 1) & differs).tolist():
            yield Finding(
                "text-not-main-blocks",
                "its text is not its main blocks joined by blank lines; build again",
                document=bucket.id(i),
                pointer="/text",
            )
        if self._whole("related"):
            named, blocks = bucket.highest(Tag.BLOCK_INDEX), bucket.total(Tag.BLOCKS, "value")
            for i in np.flatnonzero((there > 0) & (named >= blocks) & (named >= 0)).tolist():
                yield Finding(
                    "related-block",
                    f"a related item names block {named[i]} of {int(blocks[i])}; build again",
                    document=bucket.id(i),
                    pointer="/blocks",
                )
        source = bucket.value(Tag.DOCUMENT, "code")
        for counter, column in ((self.kept, "a"), (self.removed, "b")):
            total = bucket.total(Tag.BLOCKS, column)
            for code in np.unique(source[there > 0]):
                counter[int(code)] += int(total[(source == code) & (there > 0)].sum())

    def _references(self, bucket: _Bucket, there: NDArray[Any]) -> Iterator[Finding]:
        records = bucket.records
        missing = there[bucket.group] == 0
        child = (records["tag"] == Tag.CHILD) & missing
        for record in records[child]:
            yield Finding(
                "reference-missing",
                f"rows of {CONFIGS[record['code']]} belong to this document, which is not there; build again",
                document=name(record["high"], record["low"]),
            )
        for record in records[(records["tag"] == Tag.TARGET) & missing]:
            yield Finding(
                "reference-missing",
                f"a related item points to {name(record['high'], record['low'])}, which is no document; build again",
                document=name(record["a"], record["b"]),
                pointer="/related_document_id",
            )

    def _duplicates(self, bucket: _Bucket) -> Iterator[Finding]:
        for tag, rule, what in ((Tag.URL, "url-duplicate", "address"), (Tag.TEXT, "text-duplicate", "text")):
            mine = bucket.records[bucket.records["tag"] == tag]
            again = (mine["high"][1:] == mine["high"][:-1]) & (mine["low"][1:] == mine["low"][:-1])
            for i in np.flatnonzero(again).tolist():
                first, second = mine[i], mine[i + 1]
                one, other = name(first["a"], first["b"]), name(second["a"], second["b"])
                if one != other:
                    yield Finding(
                        rule,
                        f"has the same {what} as {one}; keep one of them",
                        document=other,
                        pointer=f"/{tag.name.lower()}",
                    )

    def _candidates(self, bucket: _Bucket) -> None:
        mine = bucket.records[bucket.records["tag"] == Tag.BAND]
        for i in np.flatnonzero(
            (mine["high"][1:] == mine["high"][:-1]) & (mine["low"][1:] == mine["low"][:-1])
        ).tolist():
            first, second = mine[i], mine[i + 1]
            if first["code"] != second["code"] and len(self.candidates) < CANDIDATES:
                pair = sorted((name(first["a"], first["b"]), name(second["a"], second["b"])))
                self.candidates.add((pair[0], pair[1]))


class _Bucket:
    """The records of some keys, looked at as one array a key."""

    def __init__(self, records: NDArray[np.void]) -> None:
        self.records = records
        self.group = groups(records)
        self._size = int(self.group[-1]) + 1
        self._first = np.searchsorted(self.group, np.arange(self._size))

    def count(self, tag: Tag) -> NDArray[np.int64]:
        """Return how many records of ``tag`` each key has."""
        return np.bincount(self.group[self.records["tag"] == tag], minlength=self._size)

    def value(self, tag: Tag, column: str) -> NDArray[Any]:
        """Return the value in ``column`` of a record of ``tag`` for each key; 0 where it has none."""
        mine = self.records["tag"] == tag
        values = np.zeros(self._size, self.records.dtype[column])
        values[self.group[mine]] = self.records[column][mine]
        return values

    def total(self, tag: Tag, column: str) -> NDArray[np.float64]:
        """Return the sum of ``column`` over the records of ``tag`` for each key."""
        mine = self.records["tag"] == tag
        weights = self.records[column][mine].astype(np.float64)
        return np.bincount(self.group[mine], weights=weights, minlength=self._size).astype(np.float64)

    def highest(self, tag: Tag) -> NDArray[np.int64]:
        """Return the highest value among the records of ``tag`` for each key; -1 where it has none."""
        mine = self.records["tag"] == tag
        values = np.full(self._size, -1, np.int64)
        np.maximum.at(values, self.group[mine], self.records["value"][mine])
        return values

    def differ(self, tag: Tag, column: str) -> NDArray[np.bool_]:
        """Return for each key whether its records of ``tag`` differ in ``column``."""
        mine = self.records["tag"] == tag
        values, group = self.records[column][mine], self.group[mine]
        differs = np.zeros(self._size, bool)
        differs[group[values != self.value(tag, column)[group]]] = True
        return differs

    def id(self, number: int) -> str:
        """Return the id of the key with this number."""
        record = self.records[self._first[number]]
        return name(record["high"], record["low"])
