"""What a reader of markup does not see, which says nothing about damage: tags, scripts and styles."""

from __future__ import annotations

import re
from bisect import bisect
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.model import Flag
    from corpuskit.repair.likelihood import Codes

_BORDER: Final = re.compile(r"<(/?)(?:script|style)(?![a-z])", re.IGNORECASE)


def without_tags(markup: Codes) -> Codes:
    """Return the code points of ``markup`` with spaces where its tags stand: every character keeps its place."""
    brackets = np.flatnonzero((markup == ord("<")) | (markup == ord(">")))
    opens = markup[brackets] == ord("<")
    tags = np.flatnonzero(opens[:-1] & ~opens[1:])
    edges = np.zeros(len(markup) + 1, np.int8)
    edges[brackets[tags]] = 1
    edges[brackets[tags + 1] + 1] -= 1
    return np.where(np.cumsum(edges[:-1], dtype=np.int8), np.uint32(0x20), markup)


def outside_scripts(flags: Sequence[Flag], markup: str) -> list[Flag]:
    """Return those of ``flags`` that stand in no script or style of ``markup``."""
    if not flags:
        return []
    borders = [(border.start(), not border[1]) for border in _BORDER.finditer(markup)]
    starts = [start for start, _ in borders]
    opened = (False, *(opens for _, opens in borders))
    return [flag for flag in flags if not opened[bisect(starts, flag.start)]]
