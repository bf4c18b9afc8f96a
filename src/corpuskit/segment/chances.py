"""From scores to probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sigmoid(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logistic function of ``scores``, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * scores)), np.float32)


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each row of ``scores`` as probabilities that add up to one."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
