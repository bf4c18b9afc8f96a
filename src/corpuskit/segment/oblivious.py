"""Oblivious trees in numpy: rows through all trees of a forest at once.

An oblivious tree asks the same question at every node of a level (Kohavi and Li, IJCAI 1995; CatBoost), so a row's
leaf is a number whose bits are the answers.  Trees ask many questions twice: each is answered once for all of them,
then a whole forest is a gather for each level, and one look-up.  That needs no training framework at run time, and no
loop over trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_ROWS: Final = 256
"""Rows taken together: the intermediate arrays of a few hundred trees then fit a second-level cache."""


@dataclass(frozen=True, slots=True)
class Forest:
    """``trees`` x ``depth`` questions "is ``feature`` above ``border``?", and the values of each leaf.

    ``leaves`` has ``trees`` x ``2 ** depth`` rows of values, one for each output; ``bias`` has as many.  The first
    question of a tree is the lowest bit of its leaf's number.  A tree is at most eight questions deep.
    """

    feature: NDArray[np.intp]
    border: NDArray[np.float32]
    leaves: NDArray[np.float32]
    bias: NDArray[np.float32]
    _asked: _Questions = field(init=False, repr=False, compare=False)
    _padded: NDArray[np.float32] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Number the questions, and pad the leaves: numpy copies rows of 4, 8, 16 or 32 bytes three times as fast."""
        object.__setattr__(self, "_asked", _Questions.of(self.feature, self.border))
        leaves = self.leaves.reshape(-1, self.leaves.shape[-1])
        width = 1 << (leaves.shape[1] - 1).bit_length()
        object.__setattr__(self, "_padded", np.pad(leaves, ((0, 0), (0, width - leaves.shape[1]))))

    def __call__(self, columns: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sums of the leaves: a row for each row of a page, a column for each output.

        Args:
            columns: one row per *feature*, one column per row of the page: the layout the gather wants.
        """
        out = np.empty((columns.shape[1], self._padded.shape[1]), np.float32)
        for low in range(0, len(out), _ROWS):
            rows = slice(low, low + _ROWS)
            self._padded.take(self._asked.leaves(columns[:, rows]), axis=0).sum(axis=0, out=out[rows])
        return out[:, : len(self.bias)] + self.bias


@dataclass(frozen=True, slots=True)
class _Questions:
    """Each question of a forest once, and which of them its trees ask: ``depth`` x ``trees``, the last ones first."""

    feature: NDArray[np.intp]
    border: NDArray[np.float32]
    levels: NDArray[np.intp]

    @classmethod
    def of(cls, feature: NDArray[np.intp], border: NDArray[np.float32]) -> _Questions:
        pairs = np.empty(feature.shape, [("feature", np.intp), ("border", np.float32)])
        pairs["feature"], pairs["border"] = feature, border
        once, places = np.unique(pairs, return_inverse=True)
        levels = np.ascontiguousarray(places.reshape(feature.shape).T[::-1])
        return cls(once["feature"].copy(), once["border"][:, None].copy(), levels)

    def leaves(self, columns: NDArray[np.float32]) -> NDArray[np.intp]:
        """Return ``trees`` x rows places in the leaves of all trees, one tree after the other."""
        yes = (columns.take(self.feature, axis=0) > self.border).view(np.uint8)
        depth, trees = self.levels.shape
        leaf = yes.take(self.levels[0], axis=0)
        for asked in self.levels[1:]:
            leaf += leaf
            leaf |= yes.take(asked, axis=0)
        places: NDArray[np.intp] = leaf + (np.arange(trees) << depth)[:, None]
        return places


def pack(forest: Forest, name: str) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of ``forest`` in small types, as they are shipped: ``name.feature`` and so on."""
    return {
        f"{name}.feature": forest.feature.astype(np.uint16),
        f"{name}.border": forest.border,
        f"{name}.leaves": forest.leaves.astype(np.float16),
        f"{name}.bias": forest.bias,
    }


def unpack(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Forest:
    """Return the forest of the arrays that :func:`pack` gave."""
    feature, leaves = arrays[f"{name}.feature"], arrays[f"{name}.leaves"]
    return Forest(
        feature.astype(np.intp),
        arrays[f"{name}.border"].astype(np.float32),
        leaves.astype(np.float32).reshape(*leaves.shape[:2], -1),
        np.atleast_1d(arrays[f"{name}.bias"]).astype(np.float32),
    )
