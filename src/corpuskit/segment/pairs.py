"""The pairs of role and kind that a line can have, numbered, and the five parts of a page they belong to."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import KINDS, Kind, Role

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

PAIRS: Final[tuple[tuple[Role, Kind], ...]] = tuple((role, kind) for role, kinds in KINDS.items() for kind in kinds)
"""What the columns of a table of probabilities mean."""

PARTS: Final = ("main", "metadata", "related", "comments", "boilerplate")
"""The roles, with comments apart from other boilerplate: readers, and the models, take them for different things."""


def part_of(role: Role, kind: Kind) -> int:
    """Return the number of the part of a page that a pair belongs to."""
    return PARTS.index("comments") if kind is Kind.COMMENTS else PARTS.index(role.value)


@lru_cache(maxsize=8)
def parts_of(pairs: tuple[tuple[Role, Kind], ...]) -> NDArray[np.intp]:
    """Return the number of the part of each of ``pairs``: a labeller's kinds, asked for on every page."""
    return np.array([part_of(*pair) for pair in pairs])


PART_OF_PAIR: Final = parts_of(PAIRS)
"""For each pair the number of its part."""

_MEMBERS: Final = np.eye(len(PARTS), dtype=np.float32)[PART_OF_PAIR]


def part_probabilities(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probability of each part (columns) for each line (rows)."""
    result: NDArray[np.float32] = probabilities @ _MEMBERS
    return result
