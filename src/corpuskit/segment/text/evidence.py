"""What the other pages of a source say of a line: the second pass.

A line that stands on many pages of one source belongs to the source, not to the page: menus, credits, "Join us on
social!".  One :class:`LineCounts` per source is filled in a first pass and read in the second.  It is a count-min
sketch (Cormode and Muthukrishnan, J. Algorithms 55, 2005): its size does not grow, adding pages commutes, and sketches
made by several workers are merged by addition, so the result depends on neither order nor number of workers.  It can
only count too much: by more than e/2^18 of all the lines read with a probability below e^-4.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.labeller import Label, Line

_ROWS: Final = 4
_COLUMNS: Final = 1 << 18
_DIGITS: Final = re.compile(r"\d+")
_SPACE: Final = re.compile(r"\s+")

ENOUGH: Final = 2
"""Pages a line must stand on to count as repeated: this one and another."""
PER_DOUBLING: Final = 2.0
"""What each doubling of the pages a line stands on takes from the log odds of main text.

On the development pages of 405 domains, two to eight pages each, 9% of the main lines stand on another page of their
domain too, 66% of all others: a likelihood ratio of 7, e^2.
"""
MOST: Final = 8.0
"""The most a repeat can move the log odds."""
DUPLICATE: Final = 0.5
"""Share of a page's main characters on other pages above which the page is a copy and its repeats prove nothing."""


@dataclass(slots=True)
class LineCounts:
    """On how many pages of a source each line stands, in 4 MB whatever the source's size."""

    pages: int = 0
    table: NDArray[np.uint32] = field(default_factory=lambda: np.zeros((_ROWS, _COLUMNS), dtype=np.uint32))

    def add(self, lines: Iterable[Line]) -> None:
        """Count the lines of one page, each once."""
        self.pages += 1
        places = {_places(line.text) for line in lines}
        for row in range(_ROWS):
            columns, times = np.unique([place[row] for place in places], return_counts=True)
            self.table[row, columns.astype(np.int64)] += times.astype(np.uint32)

    def merge(self, other: LineCounts) -> None:
        """Add what another worker counted."""
        self.pages += other.pages
        self.table += other.table

    def of(self, text: str) -> int:
        """Return on how many pages a line with ``text`` stands: at least the truth, rarely more."""
        return int(min(self.table[row, column] for row, column in enumerate(_places(text))))


def _places(text: str) -> tuple[int, ...]:
    """Return the column of a line in each row; case, digits and white space do not count."""
    key = _SPACE.sub(" ", _DIGITS.sub("0", text.casefold())).strip()
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=4 * _ROWS).digest()
    return tuple(int.from_bytes(digest[4 * row : 4 * row + 4], "little") % _COLUMNS for row in range(_ROWS))


def weigh(lines: Sequence[Line], labels: Sequence[Label], counts: LineCounts) -> list[Label]:
    """Return ``labels`` after asking the source: main lines that repeat across its pages become boilerplate.

    ``counts`` must include the page itself.  A line already called something else keeps its label and gains
    confidence from repetition.  Nothing changes in a source of one page, nor on a page whose main text as a whole
    stands on another page too: that is a copy, and its repeated lines are not a template.
    """
    if counts.pages < ENOUGH:
        return list(labels)
    seen = [counts.of(line.text) for line in lines]
    main = [
        (line.end - line.start, times)
        for line, label, times in zip(lines, labels, seen, strict=True)
        if label.role is Role.MAIN
    ]
    total = sum(size for size, _ in main)
    if total and sum(size for size, times in main if times >= ENOUGH) > DUPLICATE * total:
        return list(labels)
    return [_weigh_one(label, times, counts.pages) for label, times in zip(labels, seen, strict=True)]


def _weigh_one(label: Label, times: int, pages: int) -> Label:
    if times < ENOUGH:
        return label
    shift = min(MOST, PER_DOUBLING * math.log2(times))
    evidence = f"stands on {times} of {pages} pages of its source"
    if label.role is not Role.MAIN:
        return replace(label, score=round(_moved(label.score, shift), 4))
    score = _moved(label.score, -shift)
    if score >= 0.5:
        return replace(label, score=round(score, 4))
    return replace(label, role=Role.BOILERPLATE, kind=Kind.OTHER, score=round(1 - score, 4), reason=evidence)


def _moved(probability: float, shift: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(math.log(bounded / (1 - bounded)) + shift)))
