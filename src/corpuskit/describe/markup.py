"""Metadata from markup: what JSON-LD, microdata, meta elements, links, ``time`` elements and the address state.

Every source gives candidates as :class:`~corpuskit.model.Evidence`; the first of a field in the order of how often
its source is right (measured on the development pages by ``bench/extraction``) becomes its value.  Nothing is made
up: a page that states no date has none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from corpuskit.dates import find_dates
from corpuskit.describe.dated import MODIFIED, PUBLISHED, Dated, dates_in
from corpuskit.describe.language import language_tag
from corpuskit.describe.markup_dates import in_order, machine_date, url_date
from corpuskit.describe.markup_jsonld import Node, main_node, names, page_node, plain, read_json_ld
from corpuskit.describe.markup_names import key, split_authors, without_site
from corpuskit.describe.rights import rights_of
from corpuskit.model import Evidence, Metadata, Origin
from corpuskit.segment.html.page import Inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpuskit.segment.html.page import MarkupPage

_TITLES: Final = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "citation_title",
)
_AUTHORS: Final = (
    "citation_author",
    "parsely-author",
    "sailthru.author",
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "og:article:author",
    "article:author_name",
    "cxenseparse:author",
    "rbauthors",
    "shareaholic:article_author_name",
)
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
_PUBLISHERS: Final = (
    "og:site_name",
    "article:publisher_name",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "application-name",
    "citation_journal_title",
)
_SECTIONS: Final = ("article:section", "section", "parsely-section", "og:article:section", "cxenseparse:section")
_KEYWORDS: Final = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")
_DESCRIPTIONS: Final = ("og:description", "description", "twitter:description", "dc.description", "dcterms.description")
_RIGHTS: Final = ("dc.rights", "dcterms.rights", "copyright", "rights", "dcterms.license", "dc.rights.license")
_CC: Final = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(?:(\d\.\d))?", re.IGNORECASE)
_NOT_CHROME: Final = int(Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM | Inside.HIDDEN)
_COMMENTS: Final = re.compile(r"(?<![a-z])comment(?!s?-?(?:count|link|number))|respond|replies", re.IGNORECASE)
_NEVER: Final = int(Inside.NAV | Inside.FOOTER | Inside.HIDDEN)
_BAR: Final = re.compile(r"\s+[|–—·•-]\s+")
_PERSON: Final = re.compile(
    r"/(?:authors?|contributors?|columnists?|staff|writers?|autor(?:en|es)?|auteurs?|profiles?|by|people|team)/[^/]",
    re.IGNORECASE,
)
_CALLS: Final = ("rel author", "address of an author", "class username", "itemprop author", "class author")
"""Ways to call an element the author, the most reliable first (``bench/extraction``)."""
_WRITTEN_BY: Final = re.compile(
    r"(?:written|posted) by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door|autor|author|написано|yazar"
    r"|skriven av|skrevet av|napisane przez|著者|作者",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"^www\d?\.|\.(?:com?|org|net|de|fr|es|it|info|edu|gov|uk|eu|ch|at)(?=\.|$)")
_MAX_TITLE: Final = 300
_AHEAD: Final = 6
_REACH: Final = 16
_FAR: Final = 60
_BESIDE: Final = 4
_DATELINE: Final = 2
_MAX_BYLINE: Final = 120


def metadata(page: MarkupPage, url: str | None = None) -> Metadata:
    """Return what the markup of ``page`` states of it, with the evidence for each value.

    Args:
        page: the page, as read.
        url: the address it came from, if it is known.

    The evidence holds every candidate; ``used`` says which became values.  A paywall is evidence of the field
    ``is_accessible_for_free`` alone.
    """
    gathered = _Gathered(page, url)
    evidence: list[Evidence] = []
    chosen: dict[str, tuple[str, ...]] = {}
    for field, candidates in gathered.fields():
        taken: tuple[str, ...] = ()
        source = ""
        for candidate in candidates:
            use = not taken or (field in _LISTS and candidate.where == source)
            if use and candidate.value not in taken:
                taken += (candidate.value,)
                source = candidate.where
            evidence.append(candidate if use else replace(candidate, used=False))
        chosen[field] = taken

    def one(field: str) -> str | None:
        return chosen[field][0] if chosen[field] else None

    statement = one("rights_statement")
    license_ = one("license")
    return Metadata(
        title=one("title"),
        authors=chosen["authors"],
        date_published=one("date_published"),
        date_modified=one("date_modified"),
        publisher=one("publisher"),
        section=chosen["section"],
        url=one("url"),
        language=one("language"),
        rights=rights_of(license_, statement),
        rights_statement=statement,
        rights_holder=one("rights_holder"),
        license=license_,
        keywords=chosen["keywords"],
        description=one("description"),
        evidence=tuple(evidence),
    )


_LISTS: Final = frozenset({"authors", "section", "keywords"})


class _Gathered:
    """One page's sources, looked up once."""

    def __init__(self, page: MarkupPage, url: str | None) -> None:
        self.page = page
        self.meta: dict[str, list[str]] = {}
        for name, value in page.head.meta:
            self.meta.setdefault(name, []).append(value)
        self.url = url
        links = page.head.links
        self.canonical = next((href for rel, href in links if "canonical" in rel.split()), None)
        nodes = read_json_ld(page.head.json_ld)
        addresses = [address for address in (url, self.canonical, self._first("og:url")) if address]
        self.node = main_node(nodes, addresses) or {}
        self.web = page_node(nodes) or {}
        self.nodes = nodes
        self.by_id: dict[str, Node] = {}
        for node in nodes:
            if isinstance(node.get("@id"), str) and len(node) > 2:
                self.by_id.setdefault(node["@id"], node)
        blocks = page.blocks
        self.headings = [
            (index, text)
            for index, (text, level) in enumerate(zip(blocks.text, blocks.heading, strict=True))
            if level == 1
        ]
        self.publishers = list(self.publisher())
        self.title_block = -1
        self._dated_lines: list[tuple[int, Dated]] | None = None

    def _first(self, name: str) -> str | None:
        return next(iter(self.meta.get(name, ())), None)

    def fields(self) -> Iterator[tuple[str, list[Evidence]]]:
        """Yield the name of each field with its candidates, best first."""
        yield "title", list(self.title())
        yield "authors", list(self.authors())
        yield "date_published", self.published()
        yield "date_modified", list(self.modified())
        yield "publisher", self.publishers
        yield "section", list(self.section())
        yield "url", list(self.address())
        yield "language", list(self.language())
        yield "license", list(self.license())
        yield "rights_statement", list(self.rights())
        yield "rights_holder", list(self.holder())
        yield "keywords", list(self.keywords())
        yield "description", list(self.described())
        yield "is_accessible_for_free", list(self.paywall())

    def _metas(self, field: str, wanted: Iterable[str], *, stated: bool = True) -> Iterator[Evidence]:
        for name in wanted:
            for value in self.meta.get(name, ()):
                if text := plain(value):
                    yield Evidence(field, text, Origin.META, f"meta {name}", stated)

    def _linked(self, field: str, node: Node, name: str) -> Iterator[Evidence]:
        if text := plain(node.get(name)):
            yield Evidence(field, text, Origin.JSON_LD, f"json-ld {name}", stated=True)

    def _properties(self, field: str, wanted: frozenset[str]) -> Iterator[tuple[Evidence, int]]:
        texts = self.page.blocks.text
        for item in self.page.head.properties:
            if item.name in wanted:
                value = plain(item.value) or (texts[item.block] if item.block < len(texts) else "")
                if value:
                    yield Evidence(field, value, Origin.MICRODATA, f"itemprop {item.name}", stated=True), item.block

    # --- title

    def title(self) -> Iterator[Evidence]:
        """Headings that the head confirms, then what the head says without the site's name, then other headings."""
        heads = [
            *self._linked("title", self.node, "headline"),
            *self._metas("title", _TITLES),
            *self._linked("title", self.node, "name"),
        ]
        if self.page.head.title:
            heads.append(Evidence("title", self.page.head.title, Origin.META, "title", stated=True))
        sites = self._sites()
        headings = [(index, text) for index, text in self.headings if key(text) not in sites]
        confirmed = _confirmed(headings, heads)
        self.title_block = confirmed[0][0] if confirmed else self._find(heads)
        whole = [(index, text) for index, text in confirmed if len(text.split()) > 2 or not _longer(heads)]
        for index, text in whole:
            yield Evidence("title", text, Origin.BLOCK, f"block {index}", stated=True)
        for item in heads:
            yield replace(item, value=without_site(item.value, sites, [text for _, text in headings]))
        for index, text in self.headings if not heads else ():
            yield Evidence("title", text, Origin.BLOCK, f"block {index}", stated=True)

    def _sites(self) -> set[str]:
        """Return what the site may be called: its publishers, its host, and the end of the title if a heading is it."""
        hosts = [urlsplit(address).hostname or "" for address in (self.url or "", self.canonical or "")]
        names_ = [item.value for item in self.publishers] + [_HOST.sub("", host) for host in hosts]
        parts = [key(part) for part in _BAR.split(self.page.head.title or "")]
        if len(parts) > 1 and max(len(part.split()) for part in parts[:-1]) > 2:
            names_ += [text for _, text in self.headings if key(text) == parts[-1]]
        return {key(name) for name in names_} - {""}

    def _find(self, heads: list[Evidence]) -> int:
        """Return the first block that reads like one of ``heads``, or the first heading of the page; -1 without."""
        wanted = {key(item.value) for item in heads}
        blocks = self.page.blocks
        for index, text in enumerate(blocks.text):
            if len(text) > 20 and key(text) in wanted:
                return index
        lower = [
            (index, text) for index, (text, level) in enumerate(zip(blocks.text, blocks.heading, strict=True)) if level
        ]
        if confirmed := _confirmed(lower, heads):
            return confirmed[0][0]
        return self.headings[0][0] if self.headings else -1

    # --- people

    def authors(self) -> Iterator[Evidence]:
        """JSON-LD, then meta elements, microdata and ``rel=author``, then a byline near the title."""
        sites = {name.replace(" ", "") for name in self._sites()}
        late: list[Evidence] = []
        for item in self._said_authors():
            target = late if key(item.value).replace(" ", "") in sites else None
            if target is None:
                yield item
            else:
                target.append(item)
        yield from late

    def _said_authors(self) -> Iterator[Evidence]:
        for field in ("author", "creator"):
            for name in names(self.node.get(field), self.by_id):
                for one in split_authors(name):
                    yield Evidence("authors", one, Origin.JSON_LD, f"json-ld {field}", stated=True)
        for number in "12":  # Yoast, and so much of the web, says it in a card for Slack
            label = self._first(f"twitter:label{number}") or ""
            if _WRITTEN_BY.match(label):
                for item in self._metas("authors", (f"twitter:data{number}",)):
                    for one in split_authors(item.value):
                        yield replace(item, value=one)
        for item in self._metas("authors", _AUTHORS):
            for one in split_authors(item.value):
                yield replace(item, value=one)
        yield from self._called()
        yield from self._byline()

    def _called(self) -> Iterator[Evidence]:
        """What elements that are called author hold: the first line of each way to call them so."""
        lines: dict[str, int] = {}
        for text, how, line in sorted(self.page.head.bylines, key=lambda item: _CALLS.index(item.how)):
            people = [one for one in split_authors(text) if len(one.split()) == 1 or _reads_like_a_name(one)]
            if people and lines.setdefault(how, line) == line:
                origin = Origin.MICRODATA if how.startswith("itemprop") else Origin.LINK
                for one in people:
                    yield Evidence("authors", one, origin, how, stated=True)

    def _byline(self) -> Iterator[Evidence]:
        blocks, elements = self.page.blocks, self.page.elements
        low = max(self.title_block, 0)
        for index in range(max(low - _AHEAD, 0), min(low + _REACH, len(blocks.text))):
            text = blocks.text[index]
            if len(text) > _MAX_BYLINE or blocks.inside[index] & _NOT_CHROME or index == self.title_block:
                continue
            near = {blocks.leaf[index], blocks.container[index], elements.parent[blocks.container[index]]}
            named = " ".join(elements.names[number] for number in near)
            if self._in_comments(blocks.container[index]):
                continue
            href = blocks.href[index]
            if (
                re.search(r"author|by-?line|autor|writer", named, re.IGNORECASE)
                or re.match(r"(?:written )?(?:by|von|par|por)\s+[A-ZÀ-Þ]", text, re.IGNORECASE)
                or (href and _PERSON.search(href))
            ):
                people = [one for one in split_authors(text) if _reads_like_a_name(one)]
                for one in people:
                    yield Evidence("authors", one, Origin.BLOCK, f"block {index}", stated=True)
                if people:
                    return

    def _in_comments(self, element: int) -> bool:
        """Return whether an element around ``element``, or it, is named after comments."""
        elements = self.page.elements
        while elements.parent[element] != element:
            if _COMMENTS.search(elements.names[element]):
                return True
            element = elements.parent[element]
        return False

    # --- dates

    def published(self) -> list[Evidence]:
        """JSON-LD, meta elements, microdata, ``time`` elements near the title, dates written there, the address."""
        return in_order(list(self._published()))

    def _published(self) -> Iterator[Evidence]:
        for name in ("datePublished", "dateCreated"):
            yield from self._dated(self._linked("date_published", self.node, name))
        yield from self._dated(self._metas("date_published", _PUBLISHED))
        yield from self._dated(
            item for item, _ in self._properties("date_published", frozenset({"datepublished", "datecreated"}))
        )
        yield from self._dated(
            replace(item, where="json-ld WebPage") for item in self._linked("date_published", self.web, "datePublished")
        )
        yield from self._times()
        yield from self._written("date_published")
        for address in (self.url, self.canonical):
            if address and (day := url_date(address)):
                yield Evidence("date_published", day, Origin.URL, "url", stated=False)
        yield from self._dated(self._linked("date_published", self.node, "uploadDate"))

    def modified(self) -> Iterator[Evidence]:
        """As for the date of publication: JSON-LD, meta elements, microdata, dates written near the title."""
        for node in (self.node, self.web):
            yield from self._dated(self._linked("date_modified", node, "dateModified"))
        yield from self._dated(self._metas("date_modified", _MODIFIED))
        yield from self._dated(item for item, _ in self._properties("date_modified", frozenset({"datemodified"})))
        yield from self._written("date_modified")

    def _dated(self, candidates: Iterable[Evidence]) -> Iterator[Evidence]:
        for item in candidates:
            if day := machine_date(item.value):
                yield replace(item, value=day)

    def _chrome(self) -> int:
        """Return what a date or a byline does not stand in, unless the title does: some pages are one form."""
        return _NOT_CHROME & ~(self.page.blocks.inside[self.title_block] if self.title_block >= 0 else 0)

    def _day_first(self) -> bool | None:
        """Return how 3/4/2023 is read: in March in US English, in April in other languages, and not in mere "en"."""
        tag = language_tag(self.page.head.language or "")
        return None if tag == "en-US" else tag not in {None, "en"}

    def _near(self, block: int) -> bool:
        """Return whether a block stands by the title: dates elsewhere are those of other things."""
        return self.title_block >= 0 and self.title_block - _AHEAD <= block <= self.title_block + _REACH

    def _times(self) -> Iterator[Evidence]:
        texts = self.page.blocks.text
        for item in self.page.head.properties:
            if item.name == "time" and not item.inside & self._chrome() and self._near(item.block):
                text = texts[item.block] if item.block < len(texts) else ""
                day = item.value and machine_date(item.value)
                if day and not (MODIFIED.search(text) and not PUBLISHED.search(text)):
                    yield Evidence("date_published", day, Origin.MICRODATA, "time", stated=True)

    def _written(self, field: str) -> Iterator[Evidence]:
        """Dates in lines by the title; elsewhere in the page only those of which the line says what they are."""
        far: list[Evidence] = []
        for index, date in self._lines():
            if date.field == field:
                found = Evidence(field, date.iso, Origin.BLOCK, f"block {index}", stated=True)
                if self._near(index):
                    yield found
                elif date.stated:
                    far.append(found)
        yield from far or self._distant(field)

    def _distant(self, field: str) -> Iterator[Evidence]:
        """The one date further down the page that is not near the title: of several none is known to be the page's."""
        if field == "date_published" and self.title_block >= 0:
            there = [
                (index, date) for index, date in self._lines() if self.title_block <= index <= self.title_block + _FAR
            ]
            if len({date.iso[:10] for _, date in there}) == 1 and not self._near(there[0][0]):
                index, date = there[0]
                yield Evidence(field, date.iso, Origin.BLOCK, f"block {index}", stated=True)

    def _lines(self) -> list[tuple[int, Dated]]:
        """Return the dates in the short lines that are not furniture, and those that paragraphs begin with."""
        if self._dated_lines is None:
            blocks, chrome, order = self.page.blocks, self._chrome(), self._day_first()
            self._dated_lines = [
                (index, date)
                for index, (text, inside) in enumerate(zip(blocks.text, blocks.inside, strict=True))
                if index != self.title_block and not inside & (chrome if not self._beside(index) else _NEVER)
                for date in dates_in(text[:_MAX_BYLINE], day_first=order)
                if len(text) <= _MAX_BYLINE or date.start <= _DATELINE
            ]
        return self._dated_lines

    def _beside(self, block: int) -> bool:
        return self.title_block >= 0 and abs(block - self.title_block) <= _BESIDE

    # --- the rest

    def publisher(self) -> Iterator[Evidence]:
        """``og:site_name``, then the publisher of the JSON-LD, then other meta elements."""
        yield from self._metas("publisher", _PUBLISHERS[:1])
        for node in (self.node, self.web, *(node for node in self.nodes if "isPartOf" in node)):
            for name in names(node.get("publisher"), self.by_id)[:1]:
                yield Evidence("publisher", name, Origin.JSON_LD, "json-ld publisher", stated=True)
        yield from self._metas("publisher", _PUBLISHERS[1:])

    def section(self) -> Iterator[Evidence]:
        """The article section as stated, else the bread crumbs of the JSON-LD without the page itself."""
        stated = self.node.get("articleSection")
        for value in stated if isinstance(stated, list) else [stated]:
            if text := plain(value):
                yield Evidence("section", text, Origin.JSON_LD, "json-ld articleSection", stated=True)
        yield from self._metas("section", _SECTIONS)
        crumbs = next(
            (
                node
                for node in self.nodes
                if isinstance(node.get("itemListElement"), list) and "BreadcrumbList" in str(node.get("@type"))
            ),
            None,
        )
        if crumbs is not None:
            items = [item for item in crumbs["itemListElement"] if isinstance(item, dict)]
            named = [plain(item.get("name")) or plain(item.get("item")) for item in items]
            for name in named[:-1]:
                if (
                    name
                    and key(name) not in {"home", "startseite", "accueil", "inicio"}
                    and not name.startswith("http")
                ):
                    yield Evidence("section", name, Origin.JSON_LD, "json-ld BreadcrumbList", stated=True)

    def address(self) -> Iterator[Evidence]:
        """The canonical address, ``og:url``, the address of the JSON-LD, the address the page came from."""
        base = self.url or self.page.head.base or ""
        if self.canonical:
            yield Evidence("url", urljoin(base, self.canonical), Origin.LINK, "link canonical", stated=True)
        for item in self._metas("url", ("og:url",)):
            yield replace(item, value=urljoin(base, item.value))
        if self.url:
            yield Evidence("url", self.url, Origin.URL, "url", stated=True)

    def language(self) -> Iterator[Evidence]:
        """``html lang``, then the JSON-LD and meta elements."""
        if (tag := language_tag(self.page.head.language or "")) is not None:
            yield Evidence("language", tag, Origin.META, "html lang", stated=True)
        for item in (
            *self._linked("language", self.node, "inLanguage"),
            *self._metas("language", ("content-language", "language", "og:locale", "dc.language", "dcterms.language")),
        ):
            if (tag := language_tag(item.value)) is not None:
                yield replace(item, value=tag)

    def license(self) -> Iterator[Evidence]:
        """Creative Commons licences, from ``rel=license``, JSON-LD and meta elements, as SPDX expressions."""
        stated = [(href, Origin.LINK, "link license") for rel, href in self.page.head.links if "license" in rel.split()]
        stated += [
            (str(node.get("license")), Origin.JSON_LD, "json-ld license")
            for node in (self.node, self.web)
            if node.get("license")
        ]
        stated += [(value, Origin.META, f"meta {name}") for name in _RIGHTS for value in self.meta.get(name, ())]
        for value, origin, where in stated:
            if spdx := spdx_of(value):
                yield Evidence("license", spdx, origin, where, stated=True)

    def rights(self) -> Iterator[Evidence]:
        """The statement of rights, as worded."""
        yield from self._linked("rights_statement", self.node, "copyrightNotice")
        yield from self._metas("rights_statement", _RIGHTS)

    def holder(self) -> Iterator[Evidence]:
        """The copyright holder of the JSON-LD."""
        for name in names(self.node.get("copyrightHolder"), self.by_id)[:1]:
            yield Evidence("rights_holder", name, Origin.JSON_LD, "json-ld copyrightHolder", stated=True)

    def keywords(self) -> Iterator[Evidence]:
        """The keywords of the JSON-LD, then those of meta elements."""
        stated = self.node.get("keywords")
        for value in stated if isinstance(stated, list) else [stated]:
            for word in (plain(value) or "").split(","):
                if word.strip():
                    yield Evidence("keywords", word.strip(), Origin.JSON_LD, "json-ld keywords", stated=True)
        for item in self._metas("keywords", _KEYWORDS):
            for word in item.value.split(","):
                if word.strip():
                    yield replace(item, value=word.strip())

    def described(self) -> Iterator[Evidence]:
        """The description of the meta elements, then of the JSON-LD."""
        yield from self._metas("description", _DESCRIPTIONS)
        yield from self._linked("description", self.node, "description")

    def paywall(self) -> Iterator[Evidence]:
        """``isAccessibleForFree``, and ``article:content_tier``."""
        for node in (self.node, self.web):
            if (value := node.get("isAccessibleForFree")) is not None:
                free = str(value).lower().rsplit("/", 1)[-1]
                if free in {"true", "false"}:
                    yield Evidence(
                        "is_accessible_for_free", free, Origin.JSON_LD, "json-ld isAccessibleForFree", stated=True
                    )
        for item in self._metas("is_accessible_for_free", ("article:content_tier", "og:article:content_tier")):
            yield replace(item, value=str(item.value.lower() == "free").lower())


def _confirmed(headings: list[tuple[int, str]], heads: list[Evidence]) -> list[tuple[int, str]]:
    """Return the headings of which the head has at least half the words, the best first."""
    words = {word for item in heads for word in key(item.value).split()}
    ranked: list[tuple[float, int, str]] = []
    for index, text in headings:
        own = key(text).split()
        share = sum(word in words for word in own) / max(len(own), 1)
        if share >= 0.5 and len(text) <= _MAX_TITLE:
            ranked.append((-share, index, text))
    return [(index, text) for _, index, text in sorted(ranked)]


def _longer(heads: list[Evidence]) -> bool:
    """Return whether every title of the head is longer than a heading of two words: such a heading is a part of it."""
    return bool(heads) and all(len(item.value.split()) > 3 for item in heads)


def _reads_like_a_name(text: str) -> bool:
    return len(text.split()) <= 5 and not text[0].islower() and text[-1] not in ".!?:" and not find_dates(text)


def spdx_of(value: str) -> str | None:
    """Return the SPDX identifier of the Creative Commons licence ``value`` points to, or ``None``.

    >>> spdx_of("https://creativecommons.org/licenses/by-sa/4.0/")
    'CC-BY-SA-4.0'
    """
    found = _CC.search(value)
    if found is None:
        return None
    family, name, version = found[1].lower(), found[2].lower(), found[3]
    if family == "publicdomain":
        return "CC0-1.0" if name == "zero" else "CC-PDDC" if name == "mark" else None
    return f"CC-{name.upper()}-{version or '4.0'}" if re.fullmatch(r"by(?:-nc)?(?:-nd|-sa)?", name) else None
