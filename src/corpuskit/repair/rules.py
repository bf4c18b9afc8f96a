"""The rules in the order they run, each against the text the one before it left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from corpuskit.repair import characters
from corpuskit.repair.ledger import Ledger
from corpuskit.repair.mojibake import mend
from corpuskit.repair.vocabulary import Edit, Repaired

if TYPE_CHECKING:
    from corpuskit.config import RepairSettings
    from corpuskit.model import Flag
    from corpuskit.repair.votes import Votes

Rule = Callable[[str], Iterator[Edit]]

# Mojibake goes first: to every later rule its bytes would look like stray controls, soft hyphens or ligatures.
_BEFORE_MOJIBAKE: Final[tuple[tuple[str, Rule], ...]] = (
    ("surrogates", characters.join_surrogates),
    ("entities", characters.unescape_entities),
)
_AFTER_MOJIBAKE: Final[tuple[tuple[str, Rule], ...]] = (
    ("c1_controls", characters.read_c1_as_windows_1252),
    ("controls", characters.drop_controls),
    ("soft_hyphens", characters.drop_soft_hyphens),
    ("inner_bom", characters.drop_inner_boms),
    ("zero_width", characters.drop_zero_width),
    ("quotes", characters.straighten_quotes),
    ("ligatures", characters.unfold_ligatures),
    ("width", characters.fold_width),
    ("nfc", characters.compose_characters),
)
_FLAGGED: Final[tuple[tuple[str, Callable[[str], Iterator[Flag]]], ...]] = (
    ("lost", characters.lost_characters),
    ("surrogates", characters.lone_surrogates),
)
_MARKUP: Final = ("html", "xml")


def run_rules(text: str, options: RepairSettings, *, media_type: str, votes: Votes | None = None) -> Repaired:
    """Run every rule ``options`` ask for on ``text``; ``votes`` are those of other pages of the same source."""
    ledger = Ledger(text)
    is_markup = any(name in media_type for name in _MARKUP)
    here = characters.uncommon(text)
    for name, rule in _BEFORE_MOJIBAKE:
        if getattr(options, name) and name in here.rules and not (name == "entities" and is_markup):
            ledger.apply(list(rule(ledger.text)))
    here = _now(ledger, text, here)
    flags: list[Flag] = []
    if options.mojibake and len(here.high):
        before = ledger.text
        flags = mend(ledger, here.high, votes, is_markup=is_markup)
        here = _now(ledger, before, here)
    for name, rule in _AFTER_MOJIBAKE:
        if getattr(options, name) and name in here.rules and (edits := list(rule(ledger.text))):
            ledger.apply(edits)
            flags = moved(flags, edits)
    for name, find in _FLAGGED:
        if name in here.rules:
            flags += find(ledger.text)
    return Repaired(ledger.text, ledger.repairs(), tuple(sorted(flags, key=lambda flag: flag.start)))


def _now(ledger: Ledger, before: str, uncommon: characters.Uncommon) -> characters.Uncommon:
    """Return what is uncommon in the text of ``ledger``, given what was in the text ``before``."""
    return uncommon if ledger.text is before else characters.uncommon(ledger.text)


def moved(flags: list[Flag], edits: list[Edit]) -> list[Flag]:
    """Return ``flags`` where they stand after ``edits``; those of which nothing is left are left out."""
    starts = [edit.start for edit in edits]
    shifts = [0, *accumulate(len(edit.after) - (edit.end - edit.start) for edit in edits)]

    def place(position: int, *, inside: bool) -> int:
        """Return where ``position`` is now: one that was inside an edit goes to its end, or to its start."""
        index = bisect_left(starts, position)
        if index and position < edits[index - 1].end:
            return edits[index - 1].start + shifts[index - 1] + (len(edits[index - 1].after) if inside else 0)
        return position + shifts[index]

    placed = (replace(flag, start=place(flag.start, inside=False), end=place(flag.end, inside=True)) for flag in flags)
    return [flag for flag in placed if flag.start < flag.end]
