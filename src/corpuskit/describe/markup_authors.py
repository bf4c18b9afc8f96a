"""Who wrote a page of markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from corpuskit.dates import find_dates
from corpuskit.describe.markup_names import key, natural_order, split_authors
from corpuskit.describe.markup_sources import AHEAD, CHROME, MAX_BYLINE, REACH
from corpuskit.model import Evidence, Origin
from corpuskit.segment.html.jsonld import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.describe.markup_sources import Sources

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
_LISTED: Final = frozenset({"citation_author", "dc.creator", "dcterms.creator"})
"""Elements that hold a name as catalogues list it (Google Scholar's guidelines allow "family, given"; Dublin Core's ask
for it)."""
_CALLS: Final = ("rel author", "address of an author", "class username", "itemprop author", "class author")
"""Ways to call an element the author, the most reliable first (``bench/extraction``)."""
_WRITTEN_BY: Final = re.compile(
    r"(?:written|posted) by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door|autor|author|написано|yazar"
    r"|skriven av|skrevet av|napisane przez|著者|作者",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(
    r"/(?:authors?|contributors?|columnists?|staff|writers?|autor(?:en|es)?|auteurs?|profiles?|by|people|team)/[^/]",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"author|by-?line|autor|writer", re.IGNORECASE)
_SIGNED: Final = re.compile(
    r"(?:written )?(?:by|von|par|por)\s+[A-ZÀ-Þ]"
    r"|(?:автор|текст|συντάκτης|κείμενο|लेखक|लेखिका|ผู้เขียน|بقلم|الكاتب|كتبت?|tác giả|yazan)\s*[:：]\s*\S|โดย\s+\S",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    r"(?<![\u3400-\u9fff])(?:作者|撰文|记者|記者|기자)\s*[:：/／]\s*([\u3400-\u9fff\uac00-\ud7a3·]{2,5})(?![\u3400-\u9fff])"
)
"""A name after its label, in a line that has others: "来源：… 作者：…"."""
_COMMENTS: Final = re.compile(r"(?<![a-z])comment(?!s?-?(?:count|link|number))|respond|replies", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Authors:
    """Reads the authors off ``sources``; ``title_block`` is the block of the title, or -1."""

    sources: Sources
    title_block: int

    def candidates(self) -> Iterator[Evidence]:
        """JSON-LD, then meta elements, microdata and ``rel=author``, then a byline near the title.

        What is the site's name, or may be as it stands at an end of the page's title, comes after all others.
        """
        sites = {name.replace(" ", "") for name in (*self.sources.sites, *self.sources.title_ends())}
        late: list[Evidence] = []
        for item in self._said_authors():
            if key(item.value).replace(" ", "") in sites:
                late.append(item)
            else:
                yield item
        yield from late

    def _said_authors(self) -> Iterator[Evidence]:
        for field in ("author", "creator"):
            for name in names(self.sources.node.get(field), self.sources.by_id):
                for one in split_authors(name):
                    yield Evidence("authors", one, Origin.JSON_LD, f"json-ld {field}", stated=True)
        # Yoast, and so much of the web, says it in a card for Slack.
        cards = [
            f"twitter:data{number}"
            for number in "12"
            if _WRITTEN_BY.match(self.sources.first(f"twitter:label{number}") or "")
        ]
        for item in self.sources.metas("authors", (*cards, *_AUTHORS)):
            listed = item.where.removeprefix("meta ") in _LISTED
            for one in split_authors(natural_order(item.value) if listed else item.value):
                yield replace(item, value=one)
        yield from self._called()
        yield from self._byline()

    def _called(self) -> Iterator[Evidence]:
        """What elements that are called author hold: the first line of each way to call them so."""
        lines: dict[str, int] = {}
        for text, how, line in sorted(self.sources.page.head.bylines, key=lambda item: _CALLS.index(item.how)):
            people = [one for one in split_authors(text) if len(one.split()) == 1 or _reads_like_a_name(one)]
            if people and lines.setdefault(how, line) == line:
                origin = Origin.MICRODATA if how.startswith("itemprop") else Origin.LINK
                for one in people:
                    yield Evidence("authors", one, origin, how, stated=True)

    def _byline(self) -> Iterator[Evidence]:
        blocks = self.sources.page.blocks
        low = max(self.title_block, 0)
        for index in range(max(low - AHEAD, 0), min(low + REACH, len(blocks.text))):
            text = blocks.text[index]
            if len(text) > MAX_BYLINE or blocks.inside[index] & CHROME or index == self.title_block:
                continue
            if self._is_byline(index) and not self._in_comments(blocks.container[index]):
                people = _LABELLED.findall(text) or [one for one in split_authors(text) if _reads_like_a_name(one)]
                for one in people:
                    yield Evidence("authors", one, Origin.BLOCK, f"block {index}", stated=True)
                if people:
                    return

    def _is_byline(self, index: int) -> bool:
        """Return whether a block is named a byline, begins like one, or leads to a person."""
        blocks, elements = self.sources.page.blocks, self.sources.page.elements
        near = {blocks.leaf[index], blocks.container[index], elements.parent[blocks.container[index]]}
        href = blocks.href[index]
        return bool(
            any(_NAMED.search(elements.names[number]) for number in near)
            or _SIGNED.match(blocks.text[index])
            or _LABELLED.search(blocks.text[index])
            or (href and _PERSON.search(href))
        )

    def _in_comments(self, element: int) -> bool:
        """Return whether an element around ``element``, or it, is named after comments."""
        elements = self.sources.page.elements
        while elements.parent[element] != element:
            if _COMMENTS.search(elements.names[element]):
                return True
            element = elements.parent[element]
        return False


def _reads_like_a_name(text: str) -> bool:
    first, last = text[0], text[-1]
    return (
        len(text.split()) <= 5 and not (first.islower() or first.isdigit() or last in ".!?:") and not find_dates(text)
    )
