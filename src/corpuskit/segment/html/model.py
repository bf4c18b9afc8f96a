"""The learned labeller: blocks to the probability of being main, and the role of what is not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Kind, Role
from corpuskit.segment import oblivious
from corpuskit.segment.chances import sigmoid, softmax
from corpuskit.segment.html.context import Context, Table
from corpuskit.segment.html.decode import temper
from corpuskit.segment.html.features import features
from corpuskit.segment.html.linear import Linear
from corpuskit.segment.html.links import COLUMNS as LINKS
from corpuskit.segment.html.links import read_links
from corpuskit.segment.html.wording import ITEM, leads_on
from corpuskit.segment.pairs import parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage
    from corpuskit.segment.oblivious import Forest

WEIGHTS: Final = "weights.npz"
HOPELESS: Final = (0.002, 0.02)
"""What the stage before must give a block for a forest to see it: half of all have less, and hardly any is saved."""
_OBJECTIONS: Final = (
    {(Role.BOILERPLATE, Kind.SHARE), (Role.BOILERPLATE, Kind.LEGAL), *((Role.RELATED, kind) for kind in Kind)},
    {(Role.BOILERPLATE, Kind.COMMENTS)},
)
"""What no article is made of, in sorts that a page may be made of instead: a list of teasers, a thread of comments."""
_LINKED: Final = 0.4
"""Share of a line that is a link where the line leads somewhere else: "Read also:" may stand before the link."""
_WORDS: Final = 0.2
"""Of the words' opinion on the parts of a page beside that of the third forest.

On blocks labelled by hand, out of fold, related lines are told as well as without (F1 .790), comments a little worse
(.824 instead of .834), metadata a little better (.718 instead of .714).
"""
_NEVER: Final = 1e-9
"""What nothing is divided by less than."""
_PART: Final = 1 << 13
"""Blocks that go through a forest together: a page of a million does not need all its rows in memory at once."""


@dataclass(frozen=True, slots=True)
class Model:
    """Two linear models over tokens and three forests.

    ``words`` scores a block by words alone: its first output is the logit of "main", the others are logits over
    ``kinds`` for a block that is not.  ``first`` sees the first score and the features; ``second`` sees what
    ``first`` thinks of the block and those around it (``context.py``), so that it can find where the text starts and
    ends.  ``parts`` sees all that, what ``second`` thinks around the block and where its links lead, and says which
    of the :data:`~corpuskit.segment.pairs.PARTS` of the page it belongs to; ``None`` leaves that to the words.
    """

    words: Linear
    first: Forest
    second: Forest
    parts: Forest | None
    kinds: tuple[tuple[Role, Kind], ...]

    def __call__(self, page: MarkupPage) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return for each block of ``page`` how probably it is main, and which of ``kinds`` it is where it is not."""
        scores = self.words(page)
        odds = softmax(scores[:, 1:])
        context = Context.of(page)
        chance = sigmoid(scores[:, 0])
        table = early_table(page, context, scores[:, 0])
        doubtful = np.flatnonzero(chance >= HOPELESS[0])
        chance[doubtful] = through(self.first, table, doubtful)
        context.spread(table, "first", chance, chance)
        doubtful = np.flatnonzero(chance >= HOPELESS[1])
        chance[doubtful] = through(self.second, table, doubtful)
        onward = leading(page)
        called = heed(odds, onward, self.kinds)
        weighed = weigh(page, chance, called, self.kinds)
        if not self.parts:
            return weighed, called
        late_table(table, page, context, chance, odds)
        odds = share_out(odds, softmax(self.parts(table.rows())), self.kinds)
        return weighed, heed(odds, onward, self.kinds)


def leading(page: MarkupPage) -> list[int]:
    """Return the blocks of ``page`` that are mostly a link and say that it leads to something else."""
    texts = page.blocks.text
    linked = np.array(page.blocks.linked) >= _LINKED * page.arrays.length
    return [block for block in np.flatnonzero(linked).tolist() if leads_on(texts[block])]


def heed(odds: NDArray[np.float32], onward: Sequence[int], kinds: Sequence[tuple[Role, Kind]]) -> NDArray[np.float32]:
    """Return the probability of each of ``kinds``, a link that says "read also" taken at its word.

    Args:
        odds: the probability of each kind for a block that is not main, as its names and words have it.
        onward: the blocks that say so, as :func:`leading` finds them.
        kinds: what the columns of ``odds`` are.
    """
    if not onward or ITEM not in kinds:
        return odds
    heeded = odds.copy()
    heeded[onward] = 0
    heeded[onward, kinds.index(ITEM)] = 1
    return heeded


def weigh(
    page: MarkupPage, chance: NDArray[np.float32], odds: NDArray[np.float32], kinds: Sequence[tuple[Role, Kind]]
) -> NDArray[np.float32]:
    """Return the probability of being main, less for what is called related, a share or legal line, or a comment.

    Args:
        page: the page, as read.
        chance: how probably each of its blocks is main, as the forests see it.
        odds: the probability of each of ``kinds`` for a block that is not main.
        kinds: what the columns of ``odds`` are.
    """
    sorts = [odds[:, np.array([pair in sort for pair in kinds], bool)].sum(axis=1) for sort in _OBJECTIONS]
    return temper(chance, sorts, page.arrays.words)


def early_table(page: MarkupPage, context: Context, score: NDArray[np.float32]) -> Table:
    """Return what the first forest sees; ``score`` is the logit of the words."""
    table = features(page, context)
    context.facts(table)
    context.spread(table, "tokens", score, sigmoid(score))
    return table


def late_table(
    table: Table, page: MarkupPage, context: Context, chance: NDArray[np.float32], odds: NDArray[np.float32]
) -> None:
    """Add to the ``table`` of the second forest what the third sees besides.

    Args:
        table: what the second forest saw.
        page: the page, as read.
        context: of the page.
        chance: how probably each block is main, as the second forest sees it.
        odds: how probably it is each kind if it is not, by its words.
    """
    context.spread(table, "second", chance, chance)
    table.group([f"kind {number}" for number in range(odds.shape[1])], odds.T)
    links, articles = read_links(page)
    table.group(LINKS, links)
    context.spread(table, "articles", articles, articles)


def share_out(
    odds: NDArray[np.float32], parts: NDArray[np.float32], kinds: Sequence[tuple[Role, Kind]]
) -> NDArray[np.float32]:
    """Return the ``odds`` of ``kinds`` such that those of each part, main text aside, add up to what ``parts`` say.

    The odds as they were keep a share of a fifth: pages of few blocks have words, and little around them.
    """
    of = parts_of(tuple(kinds))
    members = np.eye(parts.shape[1], dtype=np.float32)[of]
    wanted = parts * (members.sum(axis=0) > 0)
    wanted = wanted / np.maximum(wanted.sum(axis=1, keepdims=True), _NEVER)
    shared = odds / np.maximum(odds @ members, _NEVER)[:, of] * wanted[:, of]
    return np.asarray((1 - _WORDS) * shared + _WORDS * odds, np.float32)


def likeliest(odds: NDArray[np.float32], kinds: Sequence[tuple[Role, Kind]]) -> NDArray[np.intp]:
    """Return for each block the likeliest of ``kinds`` in the likeliest part of the page, main text aside."""
    of = parts_of(tuple(kinds))
    parts = odds @ np.eye(of.max() + 1, dtype=np.float32)[of]
    return np.asarray(np.where(of == parts.argmax(axis=1)[:, None], odds, -1).argmax(axis=1))


def through(forest: Forest, table: Table, blocks: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the probability ``forest`` gives each of ``blocks``."""
    parts = [blocks[low : low + _PART] for low in range(0, len(blocks), _PART)]
    return np.concatenate([np.zeros(0, np.float32), *(sigmoid(forest(table.rows(part))[:, 0]) for part in parts)])


def pack(model: Model) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of ``model`` in small types, as they are shipped."""
    out: dict[str, NDArray[np.generic]] = {}
    scale = np.maximum(np.abs(model.words.weights).max(axis=0), 1e-9) / 127
    out["words.weights"] = np.rint(model.words.weights / scale).astype(np.int8)
    out["words.scale"] = scale.astype(np.float32)
    out["words.bias"] = model.words.bias
    for name, forest in (("first", model.first), ("second", model.second), ("parts", model.parts)):
        if forest:
            out |= oblivious.pack(forest, name)
    out["kinds"] = np.array([list(pair) for pair in model.kinds])
    return out


def unpack(arrays: Mapping[str, NDArray[np.generic]]) -> Model:
    """Return the model of the arrays that :func:`pack` gave."""
    weights = arrays["words.weights"].astype(np.float32) * arrays["words.scale"].astype(np.float32)
    words = Linear(weights, arrays["words.bias"].astype(np.float32))
    kinds = tuple((Role(str(role)), Kind(str(kind))) for role, kind in arrays["kinds"])
    first, second = (oblivious.unpack(arrays, name) for name in ("first", "second"))
    parts = oblivious.unpack(arrays, "parts") if "parts.feature" in arrays else None
    return Model(words, first, second, parts, kinds)


@cache
def shipped() -> Model:
    """Return the model that ships with the package.

    Raises:
        FileNotFoundError: the installation is broken: the weights are missing.
    """
    with files(__package__).joinpath(WEIGHTS).open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        return unpack(dict(arrays))
