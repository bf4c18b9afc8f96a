"""UTF-8 read as a single-byte codec: the most common misreading by far.

Every codec is a *row* of the tables of :mod:`corpuskit.repair.misreadings`. What it makes of a text is a reading
(:mod:`corpuskit.repair.utf8_readings`); here readings are ranked, and the best become candidates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.repair.candidates import CONTEXT, SECONDED, SECONDING, Candidate, Zone, cumulate, proven, sample
from corpuskit.repair.likelihood import SCALE, code_points
from corpuskit.repair.misreadings import SINGLE_BYTE, spaced_utf8_tables, utf8_tables
from corpuskit.repair.utf8_readings import merged, read_by, strangers
from corpuskit.repair.utf8_sequences import SAMPLE, TRIED, covered_by_row, promising_rows, sequences_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Model
    from corpuskit.repair.utf8_readings import Reading
    from corpuskit.repair.utf8_sequences import Sequences

WINDOWS_1252: Final = SINGLE_BYTE[:2]
USUAL: Final = 10.0
"""Nats that speak for windows-1252 and latin-1 where another codec reads as much: nine pages of ten that were misread
were so by these."""
SPACED: Final = 8.0
"""The same for text whose no-break spaces became plain ones: "Å ena" is right in Swedish, and no "Šena"."""
STRANGER: Final = 8.0
"""Nats, and share of its own, by which a reading has to beat the one that does best on the whole page."""
STRANGER_SHARE: Final = 0.7
ADJACENT: Final = 2
"""Characters of ASCII between two changes up to which they are one edit."""
JOINED: Final = 3
"""Characters between two changes up to which they are one stretch."""
BESIDE: Final = 12
"""Characters of ASCII between two changes of a line all of which was misread up to which they are one edit."""
_MISREAD: Final = re.compile(rf"[^\x00-\x7f]+(?:[^\r\n\x80-\U0010ffff]{{1,{BESIDE}}}[^\x00-\x7f]+)*")
"""Characters beyond ASCII, and those at most :data:`BESIDE` of ASCII further on the same line."""
CERTAIN: Final = 60.0
"""Nats from which a text all of which is valid UTF-8 by windows-1252 is asked nothing else."""
READABLE: Final = 4.4
"""Nats a character of what it becomes may cost: clean text costs 3 to 4."""


def utf8_candidates(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return the readings of parts of ``zone`` as UTF-8 that are worth applying, in order, none overlapping.

    ``known`` has the nats gained so far on the page by each misreading: what is known to have happened to a page needs
    less evidence to be seen again.
    """
    return _candidates(zone, known, utf8_tables(), SECONDED, "")


def spaced_utf8_candidates(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return readings like those of :func:`utf8_candidates`, of text whose no-break spaces became plain ones.

    The second byte of "à" is a no-break space in most codecs, and much software takes that for a space.
    """
    return _candidates(zone, known, spaced_utf8_tables(), SPACED, ", its no-break spaces lost")


def whole_text_candidates(text: str, model: Model) -> list[Candidate]:
    """Return the reading of ``text`` as UTF-8 where windows-1252 or latin-1 misread all of it, if that is likely.

    Python's own codecs tell in one step, which is worth it: most text that was misread is all misread, and so.
    """
    if text.isascii():  # what it was mended to may be
        return []
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


def whole_line_candidates(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return the readings as UTF-8 of lines all of which one codec misread, the one that explains most of ``zone``.

    Source of the idea: :func:`corpuskit.repair.candidates.proven`.
    """
    tables = utf8_tables()
    row = _likeliest_row(zone, tables)
    reading = read_by(zone, row, tables) if row is not None else None
    if reading is None:
        return []
    lines = np.cumsum(zone.codes == 0x0A)
    spoilt = np.bincount(lines, reading.left) > 0
    chain = _chain(reading.row)
    gains = (reading.gains - reading.doubts) / SCALE
    good = proven(lines[reading.starts], gains, spoilt, reading.least / SCALE, known.get(chain, 0.0))
    return [
        Candidate(start, end, after, gain, chain) for start, end, after, gain in merged(zone, reading, good, BESIDE)
    ]


def _likeliest_row(zone: Zone, tables: NDArray[np.uint8]) -> int | None:
    """Return the row that makes the most UTF-8 of ``zone``; of several, the one that makes the likeliest text of it."""
    covered = covered_by_row(zone.codes, tables)
    rivals = np.flatnonzero((covered == covered.max()) & (covered > 0)).tolist()[:TRIED]
    if len(rivals) > 1:
        found = {row: sequences_by(zone.codes, row, tables) for row in rivals}
        sizes = {row: int(lengths.sum()) for row, (_, lengths, _) in found.items()}
        rivals = _distinct({row: found[row] for row in rivals if sizes[row] == max(sizes.values())}, {})
    if len(rivals) > 1:
        part = sample(zone, SAMPLE)
        readings = [reading for row in rivals if (reading := read_by(part, row, tables)) is not None]
        if readings:
            best = max(
                readings, key=lambda reading: reading.gains.sum() - reading.least + _before(reading.row, {}) * SCALE
            )
            return best.row
    return rivals[0] if rivals else None


def _distinct(found: Mapping[int, Sequences], known: Mapping[str, float]) -> list[int]:
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
        bars = np.where(strangers(zone, reading), reading.least, least)
        if not seconding:
            bars = np.maximum(bars, reading.least + reading.doubts)
        good = (reading.gains >= bars) & (best[reading.starts] == i)
        candidates += (
            Candidate(start, end, after, gain, _chain(reading.row) + remark)
            for start, end, after, gain in merged(zone, reading, good, ADJACENT)
        )
    candidates.sort()
    return candidates


def _worth_reading(zone: Zone, known: Mapping[str, float], tables: NDArray[np.uint8], remark: str) -> list[int]:
    """Return the rows to read ``zone`` by, the best first: of a long zone those that are best somewhere in a sample."""
    rows = promising_rows(zone.codes, tables)
    if remark:
        rows = [row for row in rows if known.get(_chain(row), 0) > 0]
    if len(rows) > 1:
        rows = _distinct({row: sequences_by(zone.codes, row, tables) for row in rows}, known)
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
) -> list[Reading]:
    """Return the readings of ``zone`` by ``rows`` that have something for them, the best for the whole zone first."""
    found = [reading for row in rows if (reading := read_by(zone, row, tables)) is not None]
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


def _promise(zone: Zone, reading: Reading, tables: NDArray[np.uint8]) -> int:
    """Return the steps to be gained by reading once more what ``reading`` makes of ``zone``."""
    again = read_by(
        Zone(reading.codes, zone.positions, zone.model, np.zeros(len(reading.codes), bool)), reading.row, tables
    )
    return again.applied if again is not None else 0


def _best_readings(zone: Zone, readings: list[Reading]) -> NDArray[np.int64]:
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


def _chain(row: int) -> str:
    return _chain_of(SINGLE_BYTE[row])


def _chain_of(codec: str) -> str:
    return f"UTF-8 read as {codec}"
