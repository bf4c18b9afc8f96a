"""The cut that maximises expected F1."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.segment.html.decode import cut


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
