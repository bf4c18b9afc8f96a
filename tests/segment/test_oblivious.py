"""Forests in numpy against the same questions asked one by one."""

from __future__ import annotations

import numpy as np
import pytest

from corpuskit.segment.chances import sigmoid, softmax
from corpuskit.segment.oblivious import Forest, pack, unpack


def slowly(forest: Forest, row: np.ndarray) -> np.ndarray:
    total = forest.bias.copy()
    for features, borders, leaves in zip(forest.feature, forest.border, forest.leaves, strict=True):
        leaf = sum(
            1 << level
            for level, (which, border) in enumerate(zip(features, borders, strict=True))
            if row[which] > border
        )
        total += leaves[leaf]
    return total


def a_forest(random: np.random.Generator, outputs: int) -> Forest:
    return Forest(
        random.integers(0, 9, (20, 6)),
        random.normal(size=(20, 6)).astype(np.float32),
        random.normal(size=(20, 64, outputs)).astype(np.float32),
        random.normal(size=outputs).astype(np.float32),
    )


@pytest.mark.parametrize("outputs", [1, 5])
@pytest.mark.parametrize("rows", [1, 7, 256, 700])
def test_a_forest_is_the_sum_of_its_leaves(rows: int, outputs: int) -> None:
    random = np.random.default_rng(rows)
    forest = a_forest(random, outputs)
    columns = random.normal(size=(9, rows)).astype(np.float32)
    found = forest(columns)
    assert found.shape == (rows, outputs)
    for number in random.integers(0, rows, 5):
        assert found[number] == pytest.approx(slowly(forest, columns[:, number]), abs=1e-4)


def test_a_packed_forest_comes_back() -> None:
    random = np.random.default_rng(3)
    forest, columns = a_forest(random, 2), random.normal(size=(9, 5)).astype(np.float32)
    arrays = pack(forest, "one") | pack(a_forest(random, 1), "other")
    assert unpack(arrays, "one")(columns) == pytest.approx(forest(columns), abs=0.05)  # leaves are kept in 16 bits


def test_softmax_does_not_overflow_and_adds_up_to_one() -> None:
    rows = softmax(np.array([[1e30, 0, 0], [1, 1, 1]], np.float32))
    assert rows[0].tolist() == [1, 0, 0]
    assert rows[1] == pytest.approx([1 / 3] * 3)


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e30, 0, 1e30], np.float32)).tolist() == [0, 0.5, 1]
