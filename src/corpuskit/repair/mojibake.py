"""Text decoded with the wrong codec: find it, read it back, and leave everything else alone.

Candidates come from inverse decoding: what bytes would have been misread as this, and what do they say?  Each is
scored by how much likelier it makes the text (:mod:`corpuskit.repair.likelihood`), in nats, and applied above a
threshold.  Passes repeat until nothing more is found, which undoes misreadings of misreadings one level at a time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Flag
from corpuskit.repair import likelihood
from corpuskit.repair.candidates import Candidate, Zone
from corpuskit.repair.ledger import Ledger
from corpuskit.repair.legacy import is_sign, legacy_candidates
from corpuskit.repair.likelihood import SCALE
from corpuskit.repair.misreadings import BMP, LEGACY_MULTI_BYTE, roles
from corpuskit.repair.multibyte import legacy_in_pairs_candidates, utf8_in_pairs_candidates
from corpuskit.repair.utf8 import spaced_utf8_candidates, utf8_candidates
from corpuskit.repair.vocabulary import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

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
FLAG_GAP: Final = 8
NEAR_PAIR: Final = 3
DENSITY: Final = 0.3
"""Nats of excess a character has to have on average: clean text of a language the model knows has .1 to .2."""
LEAST_UTF8: Final = 6.0
LEAST_PAIRS: Final = 10.0
LEAST_LEGACY: Final = 20.0
FLAGGED: Final = 14


def mend(ledger: Ledger) -> list[Flag]:
    """Undo misreadings in the text of ``ledger``; return what is suspected but was left alone."""
    known: dict[str, float] = defaultdict(float)
    edits: list[Edit] = []
    flags: list[Flag] = []
    shift = 0
    for start, end in _chunks(ledger.text):
        chunk = Ledger(ledger.text[start:end])
        view = View(chunk.text)
        for _ in range(MAX_PASSES):
            found = _edits(view, known)
            if not found:
                break
            chunk.apply(found)
            view = View(chunk.text)
        flags += (
            replace(flag, start=flag.start + start + shift, end=flag.end + start + shift) for flag in _flags(view)
        )
        edits += (replace(edit, start=edit.start + start, end=edit.end + start) for edit in chunk.edits)
        shift += len(chunk.text) - (end - start)
    ledger.apply(edits)
    return flags


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

    def __init__(self, text: str) -> None:
        self.codes = likelihood.code_points(text)
        beyond = self.codes > 0x7F
        # The model looks two characters back; where those are left out a new word seems to begin, which is wrong
        # only for characters that are not looked at.
        near = np.flatnonzero(_near(beyond, 2, 1))
        costs = likelihood.load().costs(self.codes[near])
        usual = np.where(self.codes[near] < EAST_ASIAN, TYPICAL, TYPICAL_HAN)
        # Which script a word is in is a surprise of its own, paid by its first letter: it says nothing about damage.
        usual[1:][self.codes[near[1:] - 1] <= 0x20] += FIRST
        high = np.flatnonzero(_near(beyond, 0, 1)[near] & (costs >= usual + SUSPICIOUS))
        self.suspects = near[high]
        self.excess = (costs[high].astype(np.int64) - usual[high]) / SCALE

    def zone(self, suspects: NDArray[np.int64]) -> Zone:
        """Return the parts of the text around ``suspects``."""
        edges = np.zeros(len(self.codes) + 1, np.int32)
        np.add.at(edges, np.maximum(suspects - MARGIN, 0), 1)
        np.add.at(edges, np.minimum(suspects + MARGIN + 1, len(self.codes)), -1)
        positions = np.flatnonzero(np.cumsum(edges[:-1]))
        codes = self.codes[positions]
        codes[np.flatnonzero(np.diff(positions) > 1)] = 0x0A
        suspicious = np.zeros(len(self.codes), bool)
        suspicious[suspects] = True
        return Zone(codes, positions, likelihood.load(), suspicious[positions])

    def whole(self) -> Zone:
        """Return all of the text."""
        nothing = np.zeros(len(self.codes), bool)
        return Zone(self.codes.copy(), np.arange(len(self.codes)), likelihood.load(), nothing)

    def utf8_suspects(self, *, established: bool) -> NDArray[np.int64]:
        """Return where some codec may have misread UTF-8, if that is likely at all or ``established`` for the page."""
        leads, trails = roles()
        codes = np.minimum(self.codes, BMP - 1)
        near = np.zeros(len(self.suspects), bool)
        for step in range(-NEAR_PAIR, NEAR_PAIR + 1):
            at = np.clip(self.suspects + step, 0, max(len(codes) - 2, 0))
            near |= (leads[codes[at]] & trails[codes[np.minimum(at + 1, len(codes) - 1)]]) != 0
        if not near.any():
            return self.suspects[:0]
        # Those side by side have to be unlikely enough together for a reading of them to gain what it needs.
        suspects, excess = self.suspects[near], self.excess[near]
        first = np.flatnonzero(np.append(True, np.diff(suspects) > NEAR_PAIR))
        if not established and np.add.reduceat(excess, first).max() < LEAST_UTF8:
            return self.suspects[:0]
        # Where something was misread, what is not suspicious by itself may have been misread with it.
        return np.union1d(suspects, np.flatnonzero(leads[codes[:-1]] & trails[codes[1:]]))

    def may_be_pairs(self) -> bool:
        """Tell whether enough is wrong with East Asian characters here for a double-byte codec to be to blame."""
        codes = self.codes[self.suspects]
        return self._is_dense((codes >= EAST_ASIAN) & (codes < BMP), LEAST_PAIRS)

    def may_be_legacy(self) -> bool:
        """Tell whether enough is wrong with letters close together for a legacy encoding to be to blame."""
        codes = self.codes[self.suspects]
        return self._is_dense(~is_sign(codes) & (codes > 0x7F) & (codes < EAST_ASIAN), LEAST_LEGACY)

    def _is_dense(self, chosen: NDArray[np.bool_], least: float) -> bool:
        """Tell whether suspects that are ``chosen`` stand so close together that they are ``least`` nats too much."""
        places = np.flatnonzero(chosen)
        if not len(places):
            return False
        # The best stretch, where each character costs something: sums so far, less the least sum before each.
        excess = self.excess[places]
        sums = np.cumsum(excess) - self.suspects[places] * DENSITY
        return bool((sums - np.minimum.accumulate(sums - excess)).max() >= least)


def _near(marked: NDArray[np.bool_], before: int, after: int) -> NDArray[np.bool_]:
    """Return ``marked`` with the ``before`` places before each and the ``after`` places after it."""
    near = marked.copy()
    for step in range(1, after + 1):
        near[step:] |= marked[:-step]
    for step in range(1, before + 1):
        near[:-step] |= marked[step:]
    return near


def _edits(view: View, known: dict[str, float]) -> list[Edit]:
    """Return the edits that undo one level of misreading."""
    if not len(view.suspects):
        return []
    utf8, pairs, legacy = view.utf8_suspects(established=bool(known)), view.may_be_pairs(), view.may_be_legacy()
    if not (len(utf8) or pairs or legacy or known):
        return []
    found: list[tuple[Zone, list[Candidate]]] = []
    if len(utf8):
        zone = view.zone(utf8)
        found.append((zone, utf8_candidates(zone, known)))
    zone = view.zone(view.suspects) if pairs or legacy or known else view.zone(utf8)
    if pairs:
        found.append((zone, utf8_in_pairs_candidates(zone, known)))
    enough = float(view.excess.sum()) * CONVINCING
    if legacy and max((_gain(candidates) for _, candidates in found), default=0.0) < enough:
        whole = view.whole()
        readings = legacy_candidates(zone, whole, known), legacy_in_pairs_candidates(zone, known)
        # What is left over of text that was UTF-8 is no text of a legacy encoding.
        utf8_gain = sum(gain for chain, gain in known.items() if chain.startswith("UTF-8"))
        found += ((part, some) for part, some in zip((whole, zone), readings, strict=True) if _gain(some) > utf8_gain)
    if known and not any(candidates for _, candidates in found):
        found.append((zone, spaced_utf8_candidates(zone, known)))
    zone, best = max(found, key=lambda item: _gain(item[1]) * _trust(item[1]), default=(zone, []))
    for candidate in best:
        known[candidate.chain] += candidate.gain
    return [
        Edit(
            int(zone.positions[candidate.start]),
            int(zone.positions[candidate.end - 1]) + 1,
            candidate.after,
            "mojibake",
            f"{candidate.chain} (+{candidate.gain:.0f} nats)",
        )
        for candidate in best
    ]


def _gain(candidates: list[Candidate]) -> float:
    return sum(candidate.gain for candidate in candidates)


def _trust(candidates: list[Candidate]) -> float:
    """Return the share of their gain that counts against other candidates: any two bytes are some Han character."""
    pairs = candidates and candidates[0].chain.split()[0] in LEGACY_MULTI_BYTE
    return TRUST_IN_PAIRS if pairs else 1.0


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
