"""Text decoded with the wrong codec: find it, read it back, and leave everything else alone.

Candidates come from inverse decoding: what bytes would have been misread as this, and what do they say?  Each is
scored by how much likelier it makes the text (:mod:`corpuskit.repair.likelihood`), in nats, and applied above a
threshold.  Passes repeat until nothing more is found, which undoes misreadings of misreadings one level at a time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.model import Flag
from corpuskit.plane import BMP
from corpuskit.repair import likelihood
from corpuskit.repair.candidates import Candidate, Zone, nats, sample
from corpuskit.repair.islands import islands
from corpuskit.repair.ledger import Ledger
from corpuskit.repair.legacy import is_sign, legacy_candidates, may_be_misread, whole_latin_candidates
from corpuskit.repair.likelihood import SCALE
from corpuskit.repair.markup import outside_scripts, without_tags
from corpuskit.repair.misreadings import LEGACY_MULTI_BYTE, SINGLE_BYTE, readers_of_utf8, would_read
from corpuskit.repair.multibyte import (
    legacy_in_pairs_candidates,
    utf8_in_pairs_candidates,
    whole_lines_in_pairs_candidates,
)
from corpuskit.repair.utf8 import (
    spaced_utf8_candidates,
    utf8_candidates,
    whole_line_candidates,
    whole_text_candidates,
)
from corpuskit.repair.utf8_readings import COMMON_ROWS
from corpuskit.repair.vocabulary import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from corpuskit.repair.votes import Votes

CHUNK: Final = 1 << 16
"""Characters looked at together: the page for most pages, and small enough for the processor's cache."""
MARGIN: Final = 40
"""Characters on either side of a suspicious one that are looked at with it."""
SUSPICIOUS: Final = 36
"""Steps beyond the usual from which a character beyond ASCII, or the one after it, is suspicious: 3 nats."""
TYPICAL: Final = 48
"""Cost of a character of clean text, in steps, at the high end: 4 nats."""
TYPICAL_HAN: Final = 108
"""The same for Han and Hangul, of which there are thousands: 9 nats."""
FIRST: Final = 36
"""Steps more for the first letter of a word."""
EAST_ASIAN: Final = 0x2E80
"""The code point from which characters are those of East Asia."""
MAX_PASSES: Final = 10
TRUST_IN_PAIRS: Final = 0.75
CONVINCING: Final = 0.5
"""Share of what is unlikely in a zone that candidates have to explain for no others to be looked for."""
DAMAGED: Final = 0.02
"""Share of characters beyond ASCII that have to be suspicious for whole lines to be looked at."""
RIDDLED: Final = 0.1
"""The same without anything else that speaks for UTF-8."""
FLAG_GAP: Final = 8
NEAR: Final = 3
TRIED: Final = 800
"""Characters of the worst places that are tried first."""
DENSITY: Final = 0.3
"""Nats of excess a character has to have on average: clean text of a language the model knows has .1 to .2."""
LEAST_UTF8: Final = 6.0
LEAST_UTF8_RARE: Final = 14.0
"""The same where only codecs that are less often to blame could have misread what stands there."""
LEAST_PAIRS: Final = 10.0
LEAST_LEGACY: Final = 14.0
FLAGGED: Final = 14


def mend(ledger: Ledger, high: NDArray[np.int64], votes: Votes | None = None, *, is_markup: bool = False) -> list[Flag]:
    """Undo misreadings in the text of ``ledger``; return what is suspected but was left alone.

    Args:
        ledger: the text.
        high: where its characters beyond ASCII stand.
        votes: those of other pages of the source, which count as if something had been gained on this page.
        is_markup: whether the text is markup, of which all is mended, and flagged only what a reader sees.
    """
    known: dict[str, float] = defaultdict(float, votes.seconding() if votes else {})
    found: list[Edit] = []
    flags: list[Flag] = []
    shift = 0
    text, chart = islands(ledger.text, high)
    for start, end in _chunks(text):
        chunk = Ledger(text[start:end])
        for _ in range(MAX_PASSES):
            edits = _whole_edits(chunk.text, known)
            view = None if edits else View(likelihood.code_points(chunk.text))
            edits = _edits(view, known) if view else edits
            if not edits:
                break
            chunk.apply(edits)
        view = view or View(likelihood.code_points(chunk.text))
        if is_markup and len(view.suspects):
            view = View(without_tags(view.codes))
        flags += (
            replace(flag, start=flag.start + start + shift, end=flag.end + start + shift) for flag in _flags(view)
        )
        found += (Edit(e.start + start, e.end + start, e.after, e.rule, e.evidence) for e in chunk.edits)
        shift += len(chunk.text) - (end - start)
    if votes:
        found = [replace(edit, evidence=votes.cited(edit.evidence)) for edit in found]
    ledger.apply(chart.in_whole(found))
    flags = chart.after(found).in_whole(flags)
    return outside_scripts(flags, ledger.text) if is_markup else flags


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


class View:
    """A text, and which of its characters are unlikely where they stand.

    Attributes:
        codes: its code points.
        suspects: where characters beyond ASCII, and those after them, cost :data:`SUSPICIOUS` steps or more.
        excess: what each of those costs beyond :data:`TYPICAL`, in nats.
    """

    def __init__(self, codes: likelihood.Codes) -> None:
        self.codes = codes
        places, costs = likelihood.load().unlikely(self.codes, limits())
        usual = np.where(self.codes[places] < EAST_ASIAN, TYPICAL, TYPICAL_HAN)
        # Which script a word is in is a surprise of its own, paid by its first letter: it says nothing about damage.
        usual[(self.codes[places - 1] <= 0x20) & (places > 0)] += FIRST
        high = costs >= usual + SUSPICIOUS
        self.suspects = places[high]
        self.excess = (costs[high].astype(np.int64) - usual[high]) / SCALE

    def zone(self, suspects: NDArray[np.int64]) -> Zone:
        """Return the parts of the text around ``suspects``."""
        size = len(self.codes) + 1
        edges = np.bincount(np.maximum(suspects - MARGIN, 0), minlength=size)
        edges -= np.bincount(np.minimum(suspects + MARGIN + 1, size - 1), minlength=size)
        positions = np.flatnonzero(np.cumsum(edges[:-1]))
        codes = self.codes[positions]
        codes[np.flatnonzero(np.diff(positions) > 1)] = 0x0A
        suspicious = np.zeros(len(self.codes), bool)
        suspicious[suspects] = True
        return Zone(codes, positions, likelihood.load(), suspicious[positions])

    @cached_property
    def suspicious(self) -> Zone:
        """The parts of the text around all suspects."""
        return self.zone(self.suspects)

    @cached_property
    def whole(self) -> Zone:
        """All of the text."""
        nothing = np.zeros(len(self.codes), bool)
        return Zone(self.codes.copy(), np.arange(len(self.codes)), likelihood.load(), nothing)

    def utf8_suspects(self) -> NDArray[np.int64]:
        """Return suspects where some codec may have misread UTF-8, unlikely enough together for that to be likely."""
        around = np.zeros((NEAR + len(self.codes) + NEAR), np.uint32)
        for step in range(2 * NEAR + 1):
            around[self.suspects + step] = 1
        places = np.flatnonzero(around[NEAR:-NEAR])
        around[places + NEAR] = readers_of_utf8(self.codes, places)
        readers = np.zeros(len(self.suspects), np.uint32)
        for step in range(2 * NEAR + 1):
            readers |= around[self.suspects + step]
        near = np.flatnonzero(readers)
        if not len(near):
            return near
        suspects = self.suspects[near]
        first = np.flatnonzero(np.append(True, np.diff(suspects) > NEAR))
        common = np.bitwise_or.reduceat(readers[near], first) & np.uint32(COMMON_ROWS)
        enough = np.add.reduceat(self.excess[near], first) >= np.where(common, LEAST_UTF8, LEAST_UTF8_RARE)
        found: NDArray[np.int64] = suspects[np.repeat(enough, np.diff(np.append(first, len(near))))]
        return found

    def utf8_places(self, known: Mapping[str, float]) -> NDArray[np.int64]:
        """Return all places where codecs may have misread UTF-8 that did so elsewhere on the page."""
        rows = sum(1 << row for row, codec in enumerate(SINGLE_BYTE) if f"UTF-8 read as {codec}" in known)
        beyond = np.flatnonzero(self.codes > 0x7F) if rows else self.suspects[:0]
        found: NDArray[np.int64] = beyond[readers_of_utf8(self.codes, beyond) & np.uint32(rows) != 0]
        return found

    def pairs_suspects(self) -> NDArray[np.int64]:
        """Return suspects among which East Asian ones close together are enough to blame a double-byte codec."""
        codes = self.codes[self.suspects]
        return self._dense((codes >= EAST_ASIAN) & (codes < BMP), LEAST_PAIRS)

    def legacy_suspects(self) -> NDArray[np.int64]:
        """Return suspects among which letters close together are enough to blame a legacy encoding."""
        codes = self.codes[self.suspects]
        return self._dense(~is_sign(codes) & (codes > 0x7F) & (codes < EAST_ASIAN), LEAST_LEGACY)

    def _dense(self, chosen: NDArray[np.bool_], least: float) -> NDArray[np.int64]:
        """Return the ``chosen`` suspects that, with those shortly before them, are ``least`` nats too much."""
        places, excess = self.suspects[chosen], self.excess[chosen]
        # The best stretch to end at each, where each character costs something: sums so far, less the least before.
        sums = np.cumsum(excess) - places * DENSITY
        found: NDArray[np.int64] = places[sums - np.minimum.accumulate(sums - excess) >= least]
        return found


@cache
def limits() -> NDArray[np.uint8]:
    """Return for each code point the steps its id may cost after another for it not to be suspicious."""
    emission = likelihood.load().emission.astype(np.int16)
    usual = np.where(np.arange(len(emission)) < EAST_ASIAN, TYPICAL, TYPICAL_HAN)
    return np.clip(usual + SUSPICIOUS - emission - 1, 0, 255).astype(np.uint8)


def _edits(view: View, known: dict[str, float]) -> list[Edit]:
    """Return the edits that undo one level of misreading."""
    if not len(view.suspects):
        return []
    found = _read_as_utf8(view, known)
    if found.is_certain:
        return _as_edits(found, known)
    readings = [found, *_read_as_pairs(view, known)]
    if not known and not any(reading.candidates for reading in readings):
        readings.append(Reading(view.whole, whole_latin_candidates(view.whole)))
    readings += _read_as_legacy(view, known, max(reading.gain for reading in readings))
    if known and not any(reading.candidates for reading in readings):
        readings.append(Reading(view.suspicious, spaced_utf8_candidates(view.suspicious, known)))
    zone, candidates, _ = max(readings, key=lambda reading: reading.gain * reading.trust)
    text = zone.text if candidates else ""
    exact = [item for item in candidates if would_read(item.after, text[item.start : item.end], item.chain)]
    return _as_edits(Reading(zone, exact), known)


class Reading(NamedTuple):
    """What one generator makes of a zone; a certain reading is applied without asking others."""

    zone: Zone
    candidates: list[Candidate]
    is_certain: bool = False

    @property
    def gain(self) -> float:
        """Return the nats gained."""
        return sum(candidate.gain for candidate in self.candidates)

    @property
    def trust(self) -> float:
        """Return the share of the gain that counts against other readings: any two bytes are some Han character."""
        pairs = self.candidates and self.candidates[0].chain.split()[0] in LEGACY_MULTI_BYTE
        return TRUST_IN_PAIRS if pairs else 1.0


def _read_as_utf8(view: View, known: Mapping[str, float]) -> Reading:
    """Return what a single-byte codec misread: whole lines where there are any, else what stands out."""
    suspects = view.utf8_suspects()
    share = len(suspects) / max(1, int(np.count_nonzero(view.codes > 0x7F)))
    # On clean text the worst places are tried, and no more.
    is_likely = bool(known) or (share < RIDDLED and _any_utf8(view, suspects))
    if share >= RIDDLED or (is_likely and share >= DAMAGED):
        lines = whole_line_candidates(view.whole, known)
        if lines:
            return Reading(view.whole, lines, is_certain=True)
    if not is_likely and (share < RIDDLED or not _any_utf8(view, suspects)):
        return Reading(view.whole, [])
    places = np.concatenate((suspects, view.utf8_places(known)))
    zone = view.zone(places)
    return Reading(zone, utf8_candidates(zone, known) if len(places) else [])


def _read_as_pairs(view: View, known: Mapping[str, float]) -> Iterator[Reading]:
    """Yield what a double-byte codec misread of UTF-8: whole lines where there are any, else what stands out."""
    if not len(view.pairs_suspects()):
        return
    candidates = utf8_in_pairs_candidates(view.suspicious, known)
    lines = whole_lines_in_pairs_candidates(view.whole, candidates[0].chain, known) if candidates else []
    yield Reading(view.whole, lines) if lines else Reading(view.suspicious, candidates)


def _read_as_legacy(view: View, known: Mapping[str, float], other: float) -> Iterator[Reading]:
    """Yield what was of a legacy encoding, where no ``other`` reading explains most of what is unlikely."""
    suspects = view.legacy_suspects()
    # What is left over of text that was UTF-8 is no text of a legacy encoding.
    least = sum(gain for chain, gain in known.items() if chain.startswith("UTF-8"))
    if not len(suspects) or other >= float(view.excess.sum()) * CONVINCING:
        return
    if not known:
        worst = view.zone(suspects)
        if not may_be_misread(worst) and not legacy_in_pairs_candidates(worst, known):
            return
    if least >= nats(int(view.suspicious.cumulated[-1])):
        return
    readings = (
        Reading(view.whole, legacy_candidates(view.suspicious, view.whole, known)),
        Reading(view.suspicious, legacy_in_pairs_candidates(view.suspicious, known)),
    )
    yield from (reading for reading in readings if reading.gain > least)


def _whole_edits(text: str, known: dict[str, float]) -> list[Edit]:
    """Return the edits that undo one level of misreading of all of ``text``, where that is beyond doubt."""
    candidates = whole_text_candidates(text, likelihood.load())
    _learn(candidates, text, known)
    return [_edit(candidate, candidate.start, candidate.end) for candidate in candidates]


def _as_edits(reading: Reading, known: dict[str, float]) -> list[Edit]:
    """Return the edits that apply ``reading``, and add what they gain to what is ``known`` of the page."""
    if not reading.candidates:
        return []
    positions = reading.zone.positions
    _learn(reading.candidates, reading.zone.text, known)
    return [
        _edit(candidate, int(positions[candidate.start]), int(positions[candidate.end - 1]) + 1)
        for candidate in reading.candidates
    ]


def _learn(candidates: Iterable[Candidate], text: str, known: dict[str, float]) -> None:
    """Add what ``candidates`` of ``text`` gain to what is ``known`` of the page.

    What stands there again and again, as templates have it, proves nothing new.
    """
    once = {text[max(0, c.start - NEAR) : c.end + NEAR]: c for c in candidates}
    for candidate in once.values():
        known[candidate.chain] += candidate.gain


def _edit(candidate: Candidate, start: int, end: int) -> Edit:
    evidence = f"{candidate.chain} (+{candidate.gain:.0f} nats)"
    return Edit(start, end, candidate.after, "mojibake", evidence)


def _any_utf8(view: View, suspects: NDArray[np.int64]) -> bool:
    """Tell whether anything at ``suspects`` is worth reading as UTF-8: a few of them say so on most pages."""
    if not len(suspects):
        return False
    zone = view.zone(suspects)
    part = sample(zone, TRIED)
    return bool(utf8_candidates(part, {}) or (part is not zone and utf8_candidates(zone, {})))


def _flags(view: View) -> Iterator[Flag]:
    """Yield what is too unlikely to be right where no candidate was good enough to be applied."""
    if not len(view.suspects):
        return
    first = np.flatnonzero(np.append(True, np.diff(view.suspects) > FLAG_GAP))
    last = np.append(first[1:], len(view.suspects)) - 1
    sums = np.add.reduceat(view.excess - 1, first)
    for group in np.flatnonzero(sums >= FLAGGED).tolist():
        start, end = int(view.suspects[first[group]]), int(view.suspects[last[group]])
        yield Flag(start, end + 1, "mojibake", f"{sums[group]:.0f} nats less likely than text is")
