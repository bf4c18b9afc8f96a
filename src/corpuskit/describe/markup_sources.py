"""What a page of markup says of itself, by source: meta elements, JSON-LD, microdata, headings, its address."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from corpuskit.describe import addresses
from corpuskit.describe.markup_names import key
from corpuskit.model import Evidence, Origin
from corpuskit.segment.html.jsonld import Node, main_node, names, page_node, plain, read_json_ld
from corpuskit.segment.html.page import Inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpuskit.segment.html.page import MarkupPage

_PUBLISHERS: Final = (
    "og:site_name",
    "article:publisher_name",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "application-name",
    "citation_journal_title",
)
_BAR: Final = re.compile(r"\s+[|–—·•-]\s+")
_APART: Final = " |｜:–—·•»«~/\\-"
"""What stands between a title and the name of the site."""
_HOST: Final = re.compile(r"^www\d?\.|\.(?:com?|org|net|de|fr|es|it|info|edu|gov|uk|eu|ch|at)(?=\.|$)")
CHROME: Final = int(Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM | Inside.HIDDEN)
"""What neither a date nor a byline of the page stands in."""
AHEAD: Final = 6
REACH: Final = 16
"""Blocks before and after the title that are looked at for what belongs to it."""
MAX_BYLINE: Final = 120
"""Characters of the longest line that is taken for a byline."""


class Sources:
    """One page's sources, looked up once."""

    def __init__(self, page: MarkupPage, url: str | None) -> None:
        self.page = page
        self.meta: dict[str, list[str]] = {}
        for name, value in page.head.meta:
            self.meta.setdefault(name, []).append(value)
        self.url = url
        self.canonical = next(iter(page.head.linked("canonical")), None)
        nodes = read_json_ld(page.head.json_ld)
        addresses = [address for address in (url, self.canonical, self.first("og:url")) if address]
        self.node = main_node(nodes, addresses) or {}
        self.web = page_node(nodes) or {}
        self.nodes = nodes
        self.by_id: dict[str, Node] = {}
        for node in nodes:
            if isinstance(node.get("@id"), str) and len(node) > 2:
                self.by_id.setdefault(node["@id"], node)
        texts = page.blocks.text
        self.headings = [(index, texts[index]) for index, level in enumerate(page.blocks.heading) if level == 1]
        self.publishers = list(self.publisher())

    def first(self, name: str) -> str | None:
        """Return the first value of the meta element ``name``."""
        return next(iter(self.meta.get(name, ())), None)

    def metas(self, field: str, wanted: Iterable[str], *, stated: bool = True) -> Iterator[Evidence]:
        """Yield what the meta elements called one of ``wanted`` say, in the order of these names."""
        for name in wanted:
            for value in self.meta.get(name, ()):
                if text := plain(value):
                    yield Evidence(field, text, Origin.META, f"meta {name}", stated)

    def linked(self, field: str, node: Node, name: str) -> Iterator[Evidence]:
        """Yield the value of ``name`` in a node of the JSON-LD."""
        if text := plain(node.get(name)):
            yield Evidence(field, text, Origin.JSON_LD, f"json-ld {name}", stated=True)

    def properties(self, field: str, wanted: frozenset[str]) -> Iterator[Evidence]:
        """Yield the microdata values called one of ``wanted``."""
        texts = self.page.blocks.text
        for item in self.page.head.properties:
            if item.name in wanted:
                value = plain(item.value) or (texts[item.block] if item.block < len(texts) else "")
                if value:
                    yield Evidence(field, value, Origin.MICRODATA, f"itemprop {item.name}", stated=True)

    def publisher(self) -> Iterator[Evidence]:
        """``og:site_name``, then the publisher of the JSON-LD, then other meta elements."""
        yield from self.metas("publisher", _PUBLISHERS[:1])
        for node in (self.node, self.web, *(node for node in self.nodes if "isPartOf" in node)):
            for name in names(node.get("publisher"), self.by_id)[:1]:
                yield Evidence("publisher", name, Origin.JSON_LD, "json-ld publisher", stated=True)
        yield from self.metas("publisher", _PUBLISHERS[1:])

    @cached_property
    def sites(self) -> set[str]:
        """Return what the site may be called.

        Its publishers, its host, the end of the title if a heading is it, and what the title has beside the title that
        is stated elsewhere.
        """
        hosts = [addresses.split(address).hostname or "" for address in (self.url or "", self.canonical or "")]
        names_ = [item.value for item in self.publishers] + [_HOST.sub("", host) for host in hosts]
        title = self.page.head.title or ""
        stated = (plain(self.node.get("headline")), self.first("og:title"))
        names_ += [name for one in stated if one and (name := _beside(title, one))]
        parts = [key(part) for part in _BAR.split(title)]
        if len(parts) > 1 and max(len(part.split()) for part in parts[:-1]) > 2:
            names_ += [text for _, text in self.headings if key(text) == parts[-1]]
        return {key(name) for name in names_} - {""}

    def title_ends(self) -> set[str]:
        """Return the first and the last part of a title that has several: one of them may be the site's name."""
        parts = [key(part) for part in _BAR.split(self.page.head.title or "")]
        return {parts[0], parts[-1]} if len(parts) > 1 else set()


def _beside(title: str, stated: str) -> str | None:
    """Return what ``title`` has before or after the title that is ``stated``, if it is apart from it and no longer.

    >>> _beside("Notes from the pier: The last paper ticket", "The last paper ticket")
    'Notes from the pier'
    >>> _beside("Rain ahead of the weekend", "Rain ahead") is None
    True
    """
    before, found, after = title.partition(stated)
    name = before.strip() or after.strip()
    if not found or (before.strip() and after.strip()) or name.strip(_APART) == name:
        return None
    name = name.strip(_APART)
    return name if name and len(name.split()) <= len(stated.split()) else None
