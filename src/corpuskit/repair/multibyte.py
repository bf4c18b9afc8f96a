"""UTF-8 read as a double-byte codec of East Asia, and text of such a codec read as windows-1252 or latin-1."""

from __future__ import annotations

from corpuskit.repair.candidates import Candidate, Zone


def multibyte_candidates(zone: Zone) -> list[Candidate]:
    return []
