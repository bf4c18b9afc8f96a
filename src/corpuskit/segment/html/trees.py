"""Boosted oblivious trees in numpy: a page's blocks through all trees at once.

An oblivious tree asks the same question at every node of a level (Kohavi and Li, IJCAI 1995; CatBoost), so a row's
leaf is a number whose bits are the answers, and a whole forest is a gather and a comparison for each level, and one
look-up.  That needs no training framework at run time, and no loop over trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROWS: Final = 256
"""Rows taken together: the intermediate arrays of a few hundred trees then fit a second-level cache."""


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
        trees, depth = self.feature.shape
        out = np.empty(columns.shape[1], np.float32)
        offset = (np.arange(trees, dtype=np.intp) * (1 << depth)).reshape(-1, 1)
        leaves = self.leaves.ravel()
        for low in range(0, columns.shape[1], _ROWS):
            part = columns[:, low : low + _ROWS]
            leaf = np.zeros((trees, part.shape[1]), np.uint8)
            for level in range(depth):
                yes = part.take(self.feature[:, level], axis=0) > self.border[:, level, None]
                leaf |= yes.view(np.uint8) << np.uint8(level)  # eight times as fast as packing bits across the middle
            out[low : low + _ROWS] = leaves[leaf + offset].sum(axis=0)
        return out + np.float32(self.bias)


def sigmoid(value: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logistic function of ``value``, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * value)), np.float32)
