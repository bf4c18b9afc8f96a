"""Labels from the shipped weights: plain pages come out right, every page gets an answer, the same one every time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit.model import KINDS, Kind, Role
from corpuskit.segment.html import Engine, Inside, label, read_markup
from corpuskit.segment.html.context import Context
from corpuskit.segment.html.features import features
from corpuskit.segment.html.labels import boxed, credits_of, main_kind
from corpuskit.segment.html.model import pack, shipped, unpack

SENTENCE = "The river rose two metres overnight, the council said, and three bridges in the valley had to be closed. "
PARAGRAPHS = "".join(f"<p>{SENTENCE}In the village number {number} nobody was hurt.</p>" for number in range(8))
MENU = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("News", "Sport", "Weather"))
TEASERS = "".join(
    f'<li><a href="/story-{number}">A dam upstream is checked for the {number}th time</a></li>' for number in range(4)
)
PAGE = (
    "<html><head><title>Floods close three bridges</title></head>"
    f'<body><nav><ul>{MENU}</ul></nav><article class="post"><h1>Floods close three bridges</h1>'
    f'<div class="post-content">{PARAGRAPHS}</div></article>'
    f'<aside class="related-posts"><h3>Related stories</h3><ul>{TEASERS}</ul></aside>'
    '<footer class="site-footer"><p>© 2023 Example. All rights reserved.</p>'
    '<a href="/privacy">Privacy policy</a></footer>'
)


def test_an_article_with_all_its_trimmings() -> None:
    page = read_markup(PAGE)
    blocks = label(page)
    by_role = {role: [block.text for block in blocks if block.role is role] for role in Role}
    assert [text for text in by_role[Role.MAIN] if text.startswith("The river")] == [
        block.text for block in blocks if block.text.startswith("The river")
    ]
    assert not set(by_role[Role.MAIN]) & {"News", "Sport", "Weather", "Related stories", "Privacy policy"}
    assert any(text.startswith("A dam upstream") for text in by_role[Role.RELATED])
    assert "News" in by_role[Role.BOILERPLATE]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "<div class=related>", "text, and more. ", "<a href=/x>", "</div>", "<li>", "x", "日本語"]
        )
    )
)
def test_every_block_gets_a_label_that_exists(pieces: list[str]) -> None:
    page = read_markup("".join(pieces))
    blocks = label(page)
    assert [block.text for block in blocks] == page.blocks.text
    for block in blocks:
        assert block.kind in KINDS[block.role]
        assert 0 <= block.score <= 1
        assert block.reason
    assert blocks == label(page)


def test_features_are_finite() -> None:
    for markup in (PAGE, "x", "<p>a<p>b", "<td>1<td>2", "\U0001f600 é"):
        page = read_markup(markup)
        table = features(page, Context.of(page))
        assert table.rows().shape == (len(table), len(page.blocks.text))
        assert abs(table.rows()).max() < 1e9


def test_weights_survive_packing() -> None:
    page = read_markup(PAGE)
    once = unpack(pack(shipped()))
    for one, other in zip(once(page), shipped()(page), strict=True):
        assert abs(one - other).max() < 1e-3


@pytest.mark.parametrize("cue", ["Read also:", "[Read more:", "MEHR ZUM THEMA:", "» Lire aussi :", "Baca juga:"])
def test_a_link_that_says_read_also_is_related(cue: str) -> None:
    aside = f"<p>{cue} <a href=/b>The other bridge was closed for good on Friday</a></p>"
    page = read_markup(PAGE.replace("</article>", aside + "</article>", 1))
    block = next(number for number, text in enumerate(page.blocks.text) if "other bridge" in text)
    assert label(page)[block].role is Role.RELATED


KINDS_OF = [
    (Inside.HEADING, "Three bridges", Kind.HEADING),
    (Inside.ITEM, SENTENCE.strip(), Kind.LIST_ITEM),
    (Inside.TABLE | Inside.PARAGRAPH, "Bridges", Kind.TABLE),
    (Inside.TABLE, f"3\t{SENTENCE}", Kind.TABLE),
    (Inside.TABLE, SENTENCE.strip(), Kind.PARAGRAPH),
    (Inside.TABLE | Inside.ITEM, SENTENCE.strip(), Kind.LIST_ITEM),
    (Inside.CODE | Inside.TABLE, SENTENCE.strip(), Kind.CODE),
    (Inside.QUOTE | Inside.PARAGRAPH, SENTENCE.strip(), Kind.QUOTE),
    (Inside.PARAGRAPH, SENTENCE.strip(), Kind.PARAGRAPH),
]


@pytest.mark.parametrize(("inside", "text", "kind"), KINDS_OF)
def test_main_kind(inside: Inside, text: str, kind: Kind) -> None:
    assert main_kind(int(inside), text) is kind


def test_engines() -> None:
    page = read_markup(PAGE)
    for engine in Engine:
        blocks = label(page, engine, PAGE)
        assert any(block.role is Role.MAIN for block in blocks), engine
    assert all("trafilatura" in block.reason for block in label(page, "trafilatura", PAGE))


def test_an_engine_that_needs_the_markup_says_so() -> None:
    with pytest.raises(ValueError, match="markup"):
        label(read_markup(PAGE), "trafilatura")
    with pytest.raises(ValueError, match="nobody"):
        label(read_markup(PAGE), "nobody")


def test_an_empty_page_has_no_labels() -> None:
    assert label(read_markup("")) == ()


CREDITS = [
    ("By Ada Marsh", Kind.BYLINE),
    ("by John Doe, May 4, 2023", Kind.BYLINE),
    ("Автор: Ирина Соколова, 14 марта 2023", Kind.BYLINE),
    ("作者：李明　2022年11月3日", Kind.BYLINE),
    ("12 March 2024", Kind.DATE),
    ("Last updated: April 21, 2025", Kind.DATE),
]


@pytest.mark.parametrize(("line", "kind"), CREDITS)
def test_a_byline_or_date_before_the_text_of_a_small_page_is_no_text(line: str, kind: Kind) -> None:
    _, credit, paragraph = label(read_markup(f"<h1>The bridge</h1><p>{line}</p><p>{SENTENCE}</p>"))
    assert (credit.role, credit.kind) == (Role.METADATA, kind)
    assert paragraph.role is Role.MAIN


@pytest.mark.parametrize("line", ["By noon the queue reached the market.", "It opened on 12 March 2024 at noon"])
def test_a_sentence_that_begins_like_a_byline_or_holds_a_date_stays(line: str) -> None:
    page = read_markup(f"<h1>The bridge</h1><p>{line}</p><p>{SENTENCE}</p>")
    assert credits_of(page, np.ones(3, bool)) == []


def test_bylines_and_dates_with_no_text_after_them_are_what_the_page_is_made_of() -> None:
    page = read_markup("<h1>Meetings</h1><p>12 March 2024</p><p>14 May 2024</p>")
    assert credits_of(page, np.ones(3, bool)) == []


BOX = "<p>Join thousands of readers and hear from us every Friday.</p>"


@pytest.mark.parametrize("names", ["class=newsletter", "id=blog_newsLetter-2", "class='subscribe-box wide'"])
def test_a_box_that_asks_for_an_address_is_no_text(names: str) -> None:
    page = read_markup(f"<article>{PARAGRAPHS}<div {names}>{BOX}</div>{PARAGRAPHS}</article>")
    (box,) = (block for block in label(page) if block.text.startswith("Join"))
    assert (box.role, box.kind) == (Role.BOILERPLATE, Kind.PROMOTION)


def test_a_page_on_newsletters_is_no_box() -> None:
    page = read_markup(f"<article class=newsletter-issue>{PARAGRAPHS}</article><p>{SENTENCE}</p>")
    assert boxed(page, np.ones(len(page.blocks.text), bool)) == []
