"""Flattened text to lines.

A line of the file is not always a line of the page.  Text browsers and mail programs wrap paragraphs at a fixed
width; other tools put a whole page on one line.  :func:`split_lines` joins the former and cuts the latter, so that
what a labeller sees is about a paragraph either way, and always a stretch of the text as it stands.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment.labeller import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.segment.labeller import Label

# A line ends where Python's own `str.splitlines` would end it, except at FS, GS, RS (U+001C to U+001E), which
# scraped pages carry as junk inside sentences.
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_VISIBLE = re.compile(r"\S[^\n\r\v\f\x85\u2028\u2029]*")

_WIDTHS: Final = range(40, 133)
"""Columns at which people and programs wrap: 40 for narrow displays, 132 for wide printers."""
_HAND: Final = 20
"""People break lines a twentieth of the width before they must."""
_WRAPPED_LINES: Final = 6
"""So many full lines in a row of text say that a page is wrapped; fewer happen by chance."""
_WRAPPED_WORDS: Final = 3
"""So many do if the next line begins in lower case, as only the rest of a sentence does."""

_ITEM: Final = re.compile(r"[*\-•#>|!\[]|\d{1,3}[.)]\s")
"""What a line begins with that is an item of its own, however full the line before it is."""

_FENCE: Final = re.compile(r"(`{3,6})[ \t]*([^`]{0,80})")
"""What opens a piece of code, with what language it is, or closes it.  Rows of tildes are ornaments more often."""

_RUN_TOGETHER: Final = 1500
"""Average characters a line above which a page counts as run together: paragraphs of news average 250."""
_ONE_LINE: Final = 480
"""Characters of a page of one line above which it does: if it was a paragraph, its sentences are joined again."""
_PIECE: Final = 240
"""Characters: the longest piece a run-together line is cut into, about two sentences."""
_SENTENCE: Final = re.compile(
    r"(?<=[.!?…।؟])[\"'”’»)\]]*\s+(?![a-zß-öø-ÿа-я])|(?<=[。！？])[”」』）]*(?![”」』）])|\s{2,}|\s(?=[|•·»›©]\s)|\s(?=!\[)"
)


def split_lines(text: str) -> list[Line]:
    """Split ``text`` into its visible lines.

    Every character that is not white space belongs to exactly one line; lines of nothing but white space vanish
    into the ``gap`` of the next.  A paragraph wrapped hard is one line, with its line breaks inside.  A page run
    together on one line is cut at sentences; a piece that goes on where the one before it ended has ``gap`` 0.
    """
    lines = _physical(text)
    if not lines:
        return lines
    if sum(line.end - line.start for line in lines) > (_RUN_TOGETHER * len(lines) if len(lines) > 1 else _ONE_LINE):
        return [piece for line in lines for piece in _cut(text, line)]
    return _unwrap(text, lines)


def _physical(text: str) -> list[Line]:
    lines: list[Line] = []
    before = 0
    for match in _VISIBLE.finditer(text):
        start, found = match.start(), match[0].rstrip()
        near = start == before + 1 and text[before] == "\n"
        lines.append(Line(start, start + len(found), found, 1 if near else len(_BREAK.findall(text, before, start))))
        before = match.end()
    return lines


def _cut(text: str, line: Line) -> list[Line]:
    """Cut a run-together line at its sentences, and what has no sentences at every :data:`_PIECE` characters or so."""
    pieces: list[Line] = []
    position = line.start
    for stop in [*(m.end() for m in _SENTENCE.finditer(text, line.start, line.end)), line.end]:
        while position < stop:
            end = stop
            if stop - position > _PIECE:
                space = text.rfind(" ", position + _PIECE // 3, position + _PIECE // 2)
                end = space if space > position else position + _PIECE // 2
            piece = text[position:end].strip()
            if piece:
                start = position + len(text[position:end]) - len(text[position:end].lstrip())
                pieces.append(Line(start, start + len(piece), piece, 0 if pieces else line.gap))
            position = end
    return pieces


def _unwrap(text: str, lines: list[Line]) -> list[Line]:
    """Join the lines of paragraphs that were wrapped at the page's width, if it has one.

    A line continues the one before it exactly where a wrapping program had to break: the next word would not have
    fitted.
    """
    width = _width(lines)
    if not width:
        return lines
    joined: list[Line] = []
    first = 0  # of the physical lines of the paragraph being read
    for number in range(1, len(lines) + 1):
        before = lines[number - 1]
        if (
            number < len(lines)
            and lines[number].gap == 1
            and _had_to_break(before.end - before.start, lines[number], width)
        ):
            continue
        start = lines[first].start
        joined.append(Line(start, before.end, text[start : before.end], lines[first].gap))
        first = number
    return joined


def _had_to_break(length: int, line: Line, width: int) -> bool:
    needed = length + 1 + len(line.text.split(None, 1)[0]) + width // _HAND
    return length <= width < needed and not _ITEM.match(line.text) and length * 2 > width


def _width(lines: list[Line]) -> int:
    """Return the column the page's paragraphs are wrapped at, 0 for none.

    It is the greatest length, but for one line in fifty, among the lines that have a line right below them, if
    nearly no line is longer and enough of them are full.
    """
    below = [(line.end - line.start, after) for line, after in pairwise(lines) if after.gap == 1]
    lengths = sorted(length for length, _ in below if length <= _WIDTHS[-1])
    if len(lengths) < _WRAPPED_WORDS:
        return 0
    longer = sum(line.end - line.start > _WIDTHS[-1] for line in lines)
    width = lengths[-1 - len(lengths) // 50]
    if width not in _WIDTHS or longer * 20 > len(lines):
        return 0
    full = [after for length, after in below if _had_to_break(length, after, width)]
    long = sum(length * 2 > width for length, _ in below)
    going_on = sum(after.text[0].islower() for after in full)
    enough = len(full) >= _WRAPPED_LINES or going_on >= _WRAPPED_WORDS
    return width if enough and len(full) * 2 > long else 0


def join_fenced(text: str, lines: Sequence[Line], labels: Sequence[Label]) -> tuple[Sequence[Line], Sequence[Label]]:
    """Make one line of each piece of code between two fences of Markdown (CommonMark 4.5), indented as it stands.

    It has the role that most of its characters have, and is code where that is main text.  A fence that is not closed
    is a line like others.
    """
    fences = _fences(lines) if "```" in text else {}
    if not fences:
        return lines, labels
    joined: list[Line] = []
    kept: list[Label] = []
    number = 0
    while number < len(lines):
        stop = fences.get(number, number) + 1
        if stop - number == 1:
            joined.append(lines[number])
            kept.append(labels[number])
        else:
            start, end = lines[number].start, lines[stop - 1].end
            joined.append(Line(start, end, text[start:end], lines[number].gap))
            kept.append(_of_code(lines[number + 1 : stop - 1], labels[number + 1 : stop - 1]))
        number = stop
    return joined, kept


def _fences(lines: Sequence[Line]) -> dict[int, int]:
    """Return the numbers of the lines that open a fence with those that close it, where something is between them."""
    found: dict[int, int] = {}
    opened: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        fence = _FENCE.fullmatch(line.text) if line.text.startswith("`") else None
        if fence is None:
            continue
        mark, info = fence.groups()
        if opened is None:
            opened = number, mark
        elif not info and mark.startswith(opened[1]):
            if number > opened[0] + 1:
                found[opened[0]] = number
            opened = None
    return found


def _of_code(lines: Sequence[Line], labels: Sequence[Label]) -> Label:
    sizes: dict[Role, int] = {}
    for line, label in zip(lines, labels, strict=True):
        sizes[label.role] = sizes.get(label.role, 0) + len(line.text)
    role = max(sizes, key=sizes.__getitem__)
    longest = max(
        (number for number, label in enumerate(labels) if label.role is role),
        key=lambda number: len(lines[number].text),
    )
    chosen = labels[longest]
    return chosen._replace(kind=Kind.CODE, reason=f"between fences; {chosen.reason}") if role is Role.MAIN else chosen


def rejoin(text: str, lines: Sequence[Line], labels: Sequence[Label]) -> tuple[Sequence[Line], Sequence[Label]]:
    """Put the pieces of a run-together page together again where they got the same role.

    The label of the longest piece stands for all; its score is the mean over their characters.
    """
    if all(line.gap for line in lines[1:]):
        return lines, labels
    joined: list[Line] = []
    kept: list[Label] = []
    first = 0
    for number in range(1, len(lines) + 1):
        if number < len(lines) and lines[number].gap == 0 and labels[number].role == labels[first].role:
            continue
        line, label = _join(text, lines[first:number], labels[first:number])
        joined.append(line)
        kept.append(label)
        first = number
    return joined, kept


def _join(text: str, pieces: Sequence[Line], labels: Sequence[Label]) -> tuple[Line, Label]:
    if len(pieces) == 1:
        return pieces[0], labels[0]
    sizes = [piece.end - piece.start for piece in pieces]
    start, end = pieces[0].start, pieces[-1].end
    score = sum([label.score * size for label, size in zip(labels, sizes, strict=True)]) / sum(sizes)
    return Line(start, end, text[start:end], pieces[0].gap), labels[sizes.index(max(sizes))]._replace(score=score)
