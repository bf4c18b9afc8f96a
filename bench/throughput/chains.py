"""The chains that are compared, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from bench.throughput.processes import Cost, cost
from corpuskit.process import NO_THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILES = 8
"""Files the pages are spread over, so that every chain can share them out."""


def pages(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """Yield ``count`` pages of the sets in ``folder``, the sets mixed; pages come again where there are too few."""
    ids = sorted(((hash_of(id_), file, at) for file in sorted(folder.glob("*.parquet")) for at, id_ in _ids(file)))
    chosen = ids[:count]
    rows: dict[Path, list[dict[str, Any]]] = {
        file: _rows(file, [at for _, f, at in chosen if f == file]) for file in {file for _, file, _ in chosen}
    }
    held = [row for part in rows.values() for row in part]
    held.sort(key=lambda row: hash_of(row["id"]))
    for number in range(count):
        row = held[number % len(held)]
        round_ = number // len(held)
        again = f"#{round_}" if round_ else ""
        yield {"id": f"{row['id']}{again}", "url": f"{row['url']}{again}", "html": row["html"]}


def hash_of(text: str) -> int:
    """Return a number that mixes pages the same way everywhere."""
    import zlib

    return zlib.crc32(text.encode())


def _ids(file: Path) -> Iterator[tuple[int, str]]:
    yield from enumerate(pq.read_table(file, columns=["id"])["id"].to_pylist())


def _rows(file: Path, chosen: list[int]) -> list[dict[str, Any]]:
    rows = []
    for row in pq.read_table(file, columns=["id", "url", "html"]).take(chosen).to_pylist():
        # Other tools' JSON Lines readers take text, so that decoding bytes is nobody's work here.
        html = row["html"].decode("utf-8", "replace") if isinstance(row["html"], bytes) else row["html"]
        rows.append({"id": row["id"], "url": row["url"] or "", "html": html.replace("\x00", "")})
    return rows


def write(folder: Path, source: Path, count: int) -> int:
    """Write ``count`` pages as JSON Lines and the settings to build from them; return the bytes of HTML."""
    (folder / "pages").mkdir()
    files = [(folder / "pages" / f"{number}.jsonl").open("w", encoding="utf-8") for number in range(FILES)]
    size = 0
    for number, page in enumerate(pages(source, count)):
        size += len(page["html"].encode("utf-8", "surrogatepass"))
        text = json.dumps({"id": page["id"], "url": page["url"], "text": page["html"]})
        files[number % FILES].write(text + "\n")
    for file in files:
        file.close()
    (folder / "corpus.toml").write_text(SETTINGS, encoding="utf-8")
    return size


SETTINGS = """\
[dataset]
name = "bench"
version = "1.0.0"
title = "Benchmark"
description = "Pages to measure with."

[[source]]
name = "pages"
path = "pages"
include = ["*.jsonl"]
media_type = "text/html"

[source.fields]
id = "id"
url = "url"
html = "text"

[select]
min_survival = 0.0
"""


def corpuskit(workers: int) -> list[str]:
    """Return the command that builds a release, nothing kept from an earlier run."""
    return [sys.executable, "-m", "corpuskit", "build", "--quiet", "--workers", str(workers), "--fresh"]


def datatrove(*, filters: bool) -> list[str]:
    """Return the command that runs datatrove's chain."""
    return [sys.executable, str(Path(__file__).with_name("peer.py")), *(["--filters"] if filters else [])]


def compare(source: Path, count: int, repeat: int, *, with_peers: bool) -> None:
    """Print what each chain costs, the runs interleaved."""
    commands = {"corpuskit": corpuskit(2)}
    if with_peers:
        commands["datatrove: trafilatura, ftfy"] = datatrove(filters=False)
        commands["datatrove: the same, Gopher, FineWeb, PII"] = datatrove(filters=True)
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory(prefix="corpuskit-bench-") as name:
        folder = Path(name)
        size = write(folder, source, count)
        for _ in range(repeat):
            for chain, command in list(commands.items()):
                try:
                    costs[chain].append(cost(command, folder))
                except subprocess.CalledProcessError as error:
                    print(f"{chain} failed: {error.stderr.strip().splitlines()[-1]}")
                    del commands[chain], costs[chain]
    print(f"{count:,} pages, {size / count / 1000:.0f} kB of HTML each, two workers, best of {repeat}")
    print(f"{'':44}{'CPU ms/page':>12}{'pages/s':>10}{'peak MB':>10}{'ratio':>8}")
    base = min(run.cpu for run in costs["corpuskit"])
    for chain, runs in costs.items():
        best = min(runs, key=lambda run: run.cpu)
        rate, ratio = count / min(run.wall for run in runs), best.cpu / base
        print(f"{chain:44}{best.cpu / count * 1000:12.1f}{rate:10.1f}{best.megabytes:10.0f}{ratio:8.2f}")


def scaling(source: Path, count: int, repeat: int) -> None:
    """Print how much faster two workers are than one: an efficiency of 1 is twice as fast.

    Beside it, what the machine gives to two processes that clean pages and know nothing of each other.
    """
    with tempfile.TemporaryDirectory(prefix="corpuskit-bench-") as name:
        folder = Path(name)
        write(folder, source, count)
        walls: dict[int, float] = {}
        limit = 0.0
        for _ in range(repeat):
            for workers in (1, 2):
                wall = cost(corpuskit(workers), folder).wall
                walls[workers] = min(walls.get(workers, wall), wall)
            limit = max(limit, roofline(folder))
    print(f"{count:,} pages: {walls[1]:.1f} s with one worker, {walls[2]:.1f} s with two, ", end="")
    print(f"efficiency {walls[1] / walls[2] / 2:.2f}")
    print(f"two processes without a runner, a file each, loaded before: efficiency {limit:.2f}")


ALONE = """\
import json, sys, time
import corpuskit as ck

with open(sys.argv[1], encoding="utf-8") as file:
    pages = [json.loads(line) for line in file]

def clean(page):
    try:
        ck.clean(page["text"], "text/html", page["url"])
    except ck.PageError:
        pass

clean(pages[0])
began = time.perf_counter()
for page in pages:
    clean(page)
print(time.perf_counter() - began)
"""


def roofline(folder: Path) -> float:
    """Return how efficient two processes are that clean a file of pages each, once by turns and once at one time."""
    files = [folder / "pages" / f"{number}.jsonl" for number in range(2)]
    by_turns = sum(_seconds([_alone(file)]) for file in files)
    return by_turns / 2 / _seconds([_alone(file) for file in files])


def _alone(file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ALONE, str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **NO_THREADS})  # noqa: S603 - ours


def _seconds(running: Sequence[subprocess.Popen[str]]) -> float:
    return max(float(process.communicate()[0]) for process in running)
