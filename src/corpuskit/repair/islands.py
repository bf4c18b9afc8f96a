"""Islands of characters beyond ASCII: all that a search for misreadings has to look at.

Most of a page's markup is ASCII, and what is far from any other character says nothing about damage.  So the text is
searched without it, and what is found is moved to where it stands in the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from corpuskit.model import Flag
from corpuskit.repair.vocabulary import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHORE: Final = 100
"""Characters of ASCII that stay on either side of an island: more than any reading looks at, and so many that what is
unlikely on one does not count on the next (:data:`corpuskit.repair.mojibake.DENSITY`)."""
WORTH: Final = 3 * SHORE
"""Characters between two others beyond ASCII from which something is left out."""
_SEA: Final = re.compile(r" [!-~]+ ")
"""A word at which to leave out what follows: no reading changes it, so none goes from one island to the next."""

Place = TypeVar("Place", Edit, Flag)


@dataclass(frozen=True)
class Chart:
    """Where the islands of a text are.

    Attributes:
        starts: where each starts in what is left of the text.
        shifts: how much further on it stands in the whole.
    """

    starts: NDArray[np.int64]
    shifts: NDArray[np.int64]

    def in_whole(self, places: Sequence[Place]) -> list[Place]:
        """Return edits or flags of what is left of the text as those of the whole; none is on two islands."""
        starts = [place.start for place in places]
        shifts = self.shifts[np.searchsorted(self.starts, starts, "right") - 1].tolist()
        return [
            replace(place, start=place.start + shift, end=place.end + shift)
            for place, shift in zip(places, shifts, strict=True)
        ]

    def after(self, edits: Sequence[Edit]) -> Chart:
        """Return the chart of the text with ``edits`` made."""
        grown = np.cumsum([0, *(len(edit.after) - (edit.end - edit.start) for edit in edits)])
        return Chart(self.starts + grown[np.searchsorted([edit.start for edit in edits], self.starts)], self.shifts)


def islands(text: str, high: NDArray[np.int64]) -> tuple[str, Chart]:
    """Return ``text`` without what is far from each of its characters beyond ASCII, which stand at ``high``.

    Where a stretch was left out stands a line break if it held one, else a space.
    """
    borders = np.concatenate(([-SHORE], high, [len(text) + SHORE]))
    wide = np.flatnonzero(np.diff(borders) > WORTH)
    parts: list[str] = []
    starts, shifts = [0], [0]
    begin = length = 0
    for low, stop in zip((borders[wide] + SHORE).tolist(), (borders[wide + 1] - SHORE).tolist(), strict=True):
        word = _SEA.search(text, low, stop)
        end = text.rfind(" ", low, stop)
        if word is None or end < word.end():
            continue
        left = word.end() - 1
        parts += (text[begin:left], " " if text.find("\n", left, end) < 0 else "\n")
        length += left - begin + 1
        begin = end + 1
        starts.append(length)
        shifts.append(begin - length)
    parts.append(text[begin:])
    return "".join(parts), Chart(np.array(starts), np.array(shifts))
