"""Bytes to text: decode, then repair what was damaged before the bytes reached us.

:func:`decode` reads bytes; :func:`repair` mends text and keeps a ledger from which the decoded text can be had back
exactly.  What is heavy (the character model, detection) is imported where it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuskit.config import RepairSettings
from corpuskit.model import Flag
from corpuskit.repair.vocabulary import Decoded, DecodeError, Repaired

if TYPE_CHECKING:
    from corpuskit.repair.votes import Votes

__all__ = ["DecodeError", "Decoded", "Flag", "RepairSettings", "Repaired", "decode", "repair"]

_DEFAULTS = RepairSettings()
# What the rules on by default could want to change in ASCII text.
_ASCII_CONTROLS = bytes((*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F))


def decode(raw: bytes, *, declared: str | None = None, markup: bool = False) -> Decoded:
    """Read ``raw`` as text, by the evidence at hand.

    In order: a byte order mark; the ``declared`` charset label (of an HTTP header), or where ``markup`` is true the one
    the markup itself declares; UTF-8, where the bytes are valid UTF-8; what a detector makes of a bounded sample.

    Raises:
        DecodeError: the bytes are not text.
    """
    from corpuskit.repair.decoding import decode_bytes

    return decode_bytes(raw, declared=declared, markup=markup)


def repair(
    text: str, options: RepairSettings = _DEFAULTS, *, media_type: str = "text/plain", votes: Votes | None = None
) -> Repaired:
    """Repair ``text`` as ``options`` say; ``media_type`` tells markup, whose entities are its parser's business.

    ``votes`` are those of other pages of the same source: what was misread there needs less evidence here.

    ``corpuskit.model.undo(repaired.text, repaired.repairs)`` is ``text`` again, for any ``text``.
    """
    if text.isascii() and _is_clean_ascii(text, options):
        return Repaired(text, (), ())
    from corpuskit.repair.rules import run_rules

    return run_rules(text, options, media_type=media_type, votes=votes)


def _is_clean_ascii(text: str, options: RepairSettings) -> bool:
    """Tell at the speed of memory that no rule has anything to do with this ASCII text."""
    raw = text.encode("ascii")
    if options.controls and len(raw.translate(None, _ASCII_CONTROLS)) != len(raw):
        return False
    return not (options.entities and "&" in text)
