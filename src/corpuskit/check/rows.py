"""Checks on the rows of a release: each row against its schema, and the configs against one another."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from corpuskit import schema
from corpuskit.check.findings import Finding
from corpuskit.model import Role, Status
from corpuskit.package.tables import ROW_SCHEMAS, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Row = dict[str, Any]


def check_rows(folder: Path) -> Iterator[Finding]:
    """Check every row of every config, a batch at a time."""
    state = _State()
    for config in ("decisions", "documents", "blocks", "related", "repairs"):
        for path in sorted((folder / "data" / config).glob("*.parquet")):
            file = path.relative_to(folder).as_posix()
            try:
                with pq.ParquetFile(path, page_checksum_verification=True) as parquet:
                    yield from _check_columns(config, parquet, file)
                    for batch in parquet.iter_batches(batch_size=5_000):
                        rows = [_to_json(row) for row in batch.to_pylist()]
                        yield from _check_schema(config, rows, file)
                        yield from _CHECKS[config](state, rows, file)
            except (OSError, ValueError, KeyError) as error:
                yield Finding("table-unreadable", f"cannot be read: {error}; fetch it again", file=file)
    yield from state.finish()


class _State:
    """What one config needs to know of another; ids, lengths and the main text's size, never texts."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.documents: dict[str, int] = {}
        self.main: dict[str, int] = {}
        self.last_block: dict[str, tuple[int, int]] = {}

    def finish(self) -> Iterator[Finding]:
        """Compare what was gathered over all configs."""
        for identifier in sorted(self.kept ^ self.documents.keys()):
            where = "kept but has no row in documents" if identifier in self.kept else "in documents but was not kept"
            yield Finding("decision-mismatch", f"the page is {where}; build again", document=identifier)
        for identifier, characters in self.documents.items():
            if self.main.get(identifier, 0) != characters:
                yield Finding(
                    "text-not-main-blocks",
                    "its text is not its main blocks joined by blank lines; build again",
                    document=identifier,
                    pointer="/text",
                )


def _check_columns(config: str, parquet: pq.ParquetFile, file: str) -> Iterator[Finding]:
    declared, present = SCHEMAS[config], parquet.schema_arrow
    for field in declared:
        found = present.field(field.name) if field.name in present.names else None
        if found is None or not found.type.equals(field.type) or found.nullable != field.nullable:
            yield Finding(
                "column-type",
                f"column {field.name} is {found.type if found else 'missing'}, not {field.type}",
                file=file,
            )
    for name in present.names:
        if name not in declared.names:
            yield Finding("column-unknown", f"column {name} is not in the schema", file=file)


def _check_schema(config: str, rows: Iterable[Row], file: str) -> Iterator[Finding]:
    validator = schema.validator(ROW_SCHEMAS[config])
    key = "id" if config == "documents" else "document_id"
    for row in rows:
        if validator.is_valid(row):
            continue
        for error in validator.iter_errors(row):
            pointer = "".join(f"/{part}" for part in error.instance_path)
            yield Finding("row-schema", error.message, file=file, document=row.get(key), pointer=pointer)


def _check_decisions(state: _State, rows: Iterable[Row], file: str) -> Iterator[Finding]:
    del file
    for row in rows:
        if row["status"] == Status.KEPT:
            state.kept.add(row["document_id"])
        reasons = {"kept": (), "rejected": ("rule", "value", "threshold"), "quarantined": ("stage", "error")}.get(
            row["status"], ()
        )
        missing = [name for name in reasons if row[name] is None]
        if missing:
            yield Finding(
                "decision-reason", f"a {row['status']} page must say {', '.join(missing)}", document=row["document_id"]
            )


def _check_documents(state: _State, rows: Iterable[Row], file: str) -> Iterator[Finding]:
    for row in rows:
        if row["id"] in state.documents:
            yield Finding("id-duplicate", "two rows have this id", file=file, document=row["id"])
        state.documents[row["id"]] = len(row["text"])


def _check_blocks(state: _State, rows: Iterable[Row], file: str) -> Iterator[Finding]:
    for row in rows:
        identifier = row["document_id"]
        yield from _check_reference(state, identifier, file)
        index, end = state.last_block.get(identifier, (-1, 0))
        if row["index"] != index + 1:
            yield Finding("index-gap", f"block {row['index']} follows block {index}", file=file, document=identifier)
        if row["start"] < end or row["end"] - row["start"] != len(row["text"]):
            yield Finding(
                "block-span",
                f"block {row['index']} overlaps the one before it, or its span is not its text's",
                file=file,
                document=identifier,
            )
        state.last_block[identifier] = (row["index"], row["end"])
        if row["role"] == Role.MAIN:
            before = state.main.get(identifier)
            state.main[identifier] = len(row["text"]) + (0 if before is None else before + len("\n\n"))


def _check_related(state: _State, rows: Iterable[Row], file: str) -> Iterator[Finding]:
    for row in rows:
        yield from _check_reference(state, row["document_id"], file)
        target = row["related_document_id"]
        if target is not None and target not in state.documents:
            yield Finding(
                "reference-missing",
                f"related item {row['index']} points to {target}, which is no document",
                file=file,
                document=row["document_id"],
            )


def _check_repairs(state: _State, rows: Iterable[Row], file: str) -> Iterator[Finding]:
    for row in rows:
        yield from _check_reference(state, row["document_id"], file)
        if row["after_end"] - row["after_start"] != len(row["after"]):
            yield Finding(
                "repair-span",
                f"repair {row['index']}: its span is not its text's",
                file=file,
                document=row["document_id"],
            )


def _check_reference(state: _State, identifier: str, file: str) -> Iterator[Finding]:
    if identifier not in state.documents:
        yield Finding("reference-missing", "belongs to no document", file=file, document=identifier)


_CHECKS = {
    "decisions": _check_decisions,
    "documents": _check_documents,
    "blocks": _check_blocks,
    "related": _check_related,
    "repairs": _check_repairs,
}


def _to_json(row: Row) -> Row:
    """Return a row as JSON has it: dates as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
