"""The second look at flattened text, fitted: trees that learn from what a network says of pages it has not seen.

A step of :mod:`corpuskit.train.text`, which has such networks.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.segment.pairs import PART_OF_PAIR, PARTS
from corpuskit.segment.text.context import read_context
from corpuskit.train import boosting
from corpuskit.train.samples import make_second_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.oblivious import Forest
    from corpuskit.segment.text.model import Network
    from corpuskit.train.pages import LabelledPage
    from corpuskit.train.samples import Sample

_LOG: Final = logging.getLogger(__name__)
_RATE: Final = 0.12
TREES: Final = 200
"""Trees that are fitted by default."""
_VERSIONS: Final = 3
"""Samples made of each page."""
_VAGUE: Final = 0.7
"""Weight of a line of which nothing is known but that it is not main text."""
_SHARE: Final = 0.33
"""Of the lines of a sample so many are learned from: neighbours say nearly the same."""


class Look(NamedTuple):
    """What a network's answers look like on pages it has not seen: a row, a part and a weight for each line."""

    rows: NDArray[np.float32]
    parts: NDArray[np.int64]
    weights: NDArray[np.float64]


def look(network: Network, pages: Sequence[LabelledPage], seed: int) -> Look:
    """Return what ``network``, which has not seen them, makes of ``pages`` and changed copies of them."""
    dice = np.random.default_rng(seed)
    lines = [_look(network, sample, dice) for sample in make_second_samples(pages, _VERSIONS, seed)]
    _LOG.info("%d samples, %d lines", len(lines), sum(len(line.parts) for line in lines))
    return _join(lines)


def _look(network: Network, sample: Sample, dice: np.random.Generator) -> Look:
    kept = dice.random(len(sample.pairs)) < _SHARE
    rows = read_context(sample.features, network.first_look(sample.features))
    return Look(rows[kept], PART_OF_PAIR[sample.pairs][kept], _weights(sample)[kept])


def _join(looks: Sequence[Look]) -> Look:
    return Look(*(np.concatenate(column) for column in zip(*looks, strict=True)))


def fit(looks: Sequence[Look], trees: int = TREES) -> Forest:
    """Return trees fitted to ``looks``."""
    lines = _join(looks)
    _LOG.info("%d trees of %d lines", trees, len(lines.parts))
    size = boosting.Boosting(trees, _RATE, rows=0.5, columns=0.2, steps=1)
    return boosting.fit(lines.rows, lines.parts, lines.weights, size, len(PARTS))


def _weights(sample: Sample) -> NDArray[np.float64]:
    """Return the weight of each line: a paragraph counts about six menu entries, a page the root of its lines."""
    weight = 1 + 1.5 * np.log1p(sample.lengths / 20)
    unknown = sample.vague & (PART_OF_PAIR[sample.pairs] != PARTS.index("main"))
    result: NDArray[np.float64] = weight * sample.weight / np.sqrt(weight.sum()) * np.where(unknown, _VAGUE, 1)
    return result
