"""How fast each reader is, beside the bare library that only parses: ``python -m bench.reading [PAGES]``.

The pages are made; both sides read the same file in turns, and the best of several
rounds counts, in CPU seconds. A ratio of 1 means that making pages costs nothing beside the parsing.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpuskit import read
from corpuskit.config import LimitSettings, SourceSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS = 5
LIMITS = LimitSettings()


def make_pages(count: int) -> Iterator[str]:
    """Yield HTML pages of 5 to 250 KB: as large, and compressed as large, as those of a web crawl (130 and 30 KB)."""
    chance = random.Random(8)  # noqa: S311 - the same pages each time
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwz", k=chance.randint(2, 11))) for _ in range(5_000)]
    for number in range(count):
        paragraphs = (" ".join(chance.choices(words, k=60)) for _ in range(chance.randint(12, 600)))
        body = "".join(f"<p>{text}</p>\n" for text in paragraphs)
        yield f"<html><head><title>Page {number}</title></head><body>{body}</body></html>"


def write(folder: Path, count: int) -> None:
    """Write the same pages in every format."""
    import pyarrow as pa
    from pyarrow import ipc, parquet
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    rows = [{"url": f"https://example.org/{n}", "html": page} for n, page in enumerate(make_pages(count))]
    with (folder / "p.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for row in rows:
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Server", "made"), ("Content-Language", "en")]
            record = writer.create_warc_record(
                row["url"],
                "response",
                payload=io.BytesIO(row["html"].encode()),
                http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
            )
            writer.write_record(record)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "p.jsonl").write_text(lines)
    (folder / "p.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 6))
    with (folder / "p.csv").open("w", newline="") as table:
        records = csv.DictWriter(table, ["url", "html"])
        records.writeheader()
        records.writerows(rows)
    made = pa.Table.from_pylist(rows)
    parquet.write_table(made, folder / "p.parquet", compression="zstd", row_group_size=1_000)
    with ipc.new_stream(folder / "p.arrow", made.schema) as stream:
        stream.write_table(made, max_chunksize=1_000)
    with tarfile.open(folder / "p.tar", "w") as tar, zipfile.ZipFile(folder / "p.zip", "w", 8) as archive:
        for number, row in enumerate(rows):
            raw = row["html"].encode()
            member = tarfile.TarInfo(f"{number}.html")
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
            archive.writestr(f"{number}.html", raw)


def bare_warc(path: Path) -> int:
    """fastwarc: responses, HTTP headers parsed, bodies read."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    records = ArchiveIterator(str(path), record_types=WarcRecordType.response, parse_http=True)
    return sum(1 for record in records if record.reader.read() is not None)


def bare_warc_verified(path: Path) -> int:
    """fastwarc: the same, block digests verified by it."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    count = 0
    for record in ArchiveIterator(str(path), record_types=WarcRecordType.response, parse_http=False):
        if record.verify_block_digest():
            record.parse_http()
            count += record.reader.read() is not None
    return count


def bare_json(path: Path) -> int:
    """json.loads of every line."""
    with path.open("rb") as file:
        lines = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
        return sum(1 for line in lines if json.loads(line))


def bare_csv(path: Path) -> int:
    """csv.DictReader."""
    csv.field_size_limit(LIMITS.max_page_bytes)
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.DictReader(file))


def bare_parquet(path: Path) -> int:
    """pyarrow: the rows of every batch of 64, as Python objects."""
    from pyarrow import parquet

    batches = parquet.ParquetFile(path, pre_buffer=False).iter_batches(64, use_threads=False)
    return sum(len(batch.to_pylist()) for batch in batches)


def bare_arrow(path: Path) -> int:
    """pyarrow: the rows of every batch, as Python objects."""
    from pyarrow import ipc

    with ipc.open_stream(path) as stream:
        return sum(len(batch.to_pylist()) for batch in stream)


def bare_tar(path: Path) -> int:
    """tarfile: every member read, as a stream."""
    with tarfile.open(path, "r|") as archive:
        files = (archive.extractfile(member) for member in archive)
        return sum(1 for file in files if file is not None and file.read())


def bare_zip(path: Path) -> int:
    """zipfile: every member read."""
    with zipfile.ZipFile(path) as archive:
        return sum(1 for name in archive.namelist() if archive.read(name))


CASES: list[tuple[str, dict[str, Any], Callable[[Path], int]]] = [
    ("p.warc.gz", {"verify_digests": False}, bare_warc),
    ("p.warc.gz", {}, bare_warc_verified),
    ("p.jsonl", {}, bare_json),
    ("p.jsonl.gz", {}, bare_json),
    ("p.csv", {}, bare_csv),
    ("p.parquet", {}, bare_parquet),
    ("p.arrow", {}, bare_arrow),
    ("p.tar", {}, bare_tar),
    ("p.zip", {}, bare_zip),
]


def seconds(work: Callable[[], int], expected: int) -> float:
    """Return the CPU seconds that ``work`` takes; it must find all pages."""
    start = time.process_time()
    found = work()
    taken = time.process_time() - start
    if found != expected:
        message = f"{found} pages instead of {expected}"
        raise ValueError(message)
    return taken


def main() -> None:
    """Print a line for each format."""
    parser = argparse.ArgumentParser(description=sys.modules[__name__].__doc__)
    parser.add_argument("pages", nargs="?", type=int, default=300)
    count = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, count)
        print(f"{'file':12} {'settings':28} {'corpuskit, pages/s':>18} {'bare, pages/s':>14} {'ratio':>6}  bare is")
        for file, options, bare in CASES:
            source = SourceSettings("bench", file, **options)

            def ours(source: SourceSettings = source) -> int:
                return sum(1 for unit in read.units(source, folder) for _ in read.pages(unit, source, LIMITS))

            pairs = [
                (seconds(ours, count), seconds(lambda bare=bare, file=file: bare(folder / file), count))  # type: ignore[misc] # defaults bind
                for _ in range(ROUNDS)
            ]
            best, least = (min(column) for column in zip(*pairs, strict=True))
            said = ", ".join(f"{key} = {value}" for key, value in options.items())
            rates = f"{count / best:18,.0f} {count / least:14,.0f} {least / best:6.2f}"
            print(f"{file:12} {said:28} {rates}  {(bare.__doc__ or '').strip()}")


if __name__ == "__main__":
    main()
