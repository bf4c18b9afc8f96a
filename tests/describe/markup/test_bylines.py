"""Names from the elements that a page calls its author, and from the lines around them."""

from __future__ import annotations

import pytest

from corpuskit.describe.markup import metadata
from corpuskit.describe.markup_names import split_authors, without_site
from corpuskit.segment.html import read_markup

LINES = {
    "Post author By Helge Farn": ["Helge Farn"],
    "Veröffentlicht von Chris": ["Chris"],
    "October 19, 2019 by IWB": ["IWB"],
    "Mar 6, 2020": [],
    "ByZack Sawyer": ["Zack Sawyer"],
    "Byron Allen": ["Byron Allen"],
    "8 COMMENTS": [],
    "Patrick Dale 06 PM, 18 Mai": ["Patrick Dale"],
    "John Smith, May 22": ["John Smith"],
    "Jan Novak and Ma Jun": ["Jan Novak", "Ma Jun"],
    "sample_user77": ["sample_user77"],
    "page.head.extra.author": [],
    "Daily Planet staff writer": ["Daily Planet"],
    "Planet Contributor": ["Planet Contributor"],
    "Redaktion": ["Redaktion"],
    "كتب: أحمد السيد": ["أحمد السيد"],
    "بقلم أحمد السيد": ["أحمد السيد"],
    "作者：李明": ["李明"],
    "Της Μαρίας Παπαδοπούλου": ["Μαρίας Παπαδοπούλου"],
    "Τουρνάς Νίκος": ["Τουρνάς Νίκος"],
    "Labels: ferries": [],
    "Published in Planet": [],
    "Posted on": [],
    "Donnerstag": [],
}


@pytest.mark.parametrize("line", LINES)
def test_lines(line: str) -> None:
    assert split_authors(line) == LINES[line]


def test_what_is_no_line_is_not_read_as_one() -> None:
    assert split_authors("Ada Berg, Bo Dahl, " * 10_000)[:2] == ["Ada Berg", "Bo Dahl"]
    endless = "a - " * 10_000
    assert without_site(endless, ["a"]) == endless.strip()


HEAD = "<title>A storm comes over the hills</title>"
TITLE = "<h1>A storm comes over the hills</h1>"
TEXT = "<p>" + "The wind rose in the night and it did not stop for three days. " * 3 + "</p>"
PAGES = {
    "the name, not the line around it": (
        '<span class="byline">Von <a rel="author" href="/x">Ada Berg</a> am 3. Mai 2021, 4 Kommentare</span>',
        ("Ada Berg",),
    ),
    "two names in one line": (
        '<p class="byline">By <a href="/author/a">Ada Berg</a> and <a href="/author/b">Bo Dahl</a></p>',
        ("Ada Berg", "Bo Dahl"),
    ),
    "microdata with the name inside": (
        '<div itemprop="author">Written by <span itemprop="name">Ada Berg</span>, 3 May</div>',
        ("Ada Berg",),
    ),
    "the article's own footer": ('<footer class="entry-meta"><a rel="author" href="/a">ada</a></footer>', ("ada",)),
    "who commented is not who wrote": (
        '<div class="comment"><span class="author">Bo Dahl</span></div>',
        (),
    ),
    "the page's footer names the firm": ('<footer><a rel="author" href="/a">Studio Dahl</a></footer>', ()),
    "a menu that is called author": ('<div class="author-nav">' + "<a>Home of all things</a>" * 30 + "</div>", ()),
    "who started the thread": (
        "".join(f'<h4 class="message-name"><a class="username">{name}</a></h4>' for name in ("first_one", "second")),
        ("first_one",),
    ),
}


@pytest.mark.parametrize("case", PAGES)
def test_elements_called_author(case: str) -> None:
    byline, authors = PAGES[case]
    page = read_markup(f"<html><head>{HEAD}</head><body>{TITLE}{byline}{TEXT}</body></html>")
    assert metadata(page).authors == authors


def test_a_card_that_says_who_wrote_it() -> None:
    card = '<meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Ada Berg">'
    page = read_markup(f"<html><head>{HEAD}{card}</head><body>{TITLE}{TEXT}</body></html>")
    assert metadata(page).authors == ("Ada Berg",)


DATES = {
    "both dates of one line": (
        "<p>Published on Oct 21, 2025 Updated on Mar 9, 2026</p>",
        ("2025-10-21", "2026-03-09"),
    ),
    "only the change is dated": ("<p>Updated March 11, 2026</p>", (None, "2026-03-11")),
    "a dateline": (
        "<p>29.11.2022 – " + "Many had asked for it and it came at last. " * 4 + "</p>",
        ("2022-11-29", None),
    ),
    "a date in a sentence is none": (
        "<p>" + "It began in a way. " * 3 + "On April 3, 2019 it rained.</p>",
        (None, None),
    ),
    "dates of several things": (
        TEXT * 20 + "<p>May 3, 2020</p><p>Another story</p><p>May 4, 2020</p>",
        (None, None),
    ),
    "labelled, far down": (
        TEXT * 20 + "<p>Posted on May 3, 2020</p><p>Another</p><p>May 4, 2020</p>",
        ("2020-05-03", None),
    ),
}


@pytest.mark.parametrize("case", DATES)
def test_written_dates(case: str) -> None:
    line, expected = DATES[case]
    page = read_markup(f'<html lang="de"><head>{HEAD}</head><body>{TITLE}{line}{TEXT}</body></html>')
    found = metadata(page)
    assert (found.date_published, found.date_modified) == expected
