"""Related blocks to items."""

from __future__ import annotations

from corpuskit.describe.markup_related import related_items
from corpuskit.model import Kind, Role
from corpuskit.segment.html import read_markup
from corpuskit.segment.labeller import Label

CARDS = (
    "<p>Main text.</p><h3>More stories</h3>"
    "<a href=/a><div>Example News</div><div>2 hours ago</div><h4>A dam is checked</h4></a>"
    "<a href=/b><h4>A bridge opens</h4><p>It took three years.</p></a>"
    "<p>Read on.</p><p><a href=https://example.net/c>A third one</a></p>"
)
KINDS = ("main", "heading", "source", "age", "title", "title", "text", "main", "title")


def labels() -> list[Label]:
    return [
        Label(Role.MAIN, Kind.PARAGRAPH, 1, "") if name == "main" else Label(Role.RELATED, Kind(name), 1, "")
        for name in KINDS
    ]


def test_cards_become_items() -> None:
    one, two, three = related_items(read_markup(CARDS), labels(), "https://example.org/x/")
    assert (one.title, one.source, one.age, one.text) == ("A dam is checked", "Example News", "2 hours ago", None)
    assert (one.url, one.blocks) == ("https://example.org/a", (2, 3, 4))
    assert (two.title, two.text, two.url) == ("A bridge opens", "It took three years.", "https://example.org/b")
    assert (three.title, three.url, three.blocks) == ("A third one", "https://example.net/c", (8,))


def test_without_an_address_links_stay_as_written() -> None:
    assert [item.url for item in related_items(read_markup(CARDS), labels())] == ["/a", "/b", "https://example.net/c"]


def test_a_page_without_related_blocks_has_no_items() -> None:
    page = read_markup("<p>a</p>")
    assert related_items(page, [Label(Role.MAIN, Kind.PARAGRAPH, 1, "")]) == ()


def test_a_link_to_the_page_itself_is_no_item() -> None:
    page = read_markup("<p><a href=/a#comments>A dam is checked</a></p><p><a href=/b>A bridge opens</a></p>")
    both = [Label(Role.RELATED, Kind.TITLE, 1, "")] * 2
    assert [item.url for item in related_items(page, both, "https://www.example.org/a")] == [
        "https://www.example.org/b"
    ]
