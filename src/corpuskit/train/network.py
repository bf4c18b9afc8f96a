"""The labeller's network as torch trains it; :mod:`corpuskit.segment.text.model` is the same in numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from corpuskit.model import Kind, Role
from corpuskit.segment.pairs import PAIRS
from corpuskit.segment.text.features import BUCKETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.train.samples import Sample

_Array: TypeAlias = Any

LAYERS: Final = ("1", "2", "m", "4", "8", "m", "16", "1")
"""Dilations of the convolutions, and ``m`` for looking at the whole page."""
WIDTH: Final = 64
_WORD_WIDTH: Final = 24
_MIX_WIDTH: Final = 24
_GATES: Final = 4
_DROP_BAGS: Final = 0.5
_DROP_LAYER: Final = 0.1
_DROP_LAST: Final = 0.2
"""Shares of the values left out in training (dropout, Srivastava et al., JMLR 2014): of what the words say, of what
each layer adds, and of the last state.

Words are nine tenths of the weights, and what they remember are the sites of the training pages: see the model card.
"""
_TEMPERATURE: Final = 0.77
"""What scores are multiplied with to make their probabilities honest (Guo et al., ICML 2017).

Chosen by likelihood on a fold the network had not seen: .573 nats a line without, .542 with.
"""

_GROUP: Final = torch.tensor(
    [
        0
        if role is Role.MAIN
        else 1
        if role is Role.METADATA
        else 2
        if role is Role.RELATED
        else 3
        if kind is Kind.COMMENTS
        else 4
        for role, kind in PAIRS
    ]
)
_MEMBERS: Final = [number == _GROUP for number in range(5)]


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples side by side, padded to the longest: tensors of shape pages × lines × values.

    ``bags`` are word numbers, where each bag begins, and what its sum is multiplied with: first the heads of all lines,
    then their word pairs, then their tails.
    """

    dense: Tensor
    mask: Tensor
    bags: tuple[Tensor, Tensor, Tensor]
    terms: Tensor
    term_lines: Tensor
    term_count: int
    rarity: Tensor
    counts: Tensor
    weights: Tensor
    pairs: Tensor
    vague: Tensor
    main: Tensor
    importance: Tensor


def collate(samples: Sequence[Sample], drop_words: float = 0.0, dice: np.random.Generator | None = None) -> Batch:
    """Pad ``samples`` into a batch; leave out each word with probability ``drop_words``."""
    pages, width = len(samples), samples[0].features.dense.shape[1]
    longest = max(len(sample.pairs) for sample in samples)
    dense = np.zeros((pages, longest, width), np.float32)
    mask = np.zeros((pages, longest), np.float32)
    pairs = np.zeros((pages, longest), np.int64)
    vague = np.zeros((pages, longest), bool)
    main = np.zeros((pages, longest), np.float32)
    importance = np.zeros((pages, longest), np.float32)
    counts = np.zeros((3, pages * longest), np.int64)
    numbers: tuple[list[Any], ...] = ([], [], [])
    terms, term_lines, offset = [], [], 0
    for row, sample in enumerate(samples):
        size, features = len(sample.pairs), sample.features
        dense[row, :size] = features.dense
        mask[row, :size] = 1
        pairs[row, :size] = sample.pairs
        vague[row, :size] = sample.vague
        main[row, :size] = sample.main
        weight = 1 + 1.5 * np.log1p(sample.lengths / 20)  # a paragraph counts about six menu entries
        importance[row, :size] = weight * sample.weight / np.sqrt(weight.sum())
        for kind, bag in enumerate((features.head, features.pairs, features.tail)):
            counts[kind, row * longest : row * longest + size] = np.diff(bag.starts)
            numbers[kind].append(bag.numbers)
        terms.append(features.terms.astype(np.int64) + offset)
        term_lines.append(features.term_lines.astype(np.int64) + row * longest)
        offset += int(features.terms.max(initial=-1)) + 1
    bags = _bags(np.concatenate([words for kind in numbers for words in kind]), counts.ravel(), drop_words, dice)
    all_terms, all_lines = np.concatenate(terms), np.concatenate(term_lines)
    rarity = 1 / np.sqrt(np.bincount(all_terms, minlength=1)[all_terms])
    places = pages * longest
    return Batch(
        torch.from_numpy(dense),
        torch.from_numpy(mask)[..., None],
        bags,
        torch.from_numpy(all_terms),
        torch.from_numpy(all_lines),
        max(offset, 1),
        torch.from_numpy(rarity.astype(np.float32)),
        torch.from_numpy(np.maximum(np.bincount(all_lines, minlength=places), 1).astype(np.float32)),
        torch.from_numpy(np.maximum(np.bincount(all_lines, weights=rarity, minlength=places), 1e-3).astype(np.float32)),
        torch.from_numpy(pairs),
        torch.from_numpy(vague),
        torch.from_numpy(main),
        torch.from_numpy(importance),
    )


def _bags(
    numbers: _Array, counts: _Array, drop: float, dice: np.random.Generator | None
) -> tuple[Tensor, Tensor, Tensor]:
    if drop and dice is not None:
        kept = dice.random(len(numbers)) >= drop
        owner = np.repeat(np.arange(len(counts)), counts)
        numbers, counts = numbers[kept], np.bincount(owner[kept], minlength=len(counts))
    starts = np.concatenate(([0], np.cumsum(counts)))[:-1]
    scale = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    return torch.from_numpy(numbers.astype(np.int64)), torch.from_numpy(starts), torch.from_numpy(scale)


class Convolution(nn.Module):
    """A residual dilated convolution over lines."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.near = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.drop = nn.Dropout(_DROP_LAYER)
        self.out = nn.Linear(width, width)

    def forward(self, hidden: Tensor, batch: Batch) -> Tensor:
        """Return ``hidden`` with what the neighbours say added."""
        normal = self.norm(hidden) * batch.mask
        near = functional.relu(self.near(normal.transpose(1, 2)).transpose(1, 2))
        result: Tensor = hidden + self.out(self.drop(near))
        return result


class Mix(nn.Module):
    """Running maxima and means, the page's mean, and the exchange through shared words."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.inner = nn.Linear(width, 5 * _MIX_WIDTH)
        self.gate = nn.Linear(width, _GATES)
        self.drop = nn.Dropout(_DROP_LAYER)
        self.out = nn.Linear(5 * _MIX_WIDTH + 2 * _GATES, width)

    def forward(self, hidden: Tensor, batch: Batch) -> Tensor:
        """Return ``hidden`` with what the page says added."""
        normal = self.norm(hidden)
        mixed = functional.relu(self.inner(normal)) * batch.mask
        so_far, to_come, mean_so_far, mean_to_come, mean = torch.split(mixed, _MIX_WIDTH, dim=-1)
        size = batch.mask.sum(1, keepdim=True)
        seen = torch.arange(1, hidden.shape[1] + 1, dtype=hidden.dtype)[None, :, None]
        left = (size - seen + 1).clamp(min=1)
        gate = torch.sigmoid(self.gate(normal)) * batch.mask
        page = torch.cat(
            [
                torch.cummax(so_far, 1)[0],
                torch.cummax(to_come.flip(1), 1)[0].flip(1),
                mean_so_far.cumsum(1) / seen,
                mean_to_come.flip(1).cumsum(1).flip(1) / left,
                (mean.sum(1, keepdim=True) / size).expand(-1, hidden.shape[1], -1),
                *self._exchange(gate, batch),
            ],
            -1,
        )
        result: Tensor = hidden + self.out(self.drop(page))
        return result

    @staticmethod
    def _exchange(gate: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        flat = gate.reshape(-1, _GATES)
        own = flat[batch.term_lines]
        others = torch.zeros(batch.term_count, _GATES).index_add(0, batch.terms, own)[batch.terms] - own
        shared = others / (1 + others)
        zero = torch.zeros_like(flat)
        plain = zero.index_add(0, batch.term_lines, shared) / batch.counts[:, None]
        rare = zero.index_add(0, batch.term_lines, shared * batch.rarity[:, None]) / batch.weights[:, None]
        return plain.view_as(gate), rare.view_as(gate)


class Net(nn.Module):
    """Features and words of each line to scores for each pair of role and kind."""

    def __init__(self, dense: int, layers: Sequence[str] = LAYERS, width: int = WIDTH) -> None:
        super().__init__()
        self.layer_names = tuple(layers)
        self.words = nn.EmbeddingBag(BUCKETS, _WORD_WIDTH, mode="sum")
        nn.init.normal_(self.words.weight, std=0.1)
        self.mean: Tensor
        self.deviation: Tensor
        self.register_buffer("mean", torch.zeros(dense))
        self.register_buffer("deviation", torch.ones(dense))
        self.inner = nn.Linear(dense + 3 * _WORD_WIDTH, width)
        self.layers = nn.ModuleList([Mix(width) if name == "m" else Convolution(width, int(name)) for name in layers])
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, len(PAIRS))
        self.drop_words, self.drop = nn.Dropout(_DROP_BAGS), nn.Dropout(_DROP_LAST)

    def forward(self, batch: Batch) -> Tensor:
        """Return scores of shape pages × lines × pairs."""
        dense = ((batch.dense - self.mean) / self.deviation).clamp(-5, 5)
        shape = batch.dense.shape[:2]
        numbers, starts, scale = batch.bags
        bags = (self.words(numbers, starts) * scale[:, None]).view(3, *shape, -1)
        hidden = functional.relu(self.inner(torch.cat([dense, self.drop_words(torch.cat([*bags], -1))], -1)))
        for layer in self.layers:
            hidden = layer(hidden, batch)
        result: Tensor = self.out(self.drop(self.norm(hidden)))
        return result


def loss_of(scores: Tensor, batch: Batch) -> Tensor:
    """Return the weighted loss: of the role, of the kind, and of main text or not.

    Of a vague line (the DOM knew nothing, the gold says not main) only the last counts fully.
    A line whose label is in doubt (:class:`~corpuskit.train.samples.Sample`) counts as both: as it is labelled, and as
    main text or not where it is the other.
    """
    logs = torch.log_softmax(scores, -1)
    groups = torch.stack([torch.logsumexp(logs[..., members], -1) for members in _MEMBERS], -1)
    wanted = _GROUP[batch.pairs]
    role = -groups.gather(-1, wanted[..., None])[..., 0]
    kind = -logs.gather(-1, batch.pairs[..., None])[..., 0]
    other = -torch.log1p(-torch.exp(groups[..., 0]).clamp(max=1 - 1e-5))
    main = torch.where(wanted == 0, -groups[..., 0], other)
    known = ~batch.vague | (wanted == 0)
    line = torch.where(known, 0.6 * role + 0.4 * kind, 0.8 * other + 0.2 * kind) + 0.7 * main
    doubt = torch.where(wanted == 0, 1 - batch.main, batch.main)
    line = (1 - doubt) * line + doubt * 1.7 * torch.where(wanted == 0, other, -groups[..., 0])
    weight = batch.importance * batch.mask[..., 0]
    return (line * weight).sum() / weight.sum()


def arrays_of(net: Net) -> dict[str, Any]:
    """Return the network's weights as :func:`corpuskit.segment.text.model.load` wants them, in half precision."""
    state = {name: value.detach().numpy() for name, value in net.state_dict().items()}
    arrays: dict[str, Any] = {"words": state["words.weight"], "mean": state["mean"], "deviation": state["deviation"]}
    arrays |= {
        "in.weight": state["inner.weight"].T,
        "in.bias": state["inner.bias"],
        "temperature": np.float32(_TEMPERATURE),
    }
    arrays |= {f"norm.{part}": state[f"norm.{part}"] for part in ("weight", "bias")}
    arrays |= {"out.weight": state["out.weight"].T, "out.bias": state["out.bias"]}
    for number, layer in enumerate(net.layer_names):
        source = f"layers.{number}."
        arrays |= {f"{number}.norm.{part}": state[f"{source}norm.{part}"] for part in ("weight", "bias")}
        for name, ours in (("inner", "in"), ("gate", "gate"), ("out", "out")):
            if f"{source}{name}.weight" in state:
                arrays[f"{number}.{ours}.weight"] = state[f"{source}{name}.weight"].T
                arrays[f"{number}.{ours}.bias"] = state[f"{source}{name}.bias"]
        if layer != "m":
            kernel = state[f"{source}near.weight"]  # out × in × 3
            arrays[f"{number}.near.weight"] = kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0])
            arrays[f"{number}.near.bias"] = state[f"{source}near.bias"]
    half = {name: np.ascontiguousarray(value).astype(np.float16) for name, value in arrays.items()}
    half["deviation"] = np.maximum(half["deviation"], np.float16(1e-3))
    return half | {"layers": np.array(" ".join(net.layer_names))}
