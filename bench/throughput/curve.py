"""What a release costs by its number of pages: time, memory, bytes.  The pages are generated, half of them HTML."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.running import generate
from bench.throughput.chains import corpuskit
from bench.throughput.processes import Cost, cost

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Point:
    """What ``pages`` pages cost, the bytes of the release, and of the work folder."""

    pages: int
    cost: Cost
    release: int
    work: int


def report(counts: Sequence[int], plot: Path | None) -> None:
    """Print a line for each count, and the line that fits: seconds of CPU for the start, and for a page."""
    points: list[Point] = []
    print(f"{'pages':>9}{'s':>9}{'CPU ms/page':>13}{'peak MB':>9}{'release B/page':>16}{'work B/page':>13}", flush=True)
    for count in sorted(counts):
        points.append(point := measure(count))
        each = f"{point.cost.cpu / count * 1000:13.2f}"
        sizes = f"{point.release / count:16.0f}{point.work / count:13.0f}"
        print(f"{count:9,}{point.cost.wall:9.1f}{each}{point.cost.megabytes:9.0f}{sizes}", flush=True)
    if len(points) > 1:
        first, last = points[0], points[-1]
        page = (last.cost.cpu - first.cost.cpu) / (last.pages - first.pages)
        print(f"CPU = {first.cost.cpu - page * first.pages:.1f} s + {page * 1000:.2f} ms a page (first and last line)")
    if plot is not None:
        plot.write_text(draw(points), encoding="utf-8")


def measure(count: int) -> Point:
    """Build a release of ``count`` generated pages with two workers."""
    with tempfile.TemporaryDirectory(prefix="corpuskit-bench-") as name:
        folder = Path(name)
        generate(folder, count)
        spent = cost(corpuskit(2), folder)
        return Point(count, spent, _size(folder / "dist"), _size(folder / ".corpuskit"))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def draw(points: Sequence[Point]) -> str:
    """Return a picture of bars: CPU milliseconds a page, and the most memory, by number of pages."""
    from corpuskit.package.pictures import COLOURS, PLAIN, Bar, Part, bars

    rows = [
        bar
        for point in points
        for bar in (
            Bar(
                f"{point.pages:,} pages: CPU",
                (Part(round(point.cost.cpu / point.pages * 10_000), COLOURS["main"]),),
                f"{point.cost.cpu / point.pages * 1000:.1f} ms a page",
            ),
            Bar(
                f"{point.pages:,} pages: memory",
                (Part(round(point.cost.megabytes), PLAIN),),
                f"{point.cost.megabytes:.0f} MB",
            ),
        )
    ]
    return bars("Cost by number of pages", rows)
