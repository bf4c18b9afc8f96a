"""What a corpus of any size takes: a line fitted through two measured ones, and what follows for larger ones.

Every figure is the slope between two builds of different numbers of the same kind of pages, so that starting up has no
part in it.  The second pass is measured by itself: the same build again, from the parts that the first one left.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.throughput.chains import corpuskit, write
from bench.throughput.processes import cost

if TYPE_CHECKING:
    from collections.abc import Sequence

PASSES: Final = """
near_duplicates = 0.8

[splits]
shares = { train = 0.9, validation = 0.05, test = 0.05 }
"""
"""What is added to the settings: all passes over the corpus are on."""

SIZES: Final = (10**6, 10**7, 10**8, 10**9, 10**10)
DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Measured:
    """What a build of ``pages`` took: CPU-seconds of each pass, bytes of HTML, parts and release."""

    pages: int
    page_pass: float
    corpus_pass: float
    html: float
    work: float
    release: float


def report(source: Path, counts: Sequence[int], core_hour: float, terabyte_month: float) -> None:
    """Print the model: what a page costs, and what corpora of :data:`SIZES` do."""
    from corpuskit.select.sketch import BANDS

    few, many = (measure(source, count) for count in sorted(counts))
    page, corpus = slope(few, many, "page_pass"), slope(few, many, "corpus_pass")
    html, work, release = (slope(few, many, name) for name in ("html", "work", "release"))
    keys = BANDS * 16
    print(f"{few.pages:,} and {many.pages:,} pages of {html / 1000:.0f} kB of HTML, one worker")
    print(f"first pass: {page * 1000:.1f} ms CPU a page, {1 / page:.1f} pages/s a core; start {rest(few, page):.1f} s")
    print(f"second pass: {corpus * 1000:.2f} ms CPU a page, with near copies, templates and splits")
    print(
        f"bytes a page: work folder {work:,.0f}, release {release:,.0f}, exchanged for near copies {keys:,} and texts"
    )
    print(f"\n{'pages':>8}{'core-days':>11}{'of them 2nd':>12}{'HTML TB':>9}{'work TB':>9}{'release TB':>11}", end="")
    print(f"{'keys TB':>9}{'$ CPU':>12}{'$ a month':>11}")
    for size in SIZES:
        days, second = size * (page + corpus) / DAY, size * corpus / DAY
        volumes = [size * each / 10**12 for each in (html, work, release, keys)]
        spent, kept = days * 24 * core_hour, (volumes[1] + volumes[2]) * terabyte_month
        tera = "".join(f"{volume:{width}.3g}" for volume, width in zip(volumes, (9, 9, 11, 9), strict=True))
        print(f"{size:8.0e}{days:11,.1f}{second:12,.2f}{tera}{spent:12,.2f}{kept:11,.2f}")


def measure(source: Path, count: int) -> Measured:
    """Build a release of ``count`` pages of ``source`` with one worker, then again from its parts."""
    with tempfile.TemporaryDirectory(prefix="corpuskit-bench-") as name:
        folder = Path(name)
        html = write(folder, source, count)
        with (folder / "corpus.toml").open("a", encoding="utf-8") as file:
            file.write(PASSES)
        both = cost(corpuskit(1), folder)
        (folder / ".corpuskit" / "bench" / "release.json").unlink()
        second = cost([part for part in corpuskit(1) if part != "--fresh"], folder)
        work, release = (_size(folder / where) for where in (".corpuskit", "dist"))
        return Measured(count, both.cpu - second.cpu, second.cpu, html, work, release)


def slope(few: Measured, many: Measured, name: str) -> float:
    """Return how much a page more adds."""
    added: float = getattr(many, name) - getattr(few, name)
    return added / (many.pages - few.pages)


def rest(few: Measured, page: float) -> float:
    """Return what is left of the CPU-seconds when the pages are taken away."""
    return few.page_pass + few.corpus_pass - page * few.pages


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
