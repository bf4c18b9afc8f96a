"""What the repair room takes and gives: frozen values, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpuskit.model import Repair


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
class RepairOptions:
    """Which defects are repaired: one field a rule, each off or on by itself.

    Damage is repaired by default; typography is content and stays unless asked for.

    Attributes:
        mojibake: text decoded with the wrong codec, once or several times, in whole or in part.
        c1_controls: C1 control characters, read as windows-1252 as HTML5 does.
        surrogates: two surrogates that make one character, read as that character.
        controls: C0 control characters other than tab, line feed, form feed and carriage return, and DEL: dropped.
        zero_width: U+200B and U+2060 where no script nearby uses them, joiners that join nothing: dropped.
        soft_hyphens: U+00AD: dropped.
        inner_bom: U+FEFF: dropped wherever it stands.
        entities: HTML entities in plain text, unescaped once (never in markup, whose parser does it).
        quotes: curly quotation marks made straight.
        ligatures: Latin ligatures unfolded.
        width: full-width and half-width forms folded.
        nfc: Unicode normalisation form C.
    """

    mojibake: bool = True
    c1_controls: bool = True
    surrogates: bool = True
    controls: bool = True
    zero_width: bool = True
    soft_hyphens: bool = True
    inner_bom: bool = True
    entities: bool = False
    quotes: bool = False
    ligatures: bool = False
    width: bool = False
    nfc: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """Damage that is suspected at ``[start, end)`` of the repaired text (in characters) and was left as it is."""

    start: int
    end: int
    rule: str
    evidence: str


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
