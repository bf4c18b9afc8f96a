"""Whether the configs fit each other: ids, references, spans, texts.

What can be said of neighbouring rows is said at once; what joins rows of different tables goes to a join on disk.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.check import join
from corpuskit.check.findings import Finding, pointer
from corpuskit.check.join import Tag
from corpuskit.model import Role, Status, page_id
from corpuskit.select.sketch import sketch

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from numpy.typing import NDArray

    from corpuskit.check.join import Join

CONFIGS: Final = ("blocks", "related", "repairs")
"""The configs whose rows belong to documents."""


class Integrity:
    """Takes the rows of all configs in and says what does not fit.

    ``statuses`` counts the decisions, ``languages`` and ``licenses`` the documents.
    """

    def __init__(self, records: Join, *, splits: tuple[str, ...]) -> None:
        self.records = records
        self.statuses: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.licenses: Counter[str] = Counter()
        self.sources: list[str] = []
        self._splits = splits
        self._last_key: dict[str, tuple[str, str]] = {}
        self._runs = {config: _Runs() for config in CONFIGS}
        self._main = _MainText()

    # --- decisions ---

    def decisions(self, rows: pa.RecordBatch, file: str, split: str) -> Iterator[Finding]:
        """Check decisions: their order and their reasons."""
        yield from self._check_order(rows, "document_id", file, f"decisions/{split}")
        status = rows.column("status")
        for entry in pc.value_counts(status).to_pylist():
            self.statuses[entry["values"]] += entry["counts"]
        for name, needed in _REASONS.items():
            is_name = pc.equal(status, name)
            for field in ("rule", "value", "threshold", "stage", "error"):
                wrong = pc.and_(
                    is_name, rows.column(field).is_null() if field in needed else pc.is_valid(rows.column(field))
                )
                for i in _true(wrong):
                    says = "must say" if field in needed else "must not have a"
                    yield Finding(
                        "decision-reason",
                        f"a {name} page {says} {field}; build again",
                        file=file,
                        document=_at(rows, "document_id", i),
                        pointer=pointer(field),
                    )
        kept = rows.filter(pc.equal(status, Status.KEPT.value))
        first, second = _halves(kept.column("raw_sha256"))
        self.records.add(join.keys(kept.column("document_id").to_pylist()), Tag.KEPT, a=first, b=second)
        self._place(join.keys(rows.column("document_id").to_pylist()), split)

    # --- documents ---

    def documents(self, rows: pa.RecordBatch, file: str, split: str) -> Iterator[Finding]:
        """Check documents: their order and ids."""
        yield from self._check_order(rows, "id", file, f"documents/{split}")
        ids, texts = rows.column("id").to_pylist(), rows.column("text").to_pylist()
        sources, locators = rows.column("source").to_pylist(), rows.column("locator").to_pylist()
        for identifier, source, locator in zip(ids, sources, locators, strict=True):
            if identifier != page_id(source, locator):
                yield Finding(
                    "id-mismatch",
                    f"source {source!r} and locator {locator!r} give the id {page_id(source, locator)}; build again",
                    file=file,
                    document=identifier,
                    pointer="/id",
                )
        self.languages.update(language or "unknown" for language in rows.column("language").to_pylist())
        self.licenses.update(name or "none named" for name in rows.column("license").to_pylist())
        keys, hashes = join.keys(ids), join.digests(texts)
        first, second = _halves(rows.column("raw_sha256"))
        self.records.add(
            keys,
            Tag.DOCUMENT,
            code=[self._code(source) for source in sources],
            value=[_digest(text) for text in texts],
            a=first,
            b=second,
        )
        long = np.array([bool(text.strip()) for text in texts], dtype=bool)
        self.records.add(hashes[long], Tag.TEXT, a=keys[long, 0], b=keys[long, 1])
        urls = rows.column("url")
        known = urls.is_valid().to_numpy(zero_copy_only=False)
        self.records.add(join.digests(urls.drop_null().to_pylist()), Tag.URL, a=keys[known, 0], b=keys[known, 1])
        self._place(keys, split)
        if len(self._splits) > 1:
            code = self._splits.index(split)
            of_texts = [sketch(text) for text in texts]
            owners = np.repeat(keys, [len(of_text) for of_text in of_texts], axis=0)
            bands = np.concatenate(of_texts)
            self.records.add(np.column_stack((bands, bands)), Tag.BAND, code=code, a=owners[:, 0], b=owners[:, 1])

    # --- blocks, related, repairs ---

    def blocks(self, rows: pa.RecordBatch, file: str, split: str) -> Iterator[Finding]:
        """Check blocks: their order and spans, and what the main ones join to."""
        ids, keys, run = yield from self._child("blocks", rows, file, split)
        start, end = _numbers(rows, "start"), _numbers(rows, "end")
        length = pc.utf8_length(rows.column("text")).to_numpy(zero_copy_only=False)
        before = self._runs["blocks"].previous("end", keys, end, run)
        for i in np.flatnonzero((start < before) | (end - start != length)).tolist():
            yield Finding(
                "block-span",
                f"block {_at(rows, 'index', i)} overlaps the one before it, or [{start[i]}, {end[i]}) is not the span "
                f"of its {length[i]} characters; build again",
                file=file,
                document=ids[i],
                pointer="/start",
            )
        for i in _true(pc.not_equal(rows.column("text"), pc.utf8_trim_whitespace(rows.column("text")))):
            yield Finding(
                "block-whitespace",
                f"block {_at(rows, 'index', i)} begins or ends with white space; build again",
                file=file,
                document=ids[i],
                pointer="/text",
            )
        role = rows.column("role")
        main = pc.equal(role, Role.MAIN.value).to_numpy(zero_copy_only=False)
        removed = pc.is_in(role, pa.array([Role.RELATED.value, Role.BOILERPLATE.value])).to_numpy(zero_copy_only=False)
        starts = np.flatnonzero(run)
        if len(starts):
            self.records.add(
                keys[starts],
                Tag.BLOCKS,
                value=np.diff(np.append(starts, len(ids))),
                a=np.add.reduceat(np.where(main, length, 0), starts),
                b=np.add.reduceat(np.where(removed, length, 0), starts),
            )
        texts = rows.column("text")
        for i in np.flatnonzero(main).tolist():
            self._main.add(ids[i], texts[i].as_py())
        self._main.write(self.records)

    def related(self, rows: pa.RecordBatch, file: str, split: str) -> Iterator[Finding]:
        """Check related items: their order and where they point."""
        ids, keys, _ = yield from self._child("related", rows, file, split)
        targets = rows.column("related_document_id").to_pylist()
        for i, target in enumerate(targets):
            if target == ids[i]:
                yield Finding(
                    "related-self",
                    f"related item {_at(rows, 'index', i)} points to the document it stands in; build again",
                    file=file,
                    document=ids[i],
                    pointer="/related_document_id",
                )
        pointing = np.array([target is not None for target in targets], dtype=bool)
        self.records.add(
            join.keys([target for target in targets if target is not None]),
            Tag.TARGET,
            a=keys[pointing, 0],
            b=keys[pointing, 1],
        )
        highest = np.array(
            [max((b for b in named if b is not None), default=-1) for named in rows.column("blocks").to_pylist()]
        )
        named = highest >= 0
        self.records.add(keys[named], Tag.BLOCK_INDEX, value=highest[named])

    def repairs(self, rows: pa.RecordBatch, file: str, split: str) -> Iterator[Finding]:
        """Check repairs: their order and spans."""
        ids, keys, run = yield from self._child("repairs", rows, file, split)
        start, end = _numbers(rows, "start"), _numbers(rows, "end")
        after_start, after_end = _numbers(rows, "after_start"), _numbers(rows, "after_end")
        after = pc.utf8_length(rows.column("after")).to_numpy(zero_copy_only=False)
        before = pc.utf8_length(rows.column("before")).to_numpy(zero_copy_only=False)
        # A lone surrogate stands as its escape, six characters for one.
        escaped = pc.match_substring(rows.column("before"), "\\u").to_numpy(zero_copy_only=False)
        runs = self._runs["repairs"]
        wrong = (
            (start < runs.previous("end", keys, end, run))
            | (after_start < runs.previous("after_end", keys, after_end, run))
            | (after_end - after_start != after)
            | (~escaped & (end - start != before))
        )
        for i in np.flatnonzero(wrong).tolist():
            yield Finding(
                "repair-span",
                f"repair {_at(rows, 'index', i)} overlaps the one before it, or a span is not its text's; build again",
                file=file,
                document=ids[i],
                pointer="/start",
            )

    def finish(self) -> None:
        """Write out what is still held."""
        self._main.write(self.records, last=True)

    # --- shared ---

    def _child(
        self, config: str, rows: pa.RecordBatch, file: str, split: str
    ) -> Generator[Finding, None, tuple[list[str], NDArray[Any], NDArray[Any]]]:
        """Check that rows count up; return their documents' ids and keys, and which rows are a document's first."""
        ids = rows.column("document_id").to_pylist()
        keys = join.keys(ids)
        runs = self._runs[config]
        run = runs.begins(keys)
        index = _numbers(rows, "index")
        expected = runs.previous("index", keys, index, run, first=-1) + 1
        for i in np.flatnonzero(index != expected).tolist():
            yield Finding(
                "index-gap",
                f"row {index[i]} of {config} stands where row {expected[i]} is to be; build again",
                file=file,
                document=ids[i],
                pointer="/index",
            )
        self.records.add(keys[run], Tag.CHILD, code=CONFIGS.index(config))
        self._place(keys[run], split)
        return ids, keys, run

    def _place(self, keys: join.Keys, split: str) -> None:
        """Note the split of documents, where there are several."""
        if len(self._splits) > 1:
            self.records.add(keys, Tag.SPLIT, code=self._splits.index(split))

    def _check_order(self, rows: pa.RecordBatch, key: str, file: str, table: str) -> Iterator[Finding]:
        pairs = list(zip(rows.column("source").to_pylist(), rows.column(key).to_pylist(), strict=True))
        last = self._last_key.get(table)
        for pair in pairs:
            if last is not None and pair < last:
                yield Finding(
                    "row-order", f"stands after {last[1]} of source {last[0]}; build again", file=file, document=pair[1]
                )
            last = pair
        if last is not None:
            self._last_key[table] = last

    def _code(self, source: str) -> int:
        """Return the number of a source, below 2^16: corpora have few."""
        if source not in self.sources:
            self.sources.append(source)
        return min(self.sources.index(source), 2**16 - 1)


class _Runs:
    """What the last row of a batch said, for the first of the next: rows of a document may go on."""

    def __init__(self) -> None:
        self._key: NDArray[Any] | None = None
        self._last: dict[str, int] = {}

    def begins(self, keys: NDArray[Any]) -> NDArray[Any]:
        """Return which rows are the first of their document."""
        if not len(keys):
            return np.zeros(0, dtype=bool)
        begins = np.ones(len(keys), dtype=bool)
        begins[1:] = (keys[1:] != keys[:-1]).any(axis=1)
        begins[0] = self._key is None or bool((keys[0] != self._key).any())
        self._key = keys[-1]
        return begins

    def previous(
        self, name: str, keys: NDArray[Any], values: NDArray[Any], begins: NDArray[Any], first: int = 0
    ) -> NDArray[Any]:
        """Return for each row the value of the one before it in its document; ``first`` where there is none."""
        if not len(keys):
            return values
        shifted = np.empty_like(values)
        shifted[1:] = values[:-1]
        shifted[0] = self._last.get(name, first)
        shifted[begins] = first
        self._last[name] = int(values[-1])
        return shifted


class _MainText:
    """The digest of the main blocks of one document after another, joined by blank lines."""

    def __init__(self) -> None:
        self._id: str | None = None
        self._hash = blake2b(digest_size=8)
        self._done: list[tuple[str, int]] = []

    def add(self, identifier: str, text: str) -> None:
        """Add a main block."""
        if identifier != self._id:
            self._end()
            self._id, self._hash = identifier, blake2b(digest_size=8)
        else:
            self._hash.update(b"\n\n")
        self._hash.update(text.encode("utf-8", "surrogatepass"))

    def write(self, records: Join, *, last: bool = False) -> None:
        """Write out the digests of the documents before the present one; with ``last`` also of that."""
        if last:
            self._end()
        ids, values = [identifier for identifier, _ in self._done], [value for _, value in self._done]
        records.add(join.keys(ids), Tag.MAIN, value=values)
        self._done = []

    def _end(self) -> None:
        if self._id is not None:
            self._done.append((self._id, int.from_bytes(self._hash.digest(), "big", signed=True)))
        self._id = None


_REASONS: Final = {
    Status.KEPT.value: (),
    Status.REJECTED.value: ("rule", "value", "threshold"),
    Status.QUARANTINED.value: ("stage", "error"),
}


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def _halves(column: pa.Array[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the first 128 bits of each hexadecimal digest in ``column``, as two numbers; 0 where there is none."""
    keys = join.keys([(value or "")[:32] or "0" * 32 for value in column.to_pylist()])
    return (keys[:, 0], keys[:, 1]) if len(keys) else (np.zeros(0), np.zeros(0))


def _numbers(rows: pa.RecordBatch, name: str) -> NDArray[np.int64]:
    numbers: NDArray[np.int64] = rows.column(name).to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers


def _true(mask: pa.Array[Any]) -> list[int]:
    found: list[int] = pc.indices_nonzero(mask.fill_null(fill_value=False)).to_pylist()
    return found


def _at(rows: pa.RecordBatch, name: str, i: int) -> Any:  # noqa: ANN401 - whatever the column holds
    return rows.column(name)[i].as_py()
