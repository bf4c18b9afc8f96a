"""What a release is like, measured on its tables: the card, its pictures and the other descriptions are made from it.

Nothing is taken from the run that wrote the tables, so the figures are those of the files whoever made them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpuskit.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

UNKNOWN: Final = "unknown"
"""Stands for a language that is not known."""

UNNAMED: Final = "none named"
"""Stands for the licence of a document whose page names none."""

_MOST_WORDS: Final = 1_000


@dataclass(slots=True)
class Figures:
    """Counts over the rows of one release; characters are Unicode code points.

    Attributes:
        pages: pages by status.
        sources: pages by (source, status).
        reasons: pages not kept, by rule, or by stage and error.
        blocks: blocks by (role, kind).
        characters: their characters, by (role, kind).
        lengths: documents by the power of two, rounded down, of the characters of their main text.
        text: characters of all main texts.
        filled: documents that have a value, by column.
        repairs: repairs by rule.
        statements: documents by the beginning of the statement on rights that their page makes.
        related: related items; ``linked`` of them are documents of the corpus.
    """

    pages: Counter[str] = field(default_factory=Counter)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    blocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    characters: Counter[tuple[str, str]] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    text: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    rights: Counter[str] = field(default_factory=Counter)
    licenses: Counter[str] = field(default_factory=Counter)
    statements: Counter[str] = field(default_factory=Counter)
    media_types: Counter[str] = field(default_factory=Counter)
    related: int = 0
    linked: int = 0

    def by_status(self) -> dict[str, int]:
        """Return pages read, kept, rejected and quarantined."""
        return {"read": self.pages.total(), **{status.value: self.pages[status.value] for status in Status}}

    def by_role(self) -> dict[str, int]:
        """Return characters by role."""
        roles: Counter[str] = Counter()
        for (role, _), characters in self.characters.items():
            roles[role] += characters
        return dict(roles)


def measure(folder: Path, configs: Mapping[str, Any]) -> Figures:
    """Return the figures of the release in ``folder``; ``configs`` is the manifest's part on configs."""
    figures = Figures()
    for name, (columns, count) in _COUNTED.items():
        for split in configs[name]["splits"].values():
            for file in split["files"]:
                for batch in _batches(folder / file, columns):
                    count(figures, batch)
    return figures


def _batches(path: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Yield rows, a row group at a time: those are bounded in rows and bytes."""
    with pq.ParquetFile(path, pre_buffer=False) as file:
        for number in range(file.num_row_groups):
            yield from file.read_row_group(number, columns=columns).combine_chunks().to_batches()


def _count_decisions(figures: Figures, rows: pa.RecordBatch) -> None:
    table = pa.Table.from_batches([rows])
    for entry in table.group_by(["source", "status"]).aggregate([([], "count_all")]).to_pylist():
        figures.pages[entry["status"]] += entry["count_all"]
        figures.sources[entry["source"], entry["status"]] += entry["count_all"]
    lost = table.filter(pc.not_equal(table.column("status"), Status.KEPT.value))
    for row in lost.select(["rule", "stage", "error"]).to_pylist():
        reason = row["rule"] or f"{row['stage']}: {(row['error'] or '')[:100]}"
        _count_bounded(figures.reasons, reason, 1, f"{row['stage']}: other errors")


def _count_documents(figures: Figures, rows: pa.RecordBatch) -> None:
    for name, counter, missing in (
        ("language", figures.languages, UNKNOWN),
        ("license", figures.licenses, UNNAMED),
        ("rights", figures.rights, UNKNOWN),
        ("media_type", figures.media_types, UNKNOWN),
    ):
        _count_values(counter, rows.column(name), missing)
    for entry in pc.value_counts(rows.column("rights_statement").drop_null()).to_pylist():
        _count_bounded(figures.statements, entry["values"][:200], entry["counts"], "other statements")
    lengths = pc.utf8_length(rows.column("text")).to_numpy()
    figures.text += int(lengths.sum())
    powers = np.frexp(np.maximum(lengths, 1))[1] - 1
    figures.lengths.update(sorted(powers.tolist()))
    for name in _FILLED:
        column = rows.column(name)
        filled = pc.list_value_length(column) if pa.types.is_list(column.type) else column
        there = pc.greater(filled, 0) if pa.types.is_list(column.type) else column.is_valid()
        figures.filled[name] += pc.sum(there).as_py() or 0


def _count_blocks(figures: Figures, rows: pa.RecordBatch) -> None:
    spans = pc.subtract(rows.column("end"), rows.column("start"))
    table = pa.table({"role": rows.column("role"), "kind": rows.column("kind"), "characters": spans})
    made = table.group_by(["role", "kind"]).aggregate([("characters", "sum"), ("characters", "count")])
    for entry in made.to_pylist():
        key = entry["role"], entry["kind"]
        figures.blocks[key] += entry["characters_count"]
        figures.characters[key] += entry["characters_sum"]


def _count_repairs(figures: Figures, rows: pa.RecordBatch) -> None:
    _count_values(figures.repairs, rows.column("rule"), "")


def _count_related(figures: Figures, rows: pa.RecordBatch) -> None:
    figures.related += rows.num_rows
    figures.linked += rows.num_rows - rows.column("related_document_id").null_count


def _count_values(counter: Counter[str], column: pa.Array[Any], missing: str) -> None:
    for entry in pc.value_counts(column).to_pylist():
        counter[missing if entry["values"] is None else entry["values"]] += entry["counts"]


def _count_bounded(counter: Counter[str], key: str, count: int, other: str) -> None:
    """Count words that can be different on every page: memory stays bounded."""
    counter[key if key in counter or len(counter) < _MOST_WORDS else other] += count


_FILLED: Final = (
    *("title", "authors", "date_published", "date_modified", "publisher", "section", "keywords", "description"),
    *("url", "language", "rights_statement", "rights_holder", "license"),
)
"""Columns of ``documents`` that a page may leave empty."""

_COUNTED: Final = {
    "decisions": (["source", "status", "rule", "stage", "error"], _count_decisions),
    "documents": (["text", "rights", "media_type", *_FILLED], _count_documents),
    "blocks": (["role", "kind", "start", "end"], _count_blocks),
    "repairs": (["rule"], _count_repairs),
    "related": (["related_document_id"], _count_related),
}
"""The columns that are read of each config, and what counts them."""
