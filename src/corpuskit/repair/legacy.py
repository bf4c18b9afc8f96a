"""Bytes of a legacy encoding read as another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.repair.candidates import CONTEXT, Candidate, Zone, cumulate, to_text
from corpuskit.repair.likelihood import SCALE
from corpuskit.repair.misreadings import BMP, LEGACY, legacy_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Codes

SEGMENT: Final = 18.0
"""Nats by which a stretch of words has to be likelier to be applied on its own."""
SECONDED: Final = 4.0
SECONDING: Final = 80.0
DROP: Final = 10.0
"""Nats a stretch may lose before it ends (the X-drop of BLAST, Altschul et al. 1990)."""
SAMPLE: Final = 3000


def legacy_candidates(zone: Zone) -> list[Candidate]:
    """Return the readings of parts of ``zone`` as another legacy encoding that are worth applying."""
    row = _best_row(zone)
    if row is None:
        return []
    codes = _reread(zone.codes, row)
    starts, ends, gains = _word_gains(zone, codes)
    segments = _segments(starts, ends, gains)
    total = sum(gain for _, _, gain in segments if gain >= SEGMENT)
    if not total:
        return []
    least = SECONDED if total >= SECONDING else SEGMENT
    written, read = LEGACY[row]
    text = to_text(codes)
    return [
        Candidate(start, end, text[start:end], gain, f"{written} read as {read}")
        for start, end, gain in segments
        if gain >= least
    ]


def _best_row(zone: Zone) -> int | None:
    sample = zone.codes[:SAMPLE]
    part = Zone(sample, zone.positions[:SAMPLE], zone.model)
    before = part.cumulated[-1]
    best, gain = None, SEGMENT * SCALE
    for row in range(len(LEGACY)):
        codes = _reread(sample, row)
        if (codes == sample).all():
            continue
        _, _, gains = _word_gains(part, codes)
        total = gains[gains > 0].sum() * SCALE
        if total > gain:
            best, gain = row, total
    del before
    return best


def _reread(codes: Codes, row: int) -> Codes:
    inside = np.minimum(codes, BMP - 1)
    return np.where(codes < BMP, legacy_tables()[row][inside], codes)


def _word_gains(zone: Zone, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the words that ``codes`` reads differently: where they start and end, and the nats each gains."""
    changed = codes != zone.codes
    space = (zone.codes == 0x20) | (zone.codes == 0x0A) | (zone.codes == 0x09) | (zone.codes == 0x0D)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], space, [True]))))
    starts, ends = edges[::2], edges[1::2]
    counts = np.concatenate(([0], np.cumsum(changed)))
    touched = counts[ends] > counts[starts]
    starts, ends = starts[touched], ends[touched]
    before, after = zone.cumulated, cumulate(zone.model, codes)
    stops = np.minimum(ends + 1, len(before) - 1)
    return starts, ends, ((before[stops] - before[starts]) - (after[stops] - after[starts])) / SCALE


def _segments(
    starts: NDArray[np.int64], ends: NDArray[np.int64], gains: NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """Return stretches of words with the highest sums of gains, each ended where it loses more than :data:`DROP`."""
    segments: list[tuple[int, int, float]] = []
    total = best = 0.0
    begin = stop = -1
    for start, end, gain in zip(starts.tolist(), ends.tolist(), gains.tolist(), strict=True):
        if begin < 0 and gain <= 0:
            continue
        if begin < 0:
            begin, total, best = start, 0.0, 0.0
        total += gain
        if total > best:
            best, stop = total, end
        elif total < best - DROP or total <= 0:
            segments.append((begin, stop, best))
            begin = -1
    if begin >= 0:
        segments.append((begin, stop, best))
    return segments
