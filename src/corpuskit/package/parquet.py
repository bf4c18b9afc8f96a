"""Tables to Parquet files whose bytes depend on the rows and on nothing else.

The settings are measured ones: zstd 3 writes at the speed of the disk and takes .59 of snappy's size; content-defined
chunking keeps unchanged stretches of a file unchanged from release to release; the page index and page checksums let
a reader skip and a verifier find a flipped byte.  No statistics on text: the minimum and maximum of a text column
are whole texts in the footer.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpuskit.package.tables import CATEGORICAL, SCHEMAS, Row, to_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

ROW_GROUP: Final = 5_000
"""Rows in a row group, whatever the batches they came in."""

STATISTICS: Final = {
    "documents": ["id", "source", "raw_bytes", "date", "language", "rights"],
    "blocks": ["document_id", "index", "role", "kind"],
    "related": ["document_id", "index"],
    "repairs": ["document_id", "index", "rule"],
    "decisions": ["document_id", "source", "status"],
}
"""Columns whose minimum and maximum help a reader to skip row groups."""


class TableWriter:
    """Writes the rows of one config and split to one file, and digests them on the way."""

    def __init__(self, config: str, path: Path) -> None:
        self.config = config
        self.rows = 0
        self.bytes = 0
        self._pending: list[Row] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(
            path,
            SCHEMAS[config],
            compression="zstd",
            compression_level=3,
            use_dictionary=list(CATEGORICAL[config]),
            write_statistics=STATISTICS[config],
            write_page_index=True,
            write_page_checksum=True,
            use_content_defined_chunking=True,
        )
        self._digest = Digest(config)

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows; full row groups go to the file."""
        for row in rows:
            self._pending.append(row)
            if len(self._pending) == ROW_GROUP:
                self._flush()

    def close(self) -> str:
        """Write what is left and return the logical digest of all rows."""
        if self._pending:
            self._flush()
        self._writer.close()
        return self._digest.hex()

    def abandon(self) -> None:
        """Let go of the file, which is not whole."""
        self._pending.clear()
        self._writer.close()

    def _flush(self) -> None:
        table = to_table(self.config, self._pending)
        self._pending = []
        self._writer.write_table(table, row_group_size=ROW_GROUP)
        self._digest.update(table)
        self.rows += table.num_rows
        self.bytes += table.nbytes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abandon()


class Digest:
    """The logical digest of a table: SHA-256 over its rows as an Arrow IPC stream in batches of :data:`ROW_GROUP`.

    It is the same whatever version of Parquet's writer laid the rows out.
    """

    def __init__(self, config: str) -> None:
        self._hash = hashlib.sha256()
        self._schema = SCHEMAS[config]
        self._stream = pa.ipc.new_stream(_HashSink(self._hash), SCHEMAS[config])

    def update(self, table: pa.Table) -> None:
        """Add the next :data:`ROW_GROUP` rows (fewer only at the end)."""
        # Two tables of the same rows may differ in the slack of their buffers; taking every row writes them anew.
        fresh = table.cast(self._schema).take(pa.array(np.arange(table.num_rows)))
        for batch in fresh.combine_chunks().to_batches(max_chunksize=ROW_GROUP):
            self._stream.write_batch(batch)

    def hex(self) -> str:
        """Close the stream and return the digest, as 64 hexadecimal digits."""
        self._stream.close()
        return self._hash.hexdigest()


class _HashSink:
    """A file that only hashes what is written to it."""

    closed = False

    def __init__(self, digest: hashlib._Hash) -> None:
        self._digest = digest

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


def logical_digest(config: str, path: Path) -> str:
    """Return the logical digest of the rows in the Parquet file at ``path``."""
    digest = Digest(config)
    held: list[pa.RecordBatch] = []
    count = 0
    with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=ROW_GROUP):
            held.append(batch)
            count += batch.num_rows
            while count >= ROW_GROUP:
                table = pa.Table.from_batches(held, SCHEMAS[config])
                digest.update(table.slice(0, ROW_GROUP))
                rest = table.slice(ROW_GROUP)
                held, count = rest.to_batches(), rest.num_rows
    if count:
        digest.update(pa.Table.from_batches(held, SCHEMAS[config]))
    return digest.hex()
