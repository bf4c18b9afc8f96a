"""Text that stands twice on a page: drawn for another width of screen, or once more behind "read on"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_COPY: Final = 20
"""Letters and digits from which a text that stands twice on a page is no accident, as short headings are."""
_PROSE: Final = 60
"""Letters and digits that copies have on average: lines of verse, which come again in earnest, have fewer.

Out of fold it makes 16 pages of HTML worse and 46 better by .01 of F1, without it 24 and 55.
"""
_COPIED: Final = 0.05
"""Share of the main text from which copies that stand together are a second copy of the text, not a sentence that the
text repeats."""
_NEXT: Final = 2
"""How far apart, in main blocks, two copies stand together: a picture's caption may be between them."""
_BEGIN: Final = 60
"""Characters that nearly always hold as many letters and digits as a copy has at least."""
_WORDS: Final = re.compile(r"\w+")


def copies(
    texts: Sequence[str], keep: NDArray[np.bool_], chance: NDArray[np.floating], fixed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which kept blocks are a second copy of text that is kept elsewhere on the page.

    Of equal blocks the most probable stays, of equally probable ones the first.  A page may also repeat itself in
    earnest, here and there (the same exercise on two days), so that only copies that stand together, read like prose
    and are a good part of the page go.

    Args:
        texts: of all blocks.
        keep: which of them are main.
        chance: how probably each is.
        fixed: which are never copies: lines of code repeat.
    """
    out = np.zeros(len(texts), bool)
    chosen = np.flatnonzero(keep & ~fixed).tolist()
    said = {block: _said(texts[block]) for block in _begun_alike(chosen, texts)}
    met: set[str] = set()
    again: list[int] = []
    for block in sorted(said, key=lambda block: -chance[block]):
        if len(said[block]) >= _COPY:
            if said[block] in met:
                again.append(block)
            met.add(said[block])
    if not again:
        return out
    again.sort()
    place = np.cumsum(keep)[again]
    runs = np.split(again, np.flatnonzero(np.diff(place) > _NEXT) + 1)
    sizes = [sum(len(said[block]) for block in run) for run in runs]
    prose = [(run, size) for run, size in zip(runs, sizes, strict=True) if size >= _PROSE * len(run)]
    total = sum(len(_said(texts[block])) for block in chosen) if prose else 0
    for run, size in prose:
        out[run] = size >= _COPIED * total
    return out


def _said(text: str) -> str:
    """Return the letters and digits of ``text`` in one case."""
    return "".join(_WORDS.findall(text.lower()))


def _begun_alike(blocks: Sequence[int], texts: Sequence[str]) -> Sequence[int]:
    """Return those of ``blocks`` that begin as another does, which are none on nearly every page."""
    begun: dict[str, list[int]] = {}
    for block in blocks:
        begin = _said(texts[block][:_BEGIN])[:_COPY]
        if len(begin) == _COPY:
            begun.setdefault(begin, []).append(block)
        elif len(texts[block]) > _BEGIN:
            return blocks  # nobody knows yet how this one begins
    return sorted(block for alike in begun.values() if len(alike) > 1 for block in alike)
