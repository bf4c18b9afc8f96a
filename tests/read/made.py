"""Files of every format, with the same pages in them."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpuskit import read
from corpuskit.model import Page
from corpuskit.read.opening import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TEXTS = ["The ferry runs again.", "Der Leuchtturm steht zum Verkauf: 300.000 €.", "ニシンの価格が下がる。"]
ROWS = [{"url": f"https://port.example/{n}", "text": text} for n, text in enumerate(TEXTS)]

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: bytes(zstd().compress(data)),
}


@dataclass
class Found:
    """What was read from a source."""

    pages: list[Page] = field(default_factory=list)
    unreadable: list[read.Unreadable] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        return [page.raw.decode() for page in self.pages]

    @property
    def errors(self) -> dict[str, str]:
        return {item.locator: item.error.message for item in self.unreadable}


def sort(items: Iterable[Page | read.Unreadable | read.Skipped]) -> Found:
    found = Found()
    for item in items:
        if isinstance(item, Page):
            found.pages.append(item)
        elif isinstance(item, read.Unreadable):
            found.unreadable.append(item)
        else:
            found.skipped[item.what] = found.skipped.get(item.what, 0) + item.count
    return found


def jsonl(rows: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def delimited(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode()


def tar(members: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, raw in members:
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return made.getvalue()


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members:
            archive.writestr(name, raw)
    return made.getvalue()


def parquet(rows: list[dict[str, Any]], **options: Any) -> bytes:  # noqa: ANN401 - any option of pyarrow
    import pyarrow as pa
    from pyarrow import parquet as pq

    made = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), made, **options)
    return made.getvalue()


def arrow(rows: list[dict[str, Any]], *, stream: bool) -> bytes:
    import pyarrow as pa
    from pyarrow import ipc

    made = io.BytesIO()
    table = pa.Table.from_pylist(rows)
    with (ipc.new_stream if stream else ipc.new_file)(made, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return made.getvalue()


@dataclass
class Record:
    """A WARC record to write."""

    url: str = "https://port.example/"
    body: bytes = b"<p>The ferry runs again.</p>"
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    kind: str = "response"
    warc: dict[str, str] = field(default_factory=dict)


def warc(records: Iterable[Record], *, gzipped: bool = True, version: str = "1.1") -> bytes:
    """Write records with warcio, which shares no code with what reads them."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    class Writer(WARCWriter):  # type: ignore[misc] # warcio has no types
        def _create_temp_file(self) -> io.BytesIO:
            return io.BytesIO()  # warcio's own, on disk, are left open

    made = io.BytesIO()
    writer = Writer(made, gzip=gzipped, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("made.warc", {"software": "tests"}))
    for record in records:
        http = StatusAndHeaders(record.status, list(record.headers), protocol="HTTP/1.1")
        is_http = record.kind in {"response", "revisit"}
        writer.write_record(
            writer.create_warc_record(
                record.url,
                record.kind,
                payload=io.BytesIO(record.body),
                http_headers=http if is_http else None,
                warc_content_type="" if is_http else dict(record.headers).get("Content-Type", ""),
                warc_headers_dict={"WARC-Date": "2024-05-17T06:30:00Z", **record.warc},
            )
        )
    return made.getvalue()
