"""The head of a page, above its title, and the intro, between title and body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuskit.model import Kind, Role
from corpuskit.segment.facts import NO_SPACE_NAME
from corpuskit.segment.labeller import Label
from corpuskit.segment.rules.given import GUESS, LIKELY, SURE, boilerplate

if TYPE_CHECKING:
    from corpuskit.segment.rules.page import Page


def label_head(page: Page) -> None:
    """Label everything before the title, or before the body where there is no title."""
    end = page.start if page.title is None else page.title
    top = next((i for i in range(end) if page.is_title_echo(i)), end)
    for i in range(end):
        facts = page.facts[i]
        given = page.own(i)
        if page.is_title_echo(i):
            given = Label(Role.METADATA, Kind.TITLE, LIKELY, "repeats the title")
        elif page.is_banner(i):
            given = given or boilerplate(Kind.COOKIE, LIKELY, "a notice above its buttons")
        elif given is not None and given.kind is Kind.SECTION and i != top - 1 and not facts.breadcrumb:
            given = boilerplate(Kind.NAVIGATION, LIKELY, "the name of a section, not beside the title")
        elif given is None and facts.width <= 60 and page.in_notice(i):
            given = Label(Role.METADATA, Kind.PUBLISHER, LIKELY, "named in a rights or legal line too")
        elif given is None and top <= 2 and facts.words <= 5 and not facts.link:
            given = Label(Role.METADATA, Kind.SECTION, GUESS, "a short line on its own above the title")
        page.labels[i] = given or boilerplate(Kind.NAVIGATION, GUESS, "stands before the title")


def label_intro(page: Page) -> None:
    """Label the title and what stands between it and the body."""
    if page.title is None:
        return
    page.labels[page.title] = Label(Role.METADATA, Kind.TITLE, LIKELY, "the most title-like line above the text")
    if page.proseless:
        return
    seen_name = False
    for i in range(page.title + 1, page.start):
        facts = page.facts[i]
        given = page.own(i)
        if page.is_title_echo(i):
            given = Label(Role.METADATA, Kind.TITLE, LIKELY, "repeats the title")
        elif given is None or (given.score < SURE and facts.position):
            given = _intro_line(page, i, seen_name=seen_name)
        seen_name = seen_name or given.kind is Kind.BYLINE
        page.labels[i] = given


def _intro_line(page: Page, i: int, *, seen_name: bool) -> Label:
    """Label a line between title and body that does not say what it is."""
    facts = page.facts[i]
    if facts.name and not facts.position and not seen_name:
        return Label(Role.METADATA, Kind.BYLINE, LIKELY, "a name between title and text")
    if (
        not seen_name
        and NO_SPACE_NAME.match(facts.text)
        and any(f.date_line for f in page.facts[max(0, i - 1) : i + 2])
    ):
        return Label(Role.METADATA, Kind.BYLINE, LIKELY, "a name beside the date")
    if facts.position and facts.words <= 8 and seen_name:
        return Label(Role.METADATA, Kind.AFFILIATION, LIKELY, "a post or organisation below a name")
    if facts.words <= 3 and facts.width <= 24:
        if seen_name:
            return Label(Role.METADATA, Kind.PUBLISHER, GUESS, "a short name beside the byline")
        return Label(Role.METADATA, Kind.SECTION, GUESS, "a short line below the title")
    return Label(Role.METADATA, Kind.STANDFIRST, LIKELY, "stands between title and text")
