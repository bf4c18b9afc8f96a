"""The front end: what is visible, where blocks break, what is known of them, and that every string has an answer."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit.segment.html import Inside, MarkupPage, label, read_markup

TAGS = [
    "p",
    "div",
    "span",
    "a",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "h1",
    "h2",
    "br",
    "b",
    "pre",
    "blockquote",
    "script",
    "style",
    "form",
    "button",
    "nav",
    "article",
    "svg",
    "math",
]


def check_partition(page: MarkupPage) -> None:
    """Assert the promise of the model: blocks in order, stripped, not empty, only white space between them."""
    position = 0
    blocks = label(page)
    for one in blocks:
        assert one.text
        assert one.text == one.text.strip()
        assert page.visible[one.start : one.end] == one.text
        assert one.start >= position
        assert not page.visible[position : one.start].strip()
        position = one.end
    assert not page.visible[position:].strip()
    size = len(blocks)
    assert [one.text for one in blocks] == page.blocks.text
    for name in page.blocks.__slots__:
        assert len(getattr(page.blocks, name)) == size, name
    elements = page.elements
    for index, parent in enumerate(elements.parent):
        assert parent < index or index == parent == 0
        assert 0 <= elements.first_block[index] <= size
        assert elements.end_block[index] <= size
    for block, container in enumerate(page.blocks.container):
        assert elements.first_block[container] <= block < elements.end_block[container]


@st.composite
def soup(draw: st.DrawFn) -> str:
    """Markup as no one should write it: tags opened and closed at random, attributes cut, entities broken."""
    pieces = draw(
        st.lists(
            st.one_of(
                st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
                st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
                st.sampled_from(["<a href='x", "<!--", "-->", "&amp;", "&#x0;", "&nbsp", "<td", "<![CDATA[", "\u2028"]),
                st.text(max_size=12),
            ),
            max_size=40,
        )
    )
    return "".join(pieces)


@settings(max_examples=300, deadline=None)
@given(soup())
def test_blocks_partition_any_soup(markup: str) -> None:
    check_partition(read_markup(markup))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    check_partition(read_markup(text))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="abc xyz", min_size=1), min_size=1, max_size=20))
def test_no_visible_word_is_lost_or_doubled(paragraphs: list[str]) -> None:
    page = read_markup("".join(f"<p>{text}</p>" for text in paragraphs))
    assert page.visible.split() == " ".join(paragraphs).split()


BLOCKS = {
    "paragraphs": ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
    "inline elements do not break": ("<p>a <b>bold</b> <i>word</i>.</p>", ["a bold word."]),
    "white space folds": ("<p>a\n\n  b\u00a0 c</p>", ["a b c"]),
    "text beside blocks": ("<div>before<p>inside</p>after</div>", ["before", "inside", "after"]),
    "br breaks": ("<p>one<br>two<br><br>three</p>", ["one", "two", "three"]),
    "preformatted keeps its lines": ("<pre>  if x:\n    y\n</pre>", ["if x:\n    y"]),
    "br inside pre": ("<pre>a<br>b</pre>", ["a\nb"]),
    "links of a menu stand apart": ("<div><a href=/a>Home</a><a href=/b>News</a></div>", ["Home News"]),
    "a word across elements": ("<p><b>W</b>ord</p>", ["Word"]),
    "rows of plain cells": ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", ["a\tb", "1\t2"]),
    "cells of layout": (
        "<table><tr><td><p>a</p><p>b</p><td>c</table>",
        ["a", "b", "c"],
    ),
    "scripts are not text": ("<p>a</p><script>var p = '<p>b</p>'</script><style>p{}</style>", ["a"]),
    "a choice is not text": ("<p>a</p><select><option>b<option>c</select>", ["a"]),
    "noscript beside text": ("<p>enough text here</p><noscript>turn on</noscript>", ["enough text here"]),
    "noscript is all there is": ("<div id=app></div><noscript><p>The text.</p></noscript>", ["The text."]),
    "custom elements break": ("<x-card>a</x-card><x-card>b</x-card>", ["a", "b"]),
    "unknown elements do not": ("<p>a<foo>b</foo></p>", ["ab"]),
    "comments are not text": ("<p>a<!-- b -->c</p>", ["ac"]),
    "no body": ("just text", ["just text"]),
    "frames": ("<frameset><frame src=a></frameset>", []),
    "nothing": ("", []),
    "entities": ("<p>&lt;b&gt; &amp; &eacute;</p>", ["<b> & é"]),
    "an unclosed tag": ("<p>a</p><div", ["a"]),
}


@pytest.mark.parametrize(("markup", "expected"), BLOCKS.values(), ids=BLOCKS)
def test_blocks(markup: str, expected: list[str]) -> None:
    page = read_markup(markup)
    assert page.blocks.text == expected
    check_partition(page)


INSIDE = {
    "nav": ("<nav><ul><li>a</li></ul></nav>", Inside.NAV | Inside.ITEM),
    "role": ("<div role=navigation>a</div>", Inside.NAV),
    "figcaption": ("<figure><figcaption>a</figcaption></figure>", Inside.FIGURE | Inside.CAPTION),
    "quote": ("<blockquote><p>a</p></blockquote>", Inside.QUOTE | Inside.PARAGRAPH),
    "code": ("<pre>a</pre>", Inside.CODE),
    "hidden by attribute": ("<p hidden>a</p>", Inside.HIDDEN | Inside.PARAGRAPH),
    "hidden by style": ("<div style='display: none'>a</div>", Inside.HIDDEN),
    "table": ("<table><tr><td>a</table>", Inside.TABLE),
}


@pytest.mark.parametrize(("markup", "expected"), INSIDE.values(), ids=INSIDE)
def test_what_a_block_stands_in(markup: str, expected: Inside) -> None:
    inside = Inside(read_markup(markup).blocks.inside[0])
    assert inside & expected == expected


def test_facts_of_a_block() -> None:
    page = read_markup(
        '<body class="single"><h2 id=top>T</h2><div class="post body"><p>Read <a href="/x">this</a> <b>now</b>.</p>'
    )
    blocks, elements = page.blocks, page.elements
    assert blocks.heading == [2, 0]
    assert blocks.linked == [0, 4]
    assert blocks.links == [0, 1]
    assert blocks.strong == [0, 3]
    assert blocks.href == [None, "/x"]
    assert elements.names[elements.parent[blocks.container[1]]] == "post body"
    assert elements.names[0] == "single"


def test_a_link_around_blocks_is_the_link_of_each() -> None:
    page = read_markup('<a href="/story"><div>3 hours ago</div><h3>A title</h3></a>')
    assert page.blocks.href == ["/story", "/story"]


def test_head() -> None:
    page = read_markup(
        '<html lang="de-AT"><head><title> A  title </title><meta property="og:Title" content="T">'
        "<link rel=canonical href=/c>"
        '<base href="https://example.org/"><script type="application/ld+json">{"@type": "Article"}</script></head>'
        '<body><time datetime="2023-04-03">3 April</time><span itemprop="author">Ana</span>'
    )
    head = page.head
    assert head.title == "A title"
    assert head.language == "de-AT"
    assert head.meta == (("og:title", "T"),)
    assert head.links == (("canonical", "/c"),)
    assert head.base == "https://example.org/"
    assert head.json_ld == ('{"@type": "Article"}',)
    assert [(item.name, item.value, item.block) for item in head.properties] == [
        ("time", "2023-04-03", 0),
        ("author", None, 0),
    ]


HOSTILE = {
    "5,000 nested divs": "<div>" * 5_000 + "x" + "</div>" * 5_000,
    "br soup": "x<br>" * 20_000,
    "li soup": "<li>x" * 20_000,
    "span soup": "<span>x " * 20_000,
    "table soup": "<table><tr><td>" * 2_000 + "x",
    "link soup": "<a href=/>x" * 20_000,
    "open formatting": "<b><i>x" * 2_000,
    "100,000 elements": "<p>x</p>" * 100_000,
    "an attribute of a megabyte": f"<p class='{'a ' * 500_000}'>x</p>",
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_has_an_answer(markup: str) -> None:
    page = read_markup(markup)
    check_partition(page)
    assert "x" in page.visible


def test_time_is_linear() -> None:
    def seconds(paragraphs: int) -> float:
        markup = "<div class=a><p>Some text, <a href=/>linked</a>.</p></div>" * paragraphs
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            read_markup(markup)
            best = min(best, time.process_time() - started)
        return best

    seconds(100)
    assert seconds(16_000) < 8 * 3 * seconds(2_000)
