"""What stands around a block: templates, sections, and what a stage says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpuskit.segment.html import read_markup
from corpuskit.segment.html.context import Context, Table, apart, shift, sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAGE = (
    "<body><nav><a href=/>Home</a></nav>"
    '<article><h1>Floods</h1><p class="body">The river rose.</p><p class="body">Nobody was hurt.</p></article>'
    '<h2>More</h2><div class="post-1"><p>A dam is checked</p></div><div class="post-2"><p>A bridge is open</p></div>'
)


def facts(context: Context) -> Table:
    table = Table(len(context.length))
    context.facts(table)
    assert np.isfinite(table.rows()).all()
    return table


def spread(context: Context, chance: NDArray[np.float32]) -> Table:
    table = Table(len(context.length))
    context.spread(table, "early", chance, chance)
    assert np.isfinite(table.rows()).all()
    return table


@pytest.fixture(name="context")
def make_context() -> Context:
    return Context.of(read_markup(PAGE))


def test_blocks_of_one_template_share_a_number(context: Context) -> None:
    home, title, first, second, _, dam, bridge = context.groups[0].tolist()
    assert first == second
    assert dam == bridge  # the numbers in post-1 and post-2 do not count
    assert len({home, title, first, dam}) == 4


def test_blocks_below_the_same_tags_share_a_number(context: Context) -> None:
    home, title, first, second, more, dam, bridge = context.groups[1].tolist()
    assert first == second
    assert dam == bridge
    assert len({home, title, first, more, dam}) == 5
    assert not set(context.groups[1].tolist()) & set(context.groups[0].tolist())  # each way has its own numbers


def test_sections_begin_at_headings(context: Context) -> None:
    assert context.heading.tolist() == [-1, 1, 1, 1, 4, 4, 4]
    assert context.ahead.tolist() == [1, 1, 4, 4, 4, 7, 7]
    assert facts(context)["section_level"].tolist() == [0, 1, 1, 1, 2, 2, 2]


def test_the_best_element_is_the_one_that_holds_the_likely_text(context: Context) -> None:
    chance = np.array([0, 1, 1, 1, 0, 0, 0], np.float32)
    said = spread(context, chance)
    assert said["early*in"].tolist() == [0, 1, 1, 1, 0, 0, 0]
    assert said["early*f1"][0] == pytest.approx(1)
    assert said["early*start"][0] < 0 <= said["early*start"][1]


def test_what_a_template_and_a_section_mostly_are(context: Context) -> None:
    chance = np.array([0, 1, 1, 0, 0, 0.5, 0.5], np.float32)
    said = spread(context, chance)
    assert said["early~names"][5] == pytest.approx(0.5)
    assert 0 < said["early~names"][3] < 1  # its twin is likely main
    assert said["early#head"].tolist() == [-1, 1, 1, 1, 0, 0, 0]
    assert said["early#next"].tolist() == [1, 1, 0, 0, 0, -1, -1]


@pytest.mark.parametrize("markup", ["x", "<h1>x</h1>", "<p>a<p>b", "<ul><li>a<li>b<li>c</ul>"])
def test_small_pages(markup: str) -> None:
    context = Context.of(read_markup(markup))
    facts(context)
    spread(context, np.zeros(len(context.length), np.float32))


def test_shift_and_sums() -> None:
    column = np.array([1, 2, 3], np.float32)
    assert shift(column, 1).tolist() == [2, 3, 0]
    assert shift(column, -2).tolist() == [0, 0, 1]
    assert shift(column, 5).tolist() == [0, 0, 0]
    assert sums(column).tolist() == [0, 1, 3, 6]


def test_a_table_grows_and_a_column_of_the_same_name_takes_the_place_of_the_other() -> None:
    table = Table(2)
    table["first"] = np.array([1, 2])
    table.add({"second": np.array([5, 6]), "third": 7})
    table.group([f"{number}" for number in range(600)], np.arange(1200).reshape(600, 2))
    table["first"] = np.array([3, 4])
    assert table["first"].tolist() == [3, 4]
    assert table.rows().shape == (603, 2)
    assert table.rows(np.array([1]))[:, 0].tolist() == [4, 6, 7, *range(1, 1200, 2)]


def test_sums_of_what_stands_apart() -> None:
    before, after = apart(sums(np.array([1.0, 2, 4, 8])), 2)
    assert before.tolist() == [0, 1, 3, 6]
    assert after.tolist() == [6, 12, 8, 0]
    before, after = apart(sums(np.array([1.0, 2])), 5)
    assert before.tolist() == [0, 1]
    assert after.tolist() == [2, 0]
