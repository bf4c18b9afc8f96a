"""Forests of oblivious trees, fitted by CatBoost, as :mod:`corpuskit.segment.oblivious` reads them."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from corpuskit.segment.oblivious import Forest

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


_NEVER: Final = -30.0
"""The logit of a class that was never met."""


@dataclass(frozen=True, slots=True)
class Boosting:
    """The size of a forest, and how it learns.

    Attributes:
        trees: how many there are.
        rate: how much of each counts.
        depth: how many questions each asks.
        rows: the share of the rows that each tree sees.
        columns: the share of the columns that each question is chosen from.
        steps: of Newton's method for the values of the leaves.
    """

    trees: int
    rate: float
    depth: int = 6
    rows: float = 0.7
    columns: float = 0.3
    steps: int = 2


def fit(
    rows: NDArray[np.float32],
    target: NDArray[np.float32] | NDArray[np.intp],
    weight: NDArray[np.float64],
    size: Boosting,
    outputs: int = 1,
) -> Forest:
    """Return a forest fitted to ``rows``.

    Args:
        rows: a row for each block or line, a column for each feature.
        target: 0 or 1 for each row, or with several ``outputs`` the number of a class.
        weight: how much each row counts.
        size: of the forest.
        outputs: 1 for the logit of one class, or the number of classes; one that no row has is never the answer.
    """
    from catboost import CatBoostClassifier, Pool

    met = np.unique(target).astype(np.intp) if outputs > 1 else np.zeros(1, np.intp)
    several: dict[str, Any] = {"loss_function": "MultiClass", "classes_count": len(met)} if outputs > 1 else {}
    answers = np.searchsorted(met, target) if outputs > 1 else target
    model = CatBoostClassifier(
        iterations=size.trees,
        depth=size.depth,
        learning_rate=size.rate,
        subsample=size.rows,
        rsm=size.columns,
        leaf_estimation_iterations=size.steps,
        **several,
        **SETTINGS,
    )
    model.fit(Pool(rows, answers, weight=weight))
    found = forest_of(dump(model), size.depth, len(met))
    leaves = np.zeros((*found.leaves.shape[:2], outputs), np.float32)
    bias = np.full(outputs, _NEVER, np.float32)
    leaves[:, :, met], bias[met] = found.leaves, found.bias
    return Forest(found.feature, found.border, leaves, bias)


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
