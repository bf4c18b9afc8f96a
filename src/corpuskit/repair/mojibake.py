"""Text decoded with the wrong codec: find it, read it back, and leave everything else alone.

Candidates come from inverse decoding: what bytes would have been misread as this, and what do they say?  Each is
scored by how much likelier it makes the text (:mod:`corpuskit.repair.likelihood`), in nats, and applied above a
threshold.  Passes repeat until nothing more is found, which undoes misreadings of misreadings one level at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.repair import likelihood
from corpuskit.repair.legacy import legacy_candidates
from corpuskit.repair.utf8 import utf8_candidates
from corpuskit.repair.multibyte import multibyte_candidates
from corpuskit.repair.candidates import Candidate, Zone
from corpuskit.repair.vocabulary import Edit, Flag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.repair.ledger import Ledger

CHUNK: Final = 1 << 16
"""Characters looked at together: the page for most pages, and small enough for the processor's cache."""
MARGIN: Final = 40
"""Characters on either side of a suspicious one that are looked at with it."""
SUSPICIOUS: Final = 84
"""Cost, in steps, from which a character beyond ASCII, or the one after it, is suspicious: 7 nats."""
MAX_PASSES: Final = 10


def mend(ledger: Ledger) -> list[Flag]:
    """Undo misreadings in the text of ``ledger``; return what is suspected but was left alone."""
    for _ in range(MAX_PASSES):
        edits = [edit for start, end in _chunks(ledger.text) for edit in _edits(ledger.text[start:end], start)]
        if not edits:
            break
        ledger.apply(edits)
    return []


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of ``text`` that hold anything beyond ASCII, cut after a line break or space where there is one."""
    start = 0
    while start < len(text):
        end = min(start + CHUNK, len(text))
        if end < len(text):
            half = start + CHUNK // 2
            cut = max(text.rfind("\n", half, end), -1)
            if cut < 0:
                cut = text.rfind(" ", half, end)
            end = cut + 1 if cut >= 0 else end
        if not text[start:end].isascii():
            yield start, end
        start = end


def _edits(text: str, offset: int) -> list[Edit]:
    zone = suspicious_zone(likelihood.code_points(text))
    if zone is None:
        return []
    for generate in (utf8_candidates, multibyte_candidates, legacy_candidates):
        candidates = generate(zone)
        if candidates:
            return [
                Edit(
                    offset + int(zone.positions[candidate.start]),
                    offset + int(zone.positions[candidate.end - 1]) + 1,
                    candidate.after,
                    "mojibake",
                    f"{candidate.chain} (+{candidate.gain:.0f} nats)",
                )
                for candidate in candidates
            ]
    return []


def suspicious_zone(codes: likelihood.Codes) -> Zone | None:
    """Return the parts of a text around characters that are unlikely where they stand, or ``None``."""
    model = likelihood.load()
    costs = model.costs(codes)
    beyond = codes > 0x7F
    near = beyond.copy()
    near[1:] |= beyond[:-1]
    suspects = np.flatnonzero(near & (costs >= SUSPICIOUS))
    if not len(suspects):
        return None
    edges = np.zeros(len(codes) + 1, np.int32)
    np.add.at(edges, np.maximum(suspects - MARGIN, 0), 1)
    np.add.at(edges, np.minimum(suspects + MARGIN + 1, len(codes)), -1)
    positions = np.flatnonzero(np.cumsum(edges[:-1]))
    zone_codes = codes[positions]
    breaks = np.flatnonzero(np.diff(positions) > 1)
    zone_codes[breaks] = 0x0A
    return Zone(zone_codes, positions, model)
