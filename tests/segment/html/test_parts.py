"""What the third forest says of the parts of a page, put on the odds of the kinds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corpuskit.model import Kind, Role
from corpuskit.segment.html import read_markup
from corpuskit.segment.html.model import likeliest, share_out, shipped
from corpuskit.segment.pairs import PARTS

KINDS = (
    (Role.METADATA, Kind.DATE),
    (Role.RELATED, Kind.TITLE),
    (Role.RELATED, Kind.AGE),
    (Role.BOILERPLATE, Kind.COMMENTS),
    (Role.BOILERPLATE, Kind.NAVIGATION),
)


def test_the_parts_decide_how_much_and_the_words_which_kind() -> None:
    odds = np.array([[0.5, 0.06, 0.02, 0.02, 0.4]], np.float32)
    parts = np.array([[0.2, 0.0, 0.6, 0.0, 0.2]], np.float32)  # of main text the odds do not speak
    assert share_out(odds, parts, KINDS)[0] == pytest.approx([0.1, 0.462, 0.154, 0.004, 0.28])


def test_the_likeliest_kind_is_one_of_the_likeliest_part() -> None:
    odds = np.array([[0.1, 0.3, 0.25, 0.0, 0.35], [0.6, 0.1, 0.1, 0.1, 0.1]], np.float32)
    assert [KINDS[which] for which in likeliest(odds, KINDS)] == [KINDS[1], KINDS[0]]


def _probabilities(columns: int) -> st.SearchStrategy[np.ndarray]:
    rows = arrays.arrays(np.float32, (3, columns), elements=st.floats(0.0, 1, width=32))
    return rows.map(lambda found: (found + 1e-3) / (found + 1e-3).sum(axis=1, keepdims=True))


@given(_probabilities(len(KINDS)), _probabilities(len(PARTS)))
def test_what_is_shared_out_adds_up_to_one(odds: np.ndarray, parts: np.ndarray) -> None:
    shared = share_out(odds.astype(np.float32), parts.astype(np.float32), KINDS)
    assert (shared >= 0).all()
    assert shared.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-4)


def test_a_list_of_headlines_below_an_article_is_related_whatever_it_is_called() -> None:
    text = "The harbour committee agreed on Tuesday that the channel will be dredged before the winter storms. " * 3
    article = "".join(f"<p>{text}</p>" for _ in range(6))
    teasers = "".join(
        f"<div class=x{at}><a href=/2024/05/{at}-ferry-routes-to-the-islands-change-in-may><h3>Ferry routes to the"
        f" islands change in May {at}</h3></a><span>{at} hours ago</span></div>"
        for at in range(2, 7)
    )
    menu = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("News", "Sports", "Culture", "Weather"))
    page = read_markup(f"<ul>{menu}</ul><h1>Harbour to be dredged</h1>{article}<div class=y>{teasers}</div>")
    _, odds = shipped()(page)
    kinds = [shipped().kinds[which] for which in likeliest(odds, shipped().kinds)]
    headlines = [pair for pair, text in zip(kinds, page.blocks.text, strict=True) if text.startswith("Ferry")]
    assert {role for role, _ in headlines} == {Role.RELATED}
    assert {role for role, _ in kinds[:4]} == {Role.BOILERPLATE}
