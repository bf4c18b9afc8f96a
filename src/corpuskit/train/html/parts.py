"""The third forest: which part of its page each block belongs to, learned from pages that a reader has labelled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.errors import CorpuskitError
from corpuskit.segment.html.context import Context
from corpuskit.segment.html.model import early_table, late_table
from corpuskit.segment.pairs import PARTS, part_of
from corpuskit.train import boosting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.oblivious import Forest
    from corpuskit.train.boosting import Boosting
    from corpuskit.train.hand import HandLabels
    from corpuskit.train.html.examples import Example

_MOST: Final = 40
"""Blocks of one part of a page that teach; the others' weight goes to them.  Menus are long and say little."""


class Stages(NamedTuple):
    """What the stages before say of all blocks of all pages, each of pages whose site it has not seen.

    Attributes:
        names: the logits of main by words alone.
        early: the probabilities of main of the first forest.
        late: those of the second.
        odds: the probabilities of the kinds of what is not main.
    """

    names: NDArray[np.float32]
    early: NDArray[np.float32]
    late: NDArray[np.float32]
    odds: NDArray[np.float32]


def columns(example: Example, stages: Stages) -> NDArray[np.float32]:
    """Return what the third forest sees of a page: a row per feature, a column per block."""
    names, early, late, odds = (values[example.rows] for values in stages)
    context = Context.of(example.page)
    table = early_table(example.page, context, names)
    context.spread(table, "first", early, early)
    late_table(table, example.page, context, late, odds)
    return table.rows()


@dataclass(frozen=True, slots=True)
class PartLesson:
    """What pages labelled by hand teach: rows of features, the part of each, its weight, and the fold of its page."""

    rows: NDArray[np.float32]
    parts: NDArray[np.intp]
    weights: NDArray[np.float64]
    folds: NDArray[np.intp]

    def fit(self, size: Boosting, without: int | None = None) -> Forest:
        """Return a forest that learns from all pages but those of the fold ``without``."""
        seen = self.folds != without if without is not None else np.ones(len(self.folds), bool)
        return boosting.fit(self.rows[seen], self.parts[seen], self.weights[seen], size, len(PARTS))


def part_lesson(examples: Iterable[Example], labels: Mapping[str, HandLabels], stages: Stages) -> PartLesson:
    """Return what the ``labels`` of ``examples`` teach, on a sample of each part of a page.

    Labels of a page that was cut into another number of blocks are left out.

    Raises:
        CorpuskitError: there is a part of the page that no block is labelled with.
    """
    dice = np.random.default_rng(0)
    rows: list[NDArray[np.float32]] = []
    parts: list[int] = []
    weights: list[float] = []
    folds: list[int] = []
    for example in examples:
        hand = labels.get(example.key)
        if not hand or not hand.fit(len(example.words)):
            continue
        chosen = list(_sample(hand, example.words, dice))
        blocks = [block for block, _, _ in chosen]
        rows.append(columns(example, stages)[:, blocks].T)
        parts += [part for _, part, _ in chosen]
        weights += [weight for _, _, weight in chosen]
        folds += [example.fold] * len(chosen)
    if missing := [name for part, name in enumerate(PARTS) if part not in parts]:
        raise CorpuskitError(
            f"no block of these pages is labelled {' or '.join(missing)}",
            where="labels by hand",
            remedy="Label some, of pages of several sites, or train without labels.",
        )
    return PartLesson(np.concatenate(rows), np.array(parts), np.array(weights), np.array(folds))


def _sample(
    hand: HandLabels, words: NDArray[np.float32], dice: np.random.Generator
) -> Iterable[tuple[int, int, float]]:
    """Yield block, part and weight: a page's blocks weigh as much as the root of their number together."""
    by_part: defaultdict[int, list[int]] = defaultdict(list)
    for block, pair in hand.pairs.items():
        if words[block]:
            by_part[part_of(*pair)].append(block)
    weight = 1 / np.sqrt(max(sum(map(len, by_part.values())), 1))
    for part, blocks in sorted(by_part.items()):
        kept = dice.choice(blocks, _MOST, replace=False).tolist() if len(blocks) > _MOST else blocks
        for block in kept:
            yield block, part, weight * len(blocks) / len(kept)


def agreement(
    examples: Sequence[Example], labels: Mapping[str, HandLabels], parts: NDArray[np.float32]
) -> dict[str, float]:
    """Return the F1 of each part over all labelled blocks, for ``parts``, the probabilities of all blocks."""
    wanted: list[int] = []
    found: list[int] = []
    for example in examples:
        hand = labels.get(example.key)
        if hand and hand.fit(len(example.words)):
            best = parts[example.rows].argmax(axis=1)
            blocks = [block for block in hand.pairs if example.words[block]]
            wanted += [part_of(*hand.pairs[block]) for block in blocks]
            found += best[blocks].tolist()
    right = np.array(wanted) == np.array(found)
    return {
        name: 2 * float(right[np.array(wanted) == part].sum()) / max(wanted.count(part) + found.count(part), 1)
        for part, name in enumerate(PARTS)
    }
