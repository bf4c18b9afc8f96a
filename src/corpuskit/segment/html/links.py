"""Where the links of a page lead, as far as their addresses tell: an article, a section, a place on the page."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
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
_RUBRICS: Final = frozenset(
    (
        *("tag", "tags", "topic", "topics", "label", "user", "users", "author", "authors", "section", "sections"),
        *("category", "categories", "kategorie", "kategorien", "theme", "themen", "rubrik", "rubrique", "rubrica"),
    )
)
"""Steps of a path, not the last, that lead to a list."""
_DASHES: Final = ("-", "_", "%20", "+")
_NAMED: Final = 3
"""Dashes from which a step of a path reads like a headline."""
_LONGEST: Final = 2_000
_DIGITS: Final = b"0123456789"


def _read(href: str) -> tuple[float, ...]:
    """Return the columns of one address, but for the last, and whether it is named like an article."""
    found = _PATH.match(href[:_LONGEST])
    path = found[1] if found else ""
    inner = path.strip("/")
    last = inner[inner.rfind("/") + 1 :]
    dashes = _dashes(last)
    return (
        1,
        inner.count("/") + 1 if inner else 0,
        len(last),
        dashes,
        _digits(inner),
        _NOWHERE.match(href) is not None,
        not _RUBRICS.isdisjoint(path.lower().split("/")[:-1]),
        dashes >= _NAMED or (_dashes(inner) >= _NAMED and max(map(_dashes, inner.split("/"))) >= _NAMED),
    )


def _dashes(step: str) -> int:
    return sum(map(step.count, _DASHES))


def _digits(path: str) -> int:
    if path.isascii():
        return len(path) - len(path.encode().translate(None, _DIGITS))
    return sum(map(str.isdigit, path))


_READ: Final = Kept(_read, most=1 << 14)


def read_links(page: MarkupPage) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the :data:`COLUMNS` of all blocks of ``page``, a row each, and which lead to articles, as 0 and 1."""
    columns = np.zeros((len(COLUMNS), len(page.blocks.href)), np.float32)
    articles = np.zeros(columns.shape[1], np.float32)
    blocks = [block for block, href in enumerate(page.blocks.href) if href]
    if blocks:
        hrefs = [href.strip() for href in page.blocks.href if href]
        flat = np.fromiter(chain.from_iterable(map(_READ.__getitem__, hrefs)), np.float32)
        read = flat.reshape(len(blocks), -1).T
        columns[:-1, blocks], articles[blocks] = read[:-1], read[-1]
        columns[-1, blocks] = list(map(Counter(hrefs).__getitem__, hrefs))
    return columns, articles
