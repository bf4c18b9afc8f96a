"""Tables to Parquet files whose bytes depend on the rows and on nothing else.

The settings are measured ones: zstd 3 writes at the speed of the disk and takes .59 of snappy's size; content-defined
chunking keeps unchanged stretches of a file unchanged from release to release; the page index and page checksums let
a reader skip and a verifier find a flipped byte.  No statistics on text: the minimum and maximum of a text column
are whole texts in the footer.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpuskit.package.tables import CATEGORICAL, SCHEMAS, Row, to_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

ROW_GROUP: Final = 5_000
"""Most rows in a row group, whatever the batches they came in."""

ROW_GROUP_BYTES: Final = 64_000_000
"""A row group is also full once its texts have this many bytes: a corpus of books must fit into memory too."""

SHARD_BYTES: Final = 500_000_000
"""A shard is full once its rows have this many bytes as Arrow IPC: what the Hub advises, and `datasets` writes."""

_PENDING: Final = 500
"""Rows that wait as Python objects before they become Arrow's, which take a tenth of the room."""

STATISTICS: Final = {
    "documents": ["id", "source", "raw_bytes", "date", "language", "rights"],
    "blocks": ["document_id", "index", "role", "kind"],
    "related": ["document_id", "index"],
    "repairs": ["document_id", "index", "rule"],
    "decisions": ["document_id", "source", "status"],
}
"""Columns whose minimum and maximum help a reader to skip row groups."""


class TableWriter:
    """Writes the rows of one config and split to one file, and digests them on the way.

    Attributes:
        rows: rows in row groups that are written.
        bytes: their size as Arrow IPC.
    """

    def __init__(self, config: str, path: Path) -> None:
        self.config = config
        self.rows = 0
        self.bytes = 0
        self._pending: list[Row] = []
        self._groups = RowGroups(config)
        self._digest = Digest(config)
        self._writer = _open(config, path)

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows; full row groups go to the file."""
        for row in rows:
            self._pending.append(row)
            if len(self._pending) == _PENDING:
                self._take_pending()

    def write_table(self, table: pa.Table) -> None:
        """Add the rows of a table of the declared schema."""
        self._take_pending()
        self._put(self._groups.add(table))

    def close(self) -> str:
        """Write what is left and return the logical digest of all rows."""
        self._take_pending()
        self._put(self._groups.rest())
        self._writer.close()
        return self._digest.hex()

    def abandon(self) -> None:
        """Let go of the file, which is not whole."""
        self._pending.clear()
        self._writer.close()

    def _take_pending(self) -> None:
        if self._pending:
            table = to_table(self.config, self._pending)
            self._pending = []
            self._put(self._groups.add(table))

    def _put(self, groups: Iterable[pa.Table]) -> None:
        for group in groups:
            self._make_room()
            self._writer.write_table(group, row_group_size=ROW_GROUP)
            self._written(group.num_rows, self._digest.update(group))

    def _make_room(self) -> None:
        """Get ready for another row group."""

    def _written(self, rows: int, size: int) -> None:
        self.rows += rows
        self.bytes += size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abandon()


class ShardWriter(TableWriter):
    """Writes the rows of one config and split to as many files as their size asks for.

    A shard is full after the row group that brings it to ``shard_bytes``, counted as Arrow IPC: where one ends is
    decided by the rows alone.  How many there are is known at the end, so the files have other names until then.

    Attributes:
        files: after :meth:`close`, the paths of the shards within the release, in order.
    """

    def __init__(self, config: str, folder: Path, split: str, shard_bytes: int = SHARD_BYTES) -> None:
        self.files: list[str] = []
        self._folder = folder
        self._split = split
        self._room = self._shard_bytes = shard_bytes
        self._parts = [self._part(config, 0)]
        super().__init__(config, self._parts[0])

    def close(self) -> str:
        """Write what is left, give the shards their names and return the logical digest of all rows."""
        digest = super().close()
        for number, part in enumerate(self._parts):
            name = shard_name(self.config, self._split, number, len(self._parts))
            part.rename(self._folder / name)
            self.files.append(name)
        return digest

    def _make_room(self) -> None:
        if self._room <= 0:
            self._writer.close()
            self._parts.append(self._part(self.config, len(self._parts)))
            self._writer = _open(self.config, self._parts[-1])
            self._room = self._shard_bytes

    def _written(self, rows: int, size: int) -> None:
        super()._written(rows, size)
        self._room -= size

    def _part(self, config: str, number: int) -> Path:
        return self._folder / "data" / config / f".{self._split}-{number:05d}.part"


def shard_name(config: str, split: str, number: int, shards: int) -> str:
    """Return the path of a shard within its release; ``number`` counts from 0."""
    return f"data/{config}/{split}-{number:05d}-of-{shards:05d}.parquet"


def _open(config: str, path: Path) -> pq.ParquetWriter:
    path.parent.mkdir(parents=True, exist_ok=True)
    return pq.ParquetWriter(
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


class RowGroups:
    """Cuts rows that come in batches of any size into the row groups that a release has.

    A group is full at :data:`ROW_GROUP` rows, or with the row that brings its texts to :data:`ROW_GROUP_BYTES`: where
    one ends is decided by the rows alone.  The logical digest goes by the same groups.
    """

    def __init__(self, config: str) -> None:
        self._schema = SCHEMAS[config]
        self._texts = [field.name for field in self._schema if pa.types.is_large_string(field.type)]
        self._held: list[pa.Table] = []
        self._rows = 0
        self._bytes = 0

    def add(self, table: pa.Table) -> Iterator[pa.Table]:
        """Take rows in; yield the groups that became full.  Columns that are not declared are left aside."""
        table = table.select(self._schema.names).cast(self._schema)
        sizes = self._sizes(table)
        while len(sizes):
            # The row that fills the group is the last in it; each group has one row at least.
            filled = int(np.searchsorted(np.cumsum(sizes), ROW_GROUP_BYTES - self._bytes)) + 1
            count = min(filled, ROW_GROUP - self._rows, len(sizes))
            self._held.append(table.slice(0, count))
            self._rows += count
            self._bytes += int(sizes[:count].sum())
            table, sizes = table.slice(count), sizes[count:]
            if self._rows == ROW_GROUP or self._bytes >= ROW_GROUP_BYTES:
                yield from self.rest()

    def rest(self) -> Iterator[pa.Table]:
        """Yield the group that is not full, if there is one."""
        if self._held:
            # Tables of the same rows may differ in chunks and in the slack of buffers, and Parquet's pages and Arrow's
            # streams with them: taking every row writes them anew.
            yield pa.concat_tables(self._held).take(pa.arange(0, self._rows)).combine_chunks()
            self._held, self._rows, self._bytes = [], 0, 0

    def _sizes(self, table: pa.Table) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the bytes of each row's texts."""
        sizes = np.zeros(table.num_rows, np.int64)
        for name in self._texts:
            sizes += pc.fill_null(pc.binary_length(table.column(name)), 0).to_numpy()
        return sizes


class Digest:
    """The logical digest of a table: SHA-256 over its rows as an Arrow IPC stream.

    A batch of the stream is a row group (:class:`RowGroups`).  The digest is the same whatever version of Parquet's
    writer laid the rows out, in however many files.
    """

    def __init__(self, config: str) -> None:
        self._sink = _HashSink()
        self._stream = pa.ipc.new_stream(self._sink, SCHEMAS[config])

    def update(self, group: pa.Table) -> int:
        """Add the next row group; return its size, in bytes."""
        before = self._sink.written
        for batch in group.to_batches():
            self._stream.write_batch(batch)
        return self._sink.written - before

    def hex(self) -> str:
        """Close the stream and return the digest, as 64 hexadecimal digits."""
        self._stream.close()
        return self._sink.digest.hexdigest()


class _HashSink:
    """A file that only hashes and counts what is written to it."""

    closed = False

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.written = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.written += len(data)
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


class TableDigest:
    """The logical digest of rows that come in tables of any size."""

    def __init__(self, config: str) -> None:
        self._digest = Digest(config)
        self._groups = RowGroups(config)

    def add(self, rows: pa.Table) -> None:
        """Add rows."""
        for group in self._groups.add(rows):
            self._digest.update(group)

    def hex(self) -> str:
        """Return the digest of all rows."""
        for group in self._groups.rest():
            self._digest.update(group)
        return self._digest.hex()


def logical_digest(config: str, *paths: Path) -> str:
    """Return the logical digest of the rows in Parquet files, taken together in the order given."""
    digest = TableDigest(config)
    for path in paths:
        with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as file:
            for number in range(file.num_row_groups):
                digest.add(file.read_row_group(number))
    return digest.hex()
