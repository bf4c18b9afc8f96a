"""What the repair room takes and gives: frozen values, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpuskit.model import Flag, Repair


class DecodeError(ValueError):
    """The bytes are not text: the message says what they look like and why."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes read as text.

    ``encoding`` is the WHATWG name of the encoding actually used (IANA's for the few the WHATWG does not know),
    ``evidence`` says what it was chosen for.  ``lossy`` is true where bytes became U+FFFD: they cannot be had back.
    """

    text: str
    encoding: str
    evidence: str
    lossy: bool


@dataclass(frozen=True, slots=True)
class Repaired:
    """The repaired text, the repairs that lead back to the decoded text, and what was suspected but not touched."""

    text: str
    repairs: tuple[Repair, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change a rule asks for: ``after`` in the place of ``[start, end)`` of the text the rule was given."""

    start: int
    end: int
    after: str
    rule: str
    evidence: str
