"""Paragraphs that were broken where a link or a bold word stood, as ``get_text`` breaks them with a line break.

No page says so of itself, but one thing gives it away: lines that begin with the comma or full stop behind the link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from corpuskit.segment.labeller import spanning

if TYPE_CHECKING:
    from corpuskit.segment.labeller import Line

_HABIT: Final = 2
"""Lines beginning with a mark that closes something, from which a page is taken to be broken so."""
_PROSE: Final = 4
"""Words of a line that is prose and no name, button or rubric."""
_INLINE: Final = 8
"""Words of the longest link or bold passage that is taken for one between two pieces of a sentence."""
_MARK: Final = r"[,;:.!?)\]}…’”»]"
_CLOSING: Final = re.compile(rf"{_MARK}(?:\s|$|{_MARK})")
_ENDED: Final = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_LAST: Final = 6
"""Characters in which a sentence ends, with what closes after it."""
_OWN: Final = re.compile(
    r"(?:by|von|par|por|di|door|av|af|photo|foto|via|in|on|am|um|le|el|il|vor|il y a|hace|min|read|share|posted|updated"
    r"|published)\b"
)
"""Words in small letters that bylines, dates and buttons begin with: they stand on lines of their own."""


def mended(text: str, lines: list[Line]) -> list[Line]:
    """Put paragraphs of ``text`` together again whose pieces stand on lines of their own.

    Two lines are pieces of one sentence where the first is prose without an end and the second goes on in a small
    letter or with a mark; a few words between two such pieces are the link that broke them.
    """
    if sum(line.gap == 1 and _CLOSING.match(line.text) is not None for line in lines) < _HABIT:
        return lines
    words = [len(line.text.split()) for line in lines]
    is_open = [_ENDED.search(line.text[-_LAST:]) is None for line in lines]
    goes_on = [line.gap == 1 and _goes_on(line.text, size) for line, size in zip(lines, words, strict=True)]
    joined = [False] * (len(lines) + 1)
    for at in range(1, len(lines)):
        line, before = lines[at], at - 1
        prose = is_open[before] and (words[before] >= _PROSE or joined[before])
        if goes_on[at] and (prose or (len(line.text) > 1 and _CLOSING.match(line.text))):
            joined[at] = True
        elif prose and line.gap == 1 and words[at] <= _INLINE and is_open[at] and any(goes_on[at + 1 : at + 2]):
            joined[at] = joined[at + 1] = True
    starts = [at for at in range(len(lines)) if not joined[at]]
    return [spanning(text, lines[start:stop]) for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _goes_on(text: str, words: int) -> bool:
    """Whether a line is the rest of a sentence, by how it begins and, in small letters, how much it says."""
    if _CLOSING.match(text):
        return True
    small = text[0].islower() and not text[1:2].isupper() and not _OWN.match(text)
    return small and (words >= _PROSE or _ENDED.search(text[-_LAST:]) is not None)
