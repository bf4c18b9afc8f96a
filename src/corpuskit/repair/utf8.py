"""UTF-8 read as a single-byte codec: the most common misreading by far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.repair.candidates import CONTEXT, Candidate, Zone, cumulate, to_text
from corpuskit.repair.likelihood import SCALE
from corpuskit.repair.misreadings import BMP, FOREIGN, SINGLE_BYTE, utf8_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Codes

SOLO: Final = 10.0
"""Nats by which a reading has to be likelier to be applied on its own."""
SECONDED: Final = 2.0
"""Nats that are enough where the same page has much else misread in the same way."""
SECONDING: Final = 60.0
"""Nats of readings applied on their own that second another one."""
SAMPLE: Final = 4096
TRIED: Final = 5


def utf8_candidates(zone: Zone) -> list[Candidate]:
    """Return the readings of parts of ``zone`` as UTF-8 that are worth applying, in order, none overlapping."""
    rows = _promising(zone.codes)
    readings = [reading for row in rows if (reading := _read(zone, row)) is not None]
    readings.sort(key=lambda reading: -reading.applied)
    taken = np.zeros(len(zone.codes) + 1, np.int64)
    candidates: list[Candidate] = []
    for reading in readings:
        if reading.applied <= 0:
            continue
        least = SECONDED if reading.applied >= SECONDING * SCALE else SOLO
        good = reading.gains >= least * SCALE
        for other in readings:
            if other is not reading:
                total = np.concatenate(([0], np.cumsum(other.density)))
                good &= total[reading.ends] - total[reading.starts] <= reading.gains
        overlap = np.cumsum(taken)
        before = np.concatenate(([0], overlap))
        good &= before[reading.ends] == before[reading.starts]
        for start, end, after, gain in _merged(zone, reading, good):
            taken[start:end] = 1
            candidates.append(Candidate(start, end, after, gain, f"UTF-8 read as {SINGLE_BYTE[reading.row]}"))
    candidates.sort()
    return candidates


@dataclass(frozen=True)
class _Reading:
    """One codec's groups of adjacent UTF-8 characters.

    ``starts`` and ``ends`` count in the zone, ``new_starts`` and ``new_ends`` in ``text``, the zone read so;
    ``gains`` are steps; ``density`` has each gain at its start; ``applied`` is the sum of those good on their own.
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


def _promising(codes: Codes) -> list[int]:
    """Return the rows of the codecs that make the most UTF-8 of a sample of ``codes``."""
    sample = codes
    if len(codes) > SAMPLE:
        quarter = SAMPLE // 4
        starts = np.linspace(0, len(codes) - quarter, 4).astype(int)
        sample = np.concatenate([codes[start : start + quarter] for start in starts])
    octets = _octets(utf8_tables(), sample)
    trail = (octets & 0xC0) == 0x80
    covered = np.zeros(len(SINGLE_BYTE), np.int64)
    for length, low, high in ((2, 0xC2, 0xDF), (3, 0xE0, 0xEF), (4, 0xF0, 0xF4)):
        valid = (octets[:, : -length or None] >= low) & (octets[:, : -length or None] <= high)
        for step in range(1, length):
            valid &= trail[:, step : step - length]
        covered += valid.sum(1) * length
    order = np.argsort(-covered, kind="stable")
    return [int(row) for row in order[:TRIED] if covered[row]]


def _octets(tables: NDArray[np.uint8], codes: Codes) -> NDArray[np.uint8]:
    """Return the bytes behind ``codes``, padded so that no sequence begins in the last three."""
    padded = np.append(codes, np.full(4, 0x20, np.uint32))
    octets = tables[..., np.minimum(padded, BMP - 1)]
    octets[..., padded >= BMP] = FOREIGN
    return octets


def _sequences(octets: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    """Return where UTF-8 sequences start in ``octets``, how long they are, and what they encode."""
    wide = octets.astype(np.uint32)
    trail = (octets & 0xC0) == 0x80
    starts, lengths, values = [], [], []
    for length, low, high, least in ((2, 0xC2, 0xDF, 0x80), (3, 0xE0, 0xEF, 0x800), (4, 0xF0, 0xF4, 0x10000)):
        at = np.flatnonzero((octets[:-3] >= low) & (octets[:-3] <= high))
        for step in range(1, length):
            at = at[trail[at + step]]
        value = wide[at] & (0x7F >> length)
        for step in range(1, length):
            value = value << 6 | wide[at + step] & 0x3F
        good = (value >= least) & (value < 0x110000) & ((value < 0xD800) | (value > 0xDFFF))
        starts.append(at[good])
        lengths.append(np.full(int(good.sum()), length))
        values.append(value[good])
    start = np.concatenate(starts)
    order = np.argsort(start, kind="stable")
    return start[order], np.concatenate(lengths)[order], np.concatenate(values)[order].astype(np.uint32)


def _read(zone: Zone, row: int) -> _Reading | None:
    starts, lengths, values = _sequences(_octets(utf8_tables()[row], zone.codes))
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
    density = np.zeros(len(zone.codes), np.int64)
    density[group_starts] = np.maximum(gains, 0)
    applied = int(gains[gains >= SOLO * SCALE].sum())
    return _Reading(row, group_starts, group_ends, new_starts, new_ends, gains, density, applied, codes)


def _merged(zone: Zone, reading: _Reading, good: NDArray[np.bool_]) -> list[tuple[int, int, str, float]]:
    """Return the good groups, those with only a space or sign between them as one: start, end, text, nats."""
    starts, ends = reading.starts[good], reading.ends[good]
    if not len(starts):
        return []
    apart = (zone.codes >= 0x80) | (zone.codes == 0x0A) | (zone.codes == 0x0D)
    obstacles = np.concatenate(([0], np.cumsum(apart)))
    gap = starts[1:] - ends[:-1]
    first = np.flatnonzero(np.append(True, (gap > 2) | (obstacles[starts[1:]] > obstacles[ends[:-1]])))
    last = np.append(first[1:], len(starts)) - 1
    text = to_text(reading.codes)
    gains = np.add.reduceat(reading.gains[good], first) / SCALE
    new_starts, new_ends = reading.new_starts[good][first], reading.new_ends[good][last]
    spans = zip(
        starts[first].tolist(), ends[last].tolist(), new_starts.tolist(), new_ends.tolist(), gains.tolist(), strict=True
    )
    return [(start, end, text[low:high], gain) for start, end, low, high, gain in spans]
