"""Where UTF-8 lies in text that a single-byte codec read: the codecs' bytes, and the sequences among them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.plane import BMP, by_category
from corpuskit.repair.misreadings import FOREIGN, SINGLE_BYTE, fallen_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Codes

    Sequences = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]
    """Where sequences start, how long they are, and what they encode."""

_LENGTHS: Final = np.select([np.arange(256) < 0xE0, np.arange(256) < 0xF0], [2, 3], 4)
"""How long a UTF-8 sequence is that begins with a byte."""
_LEAST: Final = np.array((0, 0, 0x80, 0x800, 0x10000), np.uint32)
"""The least code point that a sequence of each length stands for: a shorter one would do for those before."""
PLANE_4: Final = 0x40000
"""The code point from which nothing is assigned but tags."""
TAGS: Final = 0xE00
"""The first digits of the code points of tags, all but the last two."""
SAMPLE: Final = 4096
"""Characters of a long zone by which codecs are ranked."""
TRIED: Final = 5
"""Codecs that a text is read by at most."""


def promising_rows(codes: Codes, tables: NDArray[np.uint8]) -> list[int]:
    """Return the rows of the codecs that make the most UTF-8 of a sample of ``codes``."""
    covered = covered_by_row(codes, tables)
    order = np.argsort(-covered, kind="stable")
    return [int(row) for row in order[:TRIED] if covered[row]]


def covered_by_row(codes: Codes, tables: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return for each codec how many characters of a sample of ``codes`` are UTF-8 by it."""
    part = codes
    if len(codes) > SAMPLE:
        quarter = SAMPLE // 4
        starts = np.linspace(0, len(codes) - quarter, 4).astype(int)
        part = np.concatenate([codes[start : start + quarter] for start in starts])
    octets = _octets(tables, part)
    trail = (octets & 0xC0) == 0x80
    covered = np.zeros(len(SINGLE_BYTE), np.int64)
    for length, low, high in ((2, 0xC2, 0xDF), (3, 0xE0, 0xEF), (4, 0xF0, 0xF4)):
        valid = (octets[:, : -length or None] >= low) & (octets[:, : -length or None] <= high)
        for step in range(1, length):
            valid &= trail[:, step : step - length]
        covered += valid.sum(1) * length
    return covered


def sequences_by(codes: Codes, row: int, tables: NDArray[np.uint8]) -> Sequences:
    """Return the UTF-8 sequences among the bytes that the codec of ``row`` read as ``codes``."""
    octets = _fall(_octets(tables[row], codes), codes, row)
    at = np.flatnonzero((octets[:-3] >= 0xC2) & (octets[:-3] <= 0xF4))
    lengths = _LENGTHS[octets[at]]
    for step in (1, 2, 3):
        whole = (lengths <= step) | ((octets[at + step] & 0xC0) == 0x80)
        at, lengths = at[whole], lengths[whole]
    values = octets[at] & (0x7F >> lengths).astype(np.uint32)
    for step in (1, 2, 3):
        values = np.where(lengths > step, values << 6 | octets[at + step] & np.uint32(0x3F), values)
    good = (values >= _LEAST[lengths]) & _may_be_text(values)
    return at[good], lengths[good], values[good]


def _octets(tables: NDArray[np.uint8], codes: Codes) -> NDArray[np.uint8]:
    """Return the bytes behind ``codes``, padded so that no sequence begins in the last three."""
    padded = np.append(codes, np.full(4, 0x0A, np.uint32))
    octets = tables[..., np.minimum(padded, BMP - 1)]
    octets[..., padded >= BMP] = FOREIGN
    return octets


def _fall(octets: NDArray[np.uint8], codes: Codes, row: int) -> NDArray[np.uint8]:
    """Put the byte that fell to another codec's character where a trailing byte has to stand."""
    other = fallen_bytes().get(row)
    if other is None:
        return octets
    fallen = np.append(other[np.minimum(codes, BMP - 1)], np.zeros(4, np.uint8))
    lead = octets >= 0xC2
    wanted = np.zeros(len(octets), bool)
    wanted[1:] = lead[:-1]
    wanted[2:] |= (octets[:-2] >= 0xE0) & ((octets[1:-1] & 0xC0) == 0x80)
    return np.where(wanted & (fallen > 0) & ((octets & 0xC0) != 0x80), fallen, octets)


def _may_be_text(values: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell which of ``values`` are code points that somebody may have written.

    In the BMP those are assigned.  Planes 1 to 3 still grow, and nothing is written in those after them but tags.
    """
    return np.where(
        values < BMP, _assigned()[np.minimum(values, BMP - 1)], (values < PLANE_4) | ((values >> np.uint32(8)) == TAGS)
    )


@cache
def _assigned() -> NDArray[np.bool_]:
    """Return which code points of the BMP are assigned, for private use too, and no halves of surrogate pairs."""
    return by_category({"Cn": 0, "Cs": 0}, other=1).astype(bool)
