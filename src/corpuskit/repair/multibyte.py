"""UTF-8 read as a double-byte codec of East Asia, and text of such a codec read as windows-1252 or latin-1."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.repair import legacy
from corpuskit.repair.candidates import SECONDING, Candidate, Zone, gains, proven, sample
from corpuskit.repair.likelihood import SCALE
from corpuskit.repair.misreadings import LEGACY_MULTI_BYTE, MULTI_BYTE, high_half, misread

if TYPE_CHECKING:
    from collections.abc import Mapping

_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
# Han, kana, Hangul, compatibility and half-width forms, and the private use area codecs map their gaps to.
_EAST_ASIAN: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\ue000-\ufaff\ufe30-\uffef]")
# The second byte of a double-byte character is 0x40 or more: nothing below, such as a space, can be inside one.
_WORD: Final = re.compile("[@-\U0010ffff]+")
_HIGH: Final = re.compile("[\x80-\x9f\xa1-\u1fff]")

SAMPLE: Final = 1200
"""Characters of a zone that are tried first: where there is nothing in them the rest is not tried."""
DENSE: Final = 0.25
"""Share of a zone that has to be beyond ASCII: of the bytes of double-byte text half are, or all."""
READABLE: Final = 9.0
"""Nats that a character beyond ASCII of what a stretch becomes may cost."""
_BEYOND_ASCII_EACH: Final = re.compile(r"[^\x00-\x7f]")
PAIRS: Final = 30.0
"""Nats by which text read as pairs has to be likelier: any two bytes are some character."""
SOLO: Final = 14.0
"""Nats by which a run has to be likelier to be applied on its own."""
CONTRADICTED: Final = 24.0
"""Nats more that a run needs where most East Asian characters are not UTF-8 misread."""
SECONDED: Final = -3.0
"""Nats that are enough where much else was misread so: a common Han character may be what one letter became."""


def utf8_in_pairs_candidates(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return readings of runs of ``zone`` as UTF-8 that a double-byte codec misread."""
    part = sample(zone, SAMPLE)
    if part is not zone and not _utf8_in_pairs(part, known):
        return []
    return _utf8_in_pairs(zone, known)


def whole_lines_in_pairs_candidates(page: Zone, chain: str, known: Mapping[str, float]) -> list[Candidate]:
    """Return readings as UTF-8 of lines all of which the codec of ``chain`` misread."""
    codec = chain.rsplit(maxsplit=1)[-1]
    lines = np.cumsum(page.codes == 0x0A)
    spoilt = np.zeros(int(lines[-1]) + 1, bool)
    spans = []
    for match in _BEYOND_ASCII.finditer(page.text):
        after = _as_utf8(match[0], codec)
        if after is None:
            spoilt[lines[match.start()]] = True
        else:
            spans.append((*match.span(), after))
    if not spans:
        return []
    each = gains(page, spans)
    starts = np.array([start for start, *_ in spans])
    good = proven(lines[starts], np.array(each), spoilt, SOLO, known.get(chain, 0.0))
    return [Candidate(*span, gain, chain) for span, gain, is_good in zip(spans, each, good, strict=True) if is_good]


def _utf8_in_pairs(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    if not _EAST_ASIAN.search(zone.text):
        return []
    runs = [match.span() for match in _BEYOND_ASCII.finditer(zone.text)]
    best: list[Candidate] = []
    for codec in MULTI_BYTE:
        spans = [
            (start, end, after) for start, end in runs if (after := _as_utf8(zone.text[start:end], codec)) is not None
        ]
        if not spans:
            continue
        chain = f"UTF-8 read as {codec}"
        scored = [(*span, gain) for span, gain in zip(spans, gains(zone, spans), strict=True)]
        total = sum(gain for *_, gain in scored if gain >= SOLO) + known.get(chain, 0)
        least = max(SECONDED, SOLO - total * SECONDING) + CONTRADICTED * _is_contradicted(zone.text, spans)
        found = [Candidate(*candidate, chain) for candidate in scored if candidate[3] >= least]
        if sum(candidate.gain for candidate in found) > sum(candidate.gain for candidate in best):
            best = found
    return best


def _is_contradicted(text: str, spans: list[tuple[int, int, str]]) -> bool:
    """Tell whether most of what is East Asian in ``text`` is outside ``spans``: it is text of East Asia."""
    inside = sum(len(_EAST_ASIAN.findall(text, start, end)) for start, end, _ in spans)
    return len(_EAST_ASIAN.findall(text)) > 2 * inside


def legacy_in_pairs_candidates(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    """Return readings of words of ``zone`` as a double-byte encoding whose bytes were taken for single ones."""
    part = sample(zone, SAMPLE)
    if part is not zone and not _legacy_in_pairs(part, known):
        return []
    return _legacy_in_pairs(zone, known)


def _legacy_in_pairs(zone: Zone, known: Mapping[str, float]) -> list[Candidate]:
    if np.count_nonzero((zone.codes >= 0x80) & (zone.codes < 0x2E80)) < DENSE * len(zone.codes):
        return []
    words = [match for match in _WORD.finditer(zone.text) if _HIGH.search(match[0])]
    best: list[Candidate] = []
    for codec in LEGACY_MULTI_BYTE:
        spans = [
            (match.start(), match.end(), after) for match in words if (after := _as_pairs(match[0], codec)) is not None
        ]
        if not spans:
            continue
        chain = f"{codec} read as cp1252"
        each = gains(zone, spans)
        after_of = {start: (end, after) for start, end, after in spans}
        stretches = legacy.segments(
            zone.codes, np.array([span[0] for span in spans]), np.array([span[1] for span in spans]), np.array(each)
        )
        total = sum(gain for _, _, gain in stretches if gain >= PAIRS) + known.get(chain, 0)
        least = legacy.SECONDED if total >= legacy.SECONDING else PAIRS
        filled = ((start, end, _fill(zone.text, start, end, after_of), gain) for start, end, gain in stretches)
        found = [
            Candidate(start, end, after, gain, chain)
            for start, end, after, gain in filled
            if gain >= least and _is_readable(zone, start, end, gain, after)
        ]
        if sum(candidate.gain for candidate in found) > sum(candidate.gain for candidate in best):
            best = found
    return best


def _is_readable(zone: Zone, start: int, end: int, gain: float, after: str) -> bool:
    """Tell whether ``after`` costs no more than text of East Asia does: rare characters between Latin letters do."""
    before = float(zone.cumulated[end] - zone.cumulated[start]) / SCALE
    return before - gain <= READABLE * len(_BEYOND_ASCII_EACH.findall(after))


def _fill(text: str, start: int, end: int, after_of: Mapping[int, tuple[int, str]]) -> str:
    """Return ``text[start:end]`` with the words that have another reading read so."""
    parts = []
    while start < end:
        stop, after = after_of.get(start, (0, ""))
        if stop:
            parts.append(after)
            start = stop
        else:
            parts.append(text[start])
            start += 1
    return "".join(parts)


def _as_utf8(run: str, codec: str) -> str | None:
    """Return what ``run`` was if ``codec`` misread it from UTF-8, and only if it would misread it so again."""
    try:
        after = run.encode(codec).decode()
    except UnicodeError:
        raw = _utf8_bytes(run, codec)
        if raw is None:
            return None
        after = raw.decode()
    return after if after != run and misread(after.encode(), codec) == run else None


_SINGLE: Final = {chr(byte): bytes((byte,)) for byte in range(0x80, 0x100)} | {
    character: bytes((byte,)) for byte, character in enumerate(high_half("cp1252"), 0x80)
}
"""The byte of each character that an undefined byte may have fallen to."""
_TO_LATIN_1: Final = {ord(character): byte[0] for character, byte in _SINGLE.items() if ord(character) > 0xFF}


class _Path(NamedTuple):
    """The bytes a character may stand for, after those before it."""

    octets: bytes
    before: _Path | None


def _utf8_bytes(run: str, codec: str) -> bytes | None:
    """Return the bytes behind ``run`` that are valid UTF-8, where a character may stand for a pair or a lone byte.

    A byte that begins no pair falls to windows-1252, whose characters are often in the codec too.  So each character
    has up to two readings; those that keep to UTF-8's order of leading and trailing bytes are followed, by how many
    trailing bytes are still to come.
    """
    paths: dict[int, _Path] = {0: _Path(b"", None)}
    for character in run:
        following: dict[int, _Path] = {}
        for reading in _readings(character, codec):
            for missing, path in paths.items():
                left = _missing_after(missing, reading)
                if left is not None and left not in following:
                    following[left] = _Path(reading, path)
        if not following:
            return None
        paths = following
    if 0 not in paths:
        return None
    parts: list[bytes] = []
    step: _Path | None = paths[0]
    while step is not None:
        parts.append(step.octets)
        step = step.before
    raw = b"".join(reversed(parts))
    try:
        raw.decode()
    except UnicodeDecodeError:
        return None
    return raw


@cache
def _readings(character: str, codec: str) -> tuple[bytes, ...]:
    readings = []
    with suppress(UnicodeEncodeError):
        readings.append(character.encode(codec))
    if character in _SINGLE and _SINGLE[character] not in readings:
        readings.append(_SINGLE[character])
    return tuple(readings)


def _missing_after(missing: int, octets: bytes) -> int | None:
    """Return how many trailing bytes are to come after ``octets``, or ``None`` where they break UTF-8's order."""
    for octet in octets:
        if missing:
            if octet & 0xC0 != 0x80:
                return None
            missing -= 1
        elif octet >= 0x80:
            if not 0xC2 <= octet <= 0xF4:
                return None
            missing = 1 if octet < 0xE0 else 2 if octet < 0xF0 else 3
    return missing


def _as_pairs(word: str, codec: str) -> str | None:
    """Return what ``word`` was if its bytes were in ``codec`` and were read one by one."""
    try:
        after = word.translate(_TO_LATIN_1).encode("latin-1").decode(codec)
    except UnicodeError:
        return None
    return after if after != word else None
