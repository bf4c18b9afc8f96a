"""A page's lines as numbers.

Everything is computed for the whole page at once: characters by table look-up over one array of code points, words
through one cache from word to number.  The cost is linear in the text, and long lines are read only at their ends
(:data:`HEAD`, :data:`TAIL` characters), so a page of 50 MB costs what its number of lines costs.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.text.lexicon import GROUPS, word_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.labeller import Line

HEAD: Final = 240
"""Characters read from the beginning of a line."""
TAIL: Final = 80
"""Characters read from the end of a longer line."""
BUCKETS: Final = 1 << 15
"""Word and word-pair numbers: hashes modulo this (feature hashing, Weinberger et al., ICML 2009)."""
HEAD_WORDS: Final = 14
TAIL_WORDS: Final = 8
PAIRS: Final = 8

_WIDE: Final = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# One token: a run of letters, a run of digits, or one other mark.  Scripts without spaces give two letters at a time;
# looking out for them costs half as much again, so a page without them is not asked.
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_WIDE_TOKEN: Final = re.compile(rf"[{_WIDE}]{{1,2}}|(?:(?![{_WIDE}])[^\W\d_])+|\d+|[^\w\s]")
_HAS_WIDE: Final = re.compile(rf"[{_WIDE}]")
_LONG_WORD: Final = 5  # letters: shorter words are mostly function words in alphabetic scripts

_LINKS: Final = (
    re.compile(r"!\[[^\]\n]*\]\([^)\n]*"),  # markdown images
    re.compile(r"\[[^\]\n]+\]\([^)\n]*"),  # markdown links (and images: the difference tells)
    re.compile(r"http"),
    re.compile(r"www\."),
)
_NUMBER: Final = re.compile(r"\d[\d.:/-]*")
_NUMBERS: Final = (  # what a run of digits can be; the first that fits is counted
    re.compile(r"(?:19|20)\d\d$"),
    re.compile(r"\d{1,2}:\d\d(?::\d\d)?$"),
    re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}\.?$"),
    re.compile(r"\d{1,2}\.?$"),
    re.compile(r""),
)
_SHORT: Final = re.compile(  # only lines of at most _BRIEF characters are asked these; the first that fits counts
    r"(\W{0,3}\d{1,2} ?(?:[smhdwy]|hrs?|mins?)\b(?: ago)?$)"
    r"|(\W{0,3}(?:\d+|an?) \w+ ago$)"
    r"|(#{1,6} )"
    r"|(\d{1,3}[.)] )"
    r"|((?:by|von|par|por|di|door|av|de|przez)\b:? \S)",
    re.IGNORECASE,
)
_BRIEF: Final = 90

_CLASSES: Final = (
    "lower",
    "upper",
    "letter",
    "digit",
    "space",
    "end",
    "comma",
    "quote",
    "dash",
    "bar",
    "bracket",
    "mark",
    "wide",
)
_MARKS: Final = {
    "end": ".!?…。！？؟।",
    "comma": ",;、，；،",
    "quote": "\"'“”‘’«»„「」『』",
    "dash": "-–—*•·●▪■►▶→",
    "bar": "|/\\›»>‹<",
    "bracket": "()[]{}",
}


@cache
def _class_table() -> NDArray[np.uint8]:
    """Return the class of every code point of the basic plane; the last entry stands for all others."""
    table = np.full(0x10001, _CLASSES.index("mark"), dtype=np.uint8)
    names = {
        "Ll": "lower",
        "Lu": "upper",
        "Lt": "upper",
        "Lo": "letter",
        "Lm": "letter",
        "Mn": "letter",
        "Mc": "letter",
    }
    names |= {"Nd": "digit", "Zs": "space", "Cc": "space"}
    for code in range(0x10000):
        name = names.get(unicodedata.category(chr(code)))
        if name:
            table[code] = _CLASSES.index(name)
    for code in np.flatnonzero(table == _CLASSES.index("letter")).tolist():
        if _HAS_WIDE.match(chr(code)):
            table[code] = _CLASSES.index("wide")
    for name, marks in _MARKS.items():
        for mark in marks:
            table[ord(mark)] = _CLASSES.index(name)
    return table


class _Words(dict[str, int]):
    """From a word to its number: hash bucket in the low bits, then a flag for content words, then the groups' bits.

    The numbers depend on nothing but the word; the cache is emptied when it has grown to a million words.
    """

    def __init__(self) -> None:
        super().__init__()
        self.groups = word_groups()

    def __missing__(self, word: str) -> int:
        if len(self) > 1_000_000:
            self.clear()
        folded = "0" * min(len(word), 5) if word[0].isdigit() else word.casefold()
        value = zlib.crc32(folded.encode("utf-8", "surrogatepass")) % BUCKETS
        letters = word[0].isalpha()
        if letters and (len(word) >= _LONG_WORD or ord(word[0]) > 0x2FFF):
            value |= BUCKETS
        for group in self.groups.get(folded, ()):
            value |= 1 << (_GROUP_SHIFT + group)
        if letters:
            value |= 1 << (_GROUP_SHIFT + len(GROUPS))
            if word[0].isupper():
                value |= 1 << (_GROUP_SHIFT + len(GROUPS) + 1)
        self[word] = value
        return value


_GROUP_SHIFT: Final = BUCKETS.bit_length()


@cache
def _words() -> _Words:
    return _Words()


_LAYOUT_WIDTH: Final = 19
_CHARACTERS_WIDTH: Final = 3 * len(_CLASSES) + 13
_FIRST_GROUP: Final = _LAYOUT_WIDTH + _CHARACTERS_WIDTH + len(_LINKS) + len(_NUMBERS) + _SHORT.groups
GROUP_COLUMNS: Final = slice(_FIRST_GROUP, _FIRST_GROUP + len(GROUPS))
"""Columns of ``dense`` that count the lexicon's groups, in their order."""
SHARED_COLUMN: Final = _FIRST_GROUP + len(GROUPS) + 2
"""Column of ``dense``: share of a line's content words that stood on the page before."""


@dataclass(frozen=True, slots=True)
class Bag:
    """Word numbers of all lines in one array: those of line i stand at ``starts[i]`` up to ``starts[i + 1]``."""

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Features:
    """The numbers of a page of n lines.

    ``words`` is the number of words of each line.  ``dense`` is n × m float32.  ``head``, ``pairs`` and ``tail`` are
    bags of hashed words.  ``terms`` and ``term_lines`` are two arrays of the same length: which line has which
    content word (page-wide numbering).
    """

    words: NDArray[np.int64]
    dense: NDArray[np.float32]
    head: Bag
    pairs: Bag
    tail: Bag
    terms: NDArray[np.int32]
    term_lines: NDArray[np.int32]


def read_features(lines: Sequence[Line]) -> Features:
    """Return the features of ``lines``, all lines of one page in order."""
    heads = [line.text if len(line.text) <= HEAD else line.text[:HEAD] for line in lines]
    words = [_tokens(text) for text in heads]
    table = _words()
    counts = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    flat = np.array([table[word] for found in words for word in found], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(counts)))
    owner = np.repeat(np.arange(len(lines)), counts)
    place = np.arange(len(flat)) - starts[owner]
    ids = (flat & (BUCKETS - 1)).astype(np.int32)
    head = place < HEAD_WORDS
    tails, tail_counts = _tails(lines, words, table)
    terms, term_lines, term_features = _coherence(ids, owner, (flat & BUCKETS) != 0, len(lines))
    dense = np.hstack(
        [
            _layout(lines, counts),
            _characters(heads, [line.text for line in lines]),
            _matches(heads),
            _group_counts(flat, owner, place, counts, len(lines)),
            term_features,
            _repeats(lines),
        ]
    )
    return Features(
        _word_counts(lines, words, flat, owner),
        np.hstack([dense, _page(lines)]).astype(np.float32),
        Bag(ids[head], np.concatenate(([0], np.cumsum(np.minimum(counts, HEAD_WORDS))))),
        _pairs(ids, counts, place),
        Bag(tails, tail_counts),
        terms,
        term_lines,
    )


def _tokens(text: str) -> list[str]:
    return (_TOKEN if text.isascii() or not _HAS_WIDE.search(text) else _WIDE_TOKEN).findall(text)


def _tails(lines: Sequence[Line], words: list[list[str]], table: _Words) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the last words of lines longer than their head."""
    chosen: list[list[str]] = []
    for line, found in zip(lines, words, strict=True):
        if len(line.text) > HEAD:
            chosen.append(_tokens(line.text[-TAIL:])[-TAIL_WORDS:])
        else:
            chosen.append(found[HEAD_WORDS:][-TAIL_WORDS:])
    numbers = np.array([table[word] & (BUCKETS - 1) for found in chosen for word in found], dtype=np.int32)
    counts = np.fromiter(map(len, chosen), dtype=np.int64, count=len(chosen))
    return numbers, np.concatenate(([0], np.cumsum(counts)))


def _pairs(ids: NDArray[np.int32], counts: NDArray[np.int64], place: NDArray[np.int64]) -> Bag:
    """Return the hashed pairs of neighbouring words; a line's first word is paired with its beginning."""
    before = np.where(place > 0, np.concatenate((np.zeros(1, np.int32), ids[:-1]))[: len(ids)], 1)
    mixed = (before.astype(np.int64) * 1_000_003 + ids * 8_191 + 12_289) % BUCKETS
    kept = place < PAIRS
    return Bag(mixed[kept].astype(np.int32), np.concatenate(([0], np.cumsum(np.minimum(counts, PAIRS)))))


def _word_counts(
    lines: Sequence[Line], words: list[list[str]], flat: NDArray[np.int64], owner: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the words of each line: counted where it was read, estimated from its length beyond."""
    shown = (flat >> (_GROUP_SHIFT + len(GROUPS))) & 1
    counts = np.bincount(owner, weights=shown, minlength=len(words))
    stretch = np.fromiter((max(1.0, len(line.text) / HEAD) for line in lines), dtype=np.float64, count=len(lines))
    return np.rint(counts * stretch).astype(np.int64)


def _layout(lines: Sequence[Line], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return lengths, gaps and positions."""
    number = len(lines)
    start = np.fromiter((line.start for line in lines), dtype=np.float64, count=number)
    end = np.fromiter((line.end for line in lines), dtype=np.float64, count=number)
    gap = np.fromiter((line.gap for line in lines), dtype=np.float64, count=number)
    length = end - start
    indent = np.clip(start - np.concatenate(([0.0], end[:-1])) - gap, 0, 64)
    mass = np.where(length > 80, length, 0.0)
    before = np.cumsum(mass) - mass
    after = mass.sum() - before - mass
    total = max(mass.sum(), 1.0)
    rank = np.arange(number)
    return np.column_stack(
        [
            np.log1p(length) / 3,
            np.log1p(counts) / 2,
            counts == 1,
            counts <= 3,
            (counts > 3) & (counts <= 14),
            length > HEAD,
            length / max(length.max(initial=1.0), 1.0),
            np.log1p(gap),
            gap > 1,
            gap == 0,
            np.concatenate((np.log1p(gap[1:]), [2.0]))[:number],
            np.log1p(indent) / 2,
            rank / max(number - 1, 1),
            np.log1p(rank) / 4,
            np.log1p(number - 1 - rank) / 4,
            before / total,
            after / total,
            np.log1p(before) / 6,
            np.log1p(after) / 6,
        ]
    )


def _characters(heads: list[str], texts: list[str]) -> NDArray[np.float64]:
    """Return shares of character classes, and what the first and last characters are."""
    number = len(heads)
    text = "".join(heads)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = _class_table()[np.minimum(codes, 0x10000)]
    lengths = np.fromiter(map(len, heads), dtype=np.int64, count=number)
    owner = np.repeat(np.arange(number), lengths)
    width = len(_CLASSES)
    table = np.bincount(owner * width + classes, minlength=number * width).reshape(number, width).astype(np.float64)
    starts = np.cumsum(lengths) - lengths
    first = np.eye(width)[classes[starts]]
    last_codes = np.frombuffer(
        "".join(line[-1] for line in texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32
    )
    last = np.eye(width)[_class_table()[np.minimum(last_codes, 0x10000)]]
    shares = table / np.maximum(lengths, 1)[:, None]
    marks = np.column_stack(
        [np.log1p(table[:, _CLASSES.index(name)]) for name in ("end", "comma", "quote", "bar", "bracket")]
    )
    special = np.column_stack([_share_of(codes, owner, number, mark) for mark in "©@#$:%"])
    colon = last_codes == ord(":")
    return np.hstack([shares, first, last, marks, special, colon[:, None], (codes[starts] > 0x2000)[:, None]])


def _share_of(codes: NDArray[np.uint32], owner: NDArray[np.int64], number: int, mark: str) -> NDArray[np.float64]:
    return np.minimum(np.bincount(owner[codes == ord(mark)], minlength=number), 3).astype(np.float64)


def _matches(heads: list[str]) -> NDArray[np.float64]:
    """Return how many links and numbers each line has, of which form, and which short patterns it fits."""
    text = "\n".join(heads)
    ends = np.cumsum(np.fromiter((len(head) + 1 for head in heads), dtype=np.int64, count=len(heads)))
    columns: list[list[int]] = [[match.start() for match in pattern.finditer(text)] for pattern in _LINKS]
    numbers: list[list[int]] = [[] for _ in _NUMBERS]
    for match in _NUMBER.finditer(text):
        numbers[_form(match[0])].append(match.start())
    table = np.zeros((len(heads), len(_LINKS) + len(_NUMBERS) + _SHORT.groups))
    for column, found in enumerate(columns + numbers):
        if found:
            table[:, column] = np.bincount(np.searchsorted(ends, found, side="right"), minlength=len(heads))
    fits = [(row, _SHORT.match(head)) for row, head in enumerate(heads) if len(head) <= _BRIEF]
    for row, fit in fits:
        if fit:
            table[row, len(_LINKS) + len(_NUMBERS) + (fit.lastindex or 1) - 1] = 1
    return np.minimum(table, 3)


def _form(digits: str) -> int:
    return next(number for number, pattern in enumerate(_NUMBERS) if pattern.match(digits))


def _group_counts(
    flat: NDArray[np.int64], owner: NDArray[np.int64], place: NDArray[np.int64], counts: NDArray[np.int64], number: int
) -> NDArray[np.float64]:
    """Return the share of each group's words among a line's first words, and of capitalised words."""
    size = np.sqrt(np.maximum(np.minimum(counts, 2 * HEAD_WORDS), 1))
    marked = (place < 2 * HEAD_WORDS) & (flat >= 1 << _GROUP_SHIFT)
    flat, owner = flat[marked] >> _GROUP_SHIFT, owner[marked]
    table = np.zeros((number, len(GROUPS) + 2))
    for group in (len(GROUPS), len(GROUPS) + 1):
        table[:, group] = np.bincount(owner[(flat >> group) & 1 == 1], minlength=number)
    grouped = (flat & ((1 << len(GROUPS)) - 1)) > 0
    flat, owner = flat[grouped], owner[grouped]
    for group in range(len(GROUPS)):
        table[:, group] = np.bincount(owner[(flat >> group) & 1 == 1], minlength=number)
    letters = table[:, len(GROUPS)].copy()
    table /= size[:, None]
    table[:, len(GROUPS)] /= size
    table[:, len(GROUPS) + 1] *= size / np.maximum(letters, 1)
    return table


def _coherence(
    ids: NDArray[np.int32], owner: NDArray[np.int64], content: NDArray[np.bool_], number: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return which line has which content word, and how a line's content words recur over the page.

    A line of the article shares words with what was said before and what follows; a teaser does not.
    """
    if not content.any():
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros((number, 6))
    keys = np.unique(ids[content].astype(np.int64) * (number + 1) + owner[content])
    words, lines = keys // (number + 1), keys % (number + 1)
    fresh = np.concatenate(([True], words[1:] != words[:-1]))
    terms = np.cumsum(fresh) - 1
    spread = np.bincount(terms)[terms]
    before = np.where(fresh, 10**9, lines - np.concatenate(([0], lines[:-1])))
    ending = np.concatenate((fresh[1:], [True]))
    after = np.where(ending, 10**9, np.concatenate((lines[1:], [0])) - lines)
    size = np.maximum(np.bincount(lines, minlength=number), 1)

    def share(hit: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(lines, weights=hit, minlength=number) / size

    table = np.column_stack(
        [
            share(before < 10**9),
            share(after < 10**9),
            share(before <= 5),
            share(after <= 5),
            share(spread > 3),
            np.log1p(size) / 2,
        ]
    )
    return terms.astype(np.int32), lines.astype(np.int32), table


def _repeats(lines: Sequence[Line]) -> NDArray[np.float64]:
    """Return whether the same line stands elsewhere on the page, and whether it stood there before."""
    seen: dict[str, int] = {}
    before = []
    for line in lines:
        times = seen.get(line.text, 0)
        before.append(times)
        seen[line.text] = times + 1
    total = np.array([seen[line.text] for line in lines])
    return np.column_stack([np.log1p(total - 1), np.array(before) > 0])


def _page(lines: Sequence[Line]) -> NDArray[np.float64]:
    """Return facts of the page as a whole, the same for each line."""
    number = len(lines)
    lengths = np.fromiter((line.end - line.start for line in lines), dtype=np.float64, count=number)
    gaps = np.fromiter((line.gap for line in lines), dtype=np.float64, count=number)
    facts = [
        np.log1p(number) / 4,
        np.log1p(lengths.sum()) / 6,
        float(np.mean(lengths > 80)),
        float(np.mean(gaps > 1)),
        float(np.mean(gaps == 0)),
        np.log1p(np.median(lengths)) / 3,
        lengths.max(initial=0.0) / max(lengths.sum(), 1.0),
        float(lengths[lengths > 80].sum()) / max(lengths.sum(), 1.0),
    ]
    return np.tile(np.array(facts), (number, 1))
