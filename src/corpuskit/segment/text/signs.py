"""Signs that another article has begun: the second look's features beyond where a line stands.

A new title, a new dateline, a pattern of source, age and title that comes again and again, a text of other words: that
is how a reader tells the next article from more of this one.  Titles, dates, names, headings and pictures are what
the network takes for them, of whatever article they are.  Everything is computed for the whole page at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Kind
from corpuskit.segment.text.pairs import PAIRS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.segment.text.features import Features
    from corpuskit.segment.text.model import Array

_SIGNS: Final = (
    (Kind.TITLE,),
    (Kind.DATE, Kind.AGE),
    (Kind.BYLINE, Kind.SOURCE),
    (Kind.HEADING,),
    (Kind.IMAGE, Kind.CAPTION),
)
_MEMBERS: Final = np.array([[kind in kinds for kinds in _SIGNS] for _, kind in PAIRS], dtype=np.float32)
_NEAR: Final = 3
"""Lines before and behind among which the strongest sign counts."""
_CLEAR: Final = 0.3
"""Probability from which a sign is one to measure the distance to."""
_FAR: Final = 100
"""Lines to a clear sign where there is none."""
_SPAN: Final = 40
"""Lines before and behind in which a pattern may come again."""
_LENGTHS: Final = (1, 3, 6, 14, 30, 60)
"""Words at which a line counts as longer when patterns are compared."""
_LEAD: Final = 150
"""Words of the article's beginning, which says what it is about."""
_AROUND: Final = 5
_AHEAD: Final = 15
"""Lines around and ahead whose words are compared together."""
WIDTH: Final = 4 * len(_SIGNS) + 6 + 3 + 5 * 4


def read_signs(features: Features, probabilities: Array, keep: NDArray[np.bool_], article: tuple[int, int]) -> Array:
    """Return the signs at each line, n × :data:`WIDTH`.

    ``keep`` are the lines likely to be main text; ``article`` are the first and the last line of the article.
    """
    first, last = article
    signs = probabilities @ _MEMBERS
    return np.hstack(
        [
            _strongest(signs, first, last),
            _distances(signs),
            _rhythm(features),
            _words(features, keep, probabilities, first, last),
        ]
    )


def _strongest(signs: Array, first: int, last: int) -> Array:
    """Return the strongest sign just before and behind, and strongest and sum between the article and the line."""
    number, width = signs.shape
    padded = np.vstack([np.zeros((_NEAR, width), np.float32), signs, np.zeros((_NEAR, width), np.float32)])
    before = np.maximum.reduce([padded[step : step + number] for step in range(_NEAR)])
    behind = np.maximum.reduce([padded[_NEAR + 1 + step : _NEAR + 1 + step + number] for step in range(_NEAR)])
    strongest, many = np.zeros_like(signs), np.zeros_like(signs)
    for part, beyond in ((signs[last + 1 :], slice(last + 1, None)), (signs[:first][::-1], slice(None, first))):
        step = 1 if beyond.stop is None else -1
        strongest[beyond] = np.maximum.accumulate(part, axis=0)[::step]
        many[beyond] = np.log1p(np.cumsum(part, axis=0))[::step]
    return np.hstack([before, behind, strongest, many])


def _distances(signs: Array) -> Array:
    """Return how many lines ago the last clear title, date and name stood, and how far the next are."""
    number = len(signs)
    at = np.arange(number)
    columns = []
    for column in range(3):
        clear = signs[:, column] > _CLEAR
        last = np.maximum.accumulate(np.where(clear, at, -_FAR))
        following = np.minimum.accumulate(np.where(clear, at, number + _FAR)[::-1])[::-1]
        columns += [np.log1p(np.minimum(at - last, _FAR)), np.log1p(np.minimum(following - at, _FAR))]
    return np.column_stack(columns)


def _rhythm(features: Features) -> Array:
    """Return how often the shapes of two lines come again nearby, of a line and both its neighbours, of three lines."""
    number = len(features.words)
    shape = np.searchsorted(_LENGTHS, features.words, side="right")
    shape = np.concatenate((shape, np.zeros(2, np.int64)))
    size = len(_LENGTHS) + 1
    pairs = shape[:-1] * size + shape[1:]
    triples = pairs[:-1] * size + shape[2:]
    middle = np.concatenate((triples[:1], triples[:-1]))
    columns = []
    for codes in (pairs[:number], middle[:number], triples[:number]):
        places = codes * (number + 2 * _SPAN) + np.arange(number)
        ordered = np.sort(places)
        held = np.searchsorted(ordered, places + _SPAN, side="right") - np.searchsorted(ordered, places - _SPAN)
        columns.append(np.log(held))
    return np.column_stack(columns)


def _words(features: Features, keep: NDArray[np.bool_], probabilities: Array, first: int, last: int) -> Array:
    """Return what share of a line's content words the title has, the lead, the article, and only what is not article.

    Of the line alone, around it, from it on, and of the run of kept lines that it stands in; rarer words weigh more.
    """
    number, words = len(keep), features.words
    terms, lines = features.terms, features.term_lines
    if not len(terms):
        return np.zeros((number, 5 * 4), np.float32)
    title = int(np.argmax(probabilities[: last + 1] @ _TITLE)) if last >= 0 else 0
    inside = keep & (np.arange(number) >= first) & (np.arange(number) <= last)
    lead = inside & (np.cumsum(np.where(inside, words, 0)) - words < _LEAD)
    rarity = 1 / np.sqrt(np.bincount(terms)[terms])

    def holders(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return on how many of the ``chosen`` lines each entry's word stands, its own line not counted."""
        own = chosen[lines]
        counts: NDArray[np.int64] = np.bincount(terms, weights=own)[terms] - own
        return counts

    article, elsewhere = holders(inside) > 0, holders(~inside) > 0
    hits = (
        holders(np.arange(number) == title) > 0,
        holders(lead) > 0,
        article,
        elsewhere & ~article,
        ~elsewhere & ~article,
    )
    sums = np.column_stack(
        [np.bincount(lines, weights=weight, minlength=number) for weight in (*(hit * rarity for hit in hits), rarity)]
    )
    held = np.vstack([np.zeros(sums.shape[1]), np.cumsum(sums, axis=0)])
    at = np.arange(number)
    run = np.concatenate(([0], np.cumsum(keep[1:] != keep[:-1])))
    starts = np.flatnonzero(np.concatenate(([True], keep[1:] != keep[:-1])))
    ends = np.append(starts[1:], number)
    columns = []
    for start, stop in ((at, at + 1), (at - _AROUND, at + _AROUND + 1), (at, at + _AHEAD), (starts[run], ends[run])):
        total = held[np.minimum(stop, number)] - held[np.maximum(start, 0)]
        columns.append(total[:, :-1] / np.maximum(total[:, -1:], 1e-3))
    return np.hstack(columns)


_TITLE: Final = np.array([role == "metadata" and kind is Kind.TITLE for role, kind in PAIRS], dtype=np.float32)
