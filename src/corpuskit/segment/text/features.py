"""A page's lines as numbers.

Everything is computed for the whole page at once: characters by table look-up over one array of code points, words
through one cache from word to number.  The cost is linear in the text, and long lines are read only at their ends
(:data:`HEAD`, :data:`TAIL` characters), so a page of 50 MB costs what its number of lines costs.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.plane import BMP, by_category
from corpuskit.segment.kept import Kept
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
# One word: a run of letters, a run of digits, or one other mark.  Scripts without spaces give two letters at a time.
_WORD: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_WIDE_WORD: Final = re.compile(rf"[{_WIDE}]{{1,2}}|(?:(?![{_WIDE}])[^\W\d_])+|\d+|[^\w\s]")
_HAS_WIDE: Final = re.compile(rf"[{_WIDE}]")
_LONG_WORD: Final = 5  # letters: shorter words are mostly function words in alphabetic scripts

_LINKS: Final = (
    re.compile(r"!\[[^\]\n]*\]\([^)\n]*"),  # markdown images
    re.compile(r"\[[^\]\n]+\]\([^)\n]*"),  # markdown links (and images: the difference tells)
    re.compile(r"http"),
    re.compile(r"www\."),
)
_NUMBER: Final = re.compile(r"\d[\d.:/-]*")
_FORM: Final = re.compile(  # what a run of digits can be; the first that fits is counted
    r"(?P<year>(?:19|20)\d\d$)"
    r"|(?P<time>\d{1,2}:\d\d(?::\d\d)?$)"
    r"|(?P<date>\d{1,4}(?P<mark>[./-])\d{1,2}(?P=mark)\d{1,4}\.?$)"
    r"|(?P<small>\d{1,2}\.?$)"
    r"|(?P<other>)"
)
_FORMS: Final = ("year", "time", "date", "small", "other")
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
_COUNTED: Final = [_CLASSES.index(name) for name in ("end", "comma", "quote", "bar", "bracket")]
"""Classes of marks of which a line has so many, besides its share of them."""

_SPECIAL: Final = "©@#$:%"
"""Marks that are counted one by one."""


@cache
def _special_table() -> NDArray[np.uint8]:
    """Return for each code point below 256 its place in ``_SPECIAL``, counted from 1; 0 for any other."""
    table = np.zeros(256, dtype=np.uint8)
    for number, mark in enumerate(_SPECIAL, 1):
        table[ord(mark)] = number
    return table


@cache
def _class_table() -> NDArray[np.uint8]:
    """Return the class of every code point of the basic plane; the last entry stands for all others."""
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
    numbers = {category: _CLASSES.index(name) for category, name in names.items()}
    other, letter, wide = (_CLASSES.index(name) for name in ("mark", "letter", "wide"))
    table = np.append(by_category(numbers, other), np.uint8(other))
    for run in re.finditer(rf"[{_WIDE}]+", "".join(map(chr, range(BMP)))):
        table[run.start() : run.end()][table[run.start() : run.end()] == letter] = wide
    for name, marks in _MARKS.items():
        for mark in marks:
            table[ord(mark)] = _CLASSES.index(name)
    return table


_GROUP_SHIFT: Final = BUCKETS.bit_length()
_KNOWN: Final = 1 << 18
"""Words, and stretches between white space, whose numbers are remembered: nearly all that pages of a language use."""


_LETTERS: Final = 1 << (_GROUP_SHIFT + len(GROUPS))
_CAPITAL: Final = _LETTERS << 1
_PACKED: Final = np.dtype("<i8")
"""How the numbers of words are kept, as bytes: those of a line, and of a page, are then joined as text is."""


def _number(word: str) -> bytes:
    """Return the number of a word: hash bucket in the low bits, then a flag for content words, then its groups."""
    first = word[0]
    folded = "0" * min(len(word), 5) if first.isdigit() else word.casefold()
    value = zlib.crc32(folded.encode("utf-8", "surrogatepass")) % BUCKETS
    value |= word_groups().get(folded, 0) << _GROUP_SHIFT
    if first.isalpha():
        value |= _LETTERS
        if len(word) >= _LONG_WORD or first > "\u2fff":
            value |= BUCKETS
        if first.isupper():
            value |= _CAPITAL
    return value.to_bytes(_PACKED.itemsize, "little")


_NUMBERS: Final = Kept(_number, _KNOWN)


def _read_stretch(stretch: str) -> bytes:
    """Return the numbers of the words in a stretch without white space."""
    word = _WIDE_WORD if _HAS_WIDE.search(stretch) else _WORD
    return b"".join(map(_NUMBERS.__getitem__, word.findall(stretch)))


_STRETCHES: Final = Kept(_read_stretch, _KNOWN)


def _read(text: str) -> bytes:
    """Return the numbers of the words in ``text``."""
    return b"".join(map(_STRETCHES.__getitem__, text.split()))


def _unpack(read: Sequence[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of the words of several texts, and how many each has."""
    sizes = np.fromiter(map(len, read), np.int64, len(read))
    return np.frombuffer(b"".join(read), _PACKED), sizes // _PACKED.itemsize


_LAYOUT_WIDTH: Final = 19
_CHARACTERS_WIDTH: Final = 3 * len(_CLASSES) + 13
_FIRST_GROUP: Final = _LAYOUT_WIDTH + _CHARACTERS_WIDTH + len(_LINKS) + len(_FORMS) + _SHORT.groups
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
    number = len(lines)
    texts = [line.text for line in lines]
    heads = [text[:HEAD] for text in texts]
    flat, counts = _unpack([_read(head) for head in heads])
    starts = np.concatenate(([0], np.cumsum(counts)))
    owner = np.repeat(np.arange(number), counts)
    place = np.arange(len(flat)) - starts[owner]
    ids = (flat & (BUCKETS - 1)).astype(np.int32)
    spans = _Spans.of(lines)
    terms, term_lines, term_features = _coherence(ids, owner, (flat & BUCKETS) != 0, number)
    dense = [
        _layout(spans, counts),
        _characters(heads, texts),
        _matches(heads),
        _group_counts(flat, owner, place, counts),
        term_features,
        _repeats(texts),
        _page(spans),
    ]
    return Features(
        _word_counts(spans, flat, owner),
        np.concatenate(dense, axis=1, dtype=np.float32, casting="same_kind"),
        Bag(ids[place < HEAD_WORDS], np.concatenate(([0], np.cumsum(np.minimum(counts, HEAD_WORDS))))),
        _pairs(ids, counts, place),
        _tails(texts, ids, owner, place, counts),
        terms,
        term_lines,
    )


@dataclass(frozen=True, slots=True)
class _Spans:
    """Where the lines stand: first and last character, and line breaks before."""

    start: NDArray[np.float64]
    gap: NDArray[np.float64]
    length: NDArray[np.float64]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Spans:
        starts, ends, _, gaps = zip(*lines, strict=True)
        start = np.array(starts, np.float64)
        return cls(start, np.array(gaps, np.float64), np.array(ends, np.float64) - start)


def _tails(
    texts: Sequence[str],
    ids: NDArray[np.int32],
    owner: NDArray[np.int64],
    place: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> Bag:
    """Return the last words of lines longer than their head."""
    cut = np.array([len(text) > HEAD for text in texts])
    last = slice(-TAIL_WORDS * _PACKED.itemsize, None)
    read, sizes = _unpack([_read(text[-TAIL:])[last] for text in texts if len(text) > HEAD])
    held = np.clip(counts - HEAD_WORDS, 0, TAIL_WORDS)
    held[cut] = sizes
    known = (place >= np.maximum(HEAD_WORDS, counts - TAIL_WORDS)[owner]) & ~cut[owner]
    from_cut = np.repeat(cut, held)
    numbers = np.empty(len(from_cut), np.int32)
    numbers[~from_cut] = ids[known]
    numbers[from_cut] = read & (BUCKETS - 1)
    return Bag(numbers, np.concatenate(([0], np.cumsum(held))))


def _pairs(ids: NDArray[np.int32], counts: NDArray[np.int64], place: NDArray[np.int64]) -> Bag:
    """Return the hashed pairs of neighbouring words; a line's first word is paired with its beginning."""
    before = np.where(place > 0, np.concatenate((np.zeros(1, np.int32), ids[:-1]))[: len(ids)], 1)
    mixed = (before.astype(np.int64) * 1_000_003 + ids * 8_191 + 12_289) % BUCKETS
    kept = place < PAIRS
    return Bag(mixed[kept].astype(np.int32), np.concatenate(([0], np.cumsum(np.minimum(counts, PAIRS)))))


def _word_counts(spans: _Spans, flat: NDArray[np.int64], owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the words of each line: counted where it was read, estimated from its length beyond."""
    shown = (flat >> (_GROUP_SHIFT + len(GROUPS))) & 1
    counts = np.bincount(owner, weights=shown, minlength=len(spans.length))
    return np.rint(counts * np.maximum(1.0, spans.length / HEAD)).astype(np.int64)


def _layout(spans: _Spans, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return lengths, gaps and positions."""
    start, gap, length = spans.start, spans.gap, spans.length
    number = len(start)
    indent = np.clip(start - np.concatenate(([0.0], (start + length)[:-1])) - gap, 0, 64)
    mass = np.where(length > 80, length, 0.0)
    before = np.cumsum(mass) - mass
    after = mass.sum() - before - mass
    total = max(mass.sum(), 1.0)
    rank = np.arange(number)
    return np.array(
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
    ).T


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _characters(heads: list[str], texts: list[str]) -> NDArray[np.float64]:
    """Return shares of character classes, and what the first and last characters are."""
    number, width = len(heads), len(_CLASSES)
    codes = _codes("".join(heads))
    classes = _class_table().take(codes, mode="clip")
    lengths = np.fromiter(map(len, heads), dtype=np.int64, count=number)
    owner = np.repeat(np.arange(number), lengths)
    table = np.bincount(owner * width + classes, minlength=number * width).reshape(number, width)
    starts = np.cumsum(lengths) - lengths
    last = _codes("".join([text[-1] for text in texts]))
    kinds = np.eye(width)
    return np.column_stack(
        [
            table / np.maximum(lengths, 1)[:, None],
            kinds[classes[starts]],
            kinds[_class_table().take(last, mode="clip")],
            np.log1p(table[:, _COUNTED]),
            _specials(codes, owner, number),
            last == ord(":"),
            codes[starts] > 0x2000,
        ]
    )


def _specials(codes: NDArray[np.uint32], owner: NDArray[np.int64], number: int) -> NDArray[np.float64]:
    """Return how often each line has each of the special marks, three at most."""
    places = _special_table().take(codes, mode="clip")
    found = np.flatnonzero(places)
    cells = owner[found] * len(_SPECIAL) + places[found] - 1
    return np.minimum(np.bincount(cells, minlength=number * len(_SPECIAL)), 3.0).reshape(number, -1)


def _form(digits: str) -> int:
    """Return the column of a run of digits in the table of :func:`_matches`."""
    found = _FORM.match(digits)
    return len(_LINKS) + (_FORMS.index(found.lastgroup) if found and found.lastgroup else 0)


_NUMBER_FORMS: Final = Kept(_form)


def _matches(heads: list[str]) -> NDArray[np.float64]:
    """Return how many links and numbers each line has, of which form, and which short patterns it fits."""
    text = "\n".join(heads)
    found = [(match.start(), column) for column, link in enumerate(_LINKS) for match in link.finditer(text)]
    found += [(match.start(), _NUMBER_FORMS[match[0]]) for match in _NUMBER.finditer(text)]
    places, columns = np.fromiter(chain.from_iterable(found), np.int64, 2 * len(found)).reshape(-1, 2).T
    ends = np.cumsum([len(head) + 1 for head in heads])
    width = len(_LINKS) + len(_FORMS) + _SHORT.groups
    cells = np.searchsorted(ends, places, side="right") * width + columns
    table = np.bincount(cells, minlength=len(heads) * width).reshape(-1, width)
    for row, head in enumerate(heads):
        if len(head) <= _BRIEF and (fit := _SHORT.match(head)):
            table[row, len(_LINKS) + len(_FORMS) + (fit.lastindex or 1) - 1] = 1
    return np.minimum(table, 3.0)


def _group_counts(
    flat: NDArray[np.int64], owner: NDArray[np.int64], place: NDArray[np.int64], counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the share of each group's words among a line's first words, and of capitalised words."""
    number, width = len(counts), len(GROUPS)
    size = np.sqrt(np.maximum(np.minimum(counts, 2 * HEAD_WORDS), 1))
    marked = (place < 2 * HEAD_WORDS) & (flat >= 1 << _GROUP_SHIFT)
    flat, owner = flat[marked] >> _GROUP_SHIFT, owner[marked]
    letters, capitals = (np.bincount(owner[(flat >> (width + bit)) & 1 == 1], minlength=number) for bit in (0, 1))
    grouped = np.flatnonzero(flat & ((1 << width) - 1))
    word, group = np.nonzero((flat[grouped, None] >> np.arange(width)) & 1)
    cells = owner[grouped][word] * width + group
    table = np.column_stack([np.bincount(cells, minlength=number * width).reshape(number, width), letters, capitals])
    table = table / size[:, None]
    table[:, width] /= size
    table[:, width + 1] *= size / np.maximum(letters, 1)
    return table


_NEVER: Final = 10**9


def _coherence(
    ids: NDArray[np.int32], owner: NDArray[np.int64], content: NDArray[np.bool_], number: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return which line has which content word, and how a line's content words recur over the page.

    A line of the article shares words with what was said before and what follows; a teaser does not.
    """
    if not content.any():
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros((number, 6))
    keys = np.sort(ids[content].astype(np.int64) * (number + 1) + owner[content])
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    words, lines = keys // (number + 1), keys % (number + 1)
    fresh = np.concatenate(([True], words[1:] != words[:-1]))
    terms = np.cumsum(fresh) - 1
    spread = np.bincount(terms)[terms]
    apart = np.where(fresh, _NEVER, np.concatenate(([_NEVER], np.diff(lines))))
    before, after = apart, np.append(apart[1:], _NEVER)
    hits = np.array([before < _NEVER, after < _NEVER, before <= 5, after <= 5, spread > 3])
    cells = lines + number * np.arange(len(hits))[:, None]
    size = np.maximum(np.bincount(lines, minlength=number), 1)
    shares = np.bincount(cells[hits], minlength=number * len(hits)).reshape(-1, number) / size
    return terms.astype(np.int32), lines.astype(np.int32), np.vstack([shares, np.log1p(size) / 2]).T


def _repeats(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return whether the same line stands elsewhere on the page, and whether it stood there before."""
    seen: dict[str, int] = {}
    first = np.array([seen.setdefault(text, row) for row, text in enumerate(texts)])
    return np.column_stack([np.log1p(np.bincount(first)[first] - 1), first < np.arange(len(texts))])


def _page(spans: _Spans) -> NDArray[np.float64]:
    """Return facts of the page as a whole, the same for each line."""
    gaps, lengths = spans.gap, spans.length
    ordered = np.sort(lengths)
    number, total = len(lengths), max(lengths.sum(), 1.0)
    long = lengths > 80
    facts = [
        np.log1p(number) / 4,
        np.log1p(lengths.sum()) / 6,
        np.count_nonzero(long) / number,
        np.count_nonzero(gaps > 1) / number,
        np.count_nonzero(gaps == 0) / number,
        np.log1p((ordered[(number - 1) // 2] + ordered[number // 2]) / 2) / 3,  # the median
        lengths.max(initial=0.0) / total,
        lengths[long].sum() / total,
    ]
    return np.broadcast_to(np.array(facts), (number, len(facts)))
