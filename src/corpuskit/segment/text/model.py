"""The network that reads a page's lines, in numpy.

A line's features and the sums of its words' vectors go through dilated convolutions, which see the neighbours, and
:func:`_mix` layers, which see the page: running maxima ("has anything ended the article yet?"), running means, the
mean of the page, and an exchange through shared words ("do lines that look like main text use my words?").  The
running maxima and the exchange are what a recurrent network would have to remember; here each is one vectorised pass.
Trained by :mod:`corpuskit.train.text`; the weights lie beside this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from corpuskit.segment.text import second

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corpuskit.segment.text.features import Bag, Features

    Array = NDArray[np.float32]

_WEIGHTS: Final = "weights.npz"
_CLIP: Final = 5.0  # standard deviations
_EPSILON: Final = 1e-5


@dataclass(frozen=True, slots=True)
class Network:
    """Trained weights by name, and the order of the layers (``m`` a mix, a number a convolution's dilation).

    ``trees`` take a second look at what the layers say; ``None`` leaves it at the first.
    """

    arrays: Mapping[str, Array]
    layers: tuple[str, ...]
    trees: second.Trees | None = None

    def __call__(self, features: Features) -> Array:
        """Return n × ``len(PAIRS)`` probabilities for a page of n lines; rows sum to one."""
        probabilities = self.first_look(features)
        return self.trees.look(features, probabilities) if self.trees else probabilities

    def first_look(self, features: Features) -> Array:
        """Return the probabilities of the layers alone."""
        arrays = self.arrays
        dense = np.clip((features.dense - arrays["mean"]) / arrays["deviation"], -_CLIP, _CLIP)
        bags = [_sum_bag(arrays["words"], bag) for bag in (features.head, features.pairs, features.tail)]
        hidden = np.maximum(np.hstack([dense, *bags]) @ arrays["in.weight"] + arrays["in.bias"], 0)
        exchange = _Exchange.of(features)
        for number, layer in enumerate(self.layers):
            part = {name: arrays[f"{number}.{name}"] for name in (_MIX if layer == "m" else _CONVOLUTION)}
            hidden += _mix(hidden, part, exchange) if layer == "m" else _convolve(hidden, part, int(layer))
        scores = (
            _normalise(hidden, arrays["norm.weight"], arrays["norm.bias"]) @ arrays["out.weight"] + arrays["out.bias"]
        )
        scores *= arrays["temperature"]
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        result: Array = powers / powers.sum(axis=1, keepdims=True)
        return result


_CONVOLUTION: Final = ("norm.weight", "norm.bias", "near.weight", "near.bias", "out.weight", "out.bias")
_MIX: Final = ("norm.weight", "norm.bias", "in.weight", "in.bias", "gate.weight", "gate.bias", "out.weight", "out.bias")


def _sum_bag(table: Array, bag: Bag) -> Array:
    """Return the sum of each line's word vectors divided by the root of their number."""
    sums: Array = np.zeros((len(bag.starts) - 1, table.shape[1]), dtype=np.float32)
    counts = np.diff(bag.starts)
    filled = counts > 0
    if filled.any():
        sums[filled] = np.add.reduceat(table[bag.numbers], bag.starts[:-1][filled], axis=0)
        sums[filled] /= np.sqrt(counts[filled], dtype=np.float32)[:, None]
    return sums


def _normalise(hidden: Array, weight: Array, bias: Array) -> Array:
    """Layer normalisation (Ba, Kiros, Hinton 2016)."""
    centred = hidden - hidden.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", centred, centred) / hidden.shape[1] + _EPSILON)
    result: Array = centred * (1 / spread)[:, None] * weight + bias
    return result


def _convolve(hidden: Array, part: Mapping[str, Array], dilation: int) -> Array:
    """Look at the lines ``dilation`` before and after (Yu and Koltun, ICLR 2016)."""
    centre = _normalise(hidden, part["norm.weight"], part["norm.bias"])
    number, width = centre.shape
    padded = np.zeros((number + 2 * dilation, width), dtype=np.float32)
    padded[dilation : dilation + number] = centre
    near = np.hstack([padded[:number], centre, padded[2 * dilation :]])
    result: Array = (
        np.maximum(near @ part["near.weight"] + part["near.bias"], 0) @ part["out.weight"] + part["out.bias"]
    )
    return result


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Which lines share which content words: the page as a bipartite graph, in two arrays."""

    terms: NDArray[np.int32]
    lines: NDArray[np.int32]
    rarity: Array
    counts: Array
    weights: Array

    @classmethod
    def of(cls, features: Features) -> _Exchange:
        terms, lines, number = features.terms, features.term_lines, len(features.dense)
        rarity = (1 / np.sqrt(np.bincount(terms)[terms])).astype(np.float32) if len(terms) else np.zeros(0, np.float32)
        counts = np.maximum(np.bincount(lines, minlength=number), 1).astype(np.float32)
        weights = np.maximum(np.bincount(lines, weights=rarity, minlength=number), 1e-3).astype(np.float32)
        return cls(terms, lines, rarity, counts, weights)

    def __call__(self, gate: Array) -> tuple[Array, Array]:
        """Return for each line how much other lines with its words pass each of the gate's channels."""
        number = len(gate)
        plain: Array = np.zeros_like(gate)
        rare: Array = np.zeros_like(gate)
        for channel in range(gate.shape[1] if len(self.terms) else 0):
            own = gate[self.lines, channel]
            others = np.bincount(self.terms, weights=own)[self.terms] - own
            shared = others / (1 + others)
            plain[:, channel] = np.bincount(self.lines, weights=shared, minlength=number) / self.counts
            rare[:, channel] = np.bincount(self.lines, weights=shared * self.rarity, minlength=number) / self.weights
        return plain, rare


def _mix(hidden: Array, part: Mapping[str, Array], exchange: _Exchange) -> Array:
    """Look at the whole page."""
    normal = _normalise(hidden, part["norm.weight"], part["norm.bias"])
    mixed = np.maximum(normal @ part["in.weight"] + part["in.bias"], 0)
    number, width = len(mixed), mixed.shape[1] // 5
    by_channel = np.ascontiguousarray(mixed.T)
    so_far, to_come, mean_so_far, mean_to_come, mean = (by_channel[width * k : width * (k + 1)] for k in range(5))
    seen = np.arange(1, number + 1, dtype=np.float32)
    gate = 1 / (1 + np.exp(-(normal @ part["gate.weight"] + part["gate.bias"])))
    page = np.empty((number, 5 * width + 2 * gate.shape[1]), dtype=np.float32)
    page[:, :width] = np.maximum.accumulate(so_far, axis=1).T
    page[:, width : 2 * width] = np.maximum.accumulate(to_come[:, ::-1], axis=1)[:, ::-1].T
    page[:, 2 * width : 3 * width] = (np.cumsum(mean_so_far, axis=1) / seen).T
    page[:, 3 * width : 4 * width] = (np.cumsum(mean_to_come[:, ::-1], axis=1) / seen)[:, ::-1].T
    page[:, 4 * width : 5 * width] = mean.mean(axis=1)
    page[:, 5 * width :] = np.hstack(exchange(gate))
    result: Array = page @ part["out.weight"] + part["out.bias"]
    return result


def load(data: Mapping[str, Any]) -> Network:
    """Return the network whose arrays ``data`` holds (kept in half precision, computed in single)."""
    own = [name for name in data if name != "layers" and not name.startswith("second.")]
    arrays = {name: np.asarray(data[name], dtype=np.float32) for name in own}
    return Network(arrays, tuple(str(data["layers"]).split()), second.unpack(data))


@cache
def shipped() -> Network:
    """Return the network that comes with the package, read once."""
    with resources.as_file(resources.files(__package__) / _WEIGHTS) as path, np.load(path, allow_pickle=False) as data:
        return load(dict(data))
