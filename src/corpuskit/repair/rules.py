"""The rules in the order they run, each against the text the one before it left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.repair import characters
from corpuskit.repair.ledger import Ledger
from corpuskit.repair.mojibake import mend
from corpuskit.repair.vocabulary import Edit, Repaired, RepairOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Mojibake goes first: to every later rule its bytes would look like stray controls, soft hyphens or ligatures.
_BEFORE_MOJIBAKE: Final[tuple[tuple[str, Callable[[str], Iterator[Edit]]], ...]] = (
    ("surrogates", characters.join_surrogates),
    ("entities", characters.unescape_entities),
)
_AFTER_MOJIBAKE: Final[tuple[tuple[str, Callable[[str], Iterator[Edit]]], ...]] = (
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
_MARKUP: Final = ("html", "xml")


def run_rules(text: str, options: RepairOptions, *, media_type: str) -> Repaired:
    """Run every rule ``options`` ask for on ``text``."""
    ledger = Ledger(text)
    is_markup = any(name in media_type for name in _MARKUP)
    for name, rule in _BEFORE_MOJIBAKE:
        if getattr(options, name) and not (name == "entities" and is_markup):
            ledger.apply(list(rule(ledger.text)))
    flags = mend(ledger) if options.mojibake and not ledger.text.isascii() else []
    marks = len(ledger.text)
    del marks
    for name, rule in _AFTER_MOJIBAKE:
        if getattr(options, name):
            ledger.apply(list(rule(ledger.text)))
    return Repaired(ledger.text, ledger.repairs(), (*flags, *characters.lost_characters(ledger.text)))
