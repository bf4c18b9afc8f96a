"""From probabilities to roles: the page's main text as a whole, then what each other line is.

The main text is judged by F1 over words, so it is chosen as the set of lines whose *expected* F1 is greatest, not
line by line at one half: an unsure page keeps more, a clear one less.  For independent lines and a measure that is a
ratio of linear sums the best set is a prefix of the lines sorted by probability (Jansche, ACL 2007; Lipton et al.,
ECML 2014), found in one sort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Role
from corpuskit.segment.pairs import PAIRS, PART_OF_PAIR, PARTS, part_probabilities

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.segment.pairs import Array

_COLUMNS: Final = {role: np.flatnonzero([pair[0] is role for pair in PAIRS]) for role in Role}
_ROLE_OF_PAIR: Final = np.array([list(Role).index(role) for role, _ in PAIRS])
LIGHT: Final = 0.3
"""Words a line without words (an image, a rule) counts for."""
APART: Final = 4
"""Lines not kept that part one run of main text from the next; captions and advertisements take fewer."""
_BEHIND: Final = 8
"""Lines not kept that part what stands behind the article from it: lists of links inside an article take fewer."""
_SURE: Final = 0.7
"""Mean probability a run behind the greatest one needs.

Chosen on fold 4 (page F1 .9254; .9241 at .8), with a network that had not seen it: more than half of the wrong words
stand after the article's end.  :data:`_BEHIND` was chosen on fold 0, where .7 to .85 gave nearly the same.
"""
_MARGIN: Final = 1.1
"""How far above half of the expected F1, where keeping and dropping a line would be equal, a kept line must be.

Lines that are kept or dropped together (a list of teasers) are given too high a probability.  On fold 4 the share of
related lines in the main text falls from 14.8% to 12.2% at the same page F1.
"""
_MAIN: Final = PARTS.index("main")
_RELATED: Final = PARTS.index("related")
_LEAST: Final = 0.3
"""Probability from which a line that is not kept is related, whatever else it may be.

The F1 of a class is greatest where its lines are called from half of the F1 that is reached (Lipton et al., ECML 2014),
which is about .55.  On folds 1 to 4, with networks that had not seen them, calling them so instead of counting their
probability double makes related F1 .502 of .495 and .569 of .549, comments .853 of .850 and .735 of .706.
"""


def role_probabilities(probabilities: Array) -> dict[Role, Array]:
    """Return for each role its probability for each line."""
    by_pair = np.ascontiguousarray(probabilities.T)
    return {role: by_pair[columns].sum(axis=0) for role, columns in _COLUMNS.items()}


def choose_main(main: Array, words: NDArray[np.int64]) -> tuple[NDArray[np.bool_], float]:
    """Return which lines to keep, and the F1 to expect of them (0 to 1; 0 for a page without lines).

    ``main`` are probabilities, ``words`` the number of words of each line.
    """
    keep = np.zeros(len(main), dtype=bool)
    if not len(main):
        return keep, 0.0
    weight = np.maximum(words, LIGHT)
    order = np.argsort(-main, kind="stable")
    hits = np.cumsum((main * weight)[order])
    expected = 2 * hits / (np.cumsum(weight[order]) + hits[-1])
    best = int(np.argmax(expected))
    keep[order[: best + 1]] = True
    return keep, float(expected[best])


def end_article(keep: NDArray[np.bool_], main: Array, words: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return ``keep`` without the runs that only look like more of the article.

    The article's own run is the one with the most expected words of main text.  What comes after it, set apart by
    other lines, is more likely another article than a continuation, and stays only where it is sure.
    """
    kept = np.flatnonzero(keep)
    if not len(kept):
        return keep
    weight = np.maximum(words, LIGHT)
    firsts = np.concatenate(([0], np.flatnonzero(np.diff(kept) > _BEHIND) + 1))
    hits = np.add.reduceat((main * weight)[kept], firsts)
    sure = hits / np.add.reduceat(weight[kept], firsts) >= _SURE
    sure[: int(np.argmax(hits)) + 1] = True
    result = np.zeros_like(keep)
    result[kept[np.repeat(sure, np.diff(np.append(firsts, len(kept))))]] = True
    return result


def decode(probabilities: Array, words: NDArray[np.int64]) -> tuple[NDArray[np.int64], float]:
    """Return for each line the number of its pair in ``PAIRS``, and the F1 to expect of the main text.

    A line more likely to be another article's or a comment than main text is never kept, whatever the sum says.
    """
    parts = part_probabilities(probabilities)
    main, _, related, comments, _ = parts.T
    keep, expected = choose_main(main, words)
    keep &= (main >= _MARGIN * expected / 2) & (related + comments <= main)
    keep = end_article(keep, main, words)
    chances = parts.copy()
    chances[related >= _LEAST, _RELATED] = 1
    chances[:, _MAIN] = np.where(keep, np.inf, -1)
    chosen = chances.argmax(axis=1)
    pairs = np.where(chosen[:, None] == PART_OF_PAIR, probabilities, -1.0).argmax(axis=1)
    return pairs, expected


def confidence(probabilities: Array, pairs: NDArray[np.int64]) -> Array:
    """Return for each line the probability of the role that ``pairs`` gives it."""
    by_role = np.array(list(role_probabilities(probabilities).values()))
    result: Array = by_role[_ROLE_OF_PAIR[pairs], np.arange(len(pairs))]
    return result
