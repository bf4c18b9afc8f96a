"""The title of a page of markup, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.describe.markup_names import MAX_TITLE, key, without_site
from corpuskit.model import Evidence, Origin

if TYPE_CHECKING:
    from corpuskit.describe.markup_sources import Sources

_TITLES: Final = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "citation_title",
)
_MAX_HEADING: Final = 300
"""Characters of the longest heading that is taken for the title."""


def titles(sources: Sources) -> tuple[list[Evidence], int]:
    """Return the candidates for the title, the best first, and the block that is the title (-1 where none is).

    Headings that the head confirms come first, then what the head says without the site's name, then other headings.
    """
    heads = [
        *sources.linked("title", sources.node, "headline"),
        *sources.metas("title", _TITLES),
        *sources.linked("title", sources.node, "name"),
    ]
    if sources.page.head.title:
        heads.append(Evidence("title", sources.page.head.title, Origin.META, "title", stated=True))
    heads = [item for item in heads if len(item.value) <= MAX_TITLE]
    sites = sources.sites
    headings = [(index, text) for index, text in sources.headings if key(text) not in sites]
    confirmed = _confirmed(headings, heads)
    block = confirmed[0][0] if confirmed else _find(sources, heads)
    whole = [(index, text) for index, text in confirmed if len(text.split()) > 2 or not _longer(heads)]
    found = [Evidence("title", text, Origin.BLOCK, f"block {index}", stated=True) for index, text in whole]
    known = [text for _, text in headings]
    if block >= 0 and _half_of_one(text := sources.page.blocks.text[block], heads) and key(text) not in sites:
        known.append(text)
    found += [
        Evidence("title", without_site(item.value, sites, known), item.origin, item.where, item.stated)
        for item in heads
    ]
    for index, text in sources.headings if not heads else ():
        found.append(Evidence("title", text, Origin.BLOCK, f"block {index}", stated=True))
    return found, block


def _find(sources: Sources, heads: list[Evidence]) -> int:
    """Return the first block that reads like one of ``heads``, or the first heading of the page; -1 without."""
    wanted = {key(item.value) for item in heads}
    longest = 2 * max((len(item.value) for item in heads), default=0)
    blocks = sources.page.blocks
    for index, text in enumerate(blocks.text):
        if 20 < len(text) <= longest and key(text) in wanted:
            return index
    lower = [(index, blocks.text[index]) for index, level in enumerate(blocks.heading) if level]
    if confirmed := _confirmed(lower, heads):
        return confirmed[0][0]
    return sources.headings[0][0] if sources.headings else -1


def _confirmed(headings: list[tuple[int, str]], heads: list[Evidence]) -> list[tuple[int, str]]:
    """Return the headings of which the head has at least half the words, the best first."""
    words = {word for item in heads for word in key(item.value).split()}
    ranked: list[tuple[float, int, str]] = []
    for index, text in headings:
        own = key(text).split()
        share = sum(word in words for word in own) / max(len(own), 1)
        if share >= 0.5 and len(text) <= _MAX_HEADING:
            ranked.append((-share, index, text))
    return [(index, text) for _, index, text in sorted(ranked)]


def _half_of_one(text: str, heads: list[Evidence]) -> bool:
    """Return whether ``text`` has at least half as many words as one of ``heads``: the rest may be the site's name."""
    return any(2 * len(text.split()) >= len(item.value.split()) for item in heads)


def _longer(heads: list[Evidence]) -> bool:
    """Return whether every title of the head is longer than a heading of two words: such a heading is a part of it."""
    return bool(heads) and all(len(item.value.split()) > 3 for item in heads)
