"""What one codec's misreading would explain of a text: the groups of UTF-8 it makes, and how likely each is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from ftfy.badness import badness

from corpuskit.plane import BMP
from corpuskit.repair.alphabets import GREEK, PUNCTUATION
from corpuskit.repair.candidates import CONTEXT, Zone, cumulate, to_text
from corpuskit.repair.likelihood import SCALE
from corpuskit.repair.misreadings import FOREIGN, SINGLE_BYTE
from corpuskit.repair.utf8_sequences import sequences_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Codes
    from corpuskit.repair.utf8_sequences import Sequences

SOLO: Final = 10.0
"""Nats by which a reading has to be likelier to be applied on its own."""
RARE: Final = 18.0
"""The same for codecs that are less often to blame, and whose letters make UTF-8 by chance more often."""
COMMON: Final = frozenset({"cp1252", "latin-1", "iso8859-15", "mac-roman"})
COMMON_ROWS: Final = sum(1 << row for row, codec in enumerate(SINGLE_BYTE) if codec in COMMON)
"""The same as bits of :func:`corpuskit.repair.misreadings.readers_of_utf8`."""
LONE: Final = 40.0
"""Nats more that the only character of some other script on a page needs, where nothing else was misread so."""
CONTRADICTED: Final = 16.0
"""Nats more that a reading needs where it leaves most of what its codec may have misread, or what is unlikely."""
OTHERS: Final = 2
"""Unlikely characters left for each one read, from which another misreading is the likelier."""
UNSUSPECTED: Final = 8.0
"""Nats more that a reading by a :data:`COMMON` codec needs by itself where ftfy sees nothing wrong with what stands
there (:func:`ftfy.badness.badness`): its list of what does not go together was made by hand, and knows other things
than the model does."""
AROUND: Final = 2
"""Characters on either side that count for it."""
SIGN: Final = 5
"""Nats that a letter and a sign that may follow one need more: "CAFÉ…" and "IRMÃ…" are two bytes of UTF-8 each."""
JOIN: Final = 6
"""Nats that a plain space read as a no-break one needs more where that joins two words."""
_SIGNS: Final = np.zeros(BMP, bool)
_SIGNS[[ord(sign) for sign in "…“”‘’‚„–—•‹›«»·¡¿™®©،؛؟"]] = True
NEAR: Final = 3
"""Characters before and after a group's start by which it is told whether it stands there again."""
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
"""Multiplier of a hash: 2^64 by the golden ratio (Knuth, The Art of Computer Programming, volume 3, 6.4)."""
HAN: Final = 0x2E80
"""The code point from which characters are those of East Asia."""
IPA: Final = 0x250
"""The code point after the last Latin letter of the first blocks."""
ALPHABETS: Final = 0x1100
"""Kinds of :func:`_alphabets`."""
USUAL_ALPHABETS: Final = (0x00, 0x20, 0x21, 0x25, 0x26, 0x27, 0x30, 0xFB, 0xFE, 0xFF, *range(0x1F0, 0x1FB))
"""Latin letters, signs and pictures, by the first digits of their code points: one of them may be alone on a page."""


@dataclass(frozen=True)
class Reading:
    """One codec's groups of adjacent UTF-8 characters.

    Attributes:
        row: the codec, by its row in the tables.
        starts: where each group starts in the zone, and ``ends`` where it ends.
        new_starts: where each group starts in ``codes``, and ``new_ends`` where it ends.
        gains: how many steps likelier each group makes the text.
        density: the gains, each at its start in the zone.
        applied: the sum of the gains that are good on their own: of ``least`` steps, and of ``doubts`` beyond.
        codes: the zone, read so.
        left: which characters of the zone beyond ASCII are in no group.
        least: steps that any group needs.
        doubts: steps that each group needs beyond these.
    """

    row: int
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    new_starts: NDArray[np.int64]
    new_ends: NDArray[np.int64]
    gains: NDArray[np.int64]
    density: NDArray[np.int64]
    applied: int
    codes: Codes
    left: NDArray[np.bool_]
    least: float
    doubts: NDArray[np.int64]


def read_by(zone: Zone, row: int, tables: NDArray[np.uint8]) -> Reading | None:
    """Return what ``zone`` is if the codec of ``row`` misread it; ``None`` where there is no UTF-8 by it."""
    sequences = sequences_by(zone.codes, row, tables)
    if not len(sequences[0]):
        return None
    codes, shift = _decoded(zone.codes, sequences)
    starts, ends = _adjacent(sequences)
    new_starts, new_ends = starts - shift[starts], ends - shift[ends]
    before, after = zone.cumulated, cumulate(zone.model, codes)
    gains = (before[ends + CONTEXT] - before[starts]) - (after[new_ends + CONTEXT] - after[new_starts])
    gains -= _doubts(zone.codes, starts, ends)
    density = np.zeros(len(zone.codes), np.int64)
    density[starts] = np.maximum(gains, 0)
    left = _left(zone.codes, starts, ends)
    is_contradicted = _is_contradicted(zone.codes, left, tables[row]) or (
        np.count_nonzero(left & zone.suspects) > OTHERS * int(sequences[1].sum())
    )
    least = (_least(row) + CONTRADICTED * is_contradicted) * SCALE
    inside = _spread(len(codes), new_starts[gains >= least], new_ends[gains >= least])
    doubts = _lone(zone.codes[left], codes, inside, new_starts) * int(LONE * SCALE)
    if SINGLE_BYTE[row] in COMMON:
        doubts += _unsuspected(zone, starts, ends, gains - least)
    sure = gains >= least + doubts
    return Reading(
        row=row,
        starts=starts,
        ends=ends,
        new_starts=new_starts,
        new_ends=new_ends,
        gains=gains,
        density=density,
        applied=_evidence(zone.codes, starts[sure], ends[sure], gains[sure]),
        codes=codes,
        left=left,
        least=least,
        doubts=doubts,
    )


def _decoded(codes: Codes, sequences: Sequences) -> tuple[Codes, NDArray[np.int64]]:
    """Return ``codes`` with a character for each of the sequences, and how far what stood at each is moved by it."""
    starts, lengths, values = sequences
    dropped = np.zeros(len(codes) + 1, np.int64)
    for step in range(1, 4):
        dropped[starts[lengths > step] + step] = 1
    decoded = codes.copy()
    decoded[starts] = values
    return decoded[dropped[:-1] == 0], np.concatenate(([0], np.cumsum(dropped)))


def _adjacent(sequences: Sequences) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the groups of sequences that touch start and end."""
    starts, lengths, _ = sequences
    ends = starts + lengths
    first = np.flatnonzero(np.append(True, starts[1:] != ends[:-1]))
    return starts[first], ends[np.append(first[1:], len(starts)) - 1]


def _least(row: int) -> float:
    return SOLO if SINGLE_BYTE[row] in COMMON else RARE


def _doubts(codes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the steps that groups need more than others, because what they are made of stands together by chance."""
    last = codes[ends - 1]
    signs = _SIGNS[np.minimum(last, BMP - 1)]
    joins = (last == 0x20) & _is_letter(codes[np.minimum(ends, len(codes) - 1)])
    doubts: NDArray[np.int64] = ((ends - starts == 2) & signs) * (SIGN * SCALE) + joins * (JOIN * SCALE)
    return doubts


def _is_letter(codes: Codes) -> NDArray[np.bool_]:
    folded = codes | 0x20
    return (folded >= 0x61) & (folded <= 0x7A) | (codes >= 0xC0)


def _left(codes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which characters beyond ASCII lie in none of the groups from ``starts`` to ``ends``."""
    left: NDArray[np.bool_] = (codes > 0x7F) & ~_spread(len(codes), starts, ends)
    return left


def _is_contradicted(codes: Codes, left: NDArray[np.bool_], table: NDArray[np.uint8]) -> bool:
    """Tell whether most letters that the codec of ``table`` has beyond Latin ones are ``left``: this is their text."""
    own = (codes >= GREEK) & (codes < PUNCTUATION)
    own &= table[np.minimum(codes, BMP - 1)] != FOREIGN
    return 2 * int((own & left).sum()) > int(own.sum())


def _lone(left: Codes, codes: Codes, inside: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which groups, from ``starts``, become the only character of its kind among those ``left`` and ``inside``."""
    alphabets = _alphabets(codes)
    several = _usual_alphabets().copy()
    if several[alphabets].all():
        return np.zeros(len(starts), bool)
    several[_alphabets(left)] = True
    # What is there twice, as different characters.
    least, most = np.full(ALPHABETS, 0x110000, np.uint32), np.zeros(ALPHABETS, np.uint32)
    np.minimum.at(least, alphabets[inside], codes[inside])
    np.maximum.at(most, alphabets[inside], codes[inside])
    several |= least < most
    # What is misread twice over becomes one letter again and again, each time before another sign.
    at = np.flatnonzero(inside[:-1] & inside[1:])
    pairs = np.unique(codes[at].astype(np.uint64) << np.uint64(21) | codes[at + 1])
    several |= np.bincount(_alphabets((pairs >> np.uint64(21)).astype(np.uint32)), minlength=ALPHABETS) > 1
    found: NDArray[np.bool_] = np.logical_or.reduceat(~several[alphabets], starts)
    return found


def _unsuspected(
    zone: Zone, starts: NDArray[np.int64], ends: NDArray[np.int64], margins: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the steps more that groups need which gain enough by a small margin and look good to ftfy as they are."""
    doubts = np.zeros(len(starts), np.int64)
    for group in np.flatnonzero((margins >= 0) & (margins < UNSUSPECTED * SCALE)).tolist():
        if not badness(zone.text[max(0, starts[group] - AROUND) : ends[group] + AROUND]):
            doubts[group] = int(UNSUSPECTED * SCALE)
    return doubts


def _evidence(codes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64], gains: NDArray[np.int64]) -> int:
    """Return what groups gain together, counting once what stands there again: templates prove nothing new."""
    padded = np.pad(codes, NEAR, constant_values=0x20).astype(np.uint64)
    key = (ends - starts).astype(np.uint64)
    for step in range(2 * NEAR + 1):
        key = key * _MIX + padded[starts + step]
    _, first = np.unique(key, return_index=True)
    return int(gains[first].sum())


def strangers(zone: Zone, reading: Reading) -> NDArray[np.bool_]:
    """Tell which groups become letters of a script that nothing else is in: "déšť" may be read as a Han character."""
    sure = reading.gains >= reading.least
    alphabets = _alphabets(reading.codes)
    familiar = np.zeros(ALPHABETS, bool)
    familiar[0] = True
    familiar[_alphabets(zone.codes[reading.left])] = True
    familiar[alphabets[_spread(len(alphabets), reading.new_starts[sure], reading.new_ends[sure])]] = True
    found: NDArray[np.bool_] = np.logical_or.reduceat(~familiar[alphabets], reading.new_starts)
    return found


def _alphabets(codes: Codes) -> NDArray[np.uint32]:
    """Return for each code point the number of its 256, those of Latin letters as one, those of Han as one."""
    alphabets: NDArray[np.uint32] = codes >> np.uint32(8)
    alphabets[codes < IPA] = 0
    alphabets[alphabets == 0x1E] = 0
    alphabets[(codes >= HAN) & (codes < BMP)] = HAN >> 8
    return alphabets


@cache
def _usual_alphabets() -> NDArray[np.bool_]:
    """Return which kinds of :func:`_alphabets` are :data:`USUAL_ALPHABETS`."""
    usual = np.zeros(ALPHABETS, bool)
    usual[list(USUAL_ALPHABETS)] = True
    return usual


def _spread(size: int, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each of ``size`` characters whether it lies in one of the groups from ``starts`` to ``ends``."""
    edges = np.zeros(size + 1, np.int8)
    edges[starts] = 1
    edges[ends] -= 1
    inside: NDArray[np.bool_] = np.cumsum(edges[:-1]) > 0
    return inside


def merged(zone: Zone, reading: Reading, good: NDArray[np.bool_], beside: int) -> list[tuple[int, int, str, float]]:
    """Return the good groups, those with at most ``beside`` of ASCII between them as one: start, end, text, nats."""
    starts, ends = reading.starts[good], reading.ends[good]
    if not len(starts):
        return []
    apart = (zone.codes >= 0x80) | (zone.codes == 0x0A) | (zone.codes == 0x0D)
    obstacles = np.concatenate(([0], np.cumsum(apart)))
    gap = starts[1:] - ends[:-1]
    first = np.flatnonzero(np.append(True, (gap > beside) | (obstacles[starts[1:]] > obstacles[ends[:-1]])))
    last = np.append(first[1:], len(starts)) - 1
    text = to_text(reading.codes)
    gains = np.add.reduceat(reading.gains[good], first) / SCALE
    new_starts, new_ends = reading.new_starts[good][first], reading.new_ends[good][last]
    spans = zip(
        starts[first].tolist(), ends[last].tolist(), new_starts.tolist(), new_ends.tolist(), gains.tolist(), strict=True
    )
    return [(start, end, text[low:high], gain) for start, end, low, high, gain in spans]
