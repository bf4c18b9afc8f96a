"""Every table of a release, streamed: declared columns, rows against their schemas, digests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from corpuskit.check.columns import ColumnChecks, checks_of
from corpuskit.check.findings import Finding, pointer
from corpuskit.package.manifest import NAME as MANIFEST
from corpuskit.package.parquet import TableDigest
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from corpuskit.check.columns import Schema
    from corpuskit.check.report import Sink

    Handler = Callable[[pa.RecordBatch, str, str], Iterator[Finding]]
    """Takes a batch of rows, the file they are in and their split."""

BATCH: Final = 1_000
"""Rows that are looked at together: what is held in memory is a multiple of this many texts."""

ORDER: Final = ("decisions", "documents", "blocks", "related", "repairs")
"""The configs in the order they are gone through."""


class _Table(NamedTuple):
    """A file of a split of a config."""

    config: str
    split: str
    file: str


class TableChecks:
    """Goes through all tables of a release once, and hands the rows of sound ones on to ``handlers``, by config.

    ``broken`` names the configs of which some rows could not be handed on: what they have to do with other configs
    cannot be said.  ``rows`` are by (config, split), of what is in the files.
    """

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], handlers: Mapping[str, Handler], extension: Schema | None
    ) -> None:
        self.folder = folder
        self.broken: set[str] = set()
        self.rows: dict[tuple[str, str], int] = {}
        self._configs = {name: manifest["configs"][name] for name in ORDER if name in manifest["configs"]}
        self.broken |= set(ORDER) - set(self._configs)
        self._handlers = handlers
        self._extension = extension

    def run(self, sink: Sink) -> None:
        """Go through all tables."""
        for config, entry in self._configs.items():
            checks = ColumnChecks(config, self._extension) if self._extension else checks_of(config)
            digest = TableDigest(config)
            for split, made in entry["splits"].items():
                for file in made["files"]:
                    self._table(sink, _Table(config, split, file), checks, digest)
                sink.take(self._check_rows(config, split, made["rows"]))
            sink.take(self._check_digest(config, entry, digest))
        sink.take(self._unlisted())

    def _table(self, sink: Sink, table: _Table, checks: ColumnChecks, digest: TableDigest) -> None:
        config, split, file = table
        path = self.folder / file
        self.rows.setdefault((config, split), 0)
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()) or not path.is_file():
                self.broken.add(config)
                sink.take([Finding("table-missing", "is in the manifest but not there; fetch it again", file=file)])
                return
            # Buffering ahead would take in all row groups of the file; without it memory does not grow with the rows.
            with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as parquet:
                wrong = list(check_columns(config, parquet.schema_arrow, checks.known))
                sink.take(_in_file(wrong, file))
                whole = not wrong
                if not whole:
                    self.broken.add(config)
                self.rows[config, split] += parquet.metadata.num_rows
                for batch in parquet.iter_batches(batch_size=BATCH):
                    if whole:
                        digest.add(pa.Table.from_batches([batch]))
                    nulls = list(check_nulls(config, batch, file))
                    sink.take(nulls)
                    sink.take(checks.check(batch, file))
                    if whole and not nulls:
                        sink.take(self._handlers[config](batch, file, split))
                    elif nulls:
                        self.broken.add(config)
        except (OSError, ValueError, KeyError) as error:
            self.broken.add(config)
            sink.take([Finding("table-unreadable", f"cannot be read: {error}; fetch it again", file=file)])

    def _check_rows(self, config: str, split: str, stated: int) -> Iterator[Finding]:
        found = self.rows.get((config, split), 0)
        if found != stated and config not in self.broken:
            yield Finding(
                "table-rows",
                f"split {split} of {config} has {found} rows, not {stated}; build again",
                file=MANIFEST,
                pointer=pointer("configs", config, "splits", split, "rows"),
            )

    def _check_digest(self, config: str, entry: Mapping[str, Any], digest: TableDigest) -> Iterator[Finding]:
        if config not in self.broken and digest.hex() != entry["logical_sha256"]:
            yield Finding(
                "table-digest",
                f"the rows of {config} do not have the digest stated; fetch the release again",
                file=MANIFEST,
                pointer=pointer("configs", config, "logical_sha256"),
            )

    def _unlisted(self) -> Iterator[Finding]:
        listed = {
            file for entry in self._configs.values() for split in entry["splits"].values() for file in split["files"]
        }
        for path in sorted((self.folder / "data").rglob("*.parquet")):
            name = path.relative_to(self.folder).as_posix()
            if name not in listed:
                yield Finding("table-unlisted", "is in no split of the manifest; take it out", file=name)


def check_columns(config: str, present: pa.Schema, known: set[str]) -> Iterator[Finding]:
    """Compare the columns of a file with the declared ones; ``known`` names columns that a schema describes."""
    declared = SCHEMAS[config]
    for field in declared:
        if field.name not in present.names:
            yield Finding("column-missing", f"column {field.name} is missing; build again", pointer=pointer(field.name))
            continue
        found = present.field(field.name)
        if not found.type.equals(field.type) or found.nullable != field.nullable:
            yield Finding(
                "column-type",
                f"column {field.name} is {_describe(found)}, not {_describe(field)}; build again",
                pointer=pointer(field.name),
            )
    for name in present.names:
        if name not in declared.names and name not in known:
            yield Finding(
                "column-unknown",
                f"column {name} is in no schema; take it out, or name it x-… and describe it",
                pointer=pointer(name),
            )


def check_nulls(config: str, rows: pa.RecordBatch, file: str) -> Iterator[Finding]:
    """Yield a finding for every null in a column that may have none, the lists' elements included."""
    for field in SCHEMAS[config]:
        if field.name not in rows.schema.names:
            continue
        column = rows.column(field.name)
        if not field.nullable and column.null_count:
            yield Finding(
                "column-null",
                f"column {field.name} has {column.null_count} nulls and may have none; build again",
                file=file,
                pointer=pointer(field.name),
            )


def _in_file(findings: list[Finding], file: str) -> Iterator[Finding]:
    return (
        Finding(finding.rule, finding.message, file=file, pointer=finding.pointer, document=finding.document)
        for finding in findings
    )


def _describe(field: pa.Field[Any]) -> str:
    return f"{field.type}{'' if field.nullable else ' without nulls'}"
