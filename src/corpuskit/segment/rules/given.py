"""Labels that the rules give, how sure they are, and what the shape of a line alone makes it."""

from __future__ import annotations

from typing import Final

from corpuskit.model import Kind, Role
from corpuskit.segment.labeller import Label

SURE: Final = 0.95
LIKELY: Final = 0.85
GUESS: Final = 0.6
"""Scores of a line that says what it is, one whose zone and shape agree, and one that only its zone speaks for.

They are ranks, not probabilities: a calibrated labeller replaces this one.
"""

LABELS: Final = {
    "image": Label(Role.METADATA, Kind.IMAGE, SURE, "a Markdown image"),
    "language_switch": Label(Role.BOILERPLATE, Kind.NAVIGATION, SURE, "offers other languages"),
    "hashtags": Label(Role.BOILERPLATE, Kind.TAGS, SURE, "nothing but hashtags"),
    "identifier": Label(Role.BOILERPLATE, Kind.NAVIGATION, SURE, "a program's name for something"),
    "symbols_only": Label(Role.BOILERPLATE, Kind.OTHER, LIKELY, "no letter and no digit"),
    "date_line": Label(Role.METADATA, Kind.DATE, SURE, "a date and the words that go with one"),
    "menu": Label(Role.BOILERPLATE, Kind.NAVIGATION, SURE, "short entries side by side"),
    "byline": Label(Role.METADATA, Kind.BYLINE, SURE, "begins as a byline does"),
    "contact": Label(Role.METADATA, Kind.CONTACT, SURE, "an address to write to or call"),
    "caption": Label(Role.METADATA, Kind.CAPTION, LIKELY, "begins or ends as a caption does"),
    "markdown_heading": Label(Role.MAIN, Kind.HEADING, LIKELY, "a Markdown heading"),
    "quote": Label(Role.MAIN, Kind.QUOTE, LIKELY, "a Markdown quote"),
    "list_item": Label(Role.MAIN, Kind.LIST_ITEM, LIKELY, "begins as a list entry does"),
}
"""What the shape of a line makes it, by the name of the fact."""


def boilerplate(kind: Kind, score: float, reason: str) -> Label:
    """Return the label of a line that is no part of the article."""
    return Label(Role.BOILERPLATE, kind, score, reason)
