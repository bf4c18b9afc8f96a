"""Pages whose text is in their JSON-LD alone."""

from __future__ import annotations

import json

import pytest

import corpuskit as ck
from corpuskit.model import Role

TEXT = (
    "The council voted on Tuesday to reopen the bridge to cyclists, two years after a lorry had struck its tower.",
    "Engineers had warned that the deck could not carry cars & vans until the bearings were replaced.",
)


def page(body: str, shown: str, tail: str = "") -> ck.Document:
    """Return the document of a page that has this ``articleBody`` and shows something else."""
    node = json.dumps({"@type": "NewsArticle", "headline": "Bridge reopens", "articleBody": body})
    script = f'<script type="application/ld+json">{node}</script>'
    return ck.clean(f"<head>{script}</head><body><h1>Bridge reopens</h1>{shown}{tail}", media_type="text/html")


BODIES = {
    "lines": "\n\n".join(TEXT),
    "markup": "".join(f"<p>{line.replace('&', '&amp;')}</p>" for line in TEXT),
    "escaped markup": "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in TEXT),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_text_that_only_json_ld_holds_is_the_main_text(body: str) -> None:
    doc = page(body, "<div id=root></div><noscript>Please enable JavaScript.</noscript>")
    main = [block for block in doc.blocks if block.role is Role.MAIN and block.kind.value == "paragraph"]
    assert [block.text for block in main] == list(TEXT)
    assert {block.reason for block in main} == {"json-ld articleBody"}
    assert "\n".join(block.text for block in doc.blocks) == doc.repaired


def test_what_the_page_shows_of_it_is_not_said_twice() -> None:
    doc = page("\n".join((*TEXT, *(f"{line} They said so again." for line in TEXT))), f"<p>{TEXT[0]}</p>")
    assert doc.text.count(TEXT[0]) == 2
    assert doc.text.splitlines().count(TEXT[0]) == 1


@pytest.mark.parametrize("shown", [f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p>", f"<p>{TEXT[0]}</p>"])
def test_a_page_that_shows_its_text_is_read_as_it_is(shown: str) -> None:
    doc = page("\n".join(TEXT), shown)
    assert not any("json-ld" in block.reason for block in doc.blocks)


def test_behind_an_element_that_is_not_closed_nothing_can_be_added() -> None:
    doc = page("\n".join(TEXT), "", tail="<textarea>")
    assert "\n".join(block.text for block in doc.blocks) == doc.repaired


@pytest.mark.parametrize("body", [None, 3, ["a"], {"a": 1}, "", "<p>"])
def test_an_article_body_that_is_no_text_changes_nothing(body: object) -> None:
    node = json.dumps({"@type": "NewsArticle", "articleBody": body})
    doc = ck.clean(f'<script type="application/ld+json">{node}</script><p>Nothing here.</p>', media_type="text/html")
    assert [block.text for block in doc.blocks] == ["Nothing here."]
