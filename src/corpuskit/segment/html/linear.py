"""Linear models over hashed tokens: one for "main or not", one for the role of what is not main."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corpuskit.segment.html.tokens import NEAR, element_buckets, fact_buckets, fact_key, text_buckets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage


@dataclass(frozen=True, slots=True)
class Linear:
    """``weights`` has a row per bucket and a column per output; ``bias`` a value per output."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    _cache: dict[object, NDArray[np.float32]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, page: MarkupPage) -> NDArray[np.float32]:
        """Return the outputs for each block of ``page``: a row per block.

        The outputs of one element's names, and of one text, are kept for the next page: sites repeat them.  The cache
        holds values of a pure function, so it changes nothing but time; it is emptied when it grows.
        """
        blocks, elements = page.blocks, page.elements
        size = len(blocks.text)
        if len(self._cache) > 100_000:  # noqa: PLR2004
            self._cache.clear()
        pairs = list(zip(elements.tag, elements.names, strict=True))
        unique = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
        number = np.fromiter([unique[pair] for pair in pairs], np.intp, len(pairs))
        near = np.stack([self._get("n", pair) for pair in unique])
        around = np.stack([self._get("f", pair) for pair in unique])
        out = np.tile(self.bias, (size + 1, 1))
        change = np.zeros((size + 1, out.shape[1]), np.float32)
        values = around[number]
        first = np.array(elements.first_block, np.intp)
        end = np.maximum(np.array(elements.end_block, np.intp), first)
        np.add.at(change, first, values)
        np.subtract.at(change, end, values)
        out = out[:size] + np.cumsum(change, axis=0, dtype=np.float64)[:size].astype(np.float32)
        parent = np.array(elements.parent, np.intp)
        level = np.array(blocks.leaf, np.intp)
        for _ in range(NEAR):
            out += near[number[level]]
            level = parent[level]
        for row, text in enumerate(blocks.text):
            out[row] += self._get("t", text)
            out[row] += self._get(
                "k", fact_key(text, blocks.linked[row], blocks.inside[row], blocks.heading[row])
            )
        return out

    def _get(self, which: str, item: object) -> NDArray[np.float32]:
        key = (which, item)
        found = self._cache.get(key)
        if found is None:
            if which == "t":
                buckets = text_buckets(item)  # type: ignore[arg-type]
            elif which == "k":
                buckets = fact_buckets(*item)  # type: ignore[misc]
            else:
                near, around = element_buckets(*item)  # type: ignore[misc]
                buckets = near if which == "n" else around
            found = self._cache[key] = self.weights[buckets].sum(axis=0)
        return found
