"""Text that stands twice on a page."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.segment.copies import copies

FIRST, SECOND, THIRD = (
    f"Paragraph {name} says what no other paragraph of the page has said or is going to say to those who read."
    for name in "ABC"
)
LINE = "And all the bells of all the towns ring out"
COPIES: dict[str, tuple[list[str], list[float], list[int]]] = {
    "once more, below": ([FIRST, SECOND, THIRD, FIRST, SECOND], [0.9, 0.9, 0.9, 0.8, 0.8], [3, 4]),
    "the first is the doubtful one": ([FIRST, SECOND, FIRST, SECOND, THIRD], [0.6, 0.6, 0.9, 0.9, 0.9], [0, 1]),
    "case and marks aside": ([FIRST, THIRD, FIRST.upper() + "!"], [0.9, 0.9, 0.9], [2]),
    "marks before it": ([FIRST, SECOND, "· " * 90 + FIRST], [0.9, 0.9, 0.9], [2]),
    "begun alike": ([FIRST, FIRST + " And more.", SECOND], [0.9, 0.9, 0.9], []),
    "three times": ([FIRST, FIRST, FIRST, SECOND], [0.9, 0.9, 0.9, 0.9], [1, 2]),
    "a short heading": (["Results", FIRST, "Results", SECOND], [0.9, 0.9, 0.9, 0.9], []),
    "one sentence of a long page": ([FIRST, *(f"{n} {SECOND}" for n in range(30)), FIRST], [0.9] * 32, []),
    "a chorus": ([FIRST, LINE, LINE + " tonight", SECOND, LINE, LINE + " tonight"], [0.9] * 6, []),
    "none": ([FIRST, SECOND, THIRD], [0.9, 0.9, 0.9], []),
}


@pytest.mark.parametrize(("texts", "chance", "wanted"), COPIES.values(), ids=COPIES)
def test_copies(texts: list[str], chance: list[float], wanted: list[int]) -> None:
    every = np.ones(len(texts), bool)
    assert np.flatnonzero(copies(texts, every, np.array(chance, np.float32), ~every)).tolist() == wanted
    assert not copies(texts, every, np.array(chance, np.float32), every).any()  # code
    assert not copies(texts, ~every, np.array(chance, np.float32), ~every).any()  # no main text


@given(st.lists(st.sampled_from([FIRST, SECOND, THIRD, "short"]), max_size=12))
def test_something_stays_of_all_that_was_said(texts: list[str]) -> None:
    every = np.ones(len(texts), bool)
    gone = copies(texts, every, np.full(len(texts), 0.9, np.float32), ~every)
    assert {text for text, copied in zip(texts, gone, strict=True) if not copied} == set(texts)
