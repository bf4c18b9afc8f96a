"""Linear models over tokens, fitted by SciPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpuskit.segment.chances import sigmoid
from corpuskit.segment.html.linear import Linear
from corpuskit.segment.html.tokens import BUCKETS, NEAR, element_buckets, own_checksums

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage


class Design:
    """The token counts of all blocks, as products of sparse matrices: element names are counted once for a page."""

    def __init__(self, pages: Sequence[MarkupPage]) -> None:
        unique: dict[tuple[int, str], int] = {}
        near, around, own = _Rows(), _Rows(), _Rows()
        for page in pages:
            blocks, elements = page.blocks, page.elements
            pairs = zip(elements.tag, elements.names, strict=True)
            number = [unique.setdefault(pair, len(unique)) for pair in pairs]
            for row, checksums in enumerate(own_checksums(page)):
                index = blocks.leaf[row]
                for _ in range(NEAR):
                    near.add(number[index])
                    index = elements.parent[index]
                index = blocks.container[row]
                while True:
                    around.add(number[index])
                    if elements.parent[index] == index:
                        break
                    index = elements.parent[index]
                own.extend(checksum % BUCKETS for checksum in checksums)
                for rows in (near, around, own):
                    rows.close()
        near_names, around_names = _Rows(), _Rows()
        for pair in unique:
            both = element_buckets(*pair)
            near_names.extend(one % BUCKETS for one in both)
            around_names.extend(one // BUCKETS for one in both)
            for rows in (near_names, around_names):
                rows.close()
        self.near = near.matrix(len(unique))
        self.around = around.matrix(len(unique))
        self.own = own.matrix(BUCKETS)
        self.near_names, self.around_names = near_names.matrix(BUCKETS), around_names.matrix(BUCKETS)

    def rows(self, chosen: NDArray[np.intp]) -> Design:
        """Return the design of the ``chosen`` blocks."""
        part = object.__new__(Design)
        part.near, part.around, part.own = self.near[chosen], self.around[chosen], self.own[chosen]
        part.near_names, part.around_names = self.near_names, self.around_names
        return part

    def __matmul__(self, weights: NDArray[Any]) -> NDArray[np.float64]:
        named = self.near @ (self.near_names @ weights) + self.around @ (self.around_names @ weights)
        return np.asarray(named + self.own @ weights)

    def back(self, error: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the transpose times ``error``: the gradient of the weights."""
        near = self.near_names.T @ (self.near.T @ error)
        return np.asarray(near + self.around_names.T @ (self.around.T @ error) + self.own.T @ error)


class _Rows:
    """A sparse matrix under construction, row by row."""

    def __init__(self) -> None:
        self.columns: list[int] = []
        self.ends: list[int] = [0]

    def add(self, column: int) -> None:
        self.columns.append(column)

    def extend(self, columns: Iterable[int]) -> None:
        self.columns.extend(columns)

    def close(self) -> None:
        self.ends.append(len(self.columns))

    def matrix(self, width: int) -> Any:  # noqa: ANN401 - SciPy ships no types
        from scipy import sparse

        ones = np.ones(len(self.columns), np.float32)
        columns, ends = np.array(self.columns, np.int32), np.array(self.ends, np.int64)
        self.columns = []
        return sparse.csr_matrix((ones, columns, ends), shape=(len(ends) - 1, width))


def fit_linear(
    design: Design, target: NDArray[np.float64], weight: NDArray[np.float64], penalty: float = 3.0, steps: int = 40
) -> Linear:
    """Fit a logistic (one column of ``target``) or softmax regression by L-BFGS."""
    from scipy.optimize import minimize

    outputs = target.shape[1]
    shape = (BUCKETS + 1, outputs)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        parameters = flat.reshape(shape)
        logits = design @ parameters[:-1] + parameters[-1]
        if outputs == 1:
            value = weight @ (np.logaddexp(0, logits) - target * logits)[:, 0]
            predicted = sigmoid(logits)
        else:
            top = logits.max(axis=1, keepdims=True)
            normal = top + np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
            value = -(weight @ (target * (logits - normal)).sum(axis=1))
            predicted = np.exp(logits - normal)
        error = weight[:, None] * (predicted - target)
        gradient = np.vstack((design.back(error) + penalty * parameters[:-1], error.sum(axis=0)))
        return float(value + 0.5 * penalty * (parameters[:-1] ** 2).sum()), gradient.ravel()

    start = np.zeros(shape).ravel()
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x.reshape(shape)
    return Linear(found[:-1].astype(np.float32), found[-1].astype(np.float32))
