"""Where links lead, as far as their addresses tell."""

from __future__ import annotations

import numpy as np
import pytest

from corpuskit.segment.html import read_markup
from corpuskit.segment.html.links import COLUMNS, read_links

LEADS = {
    "an article": (
        "/2024/05/harbour-to-be-dredged-before-winter",
        {"link_steps": 3, "link_dashes": 5, "link_digits": 6},
        True,
    ),
    "the same on another host": ("https://news.example/a/one_two_three_four.html?ref=top#end", {"link_steps": 2}, True),
    "a section": ("/sports/", {"link_steps": 1, "link_name": 6}, False),
    "a topic by name": ("/tag/harbour", {"link_rubric": 1}, False),
    "a place on the page": ("#comments", {"link_nowhere": 1, "link_steps": 0}, False),
    "a programme": ("javascript:void(0)", {"link_nowhere": 1}, False),
    "the home page": ("https://news.example", {"link_steps": 0, "link_name": 0}, False),
    "what cannot be read": ("http://[", {"link": 1}, False),
}


@pytest.mark.parametrize(("href", "expected", "article"), LEADS.values(), ids=LEADS)
def test_an_address_tells(href: str, expected: dict[str, float], *, article: bool) -> None:
    columns, articles = read_links(read_markup(f"<p>Words.</p><p><a href='{href}'>Somewhere</a></p>"))
    assert not columns[:, 0].any()
    found = dict(zip(COLUMNS, columns[:, 1].tolist(), strict=True))
    assert {name: found[name] for name in expected} == expected
    assert articles.tolist() == [0, article]


def test_links_that_come_again_are_counted() -> None:
    page = read_markup("<p><a href=/a>One</a></p><p><a href=/b>Two</a></p><p><a href=/a>Three</a></p>")
    assert read_links(page)[0][COLUMNS.index("link_times")].tolist() == [2, 1, 2]


def test_a_page_without_links_has_none() -> None:
    columns, articles = read_links(read_markup("<p>One.</p><p>Two.</p>"))
    assert columns.shape == (len(COLUMNS), 2)
    assert not np.count_nonzero(columns)
    assert not articles.any()
