"""The second look: what its numbers and trees must hold whatever was learned."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit.model import Kind, Role
from corpuskit.segment import experts, rules
from corpuskit.segment.lines import split_lines
from corpuskit.segment.oblivious import Forest
from corpuskit.segment.pairs import PAIRS, PART_OF_PAIR, PARTS, part_probabilities
from corpuskit.segment.text.context import read_context
from corpuskit.segment.text.features import read_features
from corpuskit.segment.text.labeller import open_lines
from corpuskit.segment.text.model import load, shipped
from corpuskit.segment.text.second import look, part_opinions

_MENU = "\n".join(f"Section {name}" for name in ("one", "two", "three", "four", "five", "six", "seven", "eight"))
_ARTICLE = "\n".join(  # noqa: FLY002 - a page, line by line
    [
        "Harbour to be dredged before winter",
        "The harbour committee agreed on Tuesday that the channel will be dredged before the winter storms arrive.",
        "The work, which fishermen have asked for since the spring, is to begin in the first week of September.",
        "The committee expects the dredging to cost about two million and to take no more than five weeks in all.",
    ]
)


def _trees(*leaves: float) -> Forest:
    """Return one tree that asks whether a line is the page's surest main text, with ``leaves`` for no and yes."""
    table = np.zeros((1, 2, len(PARTS)), np.float32)
    table[0, :, 0] = leaves
    return Forest(np.zeros((1, 1), np.intp), np.full((1, 1), 0.5, np.float32), table, np.zeros(len(PARTS), np.float32))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=30))
def test_every_line_of_every_page_has_finite_numbers_in_the_same_columns(parts: list[str]) -> None:
    lines = split_lines("\n".join(parts))
    if not lines:
        return
    features = read_features(lines)
    context = read_context(features, shipped().first_look(features))
    one = split_lines("word")
    alone = read_features(one)
    assert context.shape == (len(lines), read_context(alone, shipped().first_look(alone)).shape[1])
    assert np.isfinite(context).all()


def test_a_leaf_is_found_by_its_answers() -> None:
    trees = _trees(-2.0, 2.0)
    rows = np.array([[0.4], [0.6]], np.float32)
    scores = np.array([[-2.0, 0, 0, 0, 0], [2.0, 0, 0, 0, 0]])
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert part_opinions(trees, rows) == pytest.approx(expected, abs=1e-6)


def test_many_lines_are_answered_as_few_are() -> None:
    trees = _trees(-1.0, 1.0)
    rows = np.linspace(0, 1, 1000, dtype=np.float32)[:, None]
    alone = np.vstack([part_opinions(trees, row[None]) for row in rows])
    assert part_opinions(trees, rows) == pytest.approx(alone, abs=1e-6)


def test_the_second_look_moves_parts_and_leaves_kinds_to_the_network() -> None:
    features = read_features(split_lines(_MENU + "\n" + _ARTICLE))
    first = shipped().first_look(features)
    second = look(_trees(-8.0, -8.0), features, first)
    assert second.sum(axis=1) == pytest.approx(np.ones(len(first)), abs=1e-4)
    assert (part_probabilities(second)[:, 0] < part_probabilities(first)[:, 0]).all()
    comments = PAIRS.index((Role.METADATA, Kind.TITLE)), PAIRS.index((Role.METADATA, Kind.DATE))
    assert PART_OF_PAIR[list(comments)].tolist() == [1, 1]
    assert second[:, comments[0]] / second[:, comments[1]] == pytest.approx(
        first[:, comments[0]] / first[:, comments[1]], rel=1e-3
    )


def test_weights_without_trees_take_one_look() -> None:
    file = resources.files("corpuskit.segment.text") / "weights.npz"
    with resources.as_file(file) as path, np.load(path, allow_pickle=False) as data:
        alone = load({name: array for name, array in data.items() if not name.startswith("second.")})
    features = read_features(split_lines(_ARTICLE))
    assert alone.trees is None
    assert alone(features) == pytest.approx(shipped().first_look(features))


@pytest.mark.parametrize(
    ("furniture", "asked"),
    [
        ([True] * 20, [0, 1, 18, 19]),
        ([True] * 8 + [False] + [True] * 8, [0, 1, 6, 7, 8, 9, 10, 15, 16]),
        ([True] * 4, [0, 1, 2, 3]),
        ([], []),
    ],
    ids=["edges of the page are open", "neighbours of an open line are", "a short page is", "an empty page"],
)
def test_lines_deep_in_furniture_are_not_asked_about(furniture: list[bool], asked: list[int]) -> None:
    probabilities = np.zeros((len(furniture), len(PAIRS)), np.float32)
    menu, text = PAIRS.index((Role.BOILERPLATE, Kind.NAVIGATION)), PAIRS.index((Role.MAIN, Kind.PARAGRAPH))
    for row, closed in enumerate(furniture):
        probabilities[row, menu if closed else text] = 1
    assert open_lines(probabilities).tolist() == asked


def test_a_very_long_page_is_read_without_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    def unasked(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(experts, "LONG", 3)
    monkeypatch.setattr(rules, "label", unasked)
    assert len(experts.label(split_lines(_ARTICLE))) == 4


_MUDDLE = "\n".join(
    ["Sponsored", "Read", "It was.", "7", "a, b; c", "Ok then", "Nothing", "More", "x y z", "Go. Now."] * 3
)


@pytest.mark.parametrize(("text", "flagged"), [(_ARTICLE, False), (_MUDDLE, True)], ids=["an article", "a muddle"])
def test_a_page_that_nobody_can_read_says_so(text: str, flagged: bool) -> None:  # noqa: FBT001
    document = ck.clean(text.encode())
    found = [flag for flag in document.flags if flag.rule == "uncertain-segmentation"]
    assert bool(found) is flagged
    assert all(0 <= flag.start < flag.end <= len(document.repaired) for flag in found)
