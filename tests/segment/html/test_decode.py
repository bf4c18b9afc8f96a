"""The cut that maximises expected F1, what names say against a block, and copies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.segment.html.decode import copies, cut, temper


def expected(chance: np.ndarray, words: np.ndarray, keep: np.ndarray) -> float:
    return float(2 * (chance * words)[keep].sum() / max(words[keep].sum() + (chance * words).sum(), 1e-9))


@given(st.lists(st.tuples(st.floats(0.01, 1), st.integers(1, 50)), min_size=1, max_size=8))
def test_no_other_choice_is_better(blocks: list[tuple[float, int]]) -> None:
    chance = np.array([pair[0] for pair in blocks], np.float32)
    words = np.array([pair[1] for pair in blocks], np.float32)
    keep, value = cut(chance, words)
    best = max(
        expected(chance, words, np.array([bool(number >> bit & 1) for bit in range(len(blocks))]))
        for number in range(1 << len(blocks))
    )
    assert abs(value - best) < 1e-4
    assert abs(expected(chance, words, keep) - best) < 1e-4


def test_a_clear_text_drops_what_is_doubtful() -> None:
    keep, value = cut(np.array([0.99, 0.3, 0.99], np.float32), np.array([100, 10, 100], np.float32))
    assert keep.tolist() == [True, False, True]
    assert value > 0.95


def test_a_page_of_doubts_keeps_them() -> None:
    keep, value = cut(np.array([0.3, 0.3], np.float32), np.array([10, 10], np.float32))
    assert keep.all()
    assert value < 0.6


def test_an_empty_page() -> None:
    keep, value = cut(np.zeros(0, np.float32), np.zeros(0, np.float32))
    assert len(keep) == 0
    assert value == 1


WORDS = np.array([200, 200, 8], np.float32)
TEASER = np.array([0, 0, 1], np.float32)


def test_what_is_called_related_is_less_likely_main() -> None:
    chance = np.array([0.95, 0.9, 0.6], np.float32)
    tempered = temper(chance, [TEASER], WORDS)
    assert np.allclose(tempered[:2], chance[:2], atol=1e-6)
    assert 0.2 < tempered[2] < 0.3


def test_on_a_list_of_teasers_they_are_what_the_page_is_made_of() -> None:
    chance = np.array([0.8, 0.8, 0.9], np.float32)
    assert np.allclose(temper(chance, [1 - TEASER], WORDS), chance, atol=1e-6)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(1, 50)), max_size=20))
def test_an_objection_never_raises_a_probability(blocks: list[tuple[float, float, int]]) -> None:
    chance, called, words = (np.array([block[row] for block in blocks], np.float32) for row in range(3))
    tempered = temper(chance, [called], words)
    assert ((tempered >= 0) & (tempered <= chance + 1e-5)).all()


FIRST, SECOND, THIRD = (
    f"The {name} paragraph says what no other paragraph of it says." for name in ("1st", "2nd", "3rd")
)
COPIES: dict[str, tuple[list[str], list[float], list[int]]] = {
    "once more, below": ([FIRST, SECOND, THIRD, FIRST, SECOND], [0.9, 0.9, 0.9, 0.8, 0.8], [3, 4]),
    "the first is the doubtful one": ([FIRST, SECOND, FIRST, SECOND, THIRD], [0.6, 0.6, 0.9, 0.9, 0.9], [0, 1]),
    "case and marks aside": ([FIRST, THIRD, FIRST.upper() + "!"], [0.9, 0.9, 0.9], [2]),
    "three times": ([FIRST, FIRST, FIRST, SECOND], [0.9, 0.9, 0.9, 0.9], [1, 2]),
    "a short heading": (["Results", FIRST, "Results", SECOND], [0.9, 0.9, 0.9, 0.9], []),
    "one sentence of a long page": ([FIRST, *(f"{n} {SECOND}" for n in range(30)), FIRST], [0.9] * 32, []),
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
