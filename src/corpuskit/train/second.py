"""Train the second look at flattened text: ``python -m corpuskit.train.second FOLDER --fold 0 --weights F --out F``.

The trees learn from what the network says of pages that it has *not* seen, so they are fitted to the pages of the fold
that the weights were trained without.  ``--half`` leaves half of that fold's domains out, for measuring.  The trees are
written into a copy of the weights, or of those given with ``--into``: a network trained on everything says of a new
page what the one without the fold says of a page of that fold.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from corpuskit.segment.text.context import read_context
from corpuskit.segment.text.model import load
from corpuskit.segment.text.pairs import PART_OF_PAIR, PARTS
from corpuskit.segment.text.second import Trees, pack
from corpuskit.train import boosting
from corpuskit.train.pages import half_of, read_pages
from corpuskit.train.samples import make_second_samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.text.model import Network
    from corpuskit.train.samples import Sample

_LOG: Final = logging.getLogger(__name__)
_DEPTH: Final = 6
_RATE: Final = 0.12
_TREES: Final = 200
_VAGUE: Final = 0.7
"""Weight of a line of which nothing is known but that it is not main text."""


def fit(samples: Iterable[Sample], network: Network, trees: int = _TREES) -> Trees:
    """Return trees fitted to the lines of ``samples``, which ``network`` has not seen."""
    from catboost import CatBoostClassifier, Pool

    rows: list[NDArray[np.float32]] = []
    parts: list[NDArray[np.int64]] = []
    weights: list[NDArray[np.float64]] = []
    for sample in samples:
        rows.append(read_context(sample.features, network.first_look(sample.features)))
        parts.append(PART_OF_PAIR[sample.pairs])
        weights.append(_weights(sample))
    _LOG.info("%d samples, %d lines", len(rows), sum(map(len, rows)))
    model = CatBoostClassifier(
        loss_function="MultiClass",
        classes_count=len(PARTS),
        iterations=trees,
        depth=_DEPTH,
        learning_rate=_RATE,
        subsample=0.5,
        rsm=0.2,
        leaf_estimation_iterations=1,
        **boosting.SETTINGS,
    )
    model.fit(Pool(np.concatenate(rows), np.concatenate(parts), weight=np.concatenate(weights)))
    return trees_of(boosting.dump(model))


def _weights(sample: Sample) -> NDArray[np.float64]:
    """Return the weight of each line: a paragraph counts about six menu entries, a page the root of its lines."""
    weight = 1 + 1.5 * np.log1p(sample.lengths / 20)
    unknown = sample.vague & (PART_OF_PAIR[sample.pairs] != PARTS.index("main"))
    result: NDArray[np.float64] = weight * sample.weight / np.sqrt(weight.sum()) * np.where(unknown, _VAGUE, 1)
    return result


def trees_of(dumped: dict[str, Any]) -> Trees:
    """Return the trees in CatBoost's JSON; a shallower one gets questions that nothing answers with yes."""
    made = boosting.arrays(dumped, _DEPTH, len(PARTS))
    return Trees(made.feature, made.border, made.leaves, np.array(made.bias, np.float32))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m corpuskit.train.second", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of Parquet files of labelled pages")
    parser.add_argument("--fold", type=int, required=True, help="the fold that the weights were trained without")
    parser.add_argument("--weights", type=Path, required=True, help="those weights")
    parser.add_argument("--half", type=int, choices=(0, 1), help="leave this half of the fold's domains out")
    parser.add_argument("--into", type=Path, help="weights to put the trees into (default: those of --weights)")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--versions", type=int, default=3, help="samples made of each page (default: %(default)s)")
    parser.add_argument("--trees", type=int, default=_TREES, help="number of trees (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all dice (default: %(default)s)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    pages = [page for page in read_pages(options.folder, [options.fold]) if half_of(page.domain) != options.half]
    with np.load(options.weights) as arrays:
        network = load(dict(arrays))
    trees = fit(make_second_samples(pages, options.versions, options.seed), network, options.trees)
    written: dict[str, Any] = dict(pack(trees))
    with np.load(options.into or options.weights) as arrays:
        written |= {name: value for name, value in arrays.items() if not name.startswith("second.")}
    np.savez_compressed(options.out, **written)


if __name__ == "__main__":
    main()
