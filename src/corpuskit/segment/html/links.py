"""Where the links of a page lead, as far as their addresses tell: an article, a section, a place on the page."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.kept import Kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage

COLUMNS: Final = (
    "link",
    "link_steps",
    "link_name",
    "link_dashes",
    "link_digits",
    "link_nowhere",
    "link_rubric",
    "link_times",
)
"""What is known of a block's link: that it has one; of its path the steps, the characters and dashes of the last step
and the digits; whether it leads to no page, to a list by name; and how often the page has it."""

_PATH: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)", re.IGNORECASE)
_NOWHERE: Final = re.compile(r"#|(?:javascript|mailto|tel|sms|whatsapp):", re.IGNORECASE)
_RUBRIC: Final = re.compile(
    r"(?:^|/)(?:tags?|topics?|categor(?:y|ies)|authors?|sections?|themen?|rubri(?:k|que|ca)|kategorien?|label|users?)/",
    re.IGNORECASE,
)
_DASHES: Final = re.compile(r"[-_]|%20|\+")
_NAMED: Final = 3
"""Dashes from which a step of a path reads like a headline."""
_LONGEST: Final = 2_000


def _read(href: str) -> tuple[float, ...]:
    """Return the columns of one address, but for the last, and whether it is named like an article."""
    found = _PATH.match(href[:_LONGEST])
    steps = (found[1] if found else "").strip("/").split("/")
    dashes = max(len(_DASHES.findall(step)) for step in steps)
    return (
        1,
        len(steps) if steps[0] else 0,
        len(steps[-1]),
        len(_DASHES.findall(steps[-1])),
        sum(map(str.isdigit, "".join(steps))),
        _NOWHERE.match(href) is not None,
        _RUBRIC.search(found[1] if found else "") is not None,
        dashes >= _NAMED,
    )


_READ: Final = Kept(_read, most=1 << 14)


def read_links(page: MarkupPage) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the :data:`COLUMNS` of all blocks of ``page``, a row each, and which lead to articles, as 0 and 1."""
    columns = np.zeros((len(COLUMNS), len(page.blocks.href)), np.float32)
    articles = np.zeros(columns.shape[1], np.float32)
    linked = [(block, href.strip()) for block, href in enumerate(page.blocks.href) if href]
    if linked:
        blocks = [block for block, _ in linked]
        times = Counter(href for _, href in linked)
        read = np.array([_READ[href] for _, href in linked], np.float32).T
        columns[:-1, blocks], articles[blocks] = read[:-1], read[-1]
        columns[-1, blocks] = [times[href] for _, href in linked]
    return columns, articles
