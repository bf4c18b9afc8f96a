"""Parquet: one page a row; a large file is cut by its row groups, and only the columns needed are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from corpuskit.errors import PageError
from corpuskit.read import rows
from corpuskit.read.opening import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.unit import Unit, Unreadable

CUT: Final = 256_000_000
"""Bytes from which a file is cut: below it, looking for row groups costs more than it brings."""

PART: Final = 64_000_000
"""Bytes, as compressed, that a part has at least: some ten thousand pages."""

_ROWS: Final = 64
"""Rows that are held at a time."""


def parts(unit: Unit, _source: SourceSettings) -> list[Unit]:
    """Cut a large file into runs of row groups; one that cannot be opened stays whole, to fail where it is read."""
    if unit.bytes < CUT:
        return [unit]
    try:
        with opened(unit.address) as file:
            metadata = _open(file).metadata
            sizes = [_stored(metadata.row_group(group)) for group in range(metadata.num_row_groups)]
    except (PageError, OSError, ValueError):
        return [unit]
    return cut(unit, sizes, PART)


def cut(unit: Unit, sizes: list[int], least: int) -> list[Unit]:
    """Return ``unit`` cut into runs of row groups, of ``sizes``, each run but the last of ``least`` bytes or more."""
    made: list[Unit] = []
    start, size = 0, 0
    for stop, more in enumerate(sizes, 1):
        size += more
        if size >= least or stop == len(sizes):
            name = f"{unit.name}#row-groups-{start}-{stop - 1}"
            made.append(replace(unit, name=name, part=(start, stop), bytes=size))
            start, size = stop, 0
    return made or [unit]


def _stored(group: Any) -> int:  # noqa: ANN401 - pyarrow has no types
    return sum(group.column(index).total_compressed_size for index in range(group.num_columns))


def _open(file: BinaryIO) -> Any:  # noqa: ANN401 - pyarrow has no types
    from pyarrow import parquet  # half a second that listing files need not pay

    return parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20, page_checksum_verification=True)


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable]:
    """Yield the page of every row.  A row's number is that in the file, however it is cut.

    Raises:
        SourceError: the columns that the settings name are not there.
    """
    with opened(unit.address) as file:
        parquet = _open(file)
        needed = rows.columns(source, parquet.schema_arrow.names)
        start, stop = unit.part or (0, parquet.metadata.num_row_groups)
        number = sum(parquet.metadata.row_group(group).num_rows for group in range(start))
        name = unit.name.partition("#row-groups-")[0] if unit.part else unit.name
        for batch in parquet.iter_batches(
            _ROWS, row_groups=list(range(start, stop)), columns=needed, use_threads=False
        ):
            for row in batch.to_pylist():
                number += 1
                yield rows.page_of(row, f"{name}#row-{number}", source, limits)
