"""Linear models over hashed tokens: one for "main or not", one for the role of what is not main."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.html.tokens import NEAR, element_buckets, fact_buckets, fact_key, text_buckets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage


_FULL: Final = 50_000
"""Entries after which a cache starts anew."""

_SHORT: Final = 60
"""Characters up to which a text is worth remembering: menus and buttons come back on the next page."""


@dataclass(frozen=True, slots=True)
class Linear:
    """``weights`` has a row per bucket and a column per output; ``bias`` a value per output."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    _elements: dict[tuple[int, str], tuple[NDArray[np.float32], NDArray[np.float32]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _texts: dict[str, NDArray[np.float32]] = field(default_factory=dict, repr=False, compare=False)
    _shapes: dict[tuple[int, int, int, int], NDArray[np.float32]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __call__(self, page: MarkupPage) -> NDArray[np.float32]:
        """Return the outputs for each block of ``page``: a row per block.

        The outputs of one element's names, and of one text, are kept for the next page: sites repeat them.  The cache
        holds values of a pure function, so it changes nothing but time; it is emptied when it grows.
        """
        blocks, elements = page.blocks, page.elements
        size = len(blocks.text)
        for cache in (self._elements, self._texts, self._shapes):
            if len(cache) > _FULL:
                cache.clear()
        pairs = list(zip(elements.tag, elements.names, strict=True))
        unique = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
        number = np.fromiter([unique[pair] for pair in pairs], np.intp, len(pairs))
        known = [self._element(pair) for pair in unique]
        near, around = (np.stack([both[which] for both in known]) for which in (0, 1))
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
            out[row] += self._text(text)
            out[row] += self._shape(fact_key(text, blocks.linked[row], blocks.inside[row], blocks.heading[row]))
        return out

    def _element(self, pair: tuple[int, str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        found = self._elements.get(pair)
        if found is None:
            near, around = element_buckets(*pair)
            found = self._elements[pair] = (self.weights[near].sum(axis=0), self.weights[around].sum(axis=0))
        return found

    def _text(self, text: str) -> NDArray[np.float32]:
        if len(text) > _SHORT:
            return self.weights[text_buckets(text)].sum(axis=0)
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = self.weights[text_buckets(text)].sum(axis=0)
        return found

    def _shape(self, key: tuple[int, int, int, int]) -> NDArray[np.float32]:
        found = self._shapes.get(key)
        if found is None:
            found = self._shapes[key] = self.weights[fact_buckets(*key)].sum(axis=0)
        return found
