"""Addresses as pages write them: the quick way to an absolute one says what the standard library says."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpuskit.describe.addresses import absolute

BASES = (
    *("https://port.example", "https://port.example/news/", "http://port.example:80/a?b=c", "https://port.example?a"),
    *("HTTPS://Port.example/a", "https://me@port.example/a", "https://[::1]/a", "http://[", "file:///a/b", "/a/b", ""),
)
PARTS = ("/", "//", ".", "..", "a", "a.b", "?", "#", ";", ":", "x=1", "%20", "é", " ", "\n", "https://", "HTTP:", "[")


def joined(base: str | None, href: str) -> str | None:
    try:
        address = urljoin(base or "", href)
        urlsplit(address)
    except ValueError:
        return None
    return address


@given(st.sampled_from((None, *BASES)), st.lists(st.sampled_from(PARTS), max_size=8).map("".join))
@example("https://port.example/news/", "/a/./b")
@example("https://port.example/news/", "https://port.example/a/../b")
@example("https://port.example/news/", "https://port.example/a/b.html")
@example(None, "/a/b")
def test_absolute_is_what_the_standard_library_joins(base: str | None, href: str) -> None:
    assert absolute(base, href) == joined(base, href)


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("https://port.example/news/", "/a/b.html", "https://port.example/a/b.html"),
        ("https://port.example/news/", "//other.example/a", "https://other.example/a"),
        ("https://port.example/news/", "a", "https://port.example/news/a"),
        ("http://[", "/a", None),
    ],
)
def test_absolute(base: str, href: str, expected: str | None) -> None:
    assert absolute(base, href) == expected
