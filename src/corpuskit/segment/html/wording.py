"""What a short line says it is: there its own words are surer than the names of the elements around it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from corpuskit.model import Kind, Role
from corpuskit.segment import cues
from corpuskit.segment.facts import Facts

ITEM: Final = (Role.RELATED, Kind.TITLE)
_AGE: Final = (Role.RELATED, Kind.AGE)
_LEGAL: Final = (Role.BOILERPLATE, Kind.LEGAL)
_RIGHTS: Final = (Role.METADATA, Kind.RIGHTS)
_CONTACT: Final = (Role.METADATA, Kind.CONTACT)

_TEASER: Final = 250
"""Characters of the longest line that can be the title of something related and a few words before it."""
_MARK: Final = re.compile("[:：】☞]")
_BEGINNING: Final = 40
"""Characters within which a mark ends the words before the link; menus, which are most links, have none."""

_SHORT: Final = 60
"""Characters of the longest line that is nothing but what its words say it is."""
_EDGES: Final = " .:|•·–-<>«»"
_RESERVED: Final = ("©", "(c) ", "copyright", "reserv", "réserv", "vorbehalt", "版权", "著作権", "محفوظة")
"""What lines of rights have in common: looked for before all their phrases are."""
_REACHED: Final = re.compile(r"@|\d{2}.*\d{2}")


def leads_on(text: str) -> bool:
    """Whether a line, most of it a link, says that it leads to something else.

    >>> leads_on("Lire aussi : Le pont reste fermé")
    True
    """
    marked = len(text) <= _TEASER and _MARK.search(text, 0, _BEGINNING)
    cue = cues.find(text) if marked else None
    return cue is not None and (cue.role, cue.kind) == ITEM


def said(text: str, role: Role) -> tuple[Role, Kind] | None:
    """Return the role and kind that a line outside the main text says it has, or ``None``: most say nothing.

    Args:
        text: of the line.
        role: that it has by its names: a date is the age of something related only among related lines.

    >>> said("Datenschutz", Role.BOILERPLATE)
    (<Role.BOILERPLATE: 'boilerplate'>, <Kind.LEGAL: 'legal'>)
    """
    if len(text) > _SHORT:
        return None
    return _said_among_related(text) if role is Role.RELATED else _said(text)


@lru_cache(maxsize=1 << 13)
def _said_among_related(text: str) -> tuple[Role, Kind] | None:
    facts = Facts(text)
    return _AGE if facts.age or facts.date_line else None


@lru_cache(maxsize=1 << 14)
def _said(text: str) -> tuple[Role, Kind] | None:
    folded = cues.fold(text)
    kinds = cues.phrases().get(folded.strip(_EDGES), {})
    if next(iter(kinds.values()), None) is Kind.LEGAL:
        return _LEGAL
    cue = cues.find(text) if any(mark in folded for mark in _RESERVED) else None
    if cue and cue.kind is Kind.RIGHTS:
        return _RIGHTS
    if _REACHED.search(text) and Facts(text).contact:
        return _CONTACT
    return None
