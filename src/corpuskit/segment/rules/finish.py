"""What is only seen once every line has a label: items of related blocks, wrapped lines, the article's last words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment import cues
from corpuskit.segment.facts import byline_names
from corpuskit.segment.labeller import Label
from corpuskit.segment.rules.given import GUESS, LIKELY, boilerplate

if TYPE_CHECKING:
    from corpuskit.segment.rules.page import Page

_ABOUT: Final = re.compile(r"(?:about|über|à propos d[eu]|acerca de|sobre|over|о компании|об?) \S", re.IGNORECASE)
"""How a press release heads its last paragraph, on the organisation that sent it."""


def mark_related_kinds(page: Page) -> None:
    """Tell sources from titles in related blocks: short names beside an age, or the same name again."""
    related = {i: given.kind for i, given in enumerate(page.labels) if given and given.role is Role.RELATED}
    titles = [i for i, kind in related.items() if kind is Kind.TITLE]
    ages = [i for i, kind in related.items() if kind is Kind.AGE]
    if not ages or len(titles) < 2 * len(ages):
        return  # one short line for each age: those are the titles
    known: set[str] = set()
    for age in ages:
        beside = [i for i in (age - 1, age + 1) if related.get(i) is Kind.TITLE]
        source = min(beside, key=lambda i: page.facts[i].width, default=None)
        if source is not None and page.facts[source].words <= 6 and page.facts[source].width <= 40:
            known.add(cues.bare(page.folded[source]))
    for i in titles:
        if cues.bare(page.folded[i]) in known:
            page.labels[i] = Label(Role.RELATED, Kind.SOURCE, LIKELY, "a short name beside an age, or one that repeats")


def close_article(page: Page, first: int) -> None:
    """Look at the last paragraphs of the article: a note on its author, the company's own "About"."""
    main = [i for i in range(first, page.count) if (given := page.labels[i]) is not None and given.role is Role.MAIN]
    names = _author_names(page)
    for i in main[-3:]:
        text = page.facts[i].text
        if i > main[0] + 3 and page.facts[i].width <= 500 and any(text.startswith(name) for name in names):
            page.labels[i] = Label(
                Role.METADATA, Kind.AUTHOR_BIO, LIKELY, "ends the article and begins with its author's name"
            )
    about = next((i for i in main[4:] if not page.prose[i] and _ABOUT.match(page.facts[i].text)), None)
    rest = [i for i in main if about is not None and i >= about]
    if about is not None and 2 <= len(rest) <= 3 and rest[-1] - about < 4 and all(page.prose[i] for i in rest[1:]):
        for i in rest:
            page.labels[i] = Label(Role.METADATA, Kind.AUTHOR_BIO, LIKELY, "ends the article and says who is behind it")


def _author_names(page: Page) -> list[str]:
    """Return the names that the bylines above the body give."""
    lines = [
        facts
        for facts, given in zip(page.facts, page.labels, strict=True)
        if given is not None and given.kind is Kind.BYLINE
    ]
    return [name for facts in lines for name in byline_names(facts.text)]


def join_wrapped(page: Page) -> None:
    """Give every line of a hard-wrapped paragraph the role its first line says it has."""
    i = 0
    while i < page.count:
        j = i + 1
        while j < page.count and page.wrapped[i] and page.wrapped[j] and page.lines[j].gap == 1:
            j += 1
        first = page.labels[i]
        if j - i > 1 and first is not None and (first.role is not Role.MAIN or first.kind is Kind.HEADING):
            joined = Label(Role.MAIN, Kind.PARAGRAPH, first.score, first.reason) if first.role is Role.MAIN else first
            page.labels[i:j] = [joined] * (j - i)
        i = j


def close_sandwiches(page: Page, first: int) -> None:
    """Give a single line between two lines of a newsletter box, or of a press contact, their role."""
    labels = page.labels
    for i in range(max(first, 1), page.count - 1):
        above = labels[i - 1]
        if above is None or above.kind not in (Kind.PROMOTION, Kind.FORM, Kind.CONTACT):
            continue
        given, below = labels[i], labels[i + 1]
        if given is None or below is None or page.facts[i].width > 140:
            continue
        boxed = above.kind is not Kind.CONTACT and below.kind in (Kind.PROMOTION, Kind.FORM)
        if boxed and given.role is Role.MAIN:
            labels[i] = boilerplate(above.kind, LIKELY, "stands inside a box of that kind")
        if above.kind is Kind.CONTACT and given.score <= GUESS and not page.prose[i] and _contact_ahead(page, i):
            labels[i] = Label(Role.METADATA, Kind.CONTACT, LIKELY, "stands inside a block of contacts")


def _contact_ahead(page: Page, i: int) -> bool:
    return any(given is not None and given.kind is Kind.CONTACT for given in page.labels[i + 1 : i + 4])
