"""Pages labelled by hand: what a reader says that each block of a page of HTML is.

A file of labels is TOML, with a table for each page, named by its set and id.  Its text is not there: ``blocks`` is the
number of blocks that :func:`corpuskit.segment.html.walk.read_markup` must give for the numbers to fit, and each other
key a role and a kind, with the numbers and ranges of the blocks that have it.  What two readers might well call
differently is left out::

    ["wcxb-dev/0012"]
    blocks = 42
    "metadata title" = "7"
    "main paragraph" = "9-30"
    "related title" = "32 34 36 38 40"
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, NamedTuple

from corpuskit.model import KINDS, Kind, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Pair = tuple[Role, Kind]


class HandLabels(NamedTuple):
    """A page's number of blocks, and role and kind of those that are labelled."""

    size: int
    pairs: dict[int, Pair]

    def fit(self, size: int) -> bool:
        """Whether they are those of a page of ``size`` blocks."""
        return self.size == size


def read_labels(file: Path) -> dict[str, HandLabels]:
    """Return the labels of each page in ``file``, by "set/id".

    Raises:
        ValueError: a pair of role and kind that there is not, or a block that the page does not have or has twice.
    """
    pages: dict[str, HandLabels] = {}
    for key, table in tomllib.loads(file.read_text("utf-8")).items():
        size = table.pop("blocks")
        pairs: dict[int, Pair] = {}
        for name, ranges in table.items():
            pair = _pair(name, key)
            for block in blocks_in(ranges):
                if block in pairs or block >= size:
                    message = (
                        f"{file}: {key}: block {block} of {size} is labelled {name!r}, but is not there or is labelled"
                    )
                    raise ValueError(message)
                pairs[block] = pair
        pages[key] = HandLabels(size, pairs)
    return pages


def _pair(name: str, key: str) -> Pair:
    role, _, kind = name.partition(" ")
    if role not in set(Role) or kind not in KINDS[Role(role)]:
        message = f"{key}: there is no role and kind {name!r}"
        raise ValueError(message)
    return Role(role), Kind(kind)


def blocks_in(ranges: str) -> Iterator[int]:
    """Yield the numbers in ``ranges``.

    >>> list(blocks_in("0-2 5"))
    [0, 1, 2, 5]
    """
    for part in ranges.split():
        low, _, high = part.partition("-")
        yield from range(int(low), int(high or low) + 1)
