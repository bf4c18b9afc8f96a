"""Metadata from markup: what is stated is read, what is not stated is not made up."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit.config import TdmRule
from corpuskit.describe.markup import metadata, spdx_of
from corpuskit.describe.signals import read_signals
from corpuskit.model import Metadata, Origin, Rights
from corpuskit.segment.html import read_markup


def read(head: str = "", body: str = "", url: str | None = None) -> Metadata:
    return metadata(read_markup(f"<html><head>{head}</head><body>{body}</body></html>"), url)


def ld(**values: object) -> str:
    return script({"@context": "https://schema.org", "@type": "NewsArticle", **values})


def script(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


TITLES = {
    "heading and title agree": ("<title>Rain ahead | The Example</title>", "<h1>Rain ahead</h1>", "Rain ahead"),
    "site suffix": (
        '<meta property=og:site_name content="The Example"><title>Rain ahead - The Example</title>',
        "",
        "Rain ahead",
    ),
    "site prefix": (
        '<meta property=og:site_name content="The Example"><title>The Example: news » Rain ahead</title>',
        "<h1>Rain ahead</h1>",
        "Rain ahead",
    ),
    "a dash in the headline stays": ("<title>Rain - and more of it</title>", "", "Rain - and more of it"),
    "the heading is the site": (
        "<title>A long day in the rain - Weather Weekly</title>",
        "<h1>Weather Weekly</h1>",
        "A long day in the rain",
    ),
    "the heading is the site, says what og:title leaves out": (
        '<meta property="og:title" content="The last long day"><title>Notes from the rain: The last long day</title>',
        "<h1>Notes from the rain</h1><h3>The last long day</h3>",
        "The last long day",
    ),
    "the site beside a lesser heading": (
        "<title>Which boots for the rain? - Walkers Forum</title>",
        "<h2>Which boots for the rain?</h2>",
        "Which boots for the rain?",
    ),
    "a lesser heading that is the site": (
        "<title>Rain ahead this weekend - Weather Weekly</title>",
        "<h1>Weather Weekly</h1><h2>Rain</h2>",
        "Rain ahead this weekend",
    ),
    "underscores part what has no spaces": (
        "<title>明天将有大雨_新闻_天气日报网</title>",
        "<h1>明天将有大雨</h1>",
        "明天将有大雨",
    ),
    "headline of the JSON-LD": (ld(headline="Rain &amp; wind"), "", "Rain & wind"),
    "nothing": ("", "<p>text</p>", None),
}


@pytest.mark.parametrize(("head", "body", "expected"), TITLES.values(), ids=TITLES)
def test_title(head: str, body: str, expected: str | None) -> None:
    assert read(head, body).title == expected


AUTHORS = {
    "one": (ld(author={"@type": "Person", "name": "Ana Ruiz"}), "", ("Ana Ruiz",)),
    "several": (ld(author=[{"name": "Ana Ruiz"}, {"name": "Bo Li"}]), "", ("Ana Ruiz", "Bo Li")),
    "a string with by": (ld(author="By Ana Ruiz and Bo Li"), "", ("Ana Ruiz", "Bo Li")),
    "credentials": (
        '<meta name=author content="Ana Ruiz, Ph.D., and Bo Li, MD">',
        "",
        ("Ana Ruiz, Ph.D.", "Bo Li, MD"),
    ),
    "an initial is not a conjunction": ('<meta name=author content="Ana E. Ruiz">', "", ("Ana E. Ruiz",)),
    "a house with an ampersand": ('<meta name=author content="The Post & Courier">', "", ("The Post & Courier",)),
    "a profile address is no name": ('<meta property=article:author content="https://example.org/ana">', "", ()),
    "the system's user is no name": ('<meta name=author content="admin">', "", ()),
    "a byline by the title": (
        "<title>Rain ahead today</title>",
        '<h1>Rain ahead today</h1><p class="byline">By Ana Ruiz</p>',
        ("Ana Ruiz",),
    ),
    "a byline with its label, in Russian": (
        "<title>Трамвай и снег</title>",
        "<h1>Трамвай и снег</h1><p>Автор: Ирина Соколова, 14 марта 2023</p>",
        ("Ирина Соколова",),
    ),
    "in Hindi": (
        "<title>गाँव का पुस्तकालय</title>",
        "<h1>गाँव का पुस्तकालय</h1><p>लेखक: मीरा शर्मा | 7 जून 2023</p>",
        ("मीरा शर्मा",),
    ),
    "in Thai": ("<title>ตลาดเช้า</title>", "<h1>ตลาดเช้า</h1><p>โดย สมชาย ใจดี</p>", ("สมชาย ใจดี",)),
    "in Vietnamese": ("<title>Chợ</title>", "<h1>Chợ</h1><p>Tác giả: Nguyễn Văn An</p>", ("Nguyễn Văn An",)),
    "in Greek": ("<title>Αγορά</title>", "<h1>Αγορά</h1><p>Κείμενο: Άννα Παππά</p>", ("Άννα Παππά",)),
    "the site at the end of the title comes last": (
        '<title>Rain ahead - Weather Weekly</title><meta name="author" content="Weather Weekly">',
        "<h1>Rain ahead</h1><p>By <a rel=author href=/a/1>Ana Ruiz</a></p>",
        ("Ana Ruiz",),
    ),
    "the site alone": (
        '<title>Rain ahead - Ana Ruiz</title><meta name="author" content="Ana Ruiz">',
        "<h1>Rain ahead</h1>",
        ("Ana Ruiz",),
    ),
    "after a label among others": (
        "<title>明天将有大雨</title>",
        "<h1>明天将有大雨</h1><div>2024-04-18 09:12　来源：天气日报　作者：李明</div>",
        ("李明",),
    ),
    "tags beside a name": (
        "<title>Rain ahead today</title>",
        "<h1>Rain ahead today</h1><p class=byline>Posted by Ana at 19:44 Labels: rain, wind</p>",
        ("Ana",),
    ),
    "a reference in a graph": (
        script(
            {
                "@graph": [
                    {"@type": "Article", "author": {"@id": "#a"}},
                    {"@type": "Person", "@id": "#a", "name": "Ana Ruiz"},
                ]
            }
        ),
        "",
        ("Ana Ruiz",),
    ),
    "nobody": ("<title>Rain</title>", "<p>By the river stood a tree.</p>", ()),
    "catalogued, family name first": (
        '<meta name="citation_author" content="Ruiz, Ana M."><meta name="citation_author" content="Li, Bo">',
        "",
        ("Ana M. Ruiz", "Bo Li"),
    ),
}


@pytest.mark.parametrize(("head", "body", "expected"), AUTHORS.values(), ids=AUTHORS)
def test_authors(head: str, body: str, expected: tuple[str, ...]) -> None:
    assert read(head, body).authors == expected


DATES = {
    "JSON-LD, offset kept": (ld(datePublished="2023-04-03T10:20:30+02:00"), "", None, "2023-04-03T10:20:30+02:00"),
    "meta": (
        '<meta property="article:published_time" content="2023-04-03T10:20Z">',
        "",
        None,
        "2023-04-03T10:20:00+00:00",
    ),
    "microdata": ("", '<span itemprop="datePublished" content="2023-04-03">3 April</span>', None, "2023-04-03"),
    "time by the title": (
        "<title>Rain ahead today</title>",
        "<h1>Rain ahead today</h1><time datetime=2023-04-03>x</time>",
        None,
        "2023-04-03",
    ),
    "written by the title": (
        "<title>Rain ahead today</title>",
        "<h1>Rain ahead today</h1><p>April 3, 2023</p>",
        None,
        "2023-04-03",
    ),
    "address": ("", "", "https://example.org/2023/04/03/rain", "2023-04-03"),
    "an update is not a publication": (
        "<title>Rain ahead today</title>",
        "<h1>Rain ahead today</h1><p>Updated April 3, 2023</p>",
        None,
        None,
    ),
    "a date in the text is not the page's": (
        "<title>Rain ahead today</title>",
        "<h1>Rain ahead today</h1>" + "<p>Word.</p>" * 30 + "<p>On April 3, 2023 it rained.</p>",
        None,
        None,
    ),
    "a date in the footer is not": (
        "<title>Rain ahead today</title>",
        "<h1>Rain ahead today</h1><footer><p>April 3, 2023</p></footer>",
        None,
        None,
    ),
    "who wrote it joined before": (
        "<title>Which boots for the rain?</title>",
        "<h1>Which boots for the rain?</h1><p>Joined: Tue Mar 03, 2009</p><p>by ana, Sat Jun 01, 2013 9:14 am</p>",
        None,
        "2013-06-01T09:14:00",
    ),
    "the epoch is no date": (ld(datePublished="1970-01-01T00:00:00Z"), "", None, None),
    "zeros are no date": ('<meta name=date content="0000-00-00">', "", None, None),
    "half an address is no date": ("", "", "https://example.org/2023/04/rain", None),
    "nothing": ("<title>Rain</title>", "<h1>Rain</h1><p>text</p>", None, None),
}


@pytest.mark.parametrize(("head", "body", "url", "expected"), DATES.values(), ids=DATES)
def test_date_published(head: str, body: str, url: str | None, expected: str | None) -> None:
    assert read(head, body, url).date_published == expected


def test_a_date_of_the_address_is_inferred() -> None:
    (found,) = read(url="https://example.org/2023/04/03/rain").evidence[:1]
    assert (found.origin, found.stated, found.used) == (Origin.URL, False, True)


def test_published_and_modified_are_apart() -> None:
    found = read(ld(datePublished="2023-04-03", dateModified="2023-05-01"))
    assert (found.date_published, found.date_modified) == ("2023-04-03", "2023-05-01")
    assert read(ld(dateModified="2023-05-01")).date_published is None


def test_the_article_of_the_page_is_chosen() -> None:
    others = [{"@type": "NewsArticle", "headline": "Other", "url": "https://example.org/b"}]
    own = {"@type": "NewsArticle", "headline": "Own", "url": "https://www.example.org/a/"}
    found = read(
        f'<script type="application/ld+json">{json.dumps([*others, own])}</script>', url="http://example.org/a?x=1"
    )
    assert found.title == "Own"


def test_a_list_of_articles_describes_none() -> None:
    items = [
        {"@type": "NewsArticle", "headline": f"Story {number}", "datePublished": "2023-04-03"} for number in range(8)
    ]
    assert read(f'<script type="application/ld+json">{json.dumps(items)}</script>').date_published is None


BROKEN = {
    "trailing comma": '{"@type": "Article", "datePublished": "2023-04-03",}',
    "raw line break in a string": '{"@type": "Article", "headline": "a\nb", "datePublished": "2023-04-03"}',
    "wrapped in a comment": '<!-- {"@type": "Article", "datePublished": "2023-04-03"} -->',
    "wrapped in CDATA": '//<![CDATA[\n{"@type": "Article", "datePublished": "2023-04-03"}\n//]]>',
    "a semicolon after it": '{"@type": "Article", "datePublished": "2023-04-03"};',
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_json_that_is_not_quite_json(source: str) -> None:
    assert read(f'<script type="application/ld+json">{source}</script>').date_published == "2023-04-03"


def test_the_rest() -> None:
    found = read(
        '<link rel=canonical href="/a"><link rel=license href="https://creativecommons.org/licenses/by/4.0/">'
        '<meta property=og:site_name content="The Example"><meta name=description content="It rains.">'
        '<meta name=keywords content="rain, wind"><meta property="article:section" content="Weather">'
        + ld(isAccessibleForFree="False"),
        url="https://example.org/a?ref=1",
    )
    assert found.url == "https://example.org/a"
    assert (found.license, found.rights) == ("CC-BY-4.0", Rights.OPEN)
    assert (found.publisher, found.description, found.keywords, found.section) == (
        "The Example",
        "It rains.",
        ("rain", "wind"),
        ("Weather",),
    )
    assert [item.value for item in found.evidence if item.field == "is_accessible_for_free"] == ["false"]


LANGUAGES = {"de-AT": "de-AT", "EN_us": "en-US", "zh-hans-cn": "zh-Hans-CN", "": None, "x": None, "english": None}


@pytest.mark.parametrize(("stated", "expected"), LANGUAGES.items())
def test_language(stated: str, expected: str | None) -> None:
    assert metadata(read_markup(f'<html lang="{stated}"><p>x')).language == expected


LICENSES = {
    "https://creativecommons.org/licenses/by-nc-sa/3.0/de/": "CC-BY-NC-SA-3.0",
    "http://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://example.org/terms": None,
    "All rights reserved": None,
}


@pytest.mark.parametrize(("value", "expected"), LICENSES.items())
def test_spdx(value: str, expected: str | None) -> None:
    assert spdx_of(value) == expected


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text(), st.text())
def test_hostile_values_do_not_break_it(value: str, source: str, url: str) -> None:
    head = "".join(
        f'<meta property="{name}" content="{value}">'
        for name in ("og:title", "author", "date", "article:published_time", "copyright")
    )
    found = read(f'{head}<script type="application/ld+json">{source}</script>', "<h1>x</h1>", url)
    assert all(item.value for item in found.evidence)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "author", "name", "headline", "datePublished", "@graph", "publisher", "url"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_json_ld_is_read(value: object) -> None:
    found = read(script({"@type": "Article", "x": value, "author": value, "publisher": value}))
    assert all(isinstance(name, str) for name in found.authors)


NO_ADDRESS = "http://[::"


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel=canonical href="{NO_ADDRESS}">',
        f'<meta property="og:url" content="{NO_ADDRESS}">',
        f'<meta name=tdm-reservation content=1><meta name=tdm-policy content="{NO_ADDRESS}">',
        ld(url=NO_ADDRESS, image=NO_ADDRESS, author={"name": "Ana Ruiz", "url": NO_ADDRESS}),
    ],
)
@pytest.mark.parametrize("url", ["https://weather.example/a", NO_ADDRESS, None])
def test_what_is_no_address_costs_itself_alone(head: str, url: str | None) -> None:
    made = ck.clean(f"{head}<title>Rain ahead</title><a href='{NO_ADDRESS}'>More rain</a>", "text/html", url)
    assert (made.metadata.title, made.metadata.url) == ("Rain ahead", url)


def test_rules_of_a_server_say_nothing_of_what_is_no_address() -> None:
    assert read_signals({}, (), (TdmRule("/news/", reserved=True),), NO_ADDRESS).tdm_reserved is None


def test_a_title_beyond_all_measure_is_none() -> None:
    assert read(f"<title>{'rain ' * 999}</title>", "<h1>Rain ahead</h1>").title == "Rain ahead"
    assert read(f"<title>{'rain ' * 999}</title>").title is None
