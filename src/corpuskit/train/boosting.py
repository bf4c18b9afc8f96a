"""CatBoost's oblivious trees as plain arrays, which :mod:`corpuskit.segment.oblivious` reads."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SETTINGS: Final[Mapping[str, Any]] = {
    "l2_leaf_reg": 5,
    "border_count": 48,
    "bootstrap_type": "Bernoulli",
    "boosting_type": "Plain",
    "random_seed": 0,
    "thread_count": 1,
    "verbose": 0,
    "allow_writing_files": False,
}
"""What every model here is fitted with: one thread and one seed, so that a fit can be repeated."""


class Arrays(NamedTuple):
    """``trees`` x ``depth`` questions, ``trees`` x 2^``depth`` x ``values`` leaves, and ``values`` biases."""

    feature: NDArray[np.intp]
    border: NDArray[np.float32]
    leaves: NDArray[np.float32]
    bias: list[float]


def dump(model: Any) -> dict[str, Any]:  # noqa: ANN401 - catboost has no types
    """Return a fitted CatBoost model as its JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trees.json")
        model.save_model(str(path), format="json")
        dumped: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return dumped


def arrays(dumped: Mapping[str, Any], depth: int, values: int) -> Arrays:
    """Return the trees in CatBoost's JSON; shallower ones get questions that nothing answers with yes."""
    trees = dumped["oblivious_trees"]
    scale, bias = dumped["scale_and_bias"]
    feature = np.zeros((len(trees), depth), np.intp)
    border = np.full((len(trees), depth), np.inf, np.float32)
    leaves = np.zeros((len(trees), 1 << depth, values), np.float32)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or ()):
            feature[number, level] = split["float_feature_index"]
            border[number, level] = split["border"]
        found = np.array(tree["leaf_values"], np.float32).reshape(-1, values)
        leaves[number, : len(found)] = scale * found
    return Arrays(feature, border, leaves, bias)
