"""Train the labeller of flattened text: ``corpuskit train text FOLDER --out weights.npz``.

One command makes what is shipped.  The second look (:mod:`corpuskit.train.second`) must learn from pages that the
network has not seen, or it would trust the network too much.  So one network learns from folds 3 and 4 and says what
it sees on 1 and 2, and another the other way round; the trees learn from both.  The first network goes on with folds 1
to 4 (with ``--measured FILE`` it is written with the trees: neither has seen fold 0) and at last with all.

The same folder, options and versions of numpy, torch and CatBoost give the same weights: every die is seeded and one
thread does the sums.
"""

from __future__ import annotations

import logging
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import nn

from corpuskit.segment.oblivious import pack
from corpuskit.segment.text.model import TREES, load
from corpuskit.train import second
from corpuskit.train.hand import read_labels
from corpuskit.train.network import Net, arrays_of, collate, loss_of
from corpuskit.train.pages import FOLDS, read_pages
from corpuskit.train.samples import make_samples
from corpuskit.train.teacher import read_chances

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpuskit.segment.oblivious import Forest
    from corpuskit.train.pages import LabelledPage
    from corpuskit.train.samples import Sample

_LOG: Final = logging.getLogger(__name__)
_RATE: Final = 2e-3
_DECAY: Final = 0.05
_DROP_WORDS: Final = 0.5
_BATCH: Final = 1_500
"""Lines a batch holds, padding included."""
_CLIP: Final = 1.0
_HALVES: Final = ((3, 4), (1, 2))
"""Folds that one network learns from and the other looks at; fold 0 is left for measuring."""
_PASSES: Final = (3, 2, 1)
"""Passes over half of the folds, all but one, and all; each network but the first two goes on from an earlier one.

The samples of each pass are made anew: a page that comes again is cut, mixed and flattened in another way.
"""


def fit(passes: Sequence[Sequence[Sample]], seed: int, start: Net | None = None) -> Net:
    """Return a network fitted to the samples of some ``passes`` (AdamW, one cycle of the learning rate).

    ``start`` is an earlier network to go on from; it stays as it is.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    net = Net(passes[0][0].features.dense.shape[1])
    some = np.concatenate([sample.features.dense[:200] for sample in passes[0][::7]])
    net.mean.copy_(torch.from_numpy(some.mean(0)))
    net.deviation.copy_(torch.from_numpy(some.std(0) + 1e-2))
    if start:
        net.load_state_dict(start.state_dict())
    batches = [_batches([len(sample.pairs) for sample in samples], dice) for samples in passes]
    optimiser = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY, betas=(0.9, 0.99), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=sum(map(len, batches)), pct_start=0.15)
    net.train()
    for number, (samples, order) in enumerate(zip(passes, batches, strict=True), 1):
        total = 0.0
        for chosen in order:
            batch = collate([samples[at] for at in chosen], _DROP_WORDS, dice)
            loss = loss_of(net(batch), batch)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(net.parameters(), _CLIP)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        _LOG.info("pass %d of %d: loss %.4f", number, len(passes), total / len(order))
    return net.eval()


def _batches(sizes: Sequence[int], dice: np.random.Generator) -> list[list[int]]:
    """Return the numbers of all samples in random order, put in batches of similar length."""
    order = dice.permutation(len(sizes))
    batches: list[list[int]] = []
    for start in range(0, len(order), 400):
        batch: list[int] = []
        for at in sorted(order[start : start + 400], key=lambda at: sizes[at]):
            if batch and sizes[at] * (len(batch) + 1) > _BATCH:
                batches.append(batch)
                batch = []
            batch.append(int(at))
        batches.append(batch)
    return [batches[at] for at in dice.permutation(len(batches))]


def run(  # noqa: PLR0913 - what the command line offers, and what tests make small
    folder: Path,
    out: Path,
    *,
    measured: Path | None = None,
    chances: Path | None = None,
    labels: Path | None = None,
    versions: int = 4,
    trees: int = second.TREES,
    seed: int = 1,
) -> None:
    """Train on the labelled pages of ``folder`` and write the weights to ``out``.

    Args:
        folder: Parquet files of labelled pages.
        out: the file of weights (npz) to write.
        measured: where to write weights that have not seen fold 0, for measuring on it.
        chances: what the labeller of HTML says of each block, out of fold (:mod:`corpuskit.train.teacher`).
        labels: what a reader says that blocks of these pages are (:mod:`corpuskit.train.hand`); only with ``chances``.
        versions: samples made of each page for each pass.
        trees: trees of the second look.
        seed: of all dice.
    """
    pages: dict[int, list[LabelledPage]] = {fold: [] for fold in range(FOLDS)}
    said, by_hand = read_chances(chances) if chances else None, read_labels(labels) if labels else None
    for page in read_pages(folder, chances=said, labels=by_hand):
        pages[page.fold].append(page)
    _LOG.info("%d pages", sum(map(len, pages.values())))
    fresh = count(seed)

    def learn(folds: Sequence[int], passes: int, start: Net | None = None) -> Net:
        _LOG.info("network of folds %s", folds)
        seeds = list(islice(fresh, passes))
        made = [[sample for fold in folds for sample in make_samples(pages[fold], versions, new)] for new in seeds]
        return fit(made, seed, start)

    def look(net: Net, folds: Sequence[int]) -> list[second.Look]:
        network = load(arrays_of(net))
        return [second.look(network, pages[fold], seed) for fold in folds]

    one, other = (learn(folds, _PASSES[0]) for folds in _HALVES)
    forest = second.fit(look(one, _HALVES[1]) + look(other, _HALVES[0]), trees)
    most = learn(sorted(fold for half in _HALVES for fold in half), _PASSES[1], one)
    if measured:
        _write(measured, most, forest)
    _write(out, learn(range(FOLDS), _PASSES[2], most), forest)


def _write(file: Path, net: Net, forest: Forest) -> None:
    arrays: dict[str, Any] = arrays_of(net) | pack(forest, TREES)
    np.savez_compressed(file, **arrays)
