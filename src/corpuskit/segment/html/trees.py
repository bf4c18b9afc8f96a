"""Boosted oblivious trees: a page's blocks through all trees at once (:mod:`corpuskit.segment.oblivious`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpuskit.segment.oblivious import reached

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Forest:
    """``trees`` x ``depth`` questions "is ``feature`` above ``border``?", and the value of each leaf.

    ``leaves`` has ``trees`` rows of ``2 ** depth`` values; the first question of a tree is the lowest bit.
    """

    feature: NDArray[np.intp]
    border: NDArray[np.float32]
    leaves: NDArray[np.float32]
    bias: float

    def __call__(self, columns: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sum of the leaves for each row of a page.

        Args:
            columns: one row per *feature*, one column per block: the layout the gather wants.
        """
        out = np.empty(columns.shape[1], np.float32)
        leaves = self.leaves.ravel()
        for rows, places in reached(self.feature, self.border, columns):
            out[rows] = leaves[places].sum(axis=0)
        return out + np.float32(self.bias)


def sigmoid(value: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logistic function of ``value``, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * value)), np.float32)
