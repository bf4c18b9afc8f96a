"""Train the labeller of HTML from a folder of labelled pages: ``corpuskit train html FOLDER``.

The folder holds Parquet files with the columns ``id, url, page_type, html, text, must_have, must_not_have`` (null
where a set has none).  Training is deterministic: folds come from a hash of the registered domain, every fit has a
fixed seed and one thread.  It writes the weights and gives the figures of the folds, which go in the model card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corpuskit.segment.html.labels import choose
from corpuskit.segment.html.model import pack
from corpuskit.train.align import shingle_f1
from corpuskit.train.hand import read_labels
from corpuskit.train.html.examples import read_examples
from corpuskit.train.html.stages import RECIPE, train
from corpuskit.train.teacher import Chances, write_chances

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpuskit.train.html.examples import Example
    from corpuskit.train.html.stages import Opinions, Recipe


def run(  # noqa: PLR0913, PLR0917 - what the command line offers, and what tests make small
    folder: Path,
    out: Path,
    chances: Path | None = None,
    labels: Path | None = None,
    say: Callable[[str], object] = len,
    recipe: Recipe = RECIPE,
) -> dict[str, dict[str, float]]:
    """Train on the labelled pages of ``folder`` and write the weights to ``out``; return the figures of the folds.

    Args:
        folder: Parquet files of labelled pages.
        out: the file of weights (npz) to write.
        chances: where to write what the folds said of each block, for ``bench.extraction`` and the labeller of text.
        labels: what a reader says that blocks of these pages are (:mod:`corpuskit.train.hand`).
        say: is told of each step.
        recipe: the sizes of the fits.
    """
    examples = read_examples(folder)
    model, opinions = train(examples, read_labels(labels) if labels else {}, recipe, say)
    np.savez_compressed(out, **pack(model))  # type: ignore[arg-type]
    if chances:
        pages = {one.key: _pairs(opinions, one.rows) for one in examples}
        write_chances(chances, Chances(pages, opinions.kinds))
    measured = {"labelled by hand": opinions.measured} if labels else {}
    return figures(examples, opinions.main) | measured


def _pairs(opinions: Opinions, rows: slice) -> NDArray[np.float32]:
    """Return the probability of main and of each kind for the blocks ``rows``; those of a block add up to one."""
    main = opinions.main[rows, None]
    return np.hstack((main, (1 - main) * opinions.odds[rows]))


def figures(examples: Sequence[Example], late: NDArray[np.float32]) -> dict[str, dict[str, float]]:
    """Return, for each set and page type, the number of pages and the mean shingle and word F1 of the folds.

    A page whose gold text is empty (an error page, a check for robots) is not measured: as in ``bench.extraction``.
    Nobody is asked for a second opinion: the network of flattened text that ships may have seen the pages.
    """
    table: dict[str, list[tuple[float, float]]] = {}
    for example in examples:
        if not example.gold:
            continue
        keep = choose(example.page, late[example.rows], second=None).keep
        text = "\n".join(text for text, kept in zip(example.page.blocks.text, keep, strict=True) if kept)
        name = example.key.split("/")[0] + (f" {example.page_type}" if "wcxb" in example.key else "")
        table.setdefault(name, []).append((shingle_f1(text, example.gold)[2], shingle_f1(text, example.gold, 1)[2]))
    return {
        name: {
            "pages": len(rows),
            "shingle_f1": float(np.mean([row[0] for row in rows])),
            "word_f1": float(np.mean([row[1] for row in rows])),
        }
        for name, rows in sorted(table.items())
    }
