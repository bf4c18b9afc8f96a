"""Tables with an entry for each code point of Unicode's Basic Multilingual Plane."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

BMP: Final = 0x10000


def by_category(values: Mapping[str, int], other: int = 0) -> NDArray[np.uint8]:
    """Return for each code point what ``values`` have for its general category, such as ``Lu``, or ``other``."""
    table = np.full(1 << 16, other, np.uint8)
    for category, value in values.items():
        table[int.from_bytes(category.encode(), sys.byteorder)] = value
    made: NDArray[np.uint8] = table[_categories()]
    return made


@cache
def _categories() -> NDArray[np.uint16]:
    """Return the two letters of each general category as a number."""
    return np.frombuffer("".join(map(unicodedata.category, map(chr, range(BMP)))).encode(), np.uint16)
