"""What a short line says it is: there its own words are surer than the names of the elements around it."""

from __future__ import annotations

import re
from bisect import bisect
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment import cues
from corpuskit.segment.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_RESERVED: Final = re.compile(r"©|\(c\) |copyright|reserv|réserv|vorbehalt|版权|著作権|محفوظة")
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


def said(texts: Sequence[str], roles: Sequence[Role]) -> dict[int, tuple[Role, Kind]]:
    """Return the role and kind of those of a page's lines that say what they are, by their numbers: most do not.

    Args:
        texts: of all lines.
        roles: that they have so far: what is main is not asked, and a date is the age of something related only among
            related lines.

    >>> said(["Datenschutz"], [Role.BOILERPLATE])
    {0: (<Role.BOILERPLATE: 'boilerplate'>, <Kind.LEGAL: 'legal'>)}
    """
    main, related = Role.MAIN, Role.RELATED
    short = [line for line, text in enumerate(texts) if len(text) <= _SHORT and roles[line] is not main]
    found = {line: _AGE for line in short if roles[line] is related and _dated(texts[line])}
    lines = [line for line in short if roles[line] is not related]
    plain = [texts[line] for line in lines]
    folded = list(map(cues.fold, plain))
    for at in _lines_with(_REACHED, plain):
        if Facts(plain[at]).contact:
            found[lines[at]] = _CONTACT
    for at in _lines_with(_RESERVED, folded):
        if (cue := cues.find(plain[at])) and cue.kind is Kind.RIGHTS:
            found[lines[at]] = _RIGHTS
    phrases = cues.phrases()
    for line, text in zip(lines, folded, strict=True):
        kinds = phrases.get(text.strip(_EDGES))
        if kinds and next(iter(kinds.values())) is Kind.LEGAL:
            found[line] = _LEGAL
    return found


def _lines_with(pattern: re.Pattern[str], lines: Sequence[str]) -> list[int]:
    """Return the numbers of the ``lines`` that ``pattern`` finds something in: of a page's, looked at all at once."""
    ends = list(accumulate(len(line) + 1 for line in lines))
    return list(dict.fromkeys(bisect(ends, found.start()) for found in pattern.finditer("\n".join(lines))))


@lru_cache(maxsize=1 << 13)
def _dated(text: str) -> bool:
    facts = Facts(text)
    return bool(facts.age or facts.date_line)
