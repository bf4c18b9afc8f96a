"""What the labeller of flattened text says of a page whose markup leaves doubt.

It has learned from the same kind of pages without their markup: from words, their order, and what a line shares with
the others.  So it errs elsewhere, and where the labeller of HTML is not sure of a page, the mean of both is right more
often.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.chances import sigmoid
from corpuskit.segment.labeller import Line
from corpuskit.segment.pairs import PARTS, part_probabilities
from corpuskit.segment.text.features import read_features
from corpuskit.segment.text.labeller import WINDOW
from corpuskit.segment.text.model import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage
    from corpuskit.segment.text.model import Network

DOUBT: Final = 0.9
"""The network is asked where the expected F1 of the page is below this: a quarter of the pages.

Asked about all pages it gains a fifth more, for four times the time.
"""
_WEIGHT: Final = 0.3
"""Of its log-odds in the mean.  With .4 the gain on pages that are no articles is gone; weights fitted on other folds
(.28 beside .57, a constant, the other parts' probabilities) do worse on news."""
_OPEN: Final = 0.01
"""The least probability of being main for which a block is shown: the rest would cost time and gain nothing."""
_SURE: Final = 1e-4
"""The least probability that counts, so that no opinion outweighs all others."""


def hear(page: MarkupPage, chance: NDArray[np.float32], network: Network | None = None) -> NDArray[np.float32]:
    """Return the probability that each block is main, after hearing the network of flattened text.

    A page of which nothing may be main, or more blocks than the network reads at once, is not shown to it: ``chance``
    itself is returned.

    Args:
        page: the page, as read.
        chance: how probably each of its blocks is main, by the markup.
        network: who is asked; the one that ships, where none is given.
    """
    shown = np.flatnonzero(chance >= _OPEN)
    if not 0 < len(shown) <= WINDOW:
        return chance
    lines = _lines([page.blocks.text[block] for block in shown.tolist()])
    parts = part_probabilities((network or shipped()).first_look(read_features(lines)))
    said = _logit(parts[:, PARTS.index("main")])
    heard = chance.copy()
    heard[shown] = sigmoid((1 - _WEIGHT) * _logit(chance[shown]) + _WEIGHT * said)
    return heard


def _lines(texts: Sequence[str]) -> list[Line]:
    """Return ``texts`` as lines, each right below the other."""
    starts = accumulate(texts, lambda start, text: start + len(text) + 1, initial=0)
    return [Line(start, start + len(text), text, int(start > 0)) for start, text in zip(starts, texts, strict=False)]


def _logit(probability: NDArray[np.float32]) -> NDArray[np.float32]:
    bounded = np.clip(probability, _SURE, 1 - _SURE)
    return np.asarray(np.log(bounded / (1 - bounded)), np.float32)
