"""Linear models over hashed tokens: one for "main or not", one for the role of what is not main."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, compress, starmap
from typing import TYPE_CHECKING

import numpy as np

from corpuskit.segment.html.tokens import BUCKETS, NEAR, element_buckets, own_checksums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage


@dataclass(frozen=True, slots=True)
class Linear:
    """``weights`` has a row per bucket and a column per output; ``bias`` a value per output."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def __call__(self, page: MarkupPage) -> NDArray[np.float32]:
        """Return the outputs for each block of ``page``: a row per block."""
        arrays = page.arrays
        levels = [arrays.leaf]
        for _ in range(1, NEAR):
            levels.append(arrays.parent[levels[-1]])
        holding = np.flatnonzero(arrays.end_block > arrays.first_block)  # half of all elements hold no text
        met = np.zeros(len(page.elements.sorts), bool)
        for elements in (holding, *levels):
            met[arrays.sort[elements]] = True
        sorts = list(compress(page.elements.sorts, met.tolist()))
        names, name_counts = _flat(list(starmap(element_buckets, sorts)))
        words, word_counts = _flat(own_checksums(page))
        summed = self._sums(
            np.concatenate((names % BUCKETS, names // BUCKETS, words % BUCKETS)),
            np.concatenate((name_counts, name_counts, word_counts)),
        )
        near, around, own = np.split(summed, (len(sorts), 2 * len(sorts)))
        place = (np.cumsum(met) - 1)[arrays.sort]

        # The elements around a block are those that began at or before it and do not end before it.
        out = self.bias + own
        first, end = arrays.first_block[holding], arrays.end_block[holding]
        values = around[place[holding]].astype(np.float64)
        by_end = np.argsort(end, kind="stable")
        here = np.arange(len(out))
        begun = _running(values)[np.searchsorted(first, here, side="right")]
        ended = _running(values[by_end])[np.searchsorted(end[by_end], here, side="right")]
        out += (begun - ended).astype(np.float32)
        for level in levels:
            out += near[place[level]]
        return out

    def _sums(self, buckets: NDArray[np.intp], lengths: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the sum of the weights in each stretch of ``buckets``, none of them empty: added in order."""
        order = np.argsort(-lengths, kind="stable")
        starts = (np.cumsum(lengths) - lengths)[order]
        summed: NDArray[np.float32] = self.weights.take(buckets[starts], axis=0)
        longer = np.bincount(lengths)[::-1].cumsum()[::-1]
        for place, count in enumerate(longer[2:].tolist(), start=1):
            summed[:count] += self.weights.take(buckets[starts[:count] + place], axis=0)
        out = np.empty_like(summed)
        out[order] = summed
        return out


def _flat(lists: list[list[int]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the numbers of all ``lists``, one after the other, and how many each has."""
    return np.fromiter(chain.from_iterable(lists), np.intp), np.fromiter(map(len, lists), np.intp, len(lists))


def _running(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums of the first 0, 1, 2 ... rows."""
    out = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=out[1:])
    return out
