"""What is no page is rejected by name."""

from __future__ import annotations

import json

import pytest

import corpuskit as ck
from corpuskit.model import Status
from corpuskit.select.formats import data_format

SENTENCE = "The last shift came up at noon, eighty men with their lamps still lit, and nobody clapped."
RSS = f"<rss version='2.0'><channel><item><description>{SENTENCE}</description></item></channel></rss>"
FORMATS = [
    (RSS, "an RSS feed"),
    (f'<?xml version="1.0"?>\n<!-- made by hand -->\n{RSS}', "an RSS feed"),
    (f'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><feed><summary>{SENTENCE}</summary></feed>', "an Atom feed"),
    (f'<rdf:RDF xmlns="http://purl.org/rss/1.0/"><item>{SENTENCE}</item></rdf:RDF>', "an RSS feed or other RDF"),
    ("<?xml version='1.0'?><urlset><url><loc>https://a.example/</loc></url></urlset>", "a site map"),
    (json.dumps({"articles": [{"body": SENTENCE}]}), "JSON"),
    (f"\n {json.dumps([SENTENCE] * 3, indent=1)}\n", "JSON"),
]
PAGES = [
    "",
    SENTENCE,
    "[Verse 1] It rains and rains [x2]",
    "{{Infobox}} " + SENTENCE + " }",
    "[" * 100_000 + "]" * 100_000,
    f"<p>{SENTENCE}</p>",
    f"<!DOCTYPE html><html><body><p>{SENTENCE}</p><code>&lt;rss&gt;</code></body></html>",
    f'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>{SENTENCE}</body></html>',
    f"How to write <rss> feeds. {SENTENCE}",
]


@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
@pytest.mark.parametrize(("text", "name"), FORMATS)
def test_feeds_and_data_are_rejected_by_name(text: str, name: str, media_type: str) -> None:
    decision = ck.clean(text, media_type=media_type).decision
    assert (decision.status, decision.rule, decision.value) == (Status.REJECTED, "format", name)


@pytest.mark.parametrize("text", PAGES)
def test_pages_are_not(text: str) -> None:
    assert data_format(text) is None
