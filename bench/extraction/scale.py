"""Time and memory by page size: ``python -m bench.extraction.scale``.

Generated pages of four shapes, each size in a process of its own, so that its peak memory is its own.  CPU time per
megabyte that stays the same is time linear in the size.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SENTENCE = "The river rose two metres overnight, the council said, and three bridges in the valley had to be closed. "

SHAPES: dict[str, Callable[[int], str]] = {
    "article": lambda n: f'<p class="body">{_SENTENCE}Village {n} was not hit.</p>\n',
    "links": lambda n: f'<li class="item-{n}"><a href="/story/{n}">A dam is checked for the {n}th time</a></li>\n',
    "table": lambda n: f"<tr><td>{n}</td><td>Example town</td><td>12.5</td></tr>\n",
    "soup": lambda n: f"word {n}<br><b>more<span>",
}
SIZES = (0.1, 1, 5, 20)
"""Megabytes."""


def page(shape: str, megabytes: float) -> str:
    """Return a page of about that size."""
    piece = SHAPES[shape]
    count = max(int(megabytes * 1e6 / len(piece(1_000_000))), 1)
    opening = "<table>" if shape == "table" else ""
    return f"<html><body><h1>Title</h1>{opening}{''.join(map(piece, range(count)))}"


def measure(shape: str, megabytes: float) -> dict[str, float]:
    """Return the CPU seconds and the peak memory of cleaning one page, and the number of its blocks."""
    from corpuskit.describe.markup import metadata
    from corpuskit.segment.html import label, read_markup

    markup = page(shape, megabytes)
    small = read_markup(page(shape, 0.001))
    label(small)  # what is loaded once is not the page's
    started = time.process_time()
    found = read_markup(markup)
    label(found)
    metadata(found, None)
    return {
        "megabytes": len(markup) / 1e6,
        "blocks": len(found.blocks.text),
        "seconds": time.process_time() - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> int:
    """Print a row per shape and size."""
    parser = argparse.ArgumentParser(prog="python -m bench.extraction.scale", description=__doc__)
    parser.add_argument("--one", nargs=2, metavar=("SHAPE", "MEGABYTES"), help="measure one page and print JSON")
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(measure(options.one[0], float(options.one[1]))) + "\n")
        return 0
    sys.stdout.write("shape       MB   blocks  CPU s  CPU s/MB  peak MB\n")
    for shape in SHAPES:
        for size in SIZES:
            command = [sys.executable, "-m", "bench.extraction.scale", "--one", shape, str(size)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this module
            row = json.loads(done.stdout)
            sys.stdout.write(
                f"{shape:8} {row['megabytes']:6.1f} {row['blocks']:8.0f} {row['seconds']:6.2f} "
                f"{row['seconds'] / row['megabytes']:9.3f} {row['peak_mb']:8.0f}\n"
            )
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
