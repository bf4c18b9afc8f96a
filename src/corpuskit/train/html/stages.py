"""The stages, fitted one after the other.

They are stacked (Wolpert, Neural Networks 1992): what a later stage sees of an earlier one was always predicted by a
model that had not seen the page's domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.model import Kind, Role
from corpuskit.segment.chances import sigmoid, softmax
from corpuskit.segment.html.context import Context, Table
from corpuskit.segment.html.linear import Linear
from corpuskit.segment.html.model import HOPELESS, Model, early_table, heed, leading, share_out, weigh
from corpuskit.segment.pairs import PARTS
from corpuskit.train import boosting
from corpuskit.train.boosting import Boosting
from corpuskit.train.html.examples import FOLDS, thin
from corpuskit.train.html.fits import Design, fit_linear
from corpuskit.train.html.parts import Stages, agreement, columns, part_lesson
from corpuskit.train.html.roles import costs, role_lesson, teach_roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.oblivious import Forest
    from corpuskit.train.hand import HandLabels
    from corpuskit.train.html.examples import Example

_ENOUGH: Final = (60, 150)
"""Blocks of one page that the first and the second forest learn from, on average: of all, and of the doubtful."""

_PART: Final = 1 << 14
_FIRST: Final = Boosting(trees=160, rate=0.15)
_SECOND: Final = Boosting(trees=280, rate=0.06)
_PARTS: Final = Boosting(trees=250, rate=0.1, columns=0.15, steps=1)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The sizes of the fits: ``steps`` of the linear ones, trees of the forests."""

    first: Boosting = _FIRST
    second: Boosting = _SECOND
    parts: Boosting = _PARTS
    steps: int = 40
    balance: float = 0.5


RECIPE: Final = Recipe()
"""What ships."""


def stack_pages(examples: Sequence[Example], rows: Iterable[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the feature rows of all blocks of all pages, in order, from the columns of each page."""
    total = examples[-1].rows.stop
    out: NDArray[np.float32] | None = None
    for example, page in zip(examples, rows, strict=True):
        if out is None:
            out = np.zeros((total, page.shape[0]), np.float32)
        out[example.rows] = page.T
    return np.zeros((0, 0), np.float32) if out is None else out


def out_of_fold(
    predict: Callable[[NDArray[np.intp], NDArray[np.intp]], NDArray[np.float32]], folds: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return values for all rows, fold by fold: ``predict(train, test)`` gives those of the test rows."""
    tests = [np.flatnonzero(folds == fold) for fold in range(FOLDS)]
    parts = [predict(np.flatnonzero(folds != fold), test) for fold, test in enumerate(tests)]
    outputs = np.empty((len(folds), *parts[0].shape[1:]), np.float32)
    for test, part in zip(tests, parts, strict=True):
        outputs[test] = part
    return outputs


class Opinions(NamedTuple):
    """What models that never saw its domain say of each block.

    Attributes:
        main: how probably it is main.
        odds: how probably it is each of ``kinds``, if it is not.
        kinds: roles and kinds.
        measured: the F1 of each part of a page, on the blocks labelled by hand.
    """

    main: NDArray[np.float32]
    odds: NDArray[np.float32]
    kinds: tuple[tuple[Role, Kind], ...]
    measured: dict[str, float]


def train(
    examples: list[Example],
    labels: Mapping[str, HandLabels],
    recipe: Recipe = RECIPE,
    say: Callable[[str], object] = len,
) -> tuple[Model, Opinions]:
    """Return the model, and what models that never saw a block's domain say of it.

    Args:
        examples: labelled pages.
        labels: what a reader says that blocks of some of them are; without any, the words around them say so alone.
        recipe: the sizes of the fits.
        say: is told of each step.
    """
    target = np.nan_to_num(np.concatenate([example.main for example in examples]))
    weight = np.concatenate([example.weight for example in examples]).astype(np.float64)
    weight /= weight[weight > 0].mean()
    folds = np.concatenate([np.full(len(example.words), example.fold) for example in examples])
    known = weight > 0
    say(f"{len(examples)} pages, {len(target)} blocks, {int(known.sum())} labelled")

    design = Design([example.page for example in examples])
    wanted = target[:, None].astype(np.float64)

    def names_fit(rows: NDArray[np.intp]) -> Linear:
        rows = rows[known[rows]]
        return fit_linear(design.rows(rows), wanted[rows], weight[rows], steps=recipe.steps)

    def names_predict(rows: NDArray[np.intp], test: NDArray[np.intp]) -> NDArray[np.float32]:
        linear = names_fit(rows)
        return np.asarray((design.rows(test) @ linear.weights + linear.bias)[:, 0], np.float32)

    names = out_of_fold(names_predict, folds)
    say("names: predicted out of fold")

    full = [example for example in examples if len(example.words)]
    matrix = stack_pages(
        full,
        (early_table(one.page, Context.of(one.page), names[one.rows]).rows() for one in full),
    )

    def forest_fit(
        lesson: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.float32], size: Boosting
    ) -> Forest:
        rows = rows[lesson[rows] > 0]
        return boosting.fit(columns[rows], target[rows], lesson[rows], size)

    def first_fit(rows: NDArray[np.intp]) -> Forest:
        return forest_fit(lessons[0], rows, matrix[:, :width], recipe.first)

    def second_fit(rows: NDArray[np.intp]) -> Forest:
        return forest_fit(lessons[1], rows, matrix, recipe.second)

    width = matrix.shape[1]
    chance = sigmoid(names)
    lessons = [thin(examples, weight, np.ones_like(known), _ENOUGH[0])]
    early = out_of_fold(lambda rows, test: _chances(first_fit(rows), matrix, test), folds)
    early = np.where(chance < HOPELESS[0], chance, early)
    say("first forest: predicted out of fold")
    taught = [pair for example in examples for pair in _taught(example, labels.get(example.key))]
    lessons.append(thin(examples, weight * costs(examples, taught, target), early >= HOPELESS[1], _ENOUGH[1]))
    context = stack_pages(full, (_late_rows(one, early[one.rows]) for one in full))
    matrix = np.concatenate((matrix, context), axis=1)
    late = out_of_fold(lambda rows, test: _chances(second_fit(rows), matrix, test), folds)
    late = np.where(early < HOPELESS[1], early, late)
    say("second forest: predicted out of fold")
    lesson = role_lesson(examples, taught, target, recipe.balance)
    odds = out_of_fold(lambda rows, test: lesson.predict(design, rows, test, recipe.steps), folds)
    say("roles: predicted out of fold")
    third = _third(full, labels, Stages(names, early, late, odds), lesson.kinds, recipe.parts)
    say(f"parts: {len(third.measured)} predicted out of fold")
    late = late.copy()
    for one in full:
        onward = leading(one.page)
        called = heed(odds[one.rows], onward, lesson.kinds)
        late[one.rows] = weigh(one.page, late[one.rows], called, lesson.kinds)
        third.odds[one.rows] = heed(third.odds[one.rows], onward, lesson.kinds)
    everything = np.arange(len(target))
    roles = lesson.fit(design, everything, recipe.steps)
    model = Model(
        words=_beside(names_fit(everything), roles),
        first=first_fit(everything),
        second=second_fit(everything),
        parts=third.forest,
        kinds=lesson.kinds,
    )
    return model, Opinions(late, third.odds, lesson.kinds, third.measured)


def _taught(example: Example, hand: HandLabels | None) -> list[tuple[Role, Kind]]:
    """Return role and kind of each block, supposing it is not main: a reader's word before that of the markup."""
    taught = teach_roles(example.page)
    if hand and hand.fit(len(taught)):
        for block, pair in hand.pairs.items():
            if pair[0] is not Role.MAIN:
                taught[block] = pair
    return taught


class _Third(NamedTuple):
    """The third forest, the odds of the kinds that follow from it out of fold, and how well it tells the parts."""

    forest: Forest | None
    odds: NDArray[np.float32]
    measured: dict[str, float]


def _third(
    examples: Sequence[Example],
    labels: Mapping[str, HandLabels],
    stages: Stages,
    kinds: Sequence[tuple[Role, Kind]],
    size: Boosting,
) -> _Third:
    """Return what is learned of the parts of a page; nothing without ``labels``."""
    odds = stages.odds.copy()
    if not labels:
        return _Third(None, odds, {})
    lesson = part_lesson(examples, labels, stages)
    said = np.zeros((len(odds), len(PARTS)), np.float32)
    for fold in range(FOLDS):
        forest = lesson.fit(size, without=fold)
        for example in examples:
            if example.fold == fold:
                said[example.rows] = softmax(forest(columns(example, stages)))
                odds[example.rows] = share_out(odds[example.rows], said[example.rows], kinds)
    return _Third(lesson.fit(size), odds, agreement(examples, labels, said))


def _late_rows(example: Example, early: NDArray[np.float32]) -> NDArray[np.float32]:
    table = Table(len(early))
    Context.of(example.page).spread(table, "first", early, early)
    return table.rows()


def _chances(forest: Forest, matrix: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return what ``forest`` gives the ``rows`` of ``matrix``, a part at a time: they need not fit memory twice."""
    parts = np.array_split(rows, max(len(rows) // _PART, 1))
    return np.concatenate([sigmoid(forest(np.ascontiguousarray(matrix[part].T))[:, 0]) for part in parts])


def _beside(one: Linear, other: Linear) -> Linear:
    """Return one model with the outputs of both."""
    return Linear(np.hstack((one.weights, other.weights)), np.concatenate((one.bias, other.bias)))
