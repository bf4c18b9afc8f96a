"""How alike two texts are: runs of words, their similarity, and a sketch by which near copies find each other.

Broder, "On the resemblance and containment of documents" (1997): two sets share their minimum under a random hash with
the probability of their Jaccard similarity.  A band of :data:`MINIMA` minima is shared with that probability to the
power of :data:`MINIMA`; with :data:`BANDS` bands, .8 alike share one with .9996, .7 with .97, .6 with .8, .3 with .05.

Everything is done on arrays of code points: telling words apart is what a sketch costs most, and a sum over all
characters gives the hash of every word as the difference of two of its values (Karp and Rabin, 1987).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.plane import by_category

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

NEAR_DUPLICATE: Final = "near-duplicate"
"""The rule that rejects a near copy."""

SIMILAR: Final = 0.8
"""Similarity from which two texts must not stand in different splits."""

SHINGLE: Final = 5
"""Words in a run."""

BANDS: Final = 20
MINIMA: Final = 5
"""Bands of a sketch, and minima in each."""

PIECE: Final = 1 << 16
"""Characters whose words are told apart at a time, and runs whose minima are: memory stays small for any text."""

_RUNS: Final = 4096

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_RANDOM: Final = np.random.default_rng(1997)
_FACTORS: Final = (_RANDOM.integers(0, 2**32, BANDS * MINIMA, np.uint32) | np.uint32(1))[:, None]
_TERMS: Final = _RANDOM.integers(0, 2**32, BANDS * MINIMA, np.uint32)[:, None]
_PLACES: Final = _RANDOM.integers(0, 2**63, max(SHINGLE, MINIMA), np.uint64) * np.uint64(2) + np.uint64(1)
_BAND_TERMS: Final = _RANDOM.integers(0, 2**63, BANDS, np.uint64)


def sketch(text: str) -> NDArray[np.uint64]:
    """Return one 64-bit key a band; similar texts are likely to share one.  A text without words has none."""
    runs = _runs(text)
    if not len(runs):
        return np.zeros(0, np.uint64)
    minima = np.full(BANDS * MINIMA, 0xFFFFFFFF, np.uint32)
    halves = (runs >> np.uint64(32)).astype(np.uint32)
    for start in range(0, len(halves), _RUNS):
        hashes = _FACTORS * halves[start : start + _RUNS]
        hashes += _TERMS
        np.minimum(minima, hashes.min(axis=1), out=minima)
    mixed = (minima.reshape(BANDS, MINIMA).astype(np.uint64) * _PLACES[:MINIMA]).sum(axis=1, dtype=np.uint64)
    return _mix(mixed + _BAND_TERMS)


def similarity(first: str, second: str) -> float:
    """Return the Jaccard similarity of the runs of words of two texts, 0 to 1; 0 where one has no words.

    >>> similarity("one two three four five six", "One, two, three, four, five, seven.")
    0.3333333333333333
    """
    one, other = _distinct(_runs(first)), _distinct(_runs(second))
    both = np.sort(np.concatenate((one, other)))
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def _runs(text: str) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each run of :data:`SHINGLE` words; of all words where there are fewer."""
    hashes = words(text)
    length = min(SHINGLE, len(hashes))
    if not length:
        return hashes
    size = len(hashes) - length + 1
    mixed = hashes[:size] * _PLACES[0]
    for place in range(1, length):
        mixed += hashes[place : place + size] * _PLACES[place]
    return _mix(mixed)


def _distinct(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return each hash once, in order; ``np.unique`` does the same in many times the time."""
    ordered = np.sort(hashes)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def words(text: str) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each word: letters, marks and digits of any script, but for case.

    Where a script puts no space between words each character is one.
    """
    return np.concatenate([_words(piece) for piece in _pieces(text.casefold())] or [np.zeros(0, np.uint64)])


def _pieces(text: str) -> Iterator[str]:
    """Cut a text after white space into pieces of :data:`PIECE` characters at most."""
    start = 0
    while len(text) - start > PIECE:
        space = text.rfind(" ", start + PIECE // 2, start + PIECE)
        stop = start + PIECE if space < 0 else space
        yield text[start:stop]
        start = stop
    yield text[start:]


def _words(text: str) -> NDArray[np.uint64]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    kinds = np.zeros(len(codes) + 2, np.uint8)
    kinds[1:-1] = _kinds().take(codes, mode="clip")  # what is beyond the table is as its last entry
    # A word begins or ends where the kind changes, and on both sides of a character that is a word by itself.
    edge = (kinds[1:] != kinds[:-1]) | (kinds[1:] == _ALONE)
    edges = np.flatnonzero(edge)
    inside = kinds[edges[:-1] + 1] > 0 if len(edges) else np.zeros(0, bool)
    starts, stops = edges[:-1][inside], edges[1:][inside]
    powers, inverses = _powers()
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * powers[: len(codes)], out=sums[1:])
    return _mix((sums[stops] - sums[starts]) * inverses[starts])


def _mix(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread what differs in any bit over all bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


@cache
def _powers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers of an odd number modulo 2^64, and those of its inverse."""
    inverse = np.uint64(pow(int(_GOLDEN), -1, 2**64))
    made: list[NDArray[np.uint64]] = []
    for factor in (_GOLDEN, inverse):
        row = np.full(PIECE + 1, factor, np.uint64)
        row[0] = 1
        made.append(np.multiply.accumulate(row))
    return made[0], made[1]


_IN_WORDS: Final = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No")
"""General categories: letters, marks, numbers."""

_LAST: Final = 0xFFFF
_ALONE: Final = 2


@cache
def _kinds() -> NDArray[np.uint8]:
    """Return for each code point below 2^16 whether it is part of a word (1), a word by itself (2) or neither (0).

    What is beyond is a word by itself: ideographs, and signs that are not letters.
    """
    kinds = by_category(dict.fromkeys(_IN_WORDS, 1))
    for start, stop in _UNSPACED:
        kinds[start:stop] = np.where(kinds[start:stop] > 0, _ALONE, 0)
    kinds[_LAST] = _ALONE
    return kinds


_UNSPACED: Final = (
    (0x0E00, 0x0F00),  # Thai, Lao
    (0x1000, 0x10A0),  # Burmese
    (0x1780, 0x1800),  # Khmer
    (0x2E80, 0xA4D0),  # Chinese, Japanese, Yi
    (0xF900, 0xFB00),  # ideographs again
    (0xFF66, 0xFFA0),  # half-width Japanese
)
"""Blocks of Unicode whose scripts put no space between words; Korean does."""
