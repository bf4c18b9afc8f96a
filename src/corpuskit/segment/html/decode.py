"""From probabilities to a choice: which blocks are main, so that the expected F1 of the page is highest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cut(probability: NDArray[np.float32], words: NDArray[np.float32]) -> tuple[NDArray[np.bool_], float]:
    """Choose the blocks to keep; return the choice and its expected F1.

    For a measure like F1 the best choice keeps every block above *some* probability, which differs from page to page
    (Lewis, SIGIR 1995; Ye et al., ICML 2012).  With ``words`` as weights and expectations in the place of counts,
    F = 2 kept-and-main / (kept + main) is computed for every cut, and the best is taken: a page whose blocks are all
    doubtful keeps them, a page with a clear text drops the doubtful.
    """
    if not len(probability):
        return np.zeros(0, bool), 1.0
    order = np.argsort(-probability, kind="stable")
    mass = (probability * words)[order]
    expected = 2 * np.cumsum(mass) / np.maximum(np.cumsum(words[order]) + mass.sum(), 1e-9)
    best = int(np.argmax(expected))
    keep = np.zeros(len(probability), bool)
    keep[order[: best + 1]] = True
    return keep, float(expected[best])
