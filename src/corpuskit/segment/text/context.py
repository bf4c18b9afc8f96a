"""What a line looks like from where the network has put the article: the second look's features.

The network gives every line probabilities.  Only then can be asked what decides a doubtful line: does it stand before
or behind the article, how far, after what, in a run of how many words, and does it talk about the same things?  Trees
(:mod:`corpuskit.segment.text.second`) answer from these numbers and the network's own.  Everything is computed for the
whole page at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.pairs import part_probabilities
from corpuskit.segment.text.decode import APART, LIGHT, choose_main

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.pairs import Array
    from corpuskit.segment.text.features import Features

_NEAR: Final = (1, 2, 3, 5)
"""Lines before and behind that are looked at one by one."""
_NEXT: Final = 2
"""Lines before and behind whose length counts too."""
_WINDOWS: Final = (8, 30)
"""Lines before and behind that are looked at together."""
_TOPIC: Final = 5
_TOPIC_AHEAD: Final = 15
"""Lines around and ahead whose words are compared with the article's."""
_FAR: Final = 200
"""Lines to the next kept line where there is none."""
_SURELY: Final = 1e-4
_EDGE: Final = -9.0
"""Log odds of main text beyond the page's edges."""


def read_context(features: Features, probabilities: Array) -> Array:
    """Return the numbers of each line, one row per line, from its page's ``features`` and the network's answers.

    In memory, as everywhere in this module, one number of all lines stands after the other, as trees want them.
    """
    parts = part_probabilities(probabilities).T
    words = np.maximum(features.words, LIGHT).astype(np.float32)
    main, _, related, comments, _ = parts
    bounded = np.clip(main, _SURELY, 1 - _SURELY)
    odds = np.log(bounded / (1 - bounded))
    keep, expected = choose_main(main, features.words)
    keep &= related + comments <= main
    hits = main * words
    doubt = -(main * np.log(bounded) + (1 - main) * np.log(1 - bounded))
    weight = words.sum()
    page = [expected, np.log1p(hits.sum()), doubt @ words / weight, related @ words / weight, comments @ words / weight]
    rows = [
        parts,
        odds,
        *_near(parts, odds, np.log1p(words)),
        *_masses(hits),
        *_article(features, parts, words, keep),
        *_windows(parts[[0, 2, 3]], words),
        _repeated(page, len(words)),
        features.dense.T,
    ]
    return np.vstack(rows, dtype=np.float32, casting="same_kind").T


def _repeated(page: Sequence[float], number: int) -> Array:
    """Return facts of the page as so many lines have them."""
    return np.broadcast_to(np.array(page, np.float32)[:, None], (len(page), number))


def _near(parts: Array, odds: Array, length: Array) -> list[Array]:
    """Return what stands so many lines before and behind."""
    _, metadata, related, comments, _ = parts
    most, number = max(_NEAR), len(odds)
    padded = np.empty((5, number + 2 * most), np.float32)
    padded[:] = np.array([_EDGE, 0, 0, -1, 0], np.float32)[:, None]
    padded[:, most : most + number] = odds, related, comments, length, metadata
    return [
        padded[: 5 if distance <= _NEXT else 3, most + step : most + step + number]
        for distance in _NEAR
        for step in (-distance, distance)
    ]


def _masses(hits: Array) -> list[Array]:
    """Return how much main text is expected before and behind each line, as share and logarithm."""
    total = max(float(hits.sum()), 1e-3)
    before = np.cumsum(hits) - hits
    after = np.maximum(total - before - hits, 0)
    return [before / total, after / total, np.log1p(before), np.log1p(after)]


def _windows(parts: Array, words: Array) -> list[Array]:
    """Return what the lines before and behind are on average, weighted by their words."""
    number = len(words)
    at = np.arange(number)
    sums = np.zeros((len(parts) + 1, number + 1))
    sums[:, 1:] = np.cumsum(np.vstack([parts * words, words]), axis=1)
    found = []
    for size in _WINDOWS:
        for first, last in ((at - size, at), (at + 1, at + 1 + size)):
            held = sums.take(last, axis=1, mode="clip") - sums.take(first, axis=1, mode="clip")
            found.append(held[:-1] / np.maximum(held[-1], LIGHT))
    return found


@dataclass(frozen=True, slots=True)
class _Runs:
    """The runs of kept lines: first and last line of each, expected words of main text, words."""

    kept: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    hits: Array
    words: Array

    @classmethod
    def of(cls, keep: NDArray[np.bool_], main: Array, words: Array) -> _Runs:
        kept = np.flatnonzero(keep)
        starts = np.concatenate(([0], np.flatnonzero(np.diff(kept) > APART) + 1))
        ends = np.append(starts[1:], len(kept)) - 1
        return cls(
            kept,
            kept[starts],
            kept[ends],
            np.add.reduceat((main * words)[kept], starts),
            np.add.reduceat(words[kept], starts),
        )


_ARTICLE_WIDTH: Final = 24


def _article(features: Features, parts: Array, words: Array, keep: NDArray[np.bool_]) -> list[Array]:
    """Return where each line stands seen from the article, the run with the most expected words of main text."""
    number = len(words)
    if not keep.any():
        return [np.zeros((_ARTICLE_WIDTH, number), np.float32)]
    main = parts[0]
    runs = _Runs.of(keep, main, words)
    article = int(np.argmax(runs.hits))
    first, last = runs.first[article], runs.last[article]
    at = np.arange(number)
    run = np.maximum(np.searchsorted(runs.first, at, side="right") - 1, 0)
    following = np.minimum(run + 1, len(runs.first) - 1)
    behind: NDArray[np.int64] = np.cumsum(keep)
    before: NDArray[np.int64] = behind - keep
    to_last = np.where(before > 0, at - runs.kept[np.maximum(before - 1, 0)], _FAR)
    to_next = np.where(behind < len(runs.kept), runs.kept[np.minimum(behind, len(runs.kept) - 1)] - at, _FAR)
    other = np.concatenate(([0], np.cumsum(words * (1 - main))))
    apart = np.where(at > last, other[at] - other[last + 1], np.where(at < first, other[at + 1] - other[first], 0))
    sureness = runs.hits / runs.words
    share = runs.hits / runs.hits[article]
    page = [runs.hits[article] / max(float((main * words).sum()), 1e-3), sureness[article]]
    page += [len(runs.first), np.log1p(last - first)]
    return [
        *_signed_log(np.array([at - first, at - last, apart])),
        np.log1p(to_last),
        np.log1p(to_next),
        (at >= runs.first[run]) & (at <= runs.last[run]),
        np.log1p(runs.hits)[run],
        sureness[run],
        share[run],
        np.log1p(runs.last - runs.first)[run],
        share[following],
        keep,
        run - article,
        _between(parts[[2, 3, 1, 4]], first, last),
        *_topic(features, main, first, last),
        _repeated(page, number),
    ]


def _signed_log(value: NDArray[np.number]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = np.sign(value) * np.log1p(np.abs(value))
    return result


def _between(parts: Array, first: int, last: int) -> Array:
    """Return the highest probability of each group between the article and the line."""
    highest = np.zeros_like(parts)
    np.maximum.accumulate(parts[:, last + 1 :], axis=1, out=highest[:, last + 1 :])
    np.maximum.accumulate(parts[:, :first][:, ::-1], axis=1, out=highest[:, :first][:, ::-1])
    return highest


def _topic(features: Features, main: Array, first: int, last: int) -> list[Array]:
    """Return which share of a line's content words the article has too; of the line, around it and from it on."""
    number = len(main)
    terms, lines = features.terms, features.term_lines
    inside = np.where((lines >= first) & (lines <= last), main[lines], 0)
    shared = (np.bincount(terms, weights=inside)[terms] - inside > 0.5) if len(terms) else np.zeros(0)
    sums = np.zeros((2, number + 1))
    np.cumsum(np.bincount(lines, weights=shared, minlength=number), out=sums[0, 1:])
    np.cumsum(np.bincount(lines, minlength=number), out=sums[1, 1:])
    at = np.arange(number)
    found = []
    for start, stop in ((at, at + 1), (at - _TOPIC, at + _TOPIC + 1), (at, at + _TOPIC_AHEAD)):
        held = sums.take(stop, axis=1, mode="clip") - sums.take(start, axis=1, mode="clip")
        found.append(held[0] / np.maximum(held[1], 1))
    return found
