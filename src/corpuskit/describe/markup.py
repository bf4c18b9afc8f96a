"""Metadata from markup: what JSON-LD, microdata, meta elements, links, ``time`` elements and the address state.

Every source gives candidates as :class:`~corpuskit.model.Evidence`; the first of a field in the order of how often
its source is right (measured on the development pages by ``bench/extraction``) becomes its value.  Nothing is made
up: a page that states no date has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from corpuskit.describe.addresses import absolute
from corpuskit.describe.language import language_tag
from corpuskit.describe.markup_authors import Authors
from corpuskit.describe.markup_crumbs import shown_crumbs, stated_crumbs
from corpuskit.describe.markup_names import key
from corpuskit.describe.markup_published import Dates
from corpuskit.describe.markup_sources import Sources
from corpuskit.describe.markup_title import titles
from corpuskit.describe.rights import rights_of
from corpuskit.model import Evidence, Metadata, Origin
from corpuskit.segment.html.jsonld import names, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.segment.html.page import MarkupPage

_SECTIONS: Final = ("article:section", "section", "parsely-section", "og:article:section", "cxenseparse:section")
_KEYWORDS: Final = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")
_DESCRIPTIONS: Final = ("og:description", "description", "twitter:description", "dc.description", "dcterms.description")
_RIGHTS: Final = ("dc.rights", "dcterms.rights", "copyright", "rights", "dcterms.license", "dc.rights.license")
_CC: Final = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(?:(\d\.\d))?", re.IGNORECASE)


def metadata(page: MarkupPage, url: str | None = None) -> Metadata:
    """Return what the markup of ``page`` states of it, with the evidence for each value.

    Args:
        page: the page, as read.
        url: the address it came from, if it is known.

    The evidence holds every candidate; ``used`` says which became values.  A paywall is evidence of the field
    ``is_accessible_for_free`` alone.
    """
    evidence: list[Evidence] = []
    chosen: dict[str, tuple[str, ...]] = {}
    for field, candidates in _fields(Sources(page, url)):
        taken: tuple[str, ...] = ()
        source = ""
        for candidate in candidates:
            use = not taken or (field in _LISTS and candidate.where == source)
            if use and candidate.value not in taken:
                taken += (candidate.value,)
                source = candidate.where
            evidence.append(candidate if use else _unused(candidate))
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


def _unused(note: Evidence) -> Evidence:
    """Return ``note`` as one that did not become a value; ``replace`` takes three times as long to come to the same."""
    return Evidence(note.field, note.value, note.origin, note.where, note.stated, used=False)


_LISTS: Final = frozenset({"authors", "section", "keywords"})


def _fields(sources: Sources) -> Iterator[tuple[str, list[Evidence]]]:
    """Yield the name of each field with its candidates, best first."""
    title, block = titles(sources)
    dates, rest = Dates(sources, block), _Rest(sources, title)
    yield "title", title
    yield "authors", list(Authors(sources, block).candidates())
    yield "date_published", dates.published()
    yield "date_modified", list(dates.modified())
    yield "publisher", sources.publishers
    yield "section", list(rest.section())
    yield "url", list(rest.address())
    yield "language", list(rest.language())
    yield "license", list(rest.license())
    yield "rights_statement", list(rest.rights())
    yield "rights_holder", list(rest.holder())
    yield "keywords", list(rest.keywords())
    yield "description", list(rest.described())
    yield "is_accessible_for_free", list(rest.paywall())


@dataclass(frozen=True, slots=True)
class _Rest:
    """The fields that are stated in one place or another, and judged in none.

    ``titles`` are the candidates for the page's title.
    """

    sources: Sources
    titles: list[Evidence]

    def section(self) -> Iterator[Evidence]:
        """The article section as stated, else the bread crumbs without the home page and the page itself."""
        stated = self.sources.node.get("articleSection")
        for value in stated if isinstance(stated, list) else [stated]:
            if text := plain(value):
                yield Evidence("section", text, Origin.JSON_LD, "json-ld articleSection", stated=True)
        yield from self.sources.metas("section", _SECTIONS)
        for name in stated_crumbs(self.sources.nodes):
            yield Evidence("section", name, Origin.JSON_LD, "json-ld BreadcrumbList", stated=True)
        if shown := shown_crumbs(self.sources.page):
            own = self.sources.sites | {key(item.value) for item in self.titles}
            for name in shown:
                if key(name) not in own:
                    yield Evidence("section", name, Origin.LINK, "bread crumbs", stated=True)

    def address(self) -> Iterator[Evidence]:
        """The canonical address, ``og:url``, the address of the JSON-LD, the address the page came from."""
        base = self.sources.url or self.sources.page.head.base
        if self.sources.canonical and (url := absolute(base, self.sources.canonical)):
            yield Evidence("url", url, Origin.LINK, "link canonical", stated=True)
        for item in self.sources.metas("url", ("og:url",)):
            if url := absolute(base, item.value):
                yield replace(item, value=url)
        if self.sources.url:
            yield Evidence("url", self.sources.url, Origin.URL, "url", stated=True)

    def language(self) -> Iterator[Evidence]:
        """``html lang``, then the JSON-LD and meta elements."""
        if (tag := language_tag(self.sources.page.head.language or "")) is not None:
            yield Evidence("language", tag, Origin.META, "html lang", stated=True)
        for item in (
            *self.sources.linked("language", self.sources.node, "inLanguage"),
            *self.sources.metas(
                "language", ("content-language", "language", "og:locale", "dc.language", "dcterms.language")
            ),
        ):
            if (tag := language_tag(item.value)) is not None:
                yield replace(item, value=tag)

    def license(self) -> Iterator[Evidence]:
        """Creative Commons licences, from ``rel=license``, JSON-LD and meta elements, as SPDX expressions."""
        stated = [(href, Origin.LINK, "link license") for href in self.sources.page.head.linked("license")]
        stated += [
            (str(node.get("license")), Origin.JSON_LD, "json-ld license")
            for node in (self.sources.node, self.sources.web)
            if node.get("license")
        ]
        stated += [
            (value, Origin.META, f"meta {name}") for name in _RIGHTS for value in self.sources.meta.get(name, ())
        ]
        for value, origin, where in stated:
            if spdx := spdx_of(value):
                yield Evidence("license", spdx, origin, where, stated=True)

    def rights(self) -> Iterator[Evidence]:
        """The statement of rights, as worded."""
        yield from self.sources.linked("rights_statement", self.sources.node, "copyrightNotice")
        yield from self.sources.metas("rights_statement", _RIGHTS)

    def holder(self) -> Iterator[Evidence]:
        """The copyright holder of the JSON-LD."""
        for name in names(self.sources.node.get("copyrightHolder"), self.sources.by_id)[:1]:
            yield Evidence("rights_holder", name, Origin.JSON_LD, "json-ld copyrightHolder", stated=True)

    def keywords(self) -> Iterator[Evidence]:
        """The keywords of the JSON-LD, then those of meta elements."""
        stated = self.sources.node.get("keywords")
        for value in stated if isinstance(stated, list) else [stated]:
            for word in (plain(value) or "").split(","):
                if word.strip():
                    yield Evidence("keywords", word.strip(), Origin.JSON_LD, "json-ld keywords", stated=True)
        for item in self.sources.metas("keywords", _KEYWORDS):
            for word in item.value.split(","):
                if word.strip():
                    yield replace(item, value=word.strip())

    def described(self) -> Iterator[Evidence]:
        """The description of the meta elements, then of the JSON-LD."""
        yield from self.sources.metas("description", _DESCRIPTIONS)
        yield from self.sources.linked("description", self.sources.node, "description")

    def paywall(self) -> Iterator[Evidence]:
        """``isAccessibleForFree``, and ``article:content_tier``."""
        for node in (self.sources.node, self.sources.web):
            if (value := node.get("isAccessibleForFree")) is not None:
                free = str(value).lower().rsplit("/", 1)[-1]
                if free in {"true", "false"}:
                    yield Evidence(
                        "is_accessible_for_free", free, Origin.JSON_LD, "json-ld isAccessibleForFree", stated=True
                    )
        for item in self.sources.metas("is_accessible_for_free", ("article:content_tier", "og:article:content_tier")):
            yield replace(item, value=str(item.value.lower() == "free").lower())


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
