"""Bread crumbs to sections."""

from __future__ import annotations

import json

import pytest

from corpuskit.describe.markup import metadata
from corpuskit.segment.html import read_markup


def script(items: list[dict[str, object]]) -> str:
    node = {"@type": "BreadcrumbList", "itemListElement": items}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def listed(*names: str) -> str:
    return script([{"@type": "ListItem", "position": n, "name": name} for n, name in enumerate(names, 1)])


SECTIONS = {
    "JSON-LD": (listed("Home", "News", "Weather", "Rain ahead"), "", ("News", "Weather")),
    "JSON-LD, names in the items": (
        script([{"item": {"@id": "/n", "name": "News"}}, {"item": {"name": "Rain"}}]),
        "",
        ("News",),
    ),
    "JSON-LD goes before what is shown": (listed("News", "Rain"), "<p class=breadcrumb><a>Sport</a></p>", ("News",)),
    "a list": (
        "",
        "<nav aria-label=Breadcrumb><ol><li><a>Home</a><li><a>News</a><li><a>Weather</a><li>Rain ahead</ol></nav>",
        ("News", "Weather"),
    ),
    "a list without the page": (
        "",
        "<ul class=bread_crumbs><li><a>News</a><li><a>Weather</a></ul>",
        ("News", "Weather"),
    ),
    "the page as a link": ("", "<div id=breadcrumbs><li><a>News</a><li><a>Rain ahead</a></div>", ("News",)),
    "a line": ("", "<p class=breadcrumb><a>Главная</a> › <a>Новости</a> › Rain ahead</p>", ("Новости",)),
    "a line of links": ("", "<p class=breadcrumb><a>News</a> / <a>Weather</a></p>", ("News", "Weather")),
    "a line that is not apart": ("", "<p class=breadcrumb><a>News</a> <a>Weather</a></p>", ()),
    "home alone": ("", "<p class=breadcrumb><a>首页</a></p>", ()),
    "all of the page": ("", f"<div class=has-breadcrumb>{'<p>A paragraph of it.</p>' * 13}</div>", ()),
    "something else": ("", "<p class=breadcrumbly><a>News</a></p>", ()),
}


@pytest.mark.parametrize(("head", "body", "expected"), SECTIONS.values(), ids=SECTIONS)
def test_section(head: str, body: str, expected: tuple[str, ...]) -> None:
    page = f"<title>Rain ahead</title>{head}<body>{body}<h1>Rain ahead</h1><p>It will rain.</p>"
    assert metadata(read_markup(page)).section == expected
