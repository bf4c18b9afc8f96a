"""Related blocks to items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuskit.describe.markup_related import related_items
from corpuskit.model import Block, Kind, RelatedItem, Role
from corpuskit.segment.html import read_markup

if TYPE_CHECKING:
    from collections.abc import Sequence

CARDS = (
    "<p>Main text.</p><h3>More stories</h3>"
    "<a href=/a><div>Example News</div><div>2 hours ago</div><h4>A dam is checked</h4></a>"
    "<a href=/b><h4>A bridge opens</h4><p>It took three years.</p></a>"
    "<p>Read on.</p><p><a href=https://example.net/c>A third one</a></p>"
)
KINDS = ("main", "heading", "source", "age", "title", "title", "text", "main", "title")


def items(markup: str, kinds: Sequence[str], url: str | None = None) -> tuple[RelatedItem, ...]:
    """Return the related items of a page whose blocks have these kinds: "main", or kinds of the role "related"."""
    page = read_markup(markup)
    pairs = [(Role.MAIN, Kind.PARAGRAPH) if kind == "main" else (Role.RELATED, Kind(kind)) for kind in kinds]
    return related_items(
        page, [Block(*pair, 0, 0, text, 1, "") for pair, text in zip(pairs, page.blocks.text, strict=True)], url
    )


def test_cards_become_items() -> None:
    one, two, three = items(CARDS, KINDS, "https://example.org/x/")
    assert (one.title, one.source, one.age, one.text) == ("A dam is checked", "Example News", "2 hours ago", None)
    assert (one.url, one.blocks) == ("https://example.org/a", (2, 3, 4))
    assert (two.title, two.text, two.url) == ("A bridge opens", "It took three years.", "https://example.org/b")
    assert (three.title, three.url, three.blocks) == ("A third one", "https://example.net/c", (8,))


def test_without_an_address_links_stay_as_written() -> None:
    assert [item.url for item in items(CARDS, KINDS)] == ["/a", "/b", "https://example.net/c"]


def test_a_page_without_related_blocks_has_no_items() -> None:
    assert items("<p>a</p>", ["main"]) == ()


def test_what_leads_to_an_article_is_no_part_of_its_title() -> None:
    lines = ("Read also: A dam is checked", "اقرأ أيضا: سد جديد", "Storm live: a dam breaks")
    found = items("".join(f"<p><a href=/{i}>{line}</a></p>" for i, line in enumerate(lines)), ["title"] * 3)
    assert [item.title for item in found] == ["A dam is checked", "سد جديد", "Storm live: a dam breaks"]


def test_a_link_to_the_page_itself_is_no_item() -> None:
    links = "<p><a href=/a#comments>A dam is checked</a></p><p><a href=/b>A bridge opens</a></p>"
    found = items(links, ["title", "title"], "https://www.example.org/a")
    assert [item.url for item in found] == ["https://www.example.org/b"]
