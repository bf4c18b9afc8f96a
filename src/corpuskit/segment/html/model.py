"""The learned labeller: blocks to the probability of being main, and the role of what is not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from corpuskit.segment.html.features import features, spread
from corpuskit.segment.html.linear import Linear
from corpuskit.segment.html.trees import Forest, sigmoid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage

WEIGHTS = "weights.npz"


@dataclass(frozen=True, slots=True)
class Model:
    """Two linear models over tokens and two forests.

    ``names`` scores a block by words alone.  ``first`` sees that score and the features; ``second`` sees what
    ``first`` thinks of the block, its neighbours and the elements around, so that it can find where the text starts
    and ends.  ``roles`` gives a row of logits over ``kinds`` to blocks that are not main.
    """

    names: Linear
    first: Forest
    second: Forest
    roles: Linear
    kinds: tuple[tuple[str, str], ...]

    def main(self, page: MarkupPage) -> NDArray[np.float32]:
        """Return the probability that each block of ``page`` is main text."""
        columns = self.columns(page)
        early = sigmoid(self.first(columns))
        _, context = spread(page, "first", early, threshold=0.5)
        return sigmoid(self.second(np.concatenate((columns, context))))

    def columns(self, page: MarkupPage) -> NDArray[np.float32]:
        """Return what the first forest sees of ``page``."""
        _, shape = features(page)
        _, words = spread(page, "names", self.names(page)[:, 0], threshold=0.0)
        return np.concatenate((shape, words))


def pack(model: Model) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of ``model`` in small types, as they are shipped."""
    out: dict[str, NDArray[np.generic]] = {}
    for name, linear in (("names", model.names), ("roles", model.roles)):
        scale = np.maximum(np.abs(linear.weights).max(axis=0), 1e-9) / 127
        out[f"{name}.weights"] = np.rint(linear.weights / scale).astype(np.int8)
        out[f"{name}.scale"] = scale.astype(np.float32)
        out[f"{name}.bias"] = linear.bias
    for name, forest in (("first", model.first), ("second", model.second)):
        out[f"{name}.feature"] = forest.feature.astype(np.uint16)
        out[f"{name}.border"] = forest.border
        out[f"{name}.leaves"] = forest.leaves.astype(np.float16)
        out[f"{name}.bias"] = np.array(forest.bias, np.float32)
    out["kinds"] = np.array([list(pair) for pair in model.kinds])
    return out


def unpack(arrays: Mapping[str, NDArray[np.generic]]) -> Model:
    """Return the model of the arrays that :func:`pack` gave."""

    def linear(name: str) -> Linear:
        weights = arrays[f"{name}.weights"].astype(np.float32) * arrays[f"{name}.scale"].astype(np.float32)
        return Linear(weights, arrays[f"{name}.bias"].astype(np.float32))

    def forest(name: str) -> Forest:
        return Forest(
            arrays[f"{name}.feature"].astype(np.intp),
            arrays[f"{name}.border"].astype(np.float32),
            arrays[f"{name}.leaves"].astype(np.float32),
            float(arrays[f"{name}.bias"]),
        )

    kinds = tuple((str(role), str(kind)) for role, kind in arrays["kinds"])
    return Model(linear("names"), forest("first"), forest("second"), linear("roles"), kinds)


@cache
def shipped() -> Model:
    """Return the model that ships with the package.

    Raises:
        FileNotFoundError: the installation is broken: the weights are missing.
    """
    with files(__package__).joinpath(WEIGHTS).open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        return unpack(dict(arrays))
