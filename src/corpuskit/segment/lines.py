"""Flattened text to lines."""

from __future__ import annotations

import re

from corpuskit.segment.labeller import Line

# A line ends where Python's own `str.splitlines` would end it, except at FS, GS, RS (U+001C to U+001E), which
# scraped pages carry as junk inside sentences.
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


def split_lines(text: str) -> list[Line]:
    """Split ``text`` into its visible lines.

    Every character that is not white space belongs to exactly one line; lines of nothing but white space vanish
    into the ``gap`` of the next.
    """
    lines: list[Line] = []
    gap = 0
    position = 0
    for end, after in [*((m.start(), m.end()) for m in _BREAK.finditer(text)), (len(text), len(text))]:
        segment = text[position:end]
        stripped = segment.strip()
        if stripped:
            start = position + len(segment) - len(segment.lstrip())
            lines.append(Line(start, start + len(stripped), stripped, gap))
            gap = 0
        gap += 1
        position = after
    return lines
