"""Parts: what the pass over pages leaves on the disk, and what of it is still true.

A part is a Parquet file with one row for each page; what the tables of the release will hold of the page is nested in
it.  Its footer says which pages of which units it holds: it appears under its name when it is whole, and so is its own
mark of being done.  A unit is told by its key, which changes with anything that could change its rows.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from corpuskit.package.tables import Columns

Row = dict[str, Any]
"""A page, by the columns of :func:`schema`; its rows in a table of the release are the columns of these."""

Range = tuple[int, int]

_FACTS: Final = b"corpuskit"
_PLAIN: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 1,
    # Nobody skips anything in a part, and zstd finds what comes again: without these it is smaller, and sooner written.
    "use_dictionary": False,
    "write_statistics": False,
}
"""How a part is written."""

_SUFFIX: Final = ".parquet"


class Span(NamedTuple):
    """Pages ``[start, stop)`` of the unit with this key; ``last``: it has no more."""

    key: str
    start: int
    stop: int
    last: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What a part says of itself.

    Attributes:
        name: name of its file.
        spans: the pages it holds.
        lost: those of them that went down with their worker: another run has to try them again.
        counts: its pages by status.
        skipped: what the readers passed over on the way, by unit and by what it was.
        data: the bytes of its file, where that is still to be written.
    """

    name: str
    spans: tuple[Span, ...]
    lost: tuple[tuple[str, int], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    data: bytes | None = None


@cache
def schema() -> pa.Schema:
    """Return the Arrow schema of parts: the columns to sort and join by, and the rows of each table, nested."""
    import pyarrow as pa

    from corpuskit.package.tables import SCHEMAS

    def rows_of(table: str, *more: pa.Field[Any]) -> pa.DataType:
        return pa.list_(pa.struct([*SCHEMAS[table], *more]))

    return pa.schema(
        [
            pa.field("unit", pa.string(), nullable=False),
            pa.field("ordinal", pa.int64(), nullable=False),
            pa.field("source", pa.string(), nullable=False),
            pa.field("id", pa.string(), nullable=False),
            pa.field("title_key", pa.string()),
            pa.field("sketch", pa.list_(pa.uint64())),
            pa.field("decisions", pa.struct(list(SCHEMAS["decisions"])), nullable=False),
            pa.field("documents", pa.struct(list(SCHEMAS["documents"]))),
            pa.field("blocks", rows_of("blocks")),
            pa.field("related", rows_of("related", pa.field("title_key", pa.string()))),
            pa.field("repairs", rows_of("repairs")),
        ]
    )


def make(
    rows: Sequence[Row],
    spans: Sequence[Span],
    lost: Sequence[tuple[str, int]],
    skipped: Mapping[str, Mapping[str, int]],
) -> Part:
    """Return a part that is still to be written (:func:`put`)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = _to_arrow(rows)
    counts: dict[str, int] = defaultdict(int)
    for status in table["decisions"].combine_chunks().field("status").to_pylist():
        counts[status] += 1
    facts = {"spans": spans, "lost": lost, "counts": counts, "skipped": skipped}
    said = json.dumps(facts, sort_keys=True)
    name = hashlib.sha256(said.encode()).hexdigest()[:32] + _SUFFIX
    data = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({_FACTS: said}), data, **_PLAIN)
    return replace(_part(name, json.loads(said)), data=data.getvalue().to_pybytes())


def put(folder: Path, part: Part) -> Part:
    """Write a part into ``folder``, whole or not at all; it is on the disk when this returns, and holds no data."""
    if part.data is None:
        return part
    draft = folder / f".{uuid.uuid4().hex}"
    try:
        with draft.open("xb") as file:
            file.write(part.data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / part.name)
    finally:
        draft.unlink(missing_ok=True)
    return replace(part, data=None)


def _part(name: str, facts: Mapping[str, Any]) -> Part:
    return Part(
        name,
        spans=tuple(Span(*span) for span in facts["spans"]),
        lost=tuple((key, ordinal) for key, ordinal in facts["lost"]),
        counts=facts["counts"],
        skipped=facts["skipped"],
    )


def _to_arrow(rows: Sequence[Row]) -> pa.Table:
    """Return ``rows`` as an Arrow table; a row that Arrow cannot hold becomes that of a quarantined page."""
    import pyarrow as pa

    try:
        return _table(rows)
    except (pa.ArrowException, ValueError, OverflowError):
        return _table([_holdable(row) for row in rows])


def _table(rows: Sequence[Row]) -> pa.Table:
    import pyarrow as pa

    columns = []
    for column in schema():
        values = [row[column.name] for row in rows]
        nested = pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type)
        columns.append(_nested(values, column.type) if nested else pa.array(values, column.type))
    return pa.Table.from_arrays(columns, schema=schema())


def _nested(pages: Sequence[Columns], kind: pa.DataType) -> pa.Array[Any]:
    """Return the rows that each page has in a table as lists of the type ``kind``."""
    import pyarrow as pa

    fields = list(kind.value_type)
    starts = accumulate((len(page.get("index", ())) for page in pages), initial=0)
    values = [pa.array([value for page in pages for value in page.get(f.name, ())], f.type) for f in fields]
    rows = pa.StructArray.from_arrays(values, fields=fields)
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), rows, type=kind)


def _holdable(row: Row) -> Row:
    """Return ``row``, or where a string in it has no UTF-8 form, or a number no place, the row of its quarantine."""
    import pyarrow as pa

    from corpuskit.model import Stage, Status

    try:
        _table([row])
    except (pa.ArrowException, ValueError, OverflowError) as error:
        decision = row["decisions"] | {
            "locator": row["decisions"]["locator"].encode("utf-8", "backslashreplace").decode(),
            "status": Status.QUARANTINED.value,
            "stage": Stage.RUN.value,
            "error": f"cannot be written to a table: {type(error).__name__}",
            **dict.fromkeys(("rule", "value", "threshold")),
            "flags": [],
        }
        return row | {
            "decisions": decision,
            "documents": None,
            "title_key": None,
            "sketch": [],
            "blocks": {},
            "related": {},
            "repairs": {},
        }
    return row


def kept(folder: Path) -> list[Part]:
    """Return the parts in ``folder``, by name; what is not whole is taken away."""
    paths = sorted(folder.iterdir())
    if not paths:
        return []
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = []
    for path in paths:
        try:
            found.append(_part(path.name, json.loads(pq.read_schema(path).metadata[_FACTS])))
        except (KeyError, TypeError, ValueError, pa.ArrowException):
            with contextlib.suppress(OSError):
                path.unlink()
    return [part for part in found if part.name.endswith(_SUFFIX)]


@dataclass(slots=True)
class Index:
    """Which pages of the units at hand are in which part.

    Attributes:
        live: the pages that count, as (name of the part, key of the unit, start, stop); no page is in it twice.
        lost: how many of them went down with their worker.
    """

    keys: frozenset[str]
    live: list[tuple[str, str, int, int]] = field(default_factory=list)
    lost: int = 0
    _skipped: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _held: dict[str, list[Range]] = field(default_factory=lambda: defaultdict(list))
    _length: dict[str, int] = field(default_factory=dict)
    _ended_early: set[str] = field(default_factory=set)

    def add(self, part: Part, *, again: bool = False) -> int:
        """Take in a part and return how many pages it adds; of an earlier run's, lost pages are done ``again``."""
        added = 0
        lost: dict[str, list[Range]] = defaultdict(list)
        for key, ordinal in part.lost:
            lost[key].append((ordinal, ordinal + 1))
        for span in part.spans:
            if span.key not in self.keys:
                continue
            if span.last:
                self._length[span.key] = span.stop
            held = self._held[span.key]
            for start, stop in without((span.start, span.stop), [*held, *(lost[span.key] if again else ())]):
                self.live.append((part.name, span.key, start, stop))
                held.append((start, stop))
                added += stop - start
                self.lost += 0 if again else sum(start <= ordinal < stop for ordinal, _ in lost[span.key])
        if not again:
            self._ended_early.update(key for key, _ in part.lost)
        self._skipped.update(part.skipped)
        return added

    def done(self, key: str) -> tuple[Range, ...]:
        """Return the pages of a unit that are held, as ranges."""
        return tuple(sorted(self._held.get(key, ())))

    def complete(self, key: str) -> bool:
        """Whether every page of a unit is held, or what was lost explains why not."""
        if key in self._ended_early:
            return True
        return key in self._length and not without((0, self._length[key]), self._held.get(key, ()))

    @property
    def skipped(self) -> dict[str, int]:
        """What the readers passed over, by what it was."""
        total: Counter[str] = Counter()
        for key, counts in self._skipped.items():
            if key in self.keys:
                total.update(counts)
        return dict(total)

    @property
    def pages(self) -> int:
        """How many pages are held."""
        return sum(stop - start for _, _, start, stop in self.live)


def without(span: Range, held: Iterable[Range]) -> list[Range]:
    """Return what is left of ``span`` when the ranges ``held`` are taken out of it.

    >>> without((0, 10), [(2, 4), (8, 12)])
    [(0, 2), (4, 8)]
    """
    position, stop = span
    left = []
    for low, high in sorted(held):
        if low > position:
            left.append((position, min(low, stop)))
        position = max(position, high)
        if position >= stop:
            break
    if position < stop:
        left.append((position, stop))
    return [(low, high) for low, high in left if low < high]
