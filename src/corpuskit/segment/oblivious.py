"""Oblivious trees in numpy: rows through all trees of a forest at once.

An oblivious tree asks the same question at every node of a level (Kohavi and Li, IJCAI 1995; CatBoost), so a row's
leaf is a number whose bits are the answers, and a whole forest is a gather and a comparison for each level, and one
look-up.  That needs no training framework at run time, and no loop over trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

    def __call__(self, columns: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sums of the leaves: a row for each row of a page, a column for each output.

        Args:
            columns: one row per *feature*, one column per row of the page: the layout the gather wants.
        """
        leaves = self.leaves.reshape(-1, self.leaves.shape[-1])
        out = np.empty((columns.shape[1], leaves.shape[1]), np.float32)
        for rows, places in reached(self.feature, self.border, columns):
            out[rows] = leaves.take(places, axis=0).sum(axis=0)
        out += self.bias
        return out


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


def reached(
    feature: NDArray[np.intp], border: NDArray[np.float32], columns: NDArray[np.float32]
) -> Iterator[tuple[slice, NDArray[np.intp]]]:
    """Yield for some rows after others the leaf that each of them reaches in each tree.

    Args:
        feature: ``trees`` x ``depth`` numbers of features; the first question of a tree is the lowest bit of its leaf's
            number, and there are eight at most.
        border: what the feature must be above for yes, in the same shape.
        columns: one row per *feature*, one column per row of the table: the layout the gather wants.

    Yields:
        Which rows, and ``trees`` x rows places in the leaves of all trees, one tree after the other.
    """
    trees, depth = feature.shape
    questions = list(zip(np.ascontiguousarray(feature.T), np.ascontiguousarray(border.T)[..., None], strict=True))
    offset = (np.arange(trees, dtype=np.intp) << depth).reshape(-1, 1)
    for low in range(0, columns.shape[1], _ROWS):
        part = columns[:, low : low + _ROWS]
        leaf = np.zeros((trees, part.shape[1]), np.uint8)
        for level, (asked, above) in enumerate(questions):
            yes = part.take(asked, axis=0) > above
            leaf |= yes.view(np.uint8) << np.uint8(level)  # eight times as fast as packing bits across the middle
        yield slice(low, low + _ROWS), leaf + offset
