"""What a run costs, and what the next one saves.

    python -m bench.running [PAGES]      a first build, and what the next ones have to do
    python -m bench.running --start      what it takes to start: the program, and builds of five pages

Pages are generated: articles in the frame of a news site, half of them flattened text and half HTML. Every figure is
of a process of its own: seconds on the clock, CPU-seconds of it and its workers, and the memory of its main process.
The package is compiled before, as it is where it is installed.
"""

from __future__ import annotations

import argparse
import compileall
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WORDS: Final = [
    *("harbour", "council", "ferry", "winter", "quarter", "market", "price", "street", "engine", "river", "school"),
    *("budget", "minister", "report", "century", "evening", "letter", "village", "bridge", "figure", "number"),
    *("island", "season", "coast", "garden", "window", "history", "science", "record", "station"),
]

SETTINGS: Final = """
[dataset]
name = "bench"
version = "0.1.0"
title = "Bench"
description = "Generated pages."
[[source]]
name = "pages"
path = "pages"
[select]
min_survival = 0
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one build took: seconds, CPU-seconds of all its processes, and most megabytes of the main one."""

    seconds: float
    cpu: float
    memory: float


FEW: Final = 5
"""Pages of a build that is hardly more than its start."""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=int, nargs="?", default=2_000)
    parser.add_argument("--start", action="store_true", help="what it takes to start")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each line of --start; the least counts")
    given = parser.parse_args()
    compiled()
    with tempfile.TemporaryDirectory() as name:
        if given.start:
            starts(Path(name), given.repeat)
        else:
            builds(Path(name), given.pages)


def compiled() -> None:
    """Compile the package, as an installation does."""
    import corpuskit

    compileall.compile_dir(str(Path(corpuskit.__file__).parent), quiet=1)


def starts(corpus: Path, repeat: int) -> None:
    """Print what it takes to start."""
    generate(corpus, FEW)
    python, program = [sys.executable, "-c"], [sys.executable, "-m", "corpuskit"]
    fresh = [*program, "build", "--config", str(corpus), "--quiet", "--replace", "--fresh"]
    commands = {
        "python": [*python, "pass"],
        "import corpuskit": [*python, "import corpuskit"],
        "corpuskit --help": [*program, "--help"],
        f"a build of {FEW} pages": fresh,
        f"a build of {FEW} pages, two workers": [*fresh, "--workers", "2"],
        "again, unchanged": fresh[:-1],
    }
    for what, command in commands.items():
        costs = [cost(command) for _ in range(repeat)]
        least = (min(getattr(one, name) for one in costs) for name in ("seconds", "cpu", "memory"))
        show(what, Cost(*least))


def builds(corpus: Path, count: int) -> None:
    """Print what a build costs, and what the next ones save."""
    generate(corpus, count)
    first = build(corpus, "--workers", "1", "--fresh")
    show(f"{count} pages, one worker", first, count)
    again = build(corpus)
    show(f"again, unchanged: {faster(first, again)}", again, count)
    (corpus / ".corpuskit" / "bench" / "release.json").unlink()
    parts = build(corpus)
    show(f"again, from parts: {faster(first, parts)}", parts, count)
    page = corpus / "pages" / "0.txt"
    page.write_text(page.read_text(encoding="utf-8") + "One more line.\n", encoding="utf-8")
    one = build(corpus)
    show(f"one page changed: {faster(first, one)}", one, count)
    two = build(corpus, "--workers", "2", "--fresh")
    show(f"two workers: efficiency {first.seconds / two.seconds / 2:.2f}", two, count)


def generate(corpus: Path, count: int) -> None:
    """Write ``count`` pages and their settings."""
    (corpus / "corpus.toml").write_text(SETTINGS, encoding="utf-8")
    pages = corpus / "pages"
    pages.mkdir()
    draw = random.Random(8)  # noqa: S311 - pages, not secrets
    for number in range(count):
        title = " ".join(draw.choices(WORDS, k=7)).capitalize()
        paragraphs = [" ".join(draw.choices(WORDS, k=60)).capitalize() + "." for _ in range(12)]
        teasers = [" ".join(draw.choices(WORDS, k=6)).capitalize() for _ in range(8)]
        if number % 2:
            body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
            links = "".join(f'<li><a href="/{place}">{teaser}</a></li>' for place, teaser in enumerate(teasers))
            text = (
                f"<title>{title}</title><nav><a href=/>Home</a> <a href=/news>News</a></nav><article><h1>{title}</h1>"
                f"<p class=byline>By Ada Marsh</p>{body}</article><aside><h2>Related</h2><ul>{links}</ul></aside>"
                "<footer>All rights reserved</footer>"
            )
            (pages / f"{number}.html").write_text(text, encoding="utf-8")
        else:
            lines = ["Home", "News", title, "By Ada Marsh", *paragraphs, "Related", *teasers, "All rights reserved"]
            (pages / f"{number}.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def build(corpus: Path, *more: str) -> Cost:
    """Build ``corpus`` and return what it took."""
    return cost([sys.executable, "-m", "corpuskit", "build", "--config", str(corpus), "--quiet", "--replace", *more])


def cost(command: list[str]) -> Cost:
    """Return what a command took."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - this interpreter
    _, status, used = os.wait4(process.pid, 0)
    if status:
        message = f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}"
        raise SystemExit(message)
    return Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def faster(first: Cost, later: Cost) -> str:
    """Return how much less a later build took, on the clock and in CPU; the clock hears what else the machine does."""
    return f"{first.seconds / later.seconds:.1f} times faster, CPU {first.cpu / later.cpu:.1f} times less"


def show(what: str, cost: Cost, count: int | None = None) -> None:
    """Print a line of the table, with what a page costs where there are ``count`` of them."""
    each = f" {cost.cpu / count * 1000:6.2f} ms CPU a page" if count else ""
    print(f"{what:<64} {cost.seconds:7.2f} s {cost.cpu:7.2f} s CPU{each} {cost.memory:6.0f} MB")


if __name__ == "__main__":
    main()
