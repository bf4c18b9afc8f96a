"""When a page of markup was published and changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from corpuskit.dates import has_year
from corpuskit.describe.dated import MODIFIED, PUBLISHED, Dated, dates_in
from corpuskit.describe.language import language_tag
from corpuskit.describe.markup_dates import in_order, machine_date, url_date
from corpuskit.describe.markup_sources import AHEAD, CHROME, MAX_BYLINE, REACH
from corpuskit.model import Evidence, Origin
from corpuskit.segment.html.page import Inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpuskit.describe.markup_sources import Sources

_PUBLISHED: Final = (
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "citation_publication_date",
    "citation_online_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_time",
    "article.published",
    "article_date_original",
    "og:published_time",
    "cxenseparse:recs:publishtime",
    "rnews:datepublished",
    "date.available",
    "originalpublicationdate",
    "dc.date",
    "dcterms.date",
    "date",
    "article:published",
    "displaydate",
    "published-date",
    "ms.date",
    "schema:datepublished",
    "schema:datecreated",
)
_MODIFIED: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "article:modified",
    "lastmod",
    "og:article:modified_time",
    "revised",
)
_NEVER: Final = int(Inside.NAV | Inside.FOOTER | Inside.HIDDEN)
_FAR: Final = 60
_BESIDE: Final = 4
_DATELINE: Final = 2
_OPENING: Final = 48
"""Characters of a paragraph that are read for the date it may begin with, and those before that date."""


@dataclass(frozen=True)
class Dates:
    """Reads the dates off ``sources``; ``title_block`` is the block of the title, or -1."""

    sources: Sources
    title_block: int

    def published(self) -> list[Evidence]:
        """JSON-LD, meta elements, microdata, ``time`` elements near the title, dates written there, the address."""
        return in_order(list(self._published()))

    def _published(self) -> Iterator[Evidence]:
        for name in ("datePublished", "dateCreated"):
            yield from self._dated(self.sources.linked("date_published", self.sources.node, name))
        yield from self._dated(self.sources.metas("date_published", _PUBLISHED))
        yield from self._dated(self.sources.properties("date_published", frozenset({"datepublished", "datecreated"})))
        yield from self._dated(
            replace(item, where="json-ld WebPage")
            for item in self.sources.linked("date_published", self.sources.web, "datePublished")
        )
        yield from self._times()
        yield from self._written("date_published")
        for address in (self.sources.url, self.sources.canonical):
            if address and (day := url_date(address)):
                yield Evidence("date_published", day, Origin.URL, "url", stated=False)
        yield from self._dated(self.sources.linked("date_published", self.sources.node, "uploadDate"))

    def modified(self) -> Iterator[Evidence]:
        """As for the date of publication: JSON-LD, meta elements, microdata, dates written near the title."""
        for node in (self.sources.node, self.sources.web):
            yield from self._dated(self.sources.linked("date_modified", node, "dateModified"))
        yield from self._dated(self.sources.metas("date_modified", _MODIFIED))
        yield from self._dated(self.sources.properties("date_modified", frozenset({"datemodified"})))
        yield from self._written("date_modified")

    def _dated(self, candidates: Iterable[Evidence]) -> Iterator[Evidence]:
        for item in candidates:
            if day := machine_date(item.value):
                yield replace(item, value=day)

    def _chrome(self) -> int:
        """Return what a date or a byline does not stand in, unless the title does: some pages are one form."""
        return CHROME & ~(self.sources.page.blocks.inside[self.title_block] if self.title_block >= 0 else 0)

    def _day_first(self) -> bool | None:
        """Return how 3/4/2023 is read: in March in US English, in April in other languages, and not in mere "en"."""
        tag = language_tag(self.sources.page.head.language or "")
        return None if tag == "en-US" else tag not in {None, "en"}

    def _near(self, block: int) -> bool:
        """Return whether a block stands by the title: dates elsewhere are those of other things."""
        return self.title_block >= 0 and self.title_block - AHEAD <= block <= self.title_block + REACH

    def _times(self) -> Iterator[Evidence]:
        texts = self.sources.page.blocks.text
        for item in self.sources.page.head.properties:
            if item.name == "time" and not item.inside & self._chrome() and self._near(item.block):
                text = texts[item.block] if item.block < len(texts) else ""
                day = item.value and machine_date(item.value)
                if day and not (MODIFIED.search(text) and not PUBLISHED.search(text)):
                    yield Evidence("date_published", day, Origin.MICRODATA, "time", stated=True)

    def _written(self, field: str) -> Iterator[Evidence]:
        """Dates in lines by the title; elsewhere only one that its line names, or that is the only one below it."""
        far: list[Evidence] = []
        for index, date in self._lines:
            if date.field == field:
                found = Evidence(field, date.iso, Origin.BLOCK, f"block {index}", stated=True)
                if self._near(index):
                    yield found
                elif date.stated:
                    far.append(found)
        yield from (far if len({item.value[:10] for item in far}) == 1 else self._distant(field))

    def _distant(self, field: str) -> Iterator[Evidence]:
        """The one date further down the page that is not near the title: of several none is known to be the page's."""
        if field == "date_published" and self.title_block >= 0:
            there = [
                (index, date) for index, date in self._lines if self.title_block <= index <= self.title_block + _FAR
            ]
            if len({date.iso[:10] for _, date in there}) == 1 and not self._near(there[0][0]):
                index, date = there[0]
                yield Evidence(field, date.iso, Origin.BLOCK, f"block {index}", stated=True)

    @cached_property
    def _lines(self) -> list[tuple[int, Dated]]:
        """Return the dates in the short lines that are not furniture, and those that paragraphs begin with."""
        blocks, chrome, order = self.sources.page.blocks, self._chrome(), self._day_first()
        title = self.title_block
        beside = range(title - _BESIDE, title + _BESIDE + 1) if title >= 0 else ()
        return [
            (index, date)
            for index, (text, inside) in enumerate(zip(blocks.text, blocks.inside, strict=True))
            if not inside & (_NEVER if index in beside else chrome) and has_year(text[:MAX_BYLINE]) and index != title
            for date in dates_in(text if len(text) <= MAX_BYLINE else text[:_OPENING], day_first=order)
            if len(text) <= MAX_BYLINE or date.start <= _DATELINE
        ]
