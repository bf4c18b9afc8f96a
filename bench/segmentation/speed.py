"""CPU time of a flattened page, whole and by part, beside peers on the same page in the same run."""

from __future__ import annotations

import random
import time
from functools import partial
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Final

from corpuskit.config import SegmentSettings
from corpuskit.segment import rules, segment
from corpuskit.segment.facts import REMEMBERED
from corpuskit.segment.lines import split_lines
from corpuskit.segment.text.decode import decode
from corpuskit.segment.text.features import read_features
from corpuskit.segment.text.labeller import open_lines
from corpuskit.segment.text.model import shipped
from corpuskit.segment.text.second import look
from corpuskit.train.dom_roles import decode as decode_html
from corpuskit.train.flatten import STYLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corpuskit.segment.labeller import Line
    from corpuskit.train.pages import LabelledPage

_WARM_UP: Final = 20
"""Pages read before the clock starts: lexicons, weights and patterns are loaded once."""


class Clock:
    """CPU seconds of what was called, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}

    def __call__(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 - passed on
        """Call ``function`` and note how long it took."""
        started = time.process_time()
        result = function(*arguments)
        self.seconds.setdefault(name, []).append(time.process_time() - started)
        return result


def measure(
    pages: Iterable[tuple[LabelledPage, bytes]],
    styles: Sequence[str],
    justext: Callable[[Sequence[Line], str], object],
) -> list[dict[str, Any]]:
    """Return one row for each part of the work and each peer: CPU ms a page, mean and median, and share of the whole.

    Each page is flattened in one of ``styles``, one after the other.
    """
    import trafilatura

    extract = partial(trafilatura.extract, include_comments=False, fast=True)
    network, settings = shipped(), SegmentSettings()
    clock = Clock()
    size, read = 0, 0
    for number, (page, html) in enumerate(pages):
        if number == _WARM_UP:
            clock, size, read = Clock(), 0, 0
        style = styles[number % len(styles)]
        text = STYLES[style](page.blocks, random.Random(f"{page.id}{style}")).text  # noqa: S311 - no secret
        if not text.strip():
            continue
        size, read = size + len(text), read + 1
        before = dict(REMEMBERED)
        clock("flattened text to blocks", segment, text, "text/plain", settings)
        REMEMBERED.clear()  # the page has just been read: the rules would find all of it in memory
        REMEMBERED.update(before)
        lines = clock("  lines", split_lines, text)
        features = clock("  features", read_features, lines)
        first = clock("  network", network.first_look, features)
        found = clock("  trees", look, network.trees, features, first) if network.trees else first
        clock("  rules", rules.label, [lines[at] for at in open_lines(found)])
        clock("  decoding", decode, found, features.words)
        clock("jusText on lines", justext, lines, page.language)
        clock("trafilatura on HTML", extract, decode_html(html))
    whole = clock.seconds.get("flattened text to blocks", [])
    rows = [
        {
            "system": name,
            "mean": round(1000 * fmean(took), 2),
            "median": round(1000 * median(took), 2),
            "ratio": round(fmean(took) / fmean(whole), 2),
        }
        for name, took in clock.seconds.items()
    ]
    return [{"system": f"{read} pages", "characters": round(size / max(1, read))}, *rows]


def show(rows: Sequence[dict[str, Any]]) -> None:
    """Print the table."""
    head, *rest = rows
    print(f"\nCPU milliseconds a page ({head['system']}, {head['characters']:,} characters on average)")
    print("system | mean | median | ratio\n--- | --- | --- | ---")
    for row in rest:
        print(f"{row['system']} | {row['mean']:.2f} | {row['median']:.2f} | {row['ratio']:.2f}")
