"""The network that reads a page's lines, in numpy.

A line's features and the sums of its words' vectors go through dilated convolutions, which see the neighbours, and
:class:`_Mix` layers, which see the page: running maxima ("has anything ended the article yet?"), running means, the
mean of the page, and an exchange through shared words ("do lines that look like main text use my words?").  The
running maxima and the exchange are what a recurrent network would have to remember; here each is one vectorised pass.
Trained by :mod:`corpuskit.train.text`; the weights lie beside this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from corpuskit.process import one_thread
from corpuskit.segment.chances import softmax
from corpuskit.segment.oblivious import Forest, unpack
from corpuskit.segment.text import second

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corpuskit.segment.pairs import Array
    from corpuskit.segment.text.features import Bag, Features


_WEIGHTS: Final = "weights.npz"
TREES: Final = "second"
"""What the arrays of the second look are called."""
_CLIP: Final = 5.0  # standard deviations
_EPSILON: Final = 1e-5
_GATES: Final = 4  # channels of the exchange through shared words


class _Layer(Protocol):
    """What is added to the lines' state: one row per line, as many columns as the state has."""

    def __call__(self, hidden: Array, exchange: _Exchange, /) -> Array: ...


@dataclass(frozen=True, slots=True)
class Network:
    """Trained weights, ready to use.

    ``trees`` take a second look at what the layers say; ``None`` leaves it at the first.
    """

    words: Array
    mean: Array
    deviation: Array
    weight: Array
    bias: Array
    layers: tuple[_Layer, ...]
    out: _Normalised
    trees: Forest | None = None

    def __call__(self, features: Features) -> Array:
        """Return n × ``len(PAIRS)`` probabilities for a page of n lines; rows sum to one."""
        probabilities = self.first_look(features)
        return second.look(self.trees, features, probabilities) if self.trees else probabilities

    def first_look(self, features: Features) -> Array:
        """Return the probabilities of the layers alone."""
        with one_thread():
            return self._layers(features)

    def _layers(self, features: Features) -> Array:
        dense = features.dense - self.mean
        dense /= self.deviation
        np.clip(dense, -_CLIP, _CLIP, out=dense)
        bags = [_sum_bag(self.words, bag) for bag in (features.head, features.pairs, features.tail)]
        hidden = np.hstack([dense, *bags]) @ self.weight
        hidden += self.bias
        np.maximum(hidden, 0, out=hidden)
        exchange = _Exchange.of(features)
        for layer in self.layers:
            hidden += layer(hidden, exchange)
        scores = self.out(hidden)
        return softmax(scores)


def _sum_bag(table: Array, bag: Bag) -> Array:
    """Return the sum of each line's word vectors divided by the root of their number; the last vector is no word's."""
    counts = np.diff(bag.starts)
    held = np.arange(counts.max(initial=1)) < counts[:, None]
    numbers = np.full(held.shape, len(table) - 1, np.int32)
    numbers[held] = bag.numbers
    sums: Array = table.take(numbers.T, axis=0).sum(axis=0)  # all first words, plus all second ones: in long rows
    sums /= np.sqrt(np.maximum(counts, 1), dtype=np.float32)[:, None]
    return sums


@dataclass(frozen=True, slots=True)
class _Normalised:
    """Layer normalisation (Ba, Kiros, Hinton 2016) and the matrix product behind it.

    Centring, scales and offsets of the former are in the latter's numbers, whose last row is added to each line; what
    is left of the normalisation is one number per line.
    """

    weight: Array

    @classmethod
    def of(cls, scale: Array, offset: Array, weight: Array, bias: Array) -> _Normalised:
        scaled = scale[:, None] * weight
        return cls(np.vstack([scaled - scaled.mean(axis=0), offset @ weight + bias]))

    def __call__(self, hidden: Array) -> Array:
        return self._scaled(hidden) @ self.weight

    def by_channel(self, hidden: Array) -> Array:
        """Return the same with one row per channel, one column per line."""
        return self.weight.T @ self._scaled(hidden).T

    @staticmethod
    def _scaled(hidden: Array) -> Array:
        number, width = hidden.shape
        mean = hidden @ np.full(width, 1 / width, np.float32)
        spread = np.einsum("ij,ij->i", hidden, hidden) / np.float32(width) - mean * mean
        scaled: Array = np.empty((number, width + 1), np.float32)
        scaled[:, width] = 1
        np.multiply(hidden, (1 / np.sqrt(np.maximum(spread, 0) + np.float32(_EPSILON)))[:, None], out=scaled[:, :width])
        return scaled


@dataclass(frozen=True, slots=True)
class _Convolution:
    """A look at the lines ``dilation`` before and after (Yu and Koltun, ICLR 2016)."""

    dilation: int
    near: _Normalised
    weight: Array
    bias: Array

    @classmethod
    def of(cls, dilation: int, part: Mapping[str, Array]) -> _Convolution:
        before, here, after = np.split(part["near.weight"], 3)
        bias = np.concatenate([part["near.bias"], np.zeros(2 * len(part["near.bias"]), np.float32)])
        near = _Normalised.of(part["norm.weight"], part["norm.bias"], np.hstack([here, before, after]), bias)
        return cls(dilation, near, part["out.weight"], part["out.bias"])

    def __call__(self, hidden: Array, _: _Exchange) -> Array:
        near = self.near(hidden)
        number, width = hidden.shape
        here, before, after = near[:, :width], near[:, width : 2 * width], near[:, 2 * width :]
        reach = min(self.dilation, number)
        here[reach:] += before[: number - reach]
        here[: number - reach] += after[reach:]
        result: Array = np.maximum(here, 0) @ self.weight
        result += self.bias
        return result


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Which lines share which content words: the page as a bipartite graph, in two arrays for each channel.

    Words of one line only, which are a third of them, exchange nothing and count in ``counts`` and ``weights`` alone.
    """

    terms: NDArray[np.intp]
    lines: NDArray[np.intp]
    rarity: Array
    counts: Array
    weights: Array

    @classmethod
    def of(cls, features: Features) -> _Exchange:
        terms, lines, number = features.terms, features.term_lines, len(features.dense)
        spread = np.bincount(terms, minlength=1)
        rarity = (1 / np.sqrt(spread[terms])).astype(np.float32)
        counts = np.maximum(np.bincount(lines, minlength=number), 1).astype(np.float32)
        weights = np.maximum(np.bincount(lines, weights=rarity, minlength=number), 1e-3).astype(np.float32)
        shared = np.flatnonzero(spread[terms] > 1)
        channel = np.arange(_GATES)[:, None]
        return cls(
            (terms[shared] + channel * len(spread)).ravel(),
            (lines[shared] + channel * number).ravel(),
            rarity[shared],
            counts,
            weights,
        )

    def __call__(self, gate: Array) -> tuple[Array, Array]:
        """Return for each line how much other lines with its words pass each of the gate's channels.

        ``gate`` and the answers have one row per channel, one column per line.
        """
        own = gate.ravel()[self.lines]
        others = np.bincount(self.terms, weights=own)[self.terms] - own
        shared = others / (1 + others)
        rare = (shared.reshape(len(gate), -1) * self.rarity).ravel()
        plain: Array
        weighed: Array
        plain, weighed = (
            np.bincount(self.lines, weights=values, minlength=gate.size).reshape(gate.shape).astype(np.float32)
            for values in (shared, rare)
        )
        return plain / self.counts, weighed / self.weights


@dataclass(frozen=True, slots=True)
class _Mix:
    """A look at the whole page: maxima and means before and behind, the mean, and the exchange."""

    within: _Normalised
    channels: int
    weight: Array
    bias: Array

    @classmethod
    def of(cls, part: Mapping[str, Array]) -> _Mix:
        within = _Normalised.of(
            part["norm.weight"],
            part["norm.bias"],
            np.hstack([part["in.weight"], part["gate.weight"]]),
            np.concatenate([part["in.bias"], part["gate.bias"]]),
        )
        return cls(within, len(part["in.bias"]) // 5, part["out.weight"], part["out.bias"])

    def __call__(self, hidden: Array, exchange: _Exchange) -> Array:
        mixed, width = self.within.by_channel(hidden), self.channels
        gate: Array = np.reciprocal(1 + np.exp(-mixed[5 * width :]))
        page: Array = np.empty((5 * width + 2 * len(gate), len(hidden)), np.float32)
        np.maximum(mixed[: 5 * width], 0, out=page[: 5 * width])
        highest, to_come, mean, mean_to_come, whole = (page[width * k : width * (k + 1)] for k in range(5))
        np.maximum.accumulate(highest, axis=1, out=highest)
        np.maximum.accumulate(to_come[:, ::-1], axis=1, out=to_come[:, ::-1])
        seen = np.arange(1, len(hidden) + 1, dtype=np.float32)
        np.cumsum(mean, axis=1, out=mean)
        mean /= seen
        np.cumsum(mean_to_come[:, ::-1], axis=1, out=mean_to_come[:, ::-1])
        mean_to_come /= seen[::-1]
        whole[:] = whole.mean(axis=1, keepdims=True)
        page[5 * width : -len(gate)], page[-len(gate) :] = exchange(gate)
        result: Array = page.T @ self.weight
        result += self.bias
        return result


_CONVOLUTION: Final = ("norm.weight", "norm.bias", "near.weight", "near.bias", "out.weight", "out.bias")
_MIX: Final = ("norm.weight", "norm.bias", "in.weight", "in.bias", "gate.weight", "gate.bias", "out.weight", "out.bias")


def load(data: Mapping[str, Any]) -> Network:
    """Return the network whose arrays ``data`` holds (kept in half precision, computed in single).

    ``layers`` is their order: ``m`` a look at the page, a number the dilation of a convolution.
    """

    def named(*names: str, of: str = "") -> dict[str, Array]:
        return {name: np.asarray(data[of + name], dtype=np.float32) for name in names}

    layers: list[_Layer] = []
    for number, layer in enumerate(str(data["layers"]).split()):
        if layer == "m":
            layers.append(_Mix.of(named(*_MIX, of=f"{number}.")))
        else:
            layers.append(_Convolution.of(int(layer), named(*_CONVOLUTION, of=f"{number}.")))
    own = named("words", "mean", "deviation", "in.weight", "in.bias", "temperature", *_LAST)
    scale, offset, weight, bias = (own[name] for name in _LAST)
    return Network(
        np.vstack([own["words"], np.zeros_like(own["words"][:1])]),
        own["mean"],
        own["deviation"],
        own["in.weight"],
        own["in.bias"],
        tuple(layers),
        _Normalised.of(scale, offset, weight * own["temperature"], bias * own["temperature"]),
        unpack(data, TREES) if f"{TREES}.feature" in data else None,
    )


_LAST: Final = ("norm.weight", "norm.bias", "out.weight", "out.bias")


@cache
def shipped() -> Network:
    """Return the network that comes with the package, read once."""
    with resources.as_file(resources.files(__package__) / _WEIGHTS) as path, np.load(path, allow_pickle=False) as data:
        return load(dict(data))
