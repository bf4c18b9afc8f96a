"""Train the HTML labeller from a folder of labelled pages: ``python -m corpuskit.train.html FOLDER``.

The folder holds Parquet files with the columns ``id, url, page_type, html, text, must_have, must_not_have`` (null
where a set has none).  Training is deterministic: folds come from a hash of the registered domain, every fit has a
fixed seed and one thread.  It writes the weights, and prints the figures of the folds, which go in the model card.

The stages are stacked (Wolpert, Neural Networks 1992): what a later stage sees of an earlier one was always predicted
by a model that had not seen the page's domain.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np
import pyarrow.parquet as pq
from courlan import extract_domain

from corpuskit.model import Kind, Role
from corpuskit.segment.html.context import Context, Table
from corpuskit.segment.html.labels import choose
from corpuskit.segment.html.linear import Linear
from corpuskit.segment.html.model import (
    HOPELESS,
    WEIGHTS,
    Model,
    early_table,
    pack,
    softmax,
    weigh,
)
from corpuskit.segment.html.page import Inside, MarkupPage
from corpuskit.segment.html.tags import TAGS
from corpuskit.segment.html.tokens import BUCKETS, NEAR, block_buckets, element_buckets
from corpuskit.segment.html.trees import Forest, sigmoid
from corpuskit.segment.html.walk import read_markup
from corpuskit.train import boosting
from corpuskit.train.align import UNSPACED, coverage, shingle_f1, tokens
from corpuskit.train.dom_roles import cue, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

FOLDS: Final = 5
_REACHABLE: Final = 0.85
"""Pages whose gold the blocks cannot reach (cut gold, text that scripts draw) would teach noise."""

_ENOUGH: Final = (60, 150)
"""Blocks of one page that the first and the second forest learn from, on average: of all, and of the doubtful."""

_ENOUGH_FOR_ROLES: Final = 25
_RARE: Final = 50
"""Blocks of one page that teach roles, and blocks of one kind without which it is not taught."""

_UNWANTED: Final = {Role.RELATED: None, Role.BOILERPLATE: {Kind.SHARE, Kind.LEGAL}}
_COST: Final = 3.0
"""How much more a related, share or legal line that is not main teaches the second forest than its words say.

Such lines are short, so that a measure over words hardly feels them; a reader does.  Chosen on two folds: the share of
pages where one leaks falls by a fifth at the same F1; with 8, by more than a third, and the F1 by .001 to .004.
"""

_LISTS: Final = frozenset({"collection", "forum", "listing", "product", "service"})
"""Page types on which what the markup calls related is often the content."""

_PART: Final = 1 << 14
_TAG_NAMES: Final = {tag.code: name for name, tag in TAGS.items()}


@dataclass(slots=True)
class Example:
    """One labelled page: ``main`` is 1, 0 or NaN (unknown) for each block, ``words`` its number of words."""

    key: str
    fold: int
    page_type: str
    page: MarkupPage
    gold: str | None
    must_have: list[str]
    must_not_have: list[str]
    main: NDArray[np.float32]
    words: NDArray[np.float32]
    weight: NDArray[np.float32]
    rows: slice = field(default_factory=lambda: slice(0, 0))


def domain(url: str | None) -> str:
    """Return the registered domain of ``url``, or "" where there is none."""
    return (url and extract_domain(url)) or ""


def read_examples(folder: Path) -> list[Example]:
    """Read every Parquet file of ``folder``, in the order of their names."""
    examples: list[Example] = []
    row = 0
    for path in sorted(folder.glob("*.parquet")):
        columns = ["id", "url", "page_type", "html", "text", "must_have", "must_not_have"]
        for record in pq.read_table(path, columns=columns).to_pylist():
            example = _example(path.stem, record)
            example.rows = slice(row, row + len(example.words))
            row = example.rows.stop
            examples.append(example)
    return examples


def _example(name: str, record: dict[str, Any]) -> Example:
    page = read_markup(decode(record["html"]))
    texts = page.blocks.text
    words = np.array([len(tokens(text)) for text in texts], np.float32)
    gold = record["text"]
    must, must_not = record["must_have"] or [], record["must_not_have"] or []
    weight = np.sqrt(np.clip(words, 1, 400))
    if gold:
        covered = np.asarray(coverage(texts, gold), np.float32)
        main = (covered >= 0.5).astype(np.float32)
        main[words == 0] = np.nan
        reached = shingle_f1("\n".join(text for text, kept in zip(texts, main, strict=True) if kept == 1), gold)[2]
        if reached < _REACHABLE:
            weight[:] = 0
    else:
        main = _from_segments(texts, must, must_not)
    weight[np.isnan(main)] = 0
    if weight.sum() > 0:
        weight /= np.sqrt(weight.sum())  # a long page teaches more than a short one, but not by its length
    site = domain(record["url"]) or str(record["id"])
    fold = crc32(site.encode()) % FOLDS
    return Example(
        f"{name}/{record['id']}", fold, record["page_type"] or "", page, gold, must, must_not, main, words, weight
    )


def _fold_space(text: str) -> str:
    return " ".join(text.split()).lower()


def _from_segments(texts: Sequence[str], must: Iterable[str], must_not: Iterable[str]) -> NDArray[np.float32]:
    """Label the blocks that hold a segment; a segment on more than three blocks says nothing of any."""
    folded = [_fold_space(text) for text in texts]
    main = np.full(len(texts), np.nan, np.float32)
    for segments, value in ((must, 1.0), (must_not, 0.0)):
        for segment in segments:
            wanted = _fold_space(segment)
            held = [block for block, text in enumerate(folded) if wanted in text]
            if len(wanted) >= 3 and (not value or len(held) <= 3):
                for block in held:
                    main[block] = value if np.isnan(main[block]) or main[block] == value else np.nan
    return main


# --- what the DOM teaches of the blocks that are not main


def teach_roles(page: MarkupPage) -> list[tuple[Role, Kind]]:
    """Return what the names and tags around each block suggest it is, supposing it is not main text.

    An element that holds half the page says nothing.  Comments and consent dialogs keep all that is inside them;
    related items keep all but share buttons and forms; otherwise the innermost cue decides.
    """
    blocks, elements = page.blocks, page.elements
    total = max(sum(map(len, blocks.text)), 1)
    sums = np.concatenate(([0], np.cumsum([len(text) for text in blocks.text])))
    cues: list[tuple[Role, Kind] | None] = []
    for tag, names, first, end in zip(
        elements.tag, elements.names, elements.first_block, elements.end_block, strict=True
    ):
        wide = sums[max(end, first)] - sums[first] > total / 2
        cues.append(None if wide else _cue(tag, names))
    return [_decide(page, block, cues) for block in range(len(blocks.text))]


@lru_cache(maxsize=1 << 16)
def _cue(tag: int, names: str) -> tuple[Role, Kind] | None:
    found = cue(_TAG_NAMES.get(tag, ""), {"class": names})
    return found and (found[0], found[1])


_KEEPS: Final = (Kind.COMMENTS, Kind.COOKIE)
_AGE: Final = re.compile(r"^\W*(?:\d+|an?)\s*\w{1,8}\s+ago\b|^(?:vor|il y a|hace|há)\s+\S+\s+\w+$", re.IGNORECASE)
_HEADLINE: Final = 4


def _decide(page: MarkupPage, block: int, cues: list[tuple[Role, Kind] | None]) -> tuple[Role, Kind]:
    blocks, elements = page.blocks, page.elements
    chain: list[tuple[Role, Kind]] = []
    index = blocks.leaf[block]
    while True:
        if (found := cues[index]) is not None:
            chain.append(found)
        if elements.parent[index] == index:
            break
        index = elements.parent[index]
    text = blocks.text[block]
    words = _word_count(text)
    linked = blocks.linked[block] > len(text) * 0.6
    for found in chain:
        if found[1] in _KEEPS:
            return found
    inner = chain[0] if chain else None
    if any(role is Role.RELATED for role, _ in chain) and (inner is None or inner[1] not in {Kind.SHARE, Kind.FORM}):
        return Role.RELATED, _related_kind(blocks.heading[block], text, words, inner, linked=linked)
    chrome = blocks.inside[block] & int(Inside.NAV | Inside.FOOTER | Inside.HEADER)
    if linked and words > _HEADLINE and not chrome and (inner is None or inner[1] in {Kind.NAVIGATION, Kind.OTHER}):
        return Role.RELATED, Kind.TITLE
    if inner is not None:
        return inner
    return (Role.BOILERPLATE, Kind.NAVIGATION) if linked else (Role.BOILERPLATE, Kind.OTHER)


_UNSPACED: Final = re.compile(UNSPACED)


def _word_count(text: str) -> int:
    """Return the number of words; two letters of a script without spaces make one."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


def _related_kind(heading: int, text: str, words: int, inner: tuple[Role, Kind] | None, *, linked: bool) -> Kind:
    short = words <= 6
    if short and ((inner is not None and inner[1] is Kind.DATE) or _AGE.search(text)):
        return Kind.AGE
    if linked and words >= _HEADLINE:
        return Kind.TITLE
    if heading:
        return Kind.TITLE if linked else Kind.HEADING
    if short and inner is not None and inner[1] in {Kind.BYLINE, Kind.SECTION}:
        return Kind.SOURCE
    if linked and short:
        return Kind.LINK
    return Kind.TEXT if not short else Kind.HEADING


@dataclass(frozen=True, slots=True)
class Boosting:
    """The size of a forest, and how fast it learns."""

    trees: int
    rate: float
    depth: int = 6


@dataclass(frozen=True, slots=True)
class Recipe:
    """The sizes of the fits: ``steps`` of the linear ones, trees of the forests."""

    first: Boosting = Boosting(160, 0.15)
    second: Boosting = Boosting(280, 0.06)
    steps: int = 40
    balance: float = 0.5


# --- fits


class Design:
    """The token counts of all blocks, as products of sparse matrices: element names are counted once for a page."""

    def __init__(self, pages: Sequence[MarkupPage]) -> None:
        unique: dict[tuple[int, str], int] = {}
        near, around, own = _Rows(), _Rows(), _Rows()
        for page in pages:
            blocks, elements = page.blocks, page.elements
            pairs = zip(elements.tag, elements.names, strict=True)
            number = [unique.setdefault(pair, len(unique)) for pair in pairs]
            for row, text in enumerate(blocks.text):
                index = blocks.leaf[row]
                for _ in range(NEAR):
                    near.add(number[index])
                    index = elements.parent[index]
                index = blocks.container[row]
                while True:
                    around.add(number[index])
                    if elements.parent[index] == index:
                        break
                    index = elements.parent[index]
                own.extend(block_buckets(text, blocks.linked[row], blocks.inside[row], blocks.heading[row]))
                for rows in (near, around, own):
                    rows.close()
        near_names, around_names = _Rows(), _Rows()
        for pair in unique:
            both = element_buckets(*pair)
            near_names.extend(one % BUCKETS for one in both)
            around_names.extend(one // BUCKETS for one in both)
            for rows in (near_names, around_names):
                rows.close()
        self.near = near.matrix(len(unique))
        self.around = around.matrix(len(unique))
        self.own = own.matrix(BUCKETS)
        self.near_names, self.around_names = near_names.matrix(BUCKETS), around_names.matrix(BUCKETS)

    def rows(self, chosen: NDArray[np.intp]) -> Design:
        """Return the design of the ``chosen`` blocks."""
        part = object.__new__(Design)
        part.near, part.around, part.own = self.near[chosen], self.around[chosen], self.own[chosen]
        part.near_names, part.around_names = self.near_names, self.around_names
        return part

    def __matmul__(self, weights: NDArray[Any]) -> NDArray[np.float64]:
        named = self.near @ (self.near_names @ weights) + self.around @ (self.around_names @ weights)
        return np.asarray(named + self.own @ weights)

    def back(self, error: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the transpose times ``error``: the gradient of the weights."""
        near = self.near_names.T @ (self.near.T @ error)
        return np.asarray(near + self.around_names.T @ (self.around.T @ error) + self.own.T @ error)


class _Rows:
    """A sparse matrix under construction, row by row."""

    def __init__(self) -> None:
        self.columns: list[int] = []
        self.ends: list[int] = [0]

    def add(self, column: int) -> None:
        self.columns.append(column)

    def extend(self, columns: Iterable[int]) -> None:
        self.columns.extend(columns)

    def close(self) -> None:
        self.ends.append(len(self.columns))

    def matrix(self, width: int) -> Any:  # noqa: ANN401 - SciPy ships no types
        from scipy import sparse

        ones = np.ones(len(self.columns), np.float32)
        columns, ends = np.array(self.columns, np.int32), np.array(self.ends, np.int64)
        self.columns = []
        return sparse.csr_matrix((ones, columns, ends), shape=(len(ends) - 1, width))


def fit_linear(
    design: Design, target: NDArray[np.float64], weight: NDArray[np.float64], penalty: float = 3.0, steps: int = 40
) -> Linear:
    """Fit a logistic (one column of ``target``) or softmax regression by L-BFGS."""
    from scipy.optimize import minimize

    outputs = target.shape[1]
    shape = (BUCKETS + 1, outputs)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        parameters = flat.reshape(shape)
        logits = design @ parameters[:-1] + parameters[-1]
        if outputs == 1:
            value = weight @ (np.logaddexp(0, logits) - target * logits)[:, 0]
            predicted = sigmoid(logits)
        else:
            top = logits.max(axis=1, keepdims=True)
            normal = top + np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
            value = -(weight @ (target * (logits - normal)).sum(axis=1))
            predicted = np.exp(logits - normal)
        error = weight[:, None] * (predicted - target)
        gradient = np.vstack((design.back(error) + penalty * parameters[:-1], error.sum(axis=0)))
        return float(value + 0.5 * penalty * (parameters[:-1] ** 2).sum()), gradient.ravel()

    start = np.zeros(shape).ravel()
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x.reshape(shape)
    return Linear(found[:-1].astype(np.float32), found[-1].astype(np.float32))


def fit_forest(
    rows: NDArray[np.float32],
    target: NDArray[np.float32],
    weight: NDArray[np.float64],
    size: Boosting,
) -> Forest:
    """Fit boosted oblivious trees: rows are blocks, columns features."""
    from catboost import CatBoostClassifier, Pool

    model = CatBoostClassifier(
        iterations=size.trees,
        depth=size.depth,
        learning_rate=size.rate,
        subsample=0.7,
        rsm=0.3,
        leaf_estimation_iterations=2,
        **boosting.SETTINGS,
    )
    model.fit(Pool(rows, target, weight=weight))
    return forest_of(boosting.dump(model), size.depth)


def forest_of(dumped: dict[str, Any], depth: int) -> Forest:
    """Return the forest in CatBoost's JSON: trees shallower than ``depth`` get questions nothing answers with yes."""
    made = boosting.arrays(dumped, depth, 1)
    return Forest(made.feature, made.border, made.leaves[:, :, 0], float(made.bias[0]))


# --- the whole


def stack_pages(examples: Sequence[Example], rows: Iterable[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the feature rows of all blocks of all pages, in order, from the columns of each page."""
    total = examples[-1].rows.stop
    out: NDArray[np.float32] | None = None
    for example, columns in zip(examples, rows, strict=True):
        if out is None:
            out = np.zeros((total, columns.shape[0]), np.float32)
        out[example.rows] = columns.T
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


def train(
    examples: list[Example], recipe: Recipe = Recipe(), say: Callable[[str], object] = len
) -> tuple[Model, NDArray[np.float32]]:
    """Return the model, and for each block its probability from a model that never saw its domain."""
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
        return fit_forest(columns[rows], target[rows], lesson[rows], size)

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
    taught = [pair for example in examples for pair in teach_roles(example.page)]
    lessons.append(thin(examples, weight * costs(examples, taught, target), early >= HOPELESS[1], _ENOUGH[1]))
    context = stack_pages(full, (_late_rows(one, early[one.rows]) for one in full))
    matrix = np.concatenate((matrix, context), axis=1)
    late = out_of_fold(lambda rows, test: _chances(second_fit(rows), matrix, test), folds)
    late = np.where(early < HOPELESS[1], early, late)
    say("second forest: predicted out of fold")
    lesson = role_lesson(examples, taught, target, recipe.balance)
    odds = out_of_fold(lambda rows, test: lesson.predict(design, rows, test, recipe.steps), folds)
    say("roles: predicted out of fold")
    for one in full:
        late[one.rows], _ = weigh(one.page, late[one.rows], odds[one.rows], lesson.kinds)
    everything = np.arange(len(target))
    roles = lesson.fit(design, everything, recipe.steps)
    model = Model(
        words=_beside(names_fit(everything), roles),
        first=first_fit(everything),
        second=second_fit(everything),
        kinds=lesson.kinds,
    )
    return model, late


def _late_rows(example: Example, early: NDArray[np.float32]) -> NDArray[np.float32]:
    table = Table(len(early))
    Context.of(example.page).spread(table, "first", early, early)
    return table.rows()


def _chances(forest: Forest, matrix: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return what ``forest`` gives the ``rows`` of ``matrix``, a part at a time: they need not fit memory twice."""
    parts = np.array_split(rows, max(len(rows) // _PART, 1))
    return np.concatenate([sigmoid(forest(np.ascontiguousarray(matrix[part].T))) for part in parts])


def _beside(one: Linear, other: Linear) -> Linear:
    """Return one model with the outputs of both."""
    return Linear(np.hstack((one.weights, other.weights)), np.concatenate((one.bias, other.bias)))


def thin(
    examples: Sequence[Example], weight: NDArray[np.float64], eligible: NDArray[np.bool_], enough: int
) -> NDArray[np.float64]:
    """Return the weights of the rows that a forest learns from, 0 for the others.

    Of a page with more than ``enough`` eligible blocks it learns from a sample, which counts for the rest: pages of
    thousands of links teach nothing that a hundred of them do not.
    """
    random = np.random.default_rng(0).random(len(weight))
    out = np.where(eligible, weight, 0.0)
    for example in examples:
        times = eligible[example.rows].sum() / enough
        if times > 1:
            out[example.rows] *= times * (random[example.rows] < 1 / times)
    return out


def costs(
    examples: Sequence[Example], taught: Sequence[tuple[Role, Kind]], target: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return how many times each block counts: related, share and legal lines that are not main cost more."""
    unwanted = np.fromiter(
        [role in _UNWANTED and ((kinds := _UNWANTED[role]) is None or kind in kinds) for role, kind in taught], bool
    )
    related = np.fromiter([role is Role.RELATED for role, _ in taught], bool)
    lists = np.concatenate([np.full(len(example.words), example.page_type in _LISTS) for example in examples])
    return np.where(unwanted & (target < 0.5) & ~(related & lists), _COST, 1.0)


@dataclass(frozen=True, slots=True)
class RoleLesson:
    """What the DOM teaches of blocks that are not main: some ``rows``, the kind of each, and how much it counts."""

    rows: NDArray[np.intp]
    wanted: NDArray[np.float64]
    weight: NDArray[np.float64]
    kinds: tuple[tuple[Role, Kind], ...]

    def fit(self, design: Design, rows: NDArray[np.intp], steps: int) -> Linear:
        """Return the model of those of ``rows`` that teach."""
        own = np.isin(self.rows, rows)
        weight = self.weight[own]
        return fit_linear(design.rows(self.rows[own]), self.wanted[own], weight / weight.mean(), 2.0, steps)

    def predict(
        self, design: Design, rows: NDArray[np.intp], test: NDArray[np.intp], steps: int
    ) -> NDArray[np.float32]:
        """Return the probability of each kind for the rows ``test``, by the model of ``rows``."""
        linear = self.fit(design, rows, steps)
        return softmax(np.asarray(design.rows(test) @ linear.weights + linear.bias, np.float32))


def role_lesson(
    examples: Sequence[Example], taught: Sequence[tuple[Role, Kind]], target: NDArray[np.float32], balance: float
) -> RoleLesson:
    """Return what the blocks that are not main teach of their roles, on a sample of each page.

    Menus are half of all: a rare kind counts more, by how rare it is to the power of ``balance``.
    """
    sampled: list[int] = np.flatnonzero(thin(examples, np.ones(len(target)), target < 0.5, _ENOUGH_FOR_ROLES)).tolist()
    counted = Counter(taught[row] for row in sampled)
    kinds = sorted(pair for pair, number in counted.items() if number >= _RARE)
    code = {pair: number for number, pair in enumerate(kinds)}
    chosen = [row for row in sampled if taught[row] in code]
    wanted = np.zeros((len(chosen), len(kinds)))
    wanted[np.arange(len(chosen)), [code[taught[row]] for row in chosen]] = 1
    weight = np.array([1 / counted[taught[row]] ** balance for row in chosen])
    return RoleLesson(np.array(chosen, np.intp), wanted, weight, tuple(kinds))


def figures(examples: Sequence[Example], late: NDArray[np.float32]) -> dict[str, dict[str, float]]:
    """Return, for each set and page type, the number of pages and the mean shingle and word F1 of the folds.

    A page whose gold text is empty (an error page, a check for robots) is not measured: as in ``bench.extraction``.
    """
    table: dict[str, list[tuple[float, float]]] = {}
    for example in examples:
        if not example.gold:
            continue
        keep = choose(example.page, late[example.rows]).keep
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


def run(
    folder: Path,
    out: Path,
    chances: Path | None = None,
    say: Callable[[str], object] = len,
    recipe: Recipe = Recipe(),
) -> dict[str, dict[str, float]]:
    """Train on the labelled pages of ``folder`` and write the weights to ``out``; return the figures of the folds.

    Args:
        folder: Parquet files of labelled pages.
        out: the file of weights (npz) to write.
        chances: where to write the out-of-fold probability of each block, for ``bench.extraction``.
        say: is told of each step.
        recipe: the sizes of the fits.
    """
    examples = read_examples(folder)
    model, late = train(examples, recipe, say)
    np.savez_compressed(out, **pack(model))  # type: ignore[arg-type]
    if chances:
        np.savez_compressed(chances, **{one.key: late[one.rows] for one in examples})  # type: ignore[arg-type]
    return figures(examples, late)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0."""
    parser = argparse.ArgumentParser(prog="python -m corpuskit.train.html", description=__doc__)
    parser.add_argument("folder", type=Path, help="Parquet files of labelled pages")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "segment" / "html" / WEIGHTS)
    parser.add_argument("--chances", type=Path, help="write the out-of-fold probabilities here, for the benchmark")
    options = parser.parse_args(arguments)
    table = run(options.folder, options.out, options.chances, say=lambda line: sys.stderr.write(line + "\n"))
    sys.stdout.write(json.dumps(table, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
