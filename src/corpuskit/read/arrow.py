"""Arrow IPC, as a file or as a stream: one page a row, only the columns needed are read.

`datasets` saves its data as streams, Feather 2 is the file format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

from corpuskit.read import rows
from corpuskit.read.opening import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.unit import Unit, Unreadable

_MAGIC: Final = b"ARROW1"
_ROWS: Final = 64


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable]:
    """Yield the page of every row.

    Raises:
        PageError: the columns that the settings name are not there.
    """
    with opened(unit.address) as file:
        number = 0
        for batch in _batches(file, source):
            batch.validate(full=True)  # what points beyond its buffers would end the process
            for start in range(0, batch.num_rows, _ROWS):
                for row in batch.slice(start, _ROWS).to_pylist():
                    number += 1
                    yield rows.page_of(row, f"{unit.name}#row-{number}", source, limits)


def _batches(file: BinaryIO, source: SourceSettings) -> Iterator[Any]:
    from pyarrow import ipc  # see read/parquet.py

    is_file = file.read(len(_MAGIC)) == _MAGIC
    file.seek(0)
    open_ = ipc.open_file if is_file else ipc.open_stream
    schema = open_(file).schema
    needed = set(rows.columns(source, schema.names))
    wanted = [i for i, name in enumerate(schema.names) if any(n == name or n.startswith(f"{name}.") for n in needed)]
    file.seek(0)
    reader = open_(file, options=ipc.IpcReadOptions(included_fields=wanted, use_threads=False))
    if is_file:
        yield from (reader.get_batch(index) for index in range(reader.num_record_batches))
    else:
        yield from reader
