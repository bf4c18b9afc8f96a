"""UTF-8 read as a single-byte codec: the most common misreading by far."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from ftfy.badness import badness

from corpuskit.plane import BMP, by_category
from corpuskit.repair.alphabets import GREEK, PUNCTUATION
from corpuskit.repair.candidates import CONTEXT, SECONDED, SECONDING, Candidate, Zone, cumulate, proven, sample, to_text
from corpuskit.repair.likelihood import SCALE, code_points
from corpuskit.repair.misreadings import FOREIGN, SINGLE_BYTE, fallen_bytes, spaced_utf8_tables, utf8_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Codes, Model

    _Sequences = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]

_LENGTHS: Final = np.select([np.arange(256) < 0xE0, np.arange(256) < 0xF0], [2, 3], 4)
"""How long a UTF-8 sequence is that begins with a byte."""
_LEAST: Final = np.array((0, 0, 0x80, 0x800, 0x10000), np.uint32)
"""The least code point that a sequence of each length stands for: a shorter one would do for those before."""

SOLO: Final = 10.0
"""Nats by which a reading has to be likelier to be applied on its own."""
RARE: Final = 18.0
"""The same for codecs that are less often to blame, and whose letters make UTF-8 by chance more often."""
COMMON: Final = frozenset({"cp1252", "latin-1", "iso8859-15", "mac-roman"})
COMMON_ROWS: Final = sum(1 << row for row, codec in enumerate(SINGLE_BYTE) if codec in COMMON)
"""The same as bits of :func:`corpuskit.repair.misreadings.readers_of_utf8`."""
WINDOWS_1252: Final = SINGLE_BYTE[:2]
USUAL: Final = 10.0
"""Nats that speak for windows-1252 and latin-1 where another codec reads as much: nine pages of ten that were misread
were so by these."""
UNSUSPECTED: Final = 8.0
"""Nats more that a reading by a :data:`COMMON` codec needs by itself where ftfy sees nothing wrong with what stands
there (:func:`ftfy.badness.badness`): its list of what does not go together was made by hand, and knows other things
than the model does."""
AROUND: Final = 2
"""Characters on either side that count for it."""
SPACED: Final = 8.0
"""The same for text whose no-break spaces became plain ones: "Å ena" is right in Swedish, and no "Šena"."""
SIGN: Final = 5
"""Nats that a letter and a sign that may follow one need more: "CAFÉ…" and "IRMÃ…" are two bytes of UTF-8 each."""
NEAR: Final = 3
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
JOIN: Final = 6
"""Nats that a plain space read as a no-break one needs more where that joins two words."""
HAN: Final = 0x2E80
PLANE_4: Final = 0x40000
TAGS: Final = 0xE00
IPA: Final = 0x250
ALPHABETS: Final = 0x1100
"""Kinds of :func:`_alphabets`."""
_SIGNS: Final = np.zeros(BMP, bool)
_SIGNS[[ord(sign) for sign in "…“”‘’‚„–—•‹›«»·¡¿™®©،؛؟"]] = True
USUAL_ALPHABETS: Final = (0x00, 0x20, 0x21, 0x25, 0x26, 0x27, 0x30, 0xFB, 0xFE, 0xFF, *range(0x1F0, 0x1FB))
"""Latin letters, signs and pictures, by the first digits of their code points: one of them may be alone on a page."""
LONE: Final = 40.0
"""Nats more that the only character of some other script on a page needs, where nothing else was misread so."""
STRANGER: Final = 8.0
"""Nats, and share of its own, by which a reading has to beat the one that does best on the whole page."""
STRANGER_SHARE: Final = 0.7
ADJACENT: Final = 2
"""Characters of ASCII between two changes up to which they are one edit."""
JOINED: Final = 3
"""Characters between two changes up to which they are one stretch."""
CONTRADICTED: Final = 16.0
"""Nats more that a reading needs where it leaves most of what its codec may have misread, or what is unlikely."""
OTHERS: Final = 2
"""Unlikely characters left for each one read, from which another misreading is the likelier."""
BESIDE: Final = 12
"""Characters of ASCII between two changes of a line all of which was misread up to which they are one edit."""
_MISREAD: Final = re.compile(rf"[^\x00-\x7f]+(?:[^\r\n\x80-\U0010ffff]{{1,{BESIDE}}}[^\x00-\x7f]+)*")
"""Characters beyond ASCII, and those at most :data:`BESIDE` of ASCII further on the same line."""
CERTAIN: Final = 60.0
"""Nats from which a text all of which is valid UTF-8 by windows-1252 is asked nothing else."""
READABLE: Final = 4.4
"""Nats a character of what it becomes may cost: clean text costs 3 to 4."""
SAMPLE: Final = 4096
"""Characters of a long zone by which codecs are ranked."""
TRIED: Final = 5


def utf8_candidates(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return the readings of parts of ``zone`` as UTF-8 that are worth applying, in order, none overlapping.

    ``known`` has the nats gained so far on the page by each misreading: what is known to have happened to a page needs
    less evidence to be seen again.
    """
    return _candidates(zone, known, utf8_tables(), SECONDED, "")


def whole_text_candidates(text: str, model: Model) -> list[Candidate]:
    """Return the reading of ``text`` as UTF-8 where windows-1252 or latin-1 misread all of it, if that is likely.

    Python's own codecs tell in one step, which is worth it: most text that was misread is all misread, and so.
    """
    for name, codec in zip(WINDOWS_1252, ("sloppy-windows-1252", "latin-1"), strict=True):
        try:
            octets = text.encode(codec)
            after = octets.decode()
        except UnicodeError:
            continue
        if any(_reads_otherwise(text, after, rival) for rival in SINGLE_BYTE):
            return []
        spans = [(match.start(), match.end()) for match in _MISREAD.finditer(text)]
        starts, ends = np.array(spans).T
        # What a span has too many of trailing bytes, all that comes after it is further to the left.
        trailing = (np.frombuffer(octets, np.uint8) & 0xC0) == 0x80
        shift = np.concatenate(([0], np.cumsum(trailing)))
        low, high = starts - shift[starts], ends - shift[ends]
        before, later = (cumulate(model, code_points(part)) for part in (text, after))
        gains = ((before[ends + CONTEXT] - before[starts]) - (later[high + CONTEXT] - later[low])) / SCALE
        if gains.sum() < CERTAIN or later[-1] > READABLE * SCALE * len(after):
            return []
        changes = zip(spans, low.tolist(), high.tolist(), gains.tolist(), strict=True)
        return [Candidate(*span, after[begin:end], gain, _chain_of(name)) for span, begin, end, gain in changes]
    return []


def _reads_otherwise(text: str, after: str, codec: str) -> bool:
    """Tell whether all of ``text`` is UTF-8 by ``codec`` too, and other text than ``after``."""
    try:
        return text.encode(codec).decode() != after
    except UnicodeError:
        return False


def spaced_utf8_candidates(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return readings like those of :func:`utf8_candidates`, of text whose no-break spaces became plain ones.

    The second byte of "à" is a no-break space in most codecs, and much software takes that for a space.
    """
    return _candidates(zone, known, spaced_utf8_tables(), SPACED, ", its no-break spaces lost")


def whole_line_candidates(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return the readings as UTF-8 of lines all of which one codec misread, the one that explains most of ``zone``.

    Source of the idea: :func:`corpuskit.repair.candidates.proven`.
    """
    tables = utf8_tables()
    row = _likeliest_row(zone, tables)
    reading = _read(zone, row, tables) if row is not None else None
    if reading is None:
        return []
    lines = np.cumsum(zone.codes == 0x0A)
    spoilt = np.bincount(lines, reading.left) > 0
    chain = _chain(reading.row)
    gains = (reading.gains - reading.doubts) / SCALE
    good = proven(lines[reading.starts], gains, spoilt, reading.least / SCALE, known.get(chain, 0.0))
    return [
        Candidate(start, end, after, gain, chain) for start, end, after, gain in _merged(zone, reading, good, BESIDE)
    ]


def _likeliest_row(zone: Zone, tables: NDArray[np.uint8]) -> int | None:
    """Return the row that makes the most UTF-8 of ``zone``; of several, the one that makes the likeliest text of it."""
    covered = _covered_by_row(zone.codes, tables)
    rivals = np.flatnonzero((covered == covered.max()) & (covered > 0)).tolist()[:TRIED]
    if len(rivals) > 1:
        found = {row: _sequences_by(zone.codes, row, tables) for row in rivals}
        sizes = {row: int(lengths.sum()) for row, (_, lengths, _) in found.items()}
        rivals = _distinct({row: found[row] for row in rivals if sizes[row] == max(sizes.values())}, {})
    if len(rivals) > 1:
        part = sample(zone, SAMPLE)
        readings = [reading for row in rivals if (reading := _read(part, row, tables)) is not None]
        if readings:
            best = max(
                readings, key=lambda reading: reading.gains.sum() - reading.least + _before(reading.row, {}) * SCALE
            )
            return best.row
    return rivals[0] if rivals else None


def _distinct(found: Mapping[int, _Sequences], known: Mapping[str, float]) -> list[int]:
    """Return the rows that find different sequences; of those that find the same, what is known of, else the first."""
    rows: dict[tuple[bytes, bytes], int] = {}
    for row, (starts, _, values) in found.items():
        same = starts.tobytes(), values.tobytes()
        if same not in rows or known.get(_chain(row), 0) > known.get(_chain(rows[same]), 0):
            rows[same] = row
    return list(rows.values())


def _candidates(
    zone: Zone, known: Mapping[str, float], tables: NDArray[np.uint8], seconded: float, remark: str
) -> list[Candidate]:
    readings = _ranked(zone, known, _worth_reading(zone, known, tables, remark), tables, remark)
    if not readings:
        return []
    best = _best_readings(zone, readings)
    candidates: list[Candidate] = []
    for i, reading in enumerate(readings):
        seconding = reading.applied / SCALE + known.get(_chain(reading.row), 0)
        least = max(seconded * SCALE, reading.least - seconding * SECONDING * SCALE)
        bars = np.where(_strangers(zone, reading), reading.least, least)
        if not seconding:
            bars = np.maximum(bars, reading.least + reading.doubts)
        good = (reading.gains >= bars) & (best[reading.starts] == i)
        candidates += (
            Candidate(start, end, after, gain, _chain(reading.row) + remark)
            for start, end, after, gain in _merged(zone, reading, good, ADJACENT)
        )
    candidates.sort()
    return candidates


def _worth_reading(zone: Zone, known: Mapping[str, float], tables: NDArray[np.uint8], remark: str) -> list[int]:
    """Return the rows to read ``zone`` by, the best first: of a long zone those that are best somewhere in a sample."""
    rows = _promising(zone.codes, tables)
    if remark:
        rows = [row for row in rows if known.get(_chain(row), 0) > 0]
    if len(rows) > 1:
        rows = _distinct({row: _sequences_by(zone.codes, row, tables) for row in rows}, known)
    part = sample(zone, SAMPLE)
    if part is zone or len(rows) < 2:
        return rows
    readings = _ranked(part, known, rows, tables, remark)
    if not readings:
        return rows
    best = _best_readings(part, readings)
    return [reading.row for i, reading in enumerate(readings) if i == 0 or (best[reading.starts] == i).any()]


def _ranked(
    zone: Zone, known: Mapping[str, float], rows: list[int], tables: NDArray[np.uint8], remark: str
) -> list[_Reading]:
    """Return the readings of ``zone`` by ``rows`` that have something for them, the best for the whole zone first."""
    found = [reading for row in rows if (reading := _read(zone, row, tables)) is not None]
    readings = [
        reading for reading in found if known.get(_chain(reading.row), 0) > 0 or (reading.applied > 0 and not remark)
    ]
    if len(readings) < 2:
        return readings
    promises = {reading.row: _promise(zone, reading, tables) for reading in readings}
    readings.sort(key=lambda reading: -reading.applied - promises[reading.row] - _before(reading.row, known) * SCALE)
    return readings


def _before(row: int, known: Mapping[str, float]) -> float:
    """Return the nats that speak for a codec before anything is read by it."""
    return known.get(_chain(row), 0.0) + USUAL * (row < len(WINDOWS_1252))


def _promise(zone: Zone, reading: _Reading, tables: NDArray[np.uint8]) -> int:
    """Return the steps to be gained by reading once more what ``reading`` makes of ``zone``."""
    again = _read(
        Zone(reading.codes, zone.positions, zone.model, np.zeros(len(reading.codes), bool)), reading.row, tables
    )
    return again.applied if again is not None else 0


def _least(row: int) -> float:
    return SOLO if SINGLE_BYTE[row] in COMMON else RARE


def _chain(row: int) -> str:
    return _chain_of(SINGLE_BYTE[row])


def _chain_of(codec: str) -> str:
    return f"UTF-8 read as {codec}"


def _strangers(zone: Zone, reading: _Reading) -> NDArray[np.bool_]:
    """Tell which groups become letters of a script that nothing else is in: "déšť" may be read as a Han character."""
    sure = reading.gains >= reading.least
    alphabets = _alphabets(reading.codes)
    familiar = np.zeros(ALPHABETS, bool)
    familiar[0] = True
    familiar[_alphabets(zone.codes[reading.left])] = True
    familiar[alphabets[_spread(len(alphabets), reading.new_starts[sure], reading.new_ends[sure])]] = True
    found: NDArray[np.bool_] = np.logical_or.reduceat(~familiar[alphabets], reading.new_starts)
    return found


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


@cache
def _usual_alphabets() -> NDArray[np.bool_]:
    """Return which kinds of :func:`_alphabets` are :data:`USUAL_ALPHABETS`."""
    usual = np.zeros(ALPHABETS, bool)
    usual[list(USUAL_ALPHABETS)] = True
    return usual


def _unsuspected(
    zone: Zone, starts: NDArray[np.int64], ends: NDArray[np.int64], margins: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the steps more that groups need which gain enough by a small margin and look good to ftfy as they are."""
    doubts = np.zeros(len(starts), np.int64)
    for group in np.flatnonzero((margins >= 0) & (margins < UNSUSPECTED * SCALE)).tolist():
        if not badness(zone.text[max(0, starts[group] - AROUND) : ends[group] + AROUND]):
            doubts[group] = int(UNSUSPECTED * SCALE)
    return doubts


def _spread(size: int, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each of ``size`` characters whether it lies in one of the groups from ``starts`` to ``ends``."""
    edges = np.zeros(size + 1, np.int8)
    edges[starts] = 1
    edges[ends] -= 1
    inside: NDArray[np.bool_] = np.cumsum(edges[:-1]) > 0
    return inside


def _alphabets(codes: Codes) -> NDArray[np.uint32]:
    """Return for each code point the number of its 256, those of Latin letters as one, those of Han as one."""
    alphabets: NDArray[np.uint32] = codes >> np.uint32(8)
    alphabets[codes < IPA] = 0
    alphabets[alphabets == 0x1E] = 0
    alphabets[(codes >= HAN) & (codes < BMP)] = HAN >> 8
    return alphabets


def _best_readings(zone: Zone, readings: list[_Reading]) -> NDArray[np.int64]:
    """Return for each character of ``zone`` which reading is best in the stretch it belongs to.

    A stretch is what any reading would change, with what lies between.  The first reading, which does best on the whole
    page, wins but where another is much better.
    """
    if len(readings) == 1:
        return np.zeros(len(zone.codes), np.int64)
    size = len(zone.codes) + 1
    edges = np.zeros(size, np.int64)
    for reading in readings:
        edges += np.bincount(reading.starts, minlength=size)
        edges -= np.bincount(np.minimum(reading.ends + JOINED, size - 1), minlength=size)
    inside = np.concatenate(([0], (np.cumsum(edges[:-1]) > 0).astype(np.int8), [0]))
    inside[1:-1][zone.codes == 0x0A] = 0
    borders = np.diff(inside)
    starts, ends = np.flatnonzero(borders > 0), np.flatnonzero(borders < 0)
    totals = []
    for reading in readings:
        cumulated = np.concatenate(([0], np.cumsum(reading.density)))
        totals.append(cumulated[ends] - cumulated[starts])
    score = np.stack(totals).astype(np.float64)
    score[1:] = score[1:] * STRANGER_SHARE - STRANGER * SCALE
    best = np.zeros(len(zone.codes) + 1, np.int64)
    winner = score.argmax(0)
    best[starts] += winner
    best[ends] -= winner
    return np.cumsum(best)[:-1]


@dataclass(frozen=True)
class _Reading:
    """One codec's groups of adjacent UTF-8 characters.

    ``starts`` and ``ends`` count in the zone, ``new_starts`` and ``new_ends`` in ``text``, the zone read so;
    ``gains`` are steps; ``density`` has each gain at its start; ``applied`` is the sum of those good on their own,
    which are of ``least`` steps or more, and of ``doubts`` beyond; ``left`` tells which characters beyond ASCII are in
    no group.
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


def _promising(codes: Codes, tables: NDArray[np.uint8]) -> list[int]:
    """Return the rows of the codecs that make the most UTF-8 of a sample of ``codes``."""
    covered = _covered_by_row(codes, tables)
    order = np.argsort(-covered, kind="stable")
    return [int(row) for row in order[:TRIED] if covered[row]]


def _covered_by_row(codes: Codes, tables: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return for each codec how many characters of a sample of ``codes`` are UTF-8 by it."""
    part = codes
    if len(codes) > SAMPLE:
        quarter = SAMPLE // 4
        starts = np.linspace(0, len(codes) - quarter, 4).astype(int)
        part = np.concatenate([codes[start : start + quarter] for start in starts])
    octets = _octets(tables, part)
    trail = (octets & 0xC0) == 0x80
    covered = np.zeros(len(SINGLE_BYTE), np.int64)
    for length, low, high in ((2, 0xC2, 0xDF), (3, 0xE0, 0xEF), (4, 0xF0, 0xF4)):
        valid = (octets[:, : -length or None] >= low) & (octets[:, : -length or None] <= high)
        for step in range(1, length):
            valid &= trail[:, step : step - length]
        covered += valid.sum(1) * length
    return covered


def _octets(tables: NDArray[np.uint8], codes: Codes) -> NDArray[np.uint8]:
    """Return the bytes behind ``codes``, padded so that no sequence begins in the last three."""
    padded = np.append(codes, np.full(4, 0x0A, np.uint32))
    octets = tables[..., np.minimum(padded, BMP - 1)]
    octets[..., padded >= BMP] = FOREIGN
    return octets


def _fall(octets: NDArray[np.uint8], codes: Codes, row: int) -> NDArray[np.uint8]:
    """Put the byte that fell to another codec's character where a trailing byte has to stand."""
    other = fallen_bytes().get(row)
    if other is None:
        return octets
    fallen = np.append(other[np.minimum(codes, BMP - 1)], np.zeros(4, np.uint8))
    lead = octets >= 0xC2
    wanted = np.zeros(len(octets), bool)
    wanted[1:] = lead[:-1]
    wanted[2:] |= (octets[:-2] >= 0xE0) & ((octets[1:-1] & 0xC0) == 0x80)
    return np.where(wanted & (fallen > 0) & ((octets & 0xC0) != 0x80), fallen, octets)


def _sequences_by(codes: Codes, row: int, tables: NDArray[np.uint8]) -> _Sequences:
    """Return :func:`_sequences` of the bytes that the codec of ``row`` read as ``codes``."""
    return _sequences(_fall(_octets(tables[row], codes), codes, row))


def _sequences(octets: NDArray[np.uint8]) -> _Sequences:
    """Return where UTF-8 sequences start in ``octets``, how long they are, and what they encode."""
    at = np.flatnonzero((octets[:-3] >= 0xC2) & (octets[:-3] <= 0xF4))
    lengths = _LENGTHS[octets[at]]
    at, lengths = _where((octets[at + 1] & 0xC0) == 0x80, at, lengths)
    for step in (2, 3):
        at, lengths = _where((lengths <= step) | ((octets[at + step] & 0xC0) == 0x80), at, lengths)
    values = octets[at] & (0x7F >> lengths).astype(np.uint32)
    for step in (1, 2, 3):
        values = np.where(lengths > step, values << 6 | octets[at + step] & np.uint32(0x3F), values)
    good = (values >= _LEAST[lengths]) & _may_be_text(values)
    return at[good], lengths[good], values[good]


def _may_be_text(values: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell which of ``values`` are code points that somebody may have written.

    In the BMP those are assigned.  Planes 1 to 3 still grow, and nothing is written in those after them but tags.
    """
    return np.where(
        values < BMP, _assigned()[np.minimum(values, BMP - 1)], (values < PLANE_4) | ((values >> np.uint32(8)) == TAGS)
    )


@cache
def _assigned() -> NDArray[np.bool_]:
    """Return which code points of the BMP are assigned, for private use too, and no halves of surrogate pairs."""
    return by_category({"Cn": 0, "Cs": 0}, other=1).astype(bool)


def _where(
    chosen: NDArray[np.bool_], at: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return at[chosen], lengths[chosen]


def _read(zone: Zone, row: int, tables: NDArray[np.uint8]) -> _Reading | None:
    starts, lengths, values = _sequences_by(zone.codes, row, tables)
    if not len(starts):
        return None
    dropped = np.zeros(len(zone.codes) + 1, np.int64)
    for step in range(1, 4):
        dropped[starts[lengths > step] + step] = 1
    codes = zone.codes.copy()
    codes[starts] = values
    codes = codes[dropped[:-1] == 0]
    shift = np.concatenate(([0], np.cumsum(dropped)))
    first = np.flatnonzero(np.append(True, starts[1:] != (starts + lengths)[:-1]))
    group_starts = starts[first]
    group_ends = (starts + lengths)[np.append(first[1:], len(starts)) - 1]
    new_starts = group_starts - shift[group_starts]
    new_ends = group_ends - shift[group_ends]
    before = zone.cumulated
    after = cumulate(zone.model, codes)
    gains = (before[group_ends + CONTEXT] - before[group_starts]) - (after[new_ends + CONTEXT] - after[new_starts])
    gains -= _doubts(zone.codes, group_starts, group_ends)
    density = np.zeros(len(zone.codes), np.int64)
    density[group_starts] = np.maximum(gains, 0)
    left = _left(zone.codes, group_starts, group_ends)
    is_contradicted = _is_contradicted(zone.codes, left, tables[row]) or (
        np.count_nonzero(left & zone.suspects) > OTHERS * int(lengths.sum())
    )
    least = (_least(row) + CONTRADICTED * is_contradicted) * SCALE
    inside = _spread(len(codes), new_starts[gains >= least], new_ends[gains >= least])
    doubts = _lone(zone.codes[left], codes, inside, new_starts) * int(LONE * SCALE)
    if SINGLE_BYTE[row] in COMMON:
        doubts += _unsuspected(zone, group_starts, group_ends, gains - least)
    sure = gains >= least + doubts
    applied = _evidence(zone.codes, group_starts[sure], group_ends[sure], gains[sure])
    return _Reading(
        row, group_starts, group_ends, new_starts, new_ends, gains, density, applied, codes, left, least, doubts
    )


def _evidence(codes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64], gains: NDArray[np.int64]) -> int:
    """Return what groups gain together, counting once what stands there again: templates prove nothing new."""
    padded = np.pad(codes, NEAR, constant_values=0x20).astype(np.uint64)
    key = (ends - starts).astype(np.uint64)
    for step in range(2 * NEAR + 1):
        key = key * _MIX + padded[starts + step]
    _, first = np.unique(key, return_index=True)
    return int(gains[first].sum())


def _left(codes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which characters beyond ASCII lie in none of the groups from ``starts`` to ``ends``."""
    left: NDArray[np.bool_] = (codes > 0x7F) & ~_spread(len(codes), starts, ends)
    return left


def _is_contradicted(codes: Codes, left: NDArray[np.bool_], table: NDArray[np.uint8]) -> bool:
    """Tell whether most letters that the codec of ``table`` has beyond Latin ones are ``left``: this is their text."""
    own = (codes >= GREEK) & (codes < PUNCTUATION)
    own &= table[np.minimum(codes, BMP - 1)] != FOREIGN
    return 2 * int((own & left).sum()) > int(own.sum())


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


def _merged(zone: Zone, reading: _Reading, good: NDArray[np.bool_], beside: int) -> list[tuple[int, int, str, float]]:
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
