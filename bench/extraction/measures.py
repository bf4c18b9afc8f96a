"""What the extraction benchmark measures: overlap with the gold text, segments kept and leaked, how sure it is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpuskit.train.align import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"\w+")


def shingles(text: str, size: int) -> Counter[tuple[str, ...]]:
    """Return the runs of ``size`` words in ``text`` with their counts; a shorter text is one run."""
    words = tokens(text)
    size = min(size, len(words))
    return Counter(zip(*(words[shift:] for shift in range(size)), strict=False)) if size else Counter()


def overlap(text: str, gold: str, size: int = 4) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the shingles of ``text`` against those of ``gold``."""
    mine, wanted = shingles(text, size), shingles(gold, size)
    if not mine and not wanted:
        return 1.0, 1.0, 1.0
    shared = (mine & wanted).total()
    precision = shared / mine.total() if mine else 0.0
    recall = shared / wanted.total() if wanted else 0.0
    return precision, recall, 2 * shared / (mine.total() + wanted.total())


@dataclass(frozen=True, slots=True)
class Segments:
    """How many must-have and must-not-have segments a page has, and how many of each a text holds."""

    must: int
    kept: int
    must_not: int
    leaked: int


def segments(text: str, must: Sequence[str], must_not: Sequence[str]) -> Segments:
    """Look the segments up in ``text``, white space and case aside."""
    folded = " ".join(text.lower().split())

    def held(wanted: Sequence[str]) -> int:
        return sum(" ".join(segment.lower().split()) in folded for segment in wanted)

    return Segments(len(must), held(must), len(must_not), held(must_not))


def segment_f1(rows: Sequence[Segments]) -> float:
    """Return the F1 over all segments: kept ones are right, leaked ones wrong, must-haves not kept are missed."""
    kept, leaked, must = (sum(getattr(row, name) for row in rows) for name in ("kept", "leaked", "must"))
    return float(2 * kept / max(kept + leaked + must, 1))


def bootstrap(mine: Sequence[float], theirs: Sequence[float], draws: int = 2_000) -> tuple[float, float]:
    """Return the mean difference of two systems on the same pages and its standard deviation over resampled pages."""
    difference = np.asarray(mine) - np.asarray(theirs)
    if not len(difference):
        return 0.0, 0.0
    random = np.random.default_rng(0)
    means = difference[random.integers(0, len(difference), (draws, len(difference)))].mean(axis=1)
    return float(difference.mean()), float(means.std())


def same_text(one: str | None, other: str | None) -> bool:
    """Return whether two values are equal but for case, white space, and straight or curly quotes."""
    return one is not None and other is not None and _plain(one) == _plain(other)


def same_people(one: Sequence[str], gold: str) -> bool:
    """Return whether the names are those in ``gold``, a list joined by commas, semicolons or "and"."""
    wanted = {_key(name) for name in re.split(r"[;,]| and ", gold)} - {""}
    return {_key(part) for name in one for part in re.split(r"[;,]| and ", name)} - {""} == wanted


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    for curly, straight in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(curly, straight)
    return " ".join(text.split())


def _key(text: str) -> str:
    return " ".join(_WORD.findall(_plain(text)))
