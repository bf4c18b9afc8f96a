"""Linear models over hashed tokens: one for "main or not", one for the role of what is not main."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.html.tokens import NEAR, element_buckets, fact_buckets, fact_key, text_buckets
from corpuskit.segment.kept import Kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage


_FULL: Final = 50_000
"""Entries after which a cache starts anew."""


_REPEATED: Final = 40
"""Characters up to which a block is likely to come again, on the page or on the next of its site."""
_SHORT: Final = Kept(text_buckets, most=1 << 14)


@dataclass(frozen=True, slots=True)
class Linear:
    """``weights`` has a row per bucket and a column per output; ``bias`` a value per output."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    _elements: dict[tuple[int, str], NDArray[np.float32]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, page: MarkupPage) -> NDArray[np.float32]:
        """Return the outputs for each block of ``page``: a row per block.

        The outputs of an element's names are kept for the next page: sites repeat them.  The cache holds values of a
        pure function, so it changes nothing but time.
        """
        blocks, elements = page.blocks, page.elements
        size = len(blocks.text)
        if len(self._elements) > _FULL:
            self._elements.clear()
        number = np.array(elements.sort, np.intp)
        known = self._of_elements(elements.sorts)
        near, around = known[:, 0], known[:, 1]

        # The elements around a block are those that began at or before it and do not end before it.
        out = self.bias + self._own(page)
        values = around[number].astype(np.float64)
        first = np.array(elements.first_block, np.intp)
        end = np.maximum(np.array(elements.end_block, np.intp), first)
        by_end = np.argsort(end, kind="stable")
        here = np.arange(size)
        begun = _running(values)[np.searchsorted(first, here, side="right")]
        ended = _running(values[by_end])[np.searchsorted(end[by_end], here, side="right")]
        out += (begun - ended).astype(np.float32)
        parent = np.array(elements.parent, np.intp)
        level = np.array(blocks.leaf, np.intp)
        for _ in range(NEAR):
            out += near[number[level]]
            level = parent[level]
        return out

    def _of_elements(self, pairs: list[tuple[int, str]]) -> NDArray[np.float32]:
        """Return what the names of each element add up to: as a near one, and as one of all around."""
        missing = [pair for pair in pairs if pair not in self._elements]
        if missing:
            summed = self._sums([buckets for pair in missing for buckets in element_buckets(*pair)])
            self._elements.update(zip(missing, summed.reshape(len(missing), 2, -1), strict=True))
        return np.stack([self._elements[pair] for pair in pairs])

    def _sums(self, buckets: list[list[int]]) -> NDArray[np.float32]:
        """Return the sum of the weights in each list of ``buckets``, none of them empty: added in order."""
        lengths = np.fromiter(map(len, buckets), np.intp, len(buckets))
        flat = np.fromiter(chain.from_iterable(buckets), np.intp)
        starts = np.cumsum(lengths) - lengths
        out: NDArray[np.float32] = self.weights[flat[starts]]
        for place in range(1, int(lengths.max())):
            longer = np.flatnonzero(lengths > place)
            out[longer] += self.weights[flat[starts[longer] + place]]
        return out

    def _own(self, page: MarkupPage) -> NDArray[np.float32]:
        """Return what the words and the shape of each block add up to."""
        blocks = page.blocks
        flat: list[int] = []
        starts: list[int] = []
        for text, linked, inside, heading in zip(
            blocks.text, blocks.linked, blocks.inside, blocks.heading, strict=True
        ):
            starts.append(len(flat))
            flat += _SHORT[text] if len(text) <= _REPEATED else text_buckets(text)
            flat += fact_buckets(*fact_key(text, linked, inside, heading))
        return np.asarray(np.add.reduceat(self.weights.take(flat, axis=0), starts, axis=0), np.float32)


def _running(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums of the first 0, 1, 2 ... rows."""
    return np.concatenate((np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)))
