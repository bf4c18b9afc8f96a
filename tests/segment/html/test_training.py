"""What training makes of pages and of CatBoost's dump: none of it needs the training extra."""

from __future__ import annotations

import numpy as np
import pytest

from corpuskit.model import KINDS, Kind, Role
from corpuskit.segment.html import read_markup
from corpuskit.train.html import domain, forest_of, teach_roles

TAUGHT = {
    "a related headline": (
        '<div class="related-posts"><a href=/a>A dam is checked for cracks again</a></div>',
        (Role.RELATED, Kind.TITLE),
    ),
    "the age of a teaser": (
        '<div class="related-posts"><span class="date">2 hours ago</span></div>',
        (Role.RELATED, Kind.AGE),
    ),
    "a comment": ('<div id="comments"><p>I was there myself.</p></div>', (Role.BOILERPLATE, Kind.COMMENTS)),
    "a share button among related": (
        '<div class="related-posts"><span class="share">Share</span></div>',
        (Role.BOILERPLATE, Kind.SHARE),
    ),
    "a caption": ("<figure><figcaption>The dam in June.</figcaption></figure>", (Role.METADATA, Kind.CAPTION)),
    "a menu": ("<nav><a href=/a>Sport</a></nav>", (Role.BOILERPLATE, Kind.NAVIGATION)),
    "nothing known": ("<div>Some words</div>", (Role.BOILERPLATE, Kind.OTHER)),
}


@pytest.mark.parametrize(("markup", "expected"), TAUGHT.values(), ids=TAUGHT)
def test_roles_taught_by_the_markup(markup: str, expected: tuple[Role, Kind]) -> None:
    page = read_markup(markup + f"<main><p>{'The main text of the page. ' * 30}</p></main>")
    assert teach_roles(page)[0] == expected


def test_taught_pairs_exist() -> None:
    page = read_markup("".join(markup for markup, _ in TAUGHT.values()))
    assert all(kind in KINDS[role] for role, kind in teach_roles(page))


def test_a_name_around_the_whole_page_teaches_nothing() -> None:
    page = read_markup('<body class="comments-open"><p>One.</p><p>Two.</p>')
    assert set(teach_roles(page)) == {(Role.BOILERPLATE, Kind.OTHER)}


def test_a_dumped_forest() -> None:
    dumped = {
        "oblivious_trees": [
            {
                "splits": [{"float_feature_index": 1, "border": 0.5}, {"float_feature_index": 0, "border": 2.0}],
                "leaf_values": [1.0, 2.0, 4.0, 8.0],
            },
            {"splits": [], "leaf_values": [16.0]},
        ],
        "scale_and_bias": [1.0, [32.0]],
    }
    forest = forest_of(dumped, depth=3)
    columns = np.array([[0, 0, 3, 3], [0, 1, 0, 1]], np.float32)
    assert forest(columns).tolist() == [49, 50, 52, 56]


DOMAINS = {"https://news.example.co.uk/a": "example.co.uk", "https://www.example.org": "example.org", None: "", "": ""}


@pytest.mark.parametrize(("url", "expected"), DOMAINS.items())
def test_folds_are_by_registered_domain(url: str | None, expected: str) -> None:
    assert domain(url) == expected
