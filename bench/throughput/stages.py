"""What each stage costs, beside the best library for that stage alone: the roofline of a chain that is made of them."""

from __future__ import annotations

import importlib.util
import json
import tempfile
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from bench.throughput.chains import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpuskit.config import Config
    from corpuskit.model import Page

T = TypeVar("T")

WARM: Final = 5
"""Pages that are done once before anything counts: models load, caches fill."""


class Clock:
    """Adds up CPU time by name."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Do ``work`` and return what it returns."""
        began = time.process_time()
        result = work()
        self.spent[name] += time.process_time() - began
        return result


def report(source: Path, count: int) -> None:
    """Print the CPU milliseconds a page costs in each stage, in one process."""
    from corpuskit import config as configuration
    from corpuskit import read
    from corpuskit.model import Page

    with tempfile.TemporaryDirectory(prefix="corpuskit-bench-") as name:
        folder = Path(name)
        write(folder, source, count)
        config = configuration.load(folder)
        clock = Clock()
        files = sorted((folder / "pages").iterdir())
        clock("read | json.loads", lambda: [json.loads(line) for file in files for line in file.open("rb")])
        found = clock(
            "read",
            lambda: [
                page
                for part in config.source
                for unit in read.units(part, folder)
                for page in read.pages(unit, part, config.limits)
            ],
        )
        pages = [page for page in found if isinstance(page, Page)]
        _take(pages[:WARM], config, Clock())
        _take(pages, config, clock)
    print(f"{len(pages):,} pages; CPU ms a page of each stage, and of a library that does the part named of it")
    own = sum(spent for stage, spent in clock.spent.items() if "|" not in stage)
    for stage, spent in clock.spent.items():
        print(f"{stage:44}{spent / len(pages) * 1000:8.2f}{'' if '|' in stage else f'{spent / own:8.0%}'}")
    print(f"{'all stages':44}{own / len(pages) * 1000:8.2f}")


def _take(pages: list[Page], config: Config, clock: Clock) -> None:
    """Take pages through the flow one stage after the other, and through the libraries beside."""
    from corpuskit import repair
    from corpuskit.describe import describe_page, related_of
    from corpuskit.flow import process
    from corpuskit.model import main_text
    from corpuskit.passes import pages as page_pass
    from corpuskit.passes import parts
    from corpuskit.segment.segment import segment
    from corpuskit.select import decide

    rows = []
    peers = _peers()
    for number, page in enumerate(pages):
        read = clock("decode", partial(repair.decode, page.raw, declared=page.encoding, markup=True))
        repaired = clock("repair", partial(repair.repair, read.text, config.repair, media_type=page.media_type))
        done = clock("segment", partial(segment, repaired.text, page.media_type, config.segment, config.limits))
        facts = clock("describe", partial(describe_page, done, page.url))
        clock("describe", partial(related_of, done, page.url))
        clock("select", partial(decide, main_text(done.blocks), facts, config.select))
        document = process(page, config)
        outcome = page_pass.Outcome(page.source, page.locator, document.decision, document, page.raw)
        rows.append(clock("rows", partial(page_pass.row_of, "", number, outcome)))
        for name, peer in peers.items():
            clock(name, partial(peer, document.repaired if name.startswith("describe") else read.text))
    clock("Parquet", partial(parts.make, rows, [parts.Span("", 0, len(rows), last=True)], [], {}))


def _peers() -> dict[str, Callable[[str], object]]:
    """Return the libraries that are installed, by the stage each does a part of."""
    import ftfy
    import trafilatura
    from selectolax.lexbor import LexborHTMLParser

    peers: dict[str, Callable[[str], object]] = {
        "repair | ftfy.fix_text": ftfy.fix_text,
        "segment | selectolax: parse alone": LexborHTMLParser,
        "segment | trafilatura.extract": trafilatura.extract,
        "describe | pycld2.detect": _language,
    }
    if importlib.util.find_spec("plsfix"):
        import plsfix

        peers["repair | plsfix.fix_text"] = plsfix.fix_text
    return peers


def _language(text: str) -> object:
    import pycld2

    try:
        return pycld2.detect(text.encode("utf-8", "replace"), isPlainText=True)
    except pycld2.error:  # it refuses some characters
        return None
