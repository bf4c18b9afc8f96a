"""CatBoost's oblivious trees as :mod:`corpuskit.segment.oblivious` reads them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from corpuskit.segment.oblivious import Forest

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def dump(model: Any) -> dict[str, Any]:  # noqa: ANN401 - catboost has no types
    """Return a fitted CatBoost model as its JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trees.json")
        model.save_model(str(path), format="json")
        dumped: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return dumped


def forest_of(dumped: Mapping[str, Any], depth: int, outputs: int = 1) -> Forest:
    """Return the trees in CatBoost's JSON; shallower ones get questions that nothing answers with yes."""
    trees = dumped["oblivious_trees"]
    scale, bias = dumped["scale_and_bias"]
    feature = np.zeros((len(trees), depth), np.intp)
    border = np.full((len(trees), depth), np.inf, np.float32)
    leaves = np.zeros((len(trees), 1 << depth, outputs), np.float32)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or ()):
            feature[number, level] = split["float_feature_index"]
            border[number, level] = split["border"]
        found = np.array(tree["leaf_values"], np.float32).reshape(-1, outputs)
        leaves[number, : len(found)] = scale * found
    return Forest(feature, border, leaves, np.array(bias, np.float32))
