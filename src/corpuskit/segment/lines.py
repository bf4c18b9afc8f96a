"""Flattened text to lines.

A line of the file is not always a line of the page.  Text browsers and mail programs wrap paragraphs at a fixed
width; other tools put a whole page on one line.  :func:`split_lines` joins the former and cuts the latter, so that
what a labeller sees is about a paragraph either way, and always a stretch of the text as it stands.
"""

from __future__ import annotations

import re
from itertools import accumulate, islice, pairwise
from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment.fragments import mended
from corpuskit.segment.labeller import Line, spanning

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
_GOING_ON: Final = 2
"""Full lines of a wrapped page that begin with no small letter, at most, for each below one that does."""
_UNWRAPPED: Final = 5
"""Full lines for each that is longer than a wrapping program would leave it."""

_ITEM: Final = re.compile(r"[*\-•>]\s|[#|]|\d{1,3}[.)]\s")
"""What a line begins with that is an item of its own, however full the line before it is."""
_LINK: Final = "]("
"""What stands in links of Markdown, whose addresses are not broken."""
_FIRST: Final = re.compile(r"[^\s\u2e80-\uffef]+|.")
"""What a line begins with that cannot be broken: a word, or a character of a script that breaks anywhere."""

_FENCE: Final = re.compile(r"(`{3,6})[ \t]*([^`]{0,80})")
"""What opens a piece of code, with what language it is, or closes it.  Rows of tildes are ornaments more often."""

_RUN_TOGETHER: Final = 1500
"""Average characters a line above which a page counts as run together: paragraphs of news average 250."""
_ONE_LINE: Final = 480
"""Characters of the only line of a page above which it does: if it was a paragraph, its sentences are joined again."""
_PIECE: Final = 240
"""Characters: the longest piece a run-together line is cut into, about two sentences."""
_SENTENCE: Final = re.compile(
    r"(?<=[.!?…।؟])[\"'”’»)\]]*\s+(?![a-zß-öø-ÿа-я])|(?<=[。！？])[”」』）]*(?![”」』）])|\s{2,}|\s(?=[|•·»›©]\s)|\s(?=!\[)"
)
_SMALL: Final = "a-zß-öø-ÿа-яё"
_CAPITAL: Final = "A-ZÀ-ÖØ-ÞА-ЯЁ"
_GLUED: Final = re.compile(
    rf"(?<=[{_SMALL}]{{2}}[.!?…])(?=[“„«¿¡(]?[{_CAPITAL}])|(?<=[{_SMALL}][.!?…][\"”’»)\]])(?=[{_CAPITAL}])"
)
"""Where one element ended and the next began, when a page was flattened with nothing between them: after a sentence."""
_GLUED_WORDS: Final = re.compile(rf"(?<=[{_SMALL}]{{3}})(?=[{_CAPITAL}][{_SMALL}]{{2}})")
"""The same after a heading, a button, a name.  Names that are written so (PowerPoint) are put together again."""
_GLUE: Final = 3
"""So many sentences that end without white space say that a line is glued."""


def split_lines(text: str) -> list[Line]:
    """Split ``text`` into its visible lines.

    Every character that is not white space belongs to exactly one line; lines of nothing but white space vanish
    into the ``gap`` of the next.  A paragraph wrapped hard is one line, with its line breaks inside.  A page or
    line that is run together is cut at sentences; a piece that goes on where the one before it ended has ``gap`` 0.
    """
    lines = _physical(text)
    if width := _width(lines):
        return _unwrap(text, lines, width)
    if sum(line.end - line.start for line in lines) > (_RUN_TOGETHER * len(lines) if len(lines) > 1 else _ONE_LINE):
        return [piece for line in lines for piece in _cut(text, line)]
    glued = [_is_glued(text, line) for line in lines]
    if any(glued):
        return [
            piece for line, cut in zip(lines, glued, strict=True) for piece in (_cut(text, line) if cut else (line,))
        ]
    return mended(text, lines)


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
    for stop in _stops(text, line):
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


def _stops(text: str, line: Line) -> list[int]:
    """Return where the sentences of a line end, those too that end without white space, if that is its habit."""

    def ends(pattern: re.Pattern[str]) -> set[int]:
        return {match.end() for match in pattern.finditer(text, line.start, line.end)}

    stops, glued = ends(_SENTENCE), ends(_GLUED)
    if len(glued) >= _GLUE:
        stops |= glued | ends(_GLUED_WORDS)
    return sorted(stops | {line.end})


def _is_glued(text: str, line: Line) -> bool:
    """Whether a long line is elements of the page that were written with nothing between them.

    A long line that is not may well be one of the page, such as another article in full: it keeps one role.
    """
    if line.end - line.start <= _RUN_TOGETHER:
        return False
    return len([*islice(_GLUED.finditer(text, line.start, line.end), _GLUE)]) == _GLUE


def _unwrap(text: str, lines: list[Line], width: int) -> list[Line]:
    """Join the lines of paragraphs that were wrapped at ``width``.

    A line continues the one before it exactly where a wrapping program had to break: the next word would not have
    fitted.
    """
    joined: list[Line] = []
    first = 0  # of the physical lines of the paragraph being read
    for number in range(1, len(lines) + 1):
        before = lines[number - 1]
        if number < len(lines) and lines[number].gap == 1 and _had_to_break(before.text, lines[number].text, width):
            continue
        joined.append(spanning(text, lines[first:number]))
        first = number
    return joined


def _had_to_break(line: str, below: str, width: int) -> bool:
    """Whether a program that wraps at ``width`` had to end ``line`` where it ends, before what stands ``below`` it."""
    if _ITEM.match(below):
        return False
    if line.rfind("[") > line.rfind("]"):  # the text of a link goes on
        return True
    if len(line) > width:
        return " " not in line
    return len(line) * 2 > width and len(line) + 1 + _unbroken(below) + width // _HAND > width


def _unbroken(text: str) -> int:
    """Return the characters at the beginning of a line that are not broken."""
    found = _FIRST.match(text)
    return found.end() if found else 0


def _width(lines: list[Line]) -> int:
    """Return the column the page's paragraphs are wrapped at, 0 for none.

    It is the one that explains the most line breaks: there the next word would not have fitted.  A page is wrapped if
    that explains enough of them, and most between full lines, a third of which go on in lower case, and next to
    no line is longer that could have been broken.  What wrapping programs leave as it is, items of lists and addresses
    of links, proves nothing.
    """
    below = [(before.text, after.text) for before, after in pairwise(lines) if after.gap == 1]
    width = _most_explained(below)
    full = [after for before, after in below if len(before) <= width and _had_to_break(before, after, width)]
    long = sum(width < 2 * len(before) <= 2 * width and not _ITEM.match(after) for before, after in below)
    going_on = sum(after[0].islower() for after in full)
    starting = sum(after[0].isupper() or not after[0].isalpha() for after in full)
    enough = len(full) >= _WRAPPED_LINES or going_on >= _WRAPPED_WORDS
    if not enough or len(full) * 2 <= long or going_on * _GOING_ON < starting:
        return 0
    unwrapped = sum(line.end - line.start > width and _could_break(line.text, width) for line in lines)
    return width if unwrapped * _UNWRAPPED <= len(full) else 0


def _most_explained(below: Sequence[tuple[str, str]]) -> int:
    """Return the width at which the most lines had to break: ``below`` has each with the one below it."""
    changes = [0] * (_WIDTHS.stop + 1)
    for before, after in below:
        length = len(before)
        if _WIDTHS.start < 2 * length and length < _WIDTHS.stop:
            widest = (length + _unbroken(after)) * _HAND // (_HAND - 1)
            changes[max(length, _WIDTHS.start)] += 1
            changes[max(min(widest, _WIDTHS[-1]), _WIDTHS.start - 1) + 1] -= 1
    votes = list(accumulate(changes))
    return max(_WIDTHS, key=votes.__getitem__)


def _could_break(text: str, width: int) -> bool:
    return " " in text[:width] and _LINK not in text and not _ITEM.match(text)


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
            joined.append(spanning(text, lines[number:stop]))
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
    score = sum([label.score * size for label, size in zip(labels, sizes, strict=True)]) / sum(sizes)
    return spanning(text, pieces), labels[sizes.index(max(sizes))]._replace(score=score)
