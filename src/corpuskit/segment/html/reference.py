"""trafilatura's extraction, brought back to our blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage

_WORD: Final = re.compile(r"\w+")
_SIZE: Final = 3


def agreement(page: MarkupPage, markup: str) -> NDArray[np.float32]:
    """Return for each block of ``page`` the share of it that trafilatura (``fast``) extracts from ``markup``, 0 to 1.

    A block of three words and more is compared by its runs of three words, a shorter one as a whole line.
    """
    import trafilatura  # a fifth of a second that only its engines need

    extracted = trafilatura.extract(markup, fast=True, include_comments=True) or ""
    lines = {tuple(_WORD.findall(line.lower())) for line in extracted.split("\n")}
    words = _WORD.findall(extracted.lower())
    runs = set(zip(*(words[shift:] for shift in range(_SIZE)), strict=False))
    return np.fromiter([_share(text, runs, lines) for text in page.blocks.text], np.float32, len(page.blocks.text))


def _share(text: str, runs: set[tuple[str, ...]], lines: set[tuple[str, ...]]) -> float:
    words = tuple(_WORD.findall(text.lower()))
    if len(words) < _SIZE:
        return float(words in lines and bool(words))
    own = list(zip(*(words[shift:] for shift in range(_SIZE)), strict=False))
    return sum(run in runs for run in own) / len(own)
