"""Train the labeller of flattened text: ``python -m corpuskit.train.text FOLDER``.

Reads the labelled pages of FOLDER, flattens and augments them, fits the network and writes ``weights.npz``.  With
``--fold N`` the pages of that fold stay unseen, for measuring.  The same folder, options and versions of numpy and
torch give the same weights: every die is seeded and one thread does the sums.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch import nn

from corpuskit.train.network import Net, arrays_of, collate, loss_of
from corpuskit.train.pages import FOLDS, read_pages
from corpuskit.train.samples import Sample, make_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOG: Final = logging.getLogger(__name__)
_RATE: Final = 2e-3
_DECAY: Final = 0.01
_DROP_WORDS: Final = 0.1
_BATCH: Final = 1_500
"""Lines a batch holds, padding included."""
_CLIP: Final = 1.0


def fit(samples: Sequence[Sample], epochs: int, seed: int, start: Path | None = None) -> Net:
    """Return a network fitted to ``samples`` in ``epochs`` passes (AdamW, one cycle of the learning rate).

    ``start`` is the state of an earlier network to go on from.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    net = Net(samples[0].features.dense.shape[1])
    some = np.concatenate([sample.features.dense[:200] for sample in samples[::7]])
    net.mean.copy_(torch.from_numpy(some.mean(0)))
    net.deviation.copy_(torch.from_numpy(some.std(0) + 1e-2))
    if start:
        net.load_state_dict(torch.load(start, weights_only=True))
    passes = [_batches([len(sample.pairs) for sample in samples], dice) for _ in range(epochs)]
    optimiser = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=sum(map(len, passes)), pct_start=0.15)
    net.train()
    for number, batches in enumerate(passes):
        total = 0.0
        for chosen in batches:
            batch = collate([samples[at] for at in chosen], _DROP_WORDS, dice)
            loss = loss_of(net(batch), batch)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(net.parameters(), _CLIP)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        _LOG.info("epoch %d of %d: loss %.4f", number + 1, epochs, total / len(batches))
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


def run(  # noqa: PLR0913 - what the command line offers
    folder: Path,
    out: Path,
    *,
    without: int | None = None,
    epochs: int = 6,
    versions: int = 4,
    seed: int = 1,
    start: Path | None = None,
) -> Net:
    """Train on the labelled pages of ``folder``, write the weights to ``out`` and return the network.

    Args:
        folder: Parquet files of labelled pages.
        out: the file of weights (npz) to write.
        without: a fold to leave out, for measuring.
        epochs: passes over the samples.
        versions: samples made of each page.
        seed: of all dice.
        start: the state of an earlier network to go on from.
    """
    pages = list(read_pages(folder, [fold for fold in range(FOLDS) if fold != without]))
    samples = list(make_samples(pages, versions, seed))
    _LOG.info("%d pages, %d samples, %d lines", len(pages), len(samples), sum(len(sample.pairs) for sample in samples))
    net = fit(samples, epochs, seed, start)
    np.savez_compressed(out, **arrays_of(net))
    return net


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m corpuskit.train.text", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of Parquet files of labelled pages")
    parser.add_argument("--out", type=Path, default=Path("weights.npz"), help="file to write (default: %(default)s)")
    parser.add_argument("--fold", type=int, help="leave this fold out")
    parser.add_argument("--epochs", type=int, default=6, help="passes over the samples (default: %(default)s)")
    parser.add_argument("--versions", type=int, default=4, help="samples made of each page (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all dice (default: %(default)s)")
    parser.add_argument("--state", type=Path, help="write the network's full state there too, to go on from")
    parser.add_argument("--start", type=Path, help="state to go on from (default: begin anew)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    net = run(
        options.folder,
        options.out,
        without=options.fold,
        epochs=options.epochs,
        versions=options.versions,
        seed=options.seed,
        start=options.start,
    )
    if options.state:
        torch.save(net.state_dict(), options.state)


if __name__ == "__main__":
    main()
