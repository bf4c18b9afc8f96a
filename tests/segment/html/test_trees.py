"""Forests in numpy against the same questions asked one by one."""

from __future__ import annotations

import numpy as np
import pytest

from corpuskit.segment.html.trees import Forest, sigmoid


def slowly(forest: Forest, row: np.ndarray) -> float:
    total = forest.bias
    for features, borders, leaves in zip(forest.feature, forest.border, forest.leaves, strict=True):
        leaf = sum(
            1 << level
            for level, (which, border) in enumerate(zip(features, borders, strict=True))
            if row[which] > border
        )
        total += float(leaves[leaf])
    return total


@pytest.mark.parametrize("rows", [1, 7, 256, 700])
def test_a_forest_is_the_sum_of_its_leaves(rows: int) -> None:
    random = np.random.default_rng(rows)
    forest = Forest(
        random.integers(0, 9, (20, 6)),
        random.normal(size=(20, 6)).astype(np.float32),
        random.normal(size=(20, 64)).astype(np.float32),
        0.25,
    )
    columns = random.normal(size=(9, rows)).astype(np.float32)
    found = forest(columns)
    for number in random.integers(0, rows, 5):
        assert found[number] == pytest.approx(slowly(forest, columns[:, number]), abs=1e-4)


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e30, 0, 1e30], np.float32)).tolist() == [0, 0.5, 1]
