"""How long it takes to compare two releases, and what that holds in memory.

    python bench/diff.py                      1,000,000 documents; some minutes, most of them to write the two releases
    python bench/diff.py --documents 100000   fewer

The second release has one document in a thousand removed, one added, one changed.  Every comparison runs in a process
of its own.  Peers: polars, which hashes columns and joins by key too, without a limit on memory; and the rows as Python
dictionaries, on a tenth of the documents.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpuskit.package.diff import diff
from corpuskit.package.parquet import ROW_GROUP, STATISTICS
from corpuskit.package.tables import CATEGORICAL, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMA = SCHEMAS["documents"]
SENTENCES = (
    "The harbour of the town was opened again after two years of work on its walls and cranes.",
    "People who live nearby said that they had waited for this for a long time.",
    "The council wants to talk about the harbour again in the autumn, when the costs are known.",
    "A ferry is to run in winter too, if enough people ask for it before the end of the year.",
)
NAMED = ("title", "authors", "date_published", "publisher", "language")


def text(number: int) -> str:
    """Return the main text of a made-up page of 1,500 characters, a different one for each number."""
    return "\n\n".join(
        f"{SENTENCES[(number + k) % 4]} {number + k} {SENTENCES[(number * 7 + k) % 4]}" for k in range(8)
    )


def batch(ids: list[str], numbers: list[int]) -> pa.Table:
    """Return documents as a table, with what a page usually states and its evidence."""
    count = len(ids)
    titles = [f"The harbour of the town, part {number}" for number in numbers]
    same = {
        "source": "pages",
        "media_type": "text/html",
        "encoding": "utf-8",
        "date_published": "2024-05-17",
        "date_basis": "published",
        "publisher": "The Post",
        "language": "en",
        "rights": "unknown",
    }
    columns: dict[str, Any] = {
        "id": ids,
        "locator": [f"{number}.html" for number in numbers],
        "url": [f"https://news.example/{number}" for number in numbers],
        "raw_bytes": [20_000 + number for number in numbers],
        "raw_sha256": [identifier * 2 for identifier in ids],
        "text": [text(number) for number in numbers],
        "title": titles,
        "authors": [["Ada Marsh"]] * count,
        "section": [["News", "Town"]] * count,
        "keywords": [["harbour", "ferry"]] * count,
        "evidence": pa.ListArray.from_arrays(
            pa.array(np.arange(0, len(NAMED) * count + 1, len(NAMED), dtype=np.int32)), _evidence(titles)
        ),
        **{name: [value] * count for name, value in same.items()},
    }
    made = []
    for field in SCHEMA:
        value = columns.get(field.name, [None] * count)
        made.append(value.cast(field.type) if isinstance(value, pa.Array) else pa.array(value, field.type))
    return pa.Table.from_arrays(made, schema=SCHEMA)


def _evidence(titles: list[str]) -> pa.Array[Any]:
    kind = SCHEMA.field("evidence").type.value_type
    count = len(titles) * len(NAMED)
    values = {
        "field": list(NAMED) * len(titles),
        "value": [title for title in titles for _ in NAMED],
        "origin": ["block"] * count,
        "where": ["block 0"] * count,
        "stated": [True] * count,
        "used": [True] * count,
    }
    return pa.StructArray.from_arrays([pa.array(values[f.name], f.type) for f in kind], fields=list(kind))


def write(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the two releases and return their folders."""
    paths = tuple(folder / name / "data" / "documents" / "train-00000-of-00001.parquet" for name in "ab")
    named = sorted((hashlib.sha256(str(number).encode()).hexdigest()[:32], number) for number in range(count))
    writers = []
    for path in paths:
        path.parent.mkdir(parents=True)
        writers.append(
            pq.ParquetWriter(
                path,
                SCHEMA,
                compression="zstd",
                compression_level=3,
                use_dictionary=list(CATEGORICAL["documents"]),
                write_statistics=STATISTICS["documents"],
                use_content_defined_chunking=True,
            )
        )
    for start in range(0, count, ROW_GROUP):
        part = named[start : start + ROW_GROUP]
        table = batch([identifier for identifier, _ in part], [number for _, number in part])
        thousandth = np.array([number % 1000 for _, number in part])
        writers[0].write_table(table.filter(pa.array(thousandth != 1)), ROW_GROUP)
        writers[1].write_table(_edited(table, thousandth).filter(pa.array(thousandth != 0)), ROW_GROUP)
    for writer in writers:
        writer.close()
    return folder / "a", folder / "b"


def _edited(table: pa.Table, thousandth: Any) -> pa.Table:  # noqa: ANN401 - an array of numbers
    """Give one text in a thousand a sentence more."""
    old = table.column("text").combine_chunks()
    more = pc.binary_join_element_wise(old, pa.scalar(" One more.", old.type), pa.scalar("", old.type))
    return table.set_column(
        table.schema.get_field_index("text"), SCHEMA.field("text"), pc.if_else(pa.array(thousandth == 2), more, old)
    )


# --- ways to compare ---


def with_corpuskit(a: Path, b: Path) -> tuple[int, int, int]:
    """Return rows added, removed and changed."""
    rows = diff(a, b).configs["documents"]
    return rows.added, rows.removed, rows.changed


def with_polars(a: Path, b: Path) -> tuple[int, int, int]:
    """The same with polars' streaming engine."""
    import polars as pl

    sides = []
    for name, folder in (("was", a), ("now", b)):
        scan = pl.scan_parquet(folder / "data" / "documents" / "*.parquet")
        hashes = [pl.struct(column).hash().alias(f"{name} {column}") for column in SCHEMA.names if column != "id"]
        sides.append(scan.select("id", pl.lit(value=True).alias(name), *hashes))
    changed = pl.any_horizontal(pl.col(f"was {c}") != pl.col(f"now {c}") for c in SCHEMA.names if c != "id")
    counted = (
        sides[0]
        .join(sides[1], on="id", how="full", coalesce=True)
        .select(added=pl.col("was").is_null().sum(), removed=pl.col("now").is_null().sum(), changed=changed.sum())
        .collect(engine="streaming")
    )
    return counted.row(0)


def with_dictionaries(a: Path, b: Path) -> tuple[int, int, int]:
    """The same with rows as dictionaries, a digest of each held by id."""

    def digests(folder: Path) -> Iterator[tuple[str, bytes]]:
        with pq.ParquetFile(next((folder / "data" / "documents").glob("*.parquet"))) as file:
            for rows in file.iter_batches(batch_size=1_000):
                for row in rows.to_pylist():
                    yield row["id"], hashlib.blake2b(repr(row).encode(), digest_size=8).digest()

    was, now = dict(digests(a)), dict(digests(b))
    both = was.keys() & now.keys()
    return len(now) - len(both), len(was) - len(both), sum(was[key] != now[key] for key in both)


WAYS: dict[str, Callable[[Path, Path], tuple[int, int, int]]] = {
    "corpuskit": with_corpuskit,
    "polars": with_polars,
    "dictionaries": with_dictionaries,
}


def child(way: str, folder: Path) -> None:
    """Compare in this process and print what it took."""
    start = time.perf_counter()
    found = WAYS[way](folder / "a", folder / "b")
    seconds, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak": peak(), "found": found}))


def peak() -> float:
    """Return the most memory that this process held at once, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says holds the peak of the process that started this one, too
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1_000_000
    scale = 1_000_000 if sys.platform == "darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def measure(way: str, folder: Path, count: int) -> None:
    """Compare in a process of its own, and print a line."""
    done = subprocess.run(  # noqa: S603 - this very script
        [sys.executable, __file__, "--child", way, str(folder)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    rate = count / found["seconds"]
    line = f"{way:14}{count:12,}{found['seconds']:10.1f}{found['cpu']:10.1f}{rate:14,.0f}{found['peak']:10,.0f}"
    print(f"{line}   {', '.join(f'{number:,}' for number in found['found'])}", flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000, help="documents in each release")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]))
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"two releases of {given.documents:,} documents of {len(text(0)):,} characters, {cores} cores")
    print(f"{'':14}{'documents':>12}{'seconds':>10}{'CPU s':>10}{'documents/s':>14}{'peak MB':>10}   differences")
    for count, ways in (
        (given.documents, ("corpuskit", "polars")),
        (given.documents // 10, ("corpuskit", "dictionaries")),
    ):
        with tempfile.TemporaryDirectory(prefix="corpuskit-bench-") as folder:
            write(Path(folder), count)
            for way in ways:
                measure(way, Path(folder), count)


if __name__ == "__main__":
    main()
