"""What a reader of markup does not see, which says nothing about damage: tags, scripts and styles."""

from __future__ import annotations

import re
from bisect import bisect
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.model import Flag

_TAG: Final = re.compile(r"<[^<>]*>")
_BORDER: Final = re.compile(r"<(/?)(?:script|style)(?![a-z])", re.IGNORECASE)


def without_tags(markup: str) -> str:
    """Return ``markup`` with spaces where its tags stand, so that every character keeps its place."""
    return _TAG.sub(lambda tag: " " * len(tag[0]), markup)


def outside_scripts(flags: Sequence[Flag], markup: str) -> list[Flag]:
    """Return those of ``flags`` that stand in no script or style of ``markup``."""
    if not flags:
        return []
    borders = [(border.start(), not border[1]) for border in _BORDER.finditer(markup)]
    starts = [start for start, _ in borders]
    opened = (False, *(opens for _, opens in borders))
    return [flag for flag in flags if not opened[bisect(starts, flag.start)]]
