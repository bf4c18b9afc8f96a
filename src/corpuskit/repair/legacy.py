"""Bytes of a legacy encoding read as another one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.plane import BMP
from corpuskit.repair import alphabets
from corpuskit.repair.candidates import CONTEXT, Candidate, Zone, cumulate, sample, to_text
from corpuskit.repair.likelihood import SCALE
from corpuskit.repair.misreadings import LEGACY, high_half, legacy_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Codes

SEGMENT: Final = 20.0
"""Nats by which a stretch of words has to be likelier to be applied on its own."""
READABLE: Final = 4.4
"""Nats that a character of what a stretch becomes may cost: clean text costs 3 to 4, an alphabet as a list more."""
_WORD: Final = re.compile(r"[^ \n\t\r]+")
SECONDED: Final = 4.0
SECONDING: Final = 60.0
AGAINST: Final = 0.3
"""Share that words a reading makes less likely count against it: there may be clean words among the damaged."""
_SIGNS: Final = np.zeros(BMP, bool)
_SIGNS[0x2000:0x2C00] = True
_SIGNS[[ord(sign) for sign in "\u00a0\u00ad°·®©«»×÷"]] = True
_LOOKALIKES: Final = np.zeros(BMP, bool)
_LOOKALIKES[[ord(letter) for letter in "АВЕЅІЈКМНОРСТУХаеорсухѕіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυ"]] = True
FEW: Final = 2
"""Different characters that a reading has to change for it to need no more evidence than usual."""
LATIN: Final = frozenset({"cp1250", "cp1252", "cp1254", "iso8859-2"})
WESTERN: Final = frozenset({("cp1252", "cp1250"), ("cp1252", "iso8859-2")})
LATIN_TIMES: Final = 6.0
"""Times the evidence for these: to a model that never saw Hungarian or Czech, the letters of another language of
Latin script look likelier than theirs (``python -m bench.repair.folds``)."""
COHERENT: Final = 0.97
"""Share of the letters beyond ASCII that one alphabet has to have for a text to be in its language."""
INCOHERENT: Final = 0.9
"""Share that no alphabet may have for a text to be in no language."""
ALPHABET: Final = 6.0
"""Nats that are enough where a page in no language becomes one in some language."""
ALPHABET_TIMES: Final = 0.4
"""Times the evidence where a text in no language becomes one in some language."""
READABLE_ALPHABET: Final = 5.5
MIXED_WORDS: Final = 0.2
"""Share of words of two scripts from which a text is no text: a brand with an ending, or a symbol, is none."""
ASCII: Final = 0x7F
LATIN_1: Final = 0xA0
ACCENTED: Final = 0xC0
LATIN_END: Final = 0x250
VIETNAMESE: Final = 0x1E
BONUS: Final = 5.0
"""Nats a word is credited with where the whole page was misread so."""
DROP: Final = 10.0
"""Nats a stretch may lose before it ends (the X-drop of BLAST, Altschul et al. 1990)."""
SAMPLE: Final = 1200


def legacy_candidates(zone: Zone, whole: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return the readings of parts of ``whole`` as another legacy encoding that are worth applying.

    Which one is asked of ``zone``, the suspicious parts of ``whole``.
    """
    row = _best_row(zone)
    if row is None:
        return []
    zone = whole
    codes = _reread(zone.codes, row)
    starts, ends, gains = _word_gains(zone, codes)
    chain = "{} read as {}".format(*LEGACY[row])
    times, readable = _standards(zone.codes, codes, row, starts, ends)
    if _once(zone.text, zip(starts.tolist(), ends.tolist(), gains.tolist(), strict=True)) + known.get(chain, 0) >= (
        SECONDING * times
    ):
        gains = gains + BONUS
    stretches = segments(zone.codes, starts, ends, gains)
    total = _once(zone.text, (part for part in stretches if part[2] >= SEGMENT * times)) + known.get(chain, 0)
    least = SECONDED if total >= SECONDING * times else SEGMENT * times
    cost = cumulate(zone.model, codes)
    text = to_text(codes)
    changed = codes != zone.codes
    candidates: list[Candidate] = []
    for start, end, gain in stretches:
        if gain >= least and cost[end] - cost[start] <= readable * SCALE * (end - start):
            parts = list(_changed_words(text, changed, start, end))
            candidates += (Candidate(low, high, text[low:high], gain / len(parts), chain) for low, high in parts)
    return candidates


def whole_latin_candidates(page: Zone) -> list[Candidate]:
    """Return the reading of all of ``page`` that makes text of some language out of text of none."""
    letters, counts = np.unique(page.codes[page.codes > ASCII], return_counts=True)
    is_latin = _is_latin(letters)
    latin, times = letters[is_latin], counts[is_latin]
    if times.sum() < 2 or alphabets.coverage(latin, times) > INCOHERENT:
        return []
    candidates: list[Candidate] = []
    best = ALPHABET
    for row in _latin_rows():
        if _has_foreign_letters(latin, row) or not _is_language(letters, _reread(letters, row), counts):
            continue
        codes = _reread(page.codes, row)
        starts, ends, gains = _word_gains(page, codes)
        if gains.sum() > best:
            text, chain = to_text(codes), "{} read as {}".format(*LEGACY[row])
            words = zip(starts.tolist(), ends.tolist(), gains.tolist(), strict=True)
            found = [Candidate(start, end, text[start:end], gain, chain) for start, end, gain in words]
            # One word proves nothing: a list of countries has letters of many languages.
            if len({candidate.after for candidate in found}) > 1:
                best, candidates = gains.sum(), found
    return candidates


def _is_language(before: Codes, after: Codes, counts: NDArray[np.int64]) -> bool:
    """Tell whether some alphabet has the letters of ``after``, and none those of ``before``; one letter is too few.

    Each character is given once, with how often it is there.
    """
    letters = _is_latin(before) | (before != after)
    before, after, counts = before[letters], after[letters], counts[letters]
    if _kinds(before) < FEW:
        return False
    return alphabets.coverage(after, counts) >= COHERENT > INCOHERENT >= alphabets.coverage(before, counts)


def _is_latin(codes: Codes) -> NDArray[np.bool_]:
    """Tell which of ``codes`` are letters of Latin script beyond ASCII, or signs of Latin-1."""
    latin: NDArray[np.bool_] = (codes < LATIN_END) | (codes >> np.uint32(8) == VIETNAMESE)
    return latin & (codes >= LATIN_1)


@cache
def _latin_rows() -> tuple[int, ...]:
    """Return the rows of :data:`LEGACY` of which both encodings are of Latin script."""
    return tuple(row for row, (written, read) in enumerate(LEGACY) if written in LATIN and read in LATIN)


def _has_foreign_letters(codes: Codes, row: int) -> bool:
    """Tell whether Latin ``codes`` have a letter that the codec of ``row`` reads no byte as."""
    return not bool(_letters_of(row)[codes[codes >= ACCENTED]].all())


@cache
def _letters_of(row: int) -> NDArray[np.bool_]:
    """Return for each code point of the BMP whether the codec of ``row`` reads some byte as it."""
    known = np.zeros(BMP, bool)
    known[[ord(character) for character in high_half(LEGACY[row][1])]] = True
    return known


def _standards(
    before: Codes, after: Codes, row: int, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[float, float]:
    """Return how many times the evidence reading ``before`` as ``after`` needs, and the nats a character may cost.

    Between two encodings of Latin script the alphabets of languages tell more than the model does, and between
    scripts that words are written in one.
    """
    is_latin = row in _latin_rows()
    found, counts = np.unique(before, return_counts=True)
    reread = _reread(found, row)
    if is_latin and len(starts) > 1 and _is_language(found, reread, counts):
        return ALPHABET_TIMES, READABLE_ALPHABET
    kinds = _kinds(found[found != reread])
    if kinds < FEW:
        return (LATIN_TIMES if kinds else np.inf), READABLE
    if is_latin:
        return (LATIN_TIMES if LEGACY[row] in WESTERN else 1.0), READABLE
    mixed_before, mixed_after = (alphabets.share_mixed(codes, starts, ends) for codes in (before, after))
    if mixed_after > MIXED_WORDS:
        return LATIN_TIMES, READABLE
    return (ALPHABET_TIMES, READABLE_ALPHABET) if mixed_before > MIXED_WORDS else (1.0, READABLE)


def _kinds(kinds: Codes) -> int:
    """Return how many of ``kinds`` of characters are letters, but for those that may stand for Latin ones.

    A homograph, such as a Cyrillic "е" in an English word, is put there by somebody and no work of a codec; and a
    sign that becomes a letter, however often, tells nothing: "¶" is "ś" in Polish, and stands beside headings.
    C1 controls are nothing else than damage.
    """
    if ((kinds > ASCII) & (kinds < LATIN_1)).any():
        return FEW
    is_letter = (kinds >= ACCENTED) & ~is_sign(kinds) & ~_LOOKALIKES[np.minimum(kinds, BMP - 1)]
    return int(np.count_nonzero(is_letter))


def _once(text: str, parts: Iterable[tuple[int, int, float]]) -> float:
    """Return the sum of the gains of ``parts`` (start, end, gain), counting once what stands there again."""
    return sum({text[start:end]: gain for start, end, gain in parts}.values())


def _changed_words(text: str, changed: NDArray[np.bool_], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the words of ``text[start:end]`` that change, those side by side as one."""
    low = high = -1
    for match in _WORD.finditer(text, start, end):
        if not changed[match.start() : match.end()].any():
            if low >= 0:
                yield low, high
            low = -1
            continue
        low = match.start() if low < 0 else low
        high = match.end()
    if low >= 0:
        yield low, high


def is_sign(codes: Codes) -> NDArray[np.bool_]:
    """Tell which of ``codes`` are dashes, quotation marks and other signs: no misread word is made of these alone."""
    signs: NDArray[np.bool_] = _SIGNS[np.minimum(codes, BMP - 1)]
    return signs


def may_be_misread(zone: Zone) -> bool:
    """Tell whether some reading of ``zone`` as another encoding is likely enough to look further."""
    return _best_row(zone) is not None


def _best_row(zone: Zone) -> int | None:
    """Return which of :data:`LEGACY` gains most, where that is enough; all are tried at once."""
    part = sample(zone, SAMPLE)
    tables = legacy_tables()
    readings = np.where(part.codes < BMP, tables[:, np.minimum(part.codes, BMP - 1)], part.codes)
    starts, ends = _words(part.codes)
    changed = (readings != part.codes) & ~is_sign(part.codes)
    counts = np.cumsum(np.pad(changed, ((0, 0), (1, 0))), 1)
    touched = counts[:, ends] > counts[:, starts]
    padded = np.pad(readings, ((0, 0), (0, CONTEXT)), constant_values=0x20)
    after = np.cumsum(np.pad(zone.model.costs(padded.ravel()).reshape(padded.shape), ((0, 0), (1, 0))), 1, np.int64)
    before = part.cumulated
    stops = np.minimum(ends + 1, len(before) - 1)
    gains = np.where(touched, (before[stops] - before[starts]) - (after[:, stops] - after[:, starts]), 0)
    totals = np.where(gains > 0, gains, gains * AGAINST).sum(1)
    best = int(totals.argmax())
    return best if totals[best] > SEGMENT * ALPHABET_TIMES * SCALE else None


def _reread(codes: Codes, row: int) -> Codes:
    inside = np.minimum(codes, BMP - 1)
    return np.where(codes < BMP, legacy_tables()[row][inside], codes)


def _words(codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the words of ``codes`` start and end."""
    space = (codes == 0x20) | (codes == 0x0A) | (codes == 0x09) | (codes == 0x0D)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], space, [True]))))
    return edges[::2], edges[1::2]


def _word_gains(zone: Zone, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the words that ``codes`` reads differently: where they start and end, and the nats each gains."""
    changed = (codes != zone.codes) & ~is_sign(zone.codes)
    starts, ends = _words(zone.codes)
    counts = np.concatenate(([0], np.cumsum(changed)))
    touched = counts[ends] > counts[starts]
    starts, ends = starts[touched], ends[touched]
    before, after = zone.cumulated, cumulate(zone.model, codes)
    stops = np.minimum(ends + 1, len(before) - 1)
    return starts, ends, ((before[stops] - before[starts]) - (after[stops] - after[starts])) / SCALE


def segments(
    codes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64], gains: NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """Return stretches of words of one line with the highest sums of gains: start, end, nats.

    A stretch ends where it loses more than :data:`DROP`.
    """
    lines = np.cumsum(codes == 0x0A)[starts].tolist()
    found: list[tuple[int, int, float]] = []
    total = best = 0.0
    begin = stop = line = -1
    for start, end, gain, here in zip(starts.tolist(), ends.tolist(), gains.tolist(), lines, strict=True):
        if begin >= 0 and here != line:
            found.append((begin, stop, best))
            begin = -1
        line = here
        if begin < 0 and gain <= 0:
            continue
        if begin < 0:
            begin, total, best = start, 0.0, 0.0
        total += gain
        if total > best:
            best, stop = total, end
        elif total < best - DROP or total <= 0:
            found.append((begin, stop, best))
            begin = -1
    if begin >= 0:
        found.append((begin, stop, best))
    return found
