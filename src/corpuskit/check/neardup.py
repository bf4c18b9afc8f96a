"""Near-duplicates between splits: MinHash bands to find candidates, exact similarity to settle them.

Broder, "On the resemblance and containment of documents" (1997): two sets share their minimum under a random hash
with the probability of their Jaccard similarity.  Ten bands of six minima find 95% of pairs at .8 and 15% at .5.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from corpuskit.check import join

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIMILAR: Final = 0.8
"""Jaccard similarity of five-word shingles from which two texts count as near-duplicates."""

SHINGLE: Final = 5
BANDS: Final = 10
MINIMA: Final = 6

_RANDOM = np.random.default_rng(1997)
_FACTORS = _RANDOM.integers(1, 2**63, BANDS * MINIMA, dtype=np.uint64) | np.uint64(1)
_TERMS = _RANDOM.integers(0, 2**63, BANDS * MINIMA, dtype=np.uint64)


def bands(text: str) -> Any:  # noqa: ANN401 - the join's keys
    """Return one key a band; similar texts are likely to share one."""
    shingles = shingle(text)
    if not len(shingles):
        return join.digests([])
    minima = np.full(BANDS * MINIMA, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(shingles), 4096):
        part = shingles[start : start + 4096, None]
        minima = np.minimum(minima, (part * _FACTORS + _TERMS).min(axis=0))
    return join.digests(f"{band}:{row.tobytes().hex()}" for band, row in enumerate(minima.reshape(BANDS, MINIMA)))


def similarity(first: str, second: str) -> float:
    """Return the Jaccard similarity of the shingles of two texts, 0 to 1."""
    one, other = set(shingle(first).tolist()), set(shingle(second).tolist())
    return len(one & other) / len(one | other) if one | other else 0.0


def shingle(text: str) -> NDArray[np.uint64]:
    """Return the hashes of the runs of five words in ``text``, of five characters where words are not spaced."""
    words = text.casefold().split()
    units = words if sum(map(len, words)) < 15 * len(words) else list("".join(words))
    if len(units) < SHINGLE:
        return np.zeros(0, np.uint64)
    hashes = np.array([zlib.crc32(unit.encode("utf-8", "surrogatepass")) for unit in units], np.uint64)
    size = len(hashes) - SHINGLE + 1
    mixed = np.zeros(size, np.uint64)
    for i in range(SHINGLE):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[i : i + size]
    return np.unique(mixed ^ (mixed >> np.uint64(29)))
