"""The cut that maximises expected F1, and what names say against a block."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.segment.html.decode import cut, temper


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
