"""A teacher that sees the markup: what the labeller of HTML says, put on the blocks that text is made of.

The labeller of HTML reads tags, class names and link targets that flattened text has lost, so it is right more often;
what it says of roles it has learned from readers (:mod:`corpuskit.train.hand`).
Learning from its probabilities instead of from labels alone is distillation (Hinton et al., 2015); that the teacher
sees more than the pupil ever will is learning with privileged information (Vapnik and Vashist, 2009).  What it says
must be of pages whose site it has not seen: ``corpuskit train html FOLDER --chances FILE`` writes that.
"""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.model import Kind, Role
from corpuskit.segment.html.decode import cut
from corpuskit.segment.html.walk import read_markup
from corpuskit.segment.pairs import PARTS, parts_of
from corpuskit.train.align import GOLD_TITLE, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpuskit.train.dom_roles import DomBlock
    from corpuskit.train.hand import HandLabels

_UNSURE: Final = 0.5
_SURE: Final = 0.9
"""Expected F1 up to which the teacher's word on a page counts nothing, and from which it counts in full."""
_TOLD: Final = 0.6
"""Probability of a part of the page from which a block counts as known to be in it."""
_NEVER: Final = 1e-9
_KINDS: Final = "kinds"
"""The array that names the columns of the others."""
_COMPARED: Final = 4_000_000
"""Pairs of words that are compared at most where the two readings of a page have cut a part of it differently."""


class Chances(NamedTuple):
    """What the folds of the labeller of HTML say of all pages.

    Attributes:
        pages: for each page, by "set/id", a row for each of the blocks that
            :func:`corpuskit.segment.html.walk.read_markup` reads: the probability of main, then of each of ``kinds``.
        kinds: roles and kinds of what is not main.
    """

    pages: Mapping[str, NDArray[np.float32]]
    kinds: tuple[tuple[Role, Kind], ...]


def write_chances(file: Path, chances: Chances) -> None:
    """Write ``chances`` in half precision."""
    pages = {key: rows.astype(np.float16) for key, rows in chances.pages.items()}
    kinds = np.array([list(pair) for pair in chances.kinds])
    np.savez_compressed(file, **{_KINDS: kinds}, **pages)  # type: ignore[arg-type]


def read_chances(file: Path) -> Chances:
    """Return the chances in ``file``."""
    with np.load(file) as arrays:
        pages = {key: np.asarray(arrays[key], np.float32) for key in arrays.files if key != _KINDS}
        return Chances(pages, tuple((Role(str(role)), Kind(str(kind))) for role, kind in arrays[_KINDS]))


class Opinion(NamedTuple):
    """What the teacher says of one page.

    Attributes:
        main: the probability of main text for each block, NaN for blocks without words and those its own reading of
            the page does not have.
        trust: 0 to 1, how far the page as a whole may be learned from.
        pairs: what each block is if it is no main text, ``None`` where ``main`` is NaN.
        sure: how probably it is at least in that part of the page.
    """

    main: NDArray[np.float64]
    trust: float
    pairs: list[tuple[Role, Kind] | None]
    sure: NDArray[np.float64]


def listen(
    markup: str, said: NDArray[np.float32], kinds: Sequence[tuple[Role, Kind]], blocks: Sequence[DomBlock]
) -> Opinion:
    """Return the teacher's opinion of ``blocks``, the blocks of the page ``markup``.

    Args:
        markup: the page.
        said: its rows in :class:`Chances`.
        kinds: what their columns are, but for the first.
        blocks: the page as text is made of it.
    """
    page = read_markup(markup)
    texts = page.blocks.text
    expected = cut(said[:, 0], page.arrays.words)[1] if texts else 0.0
    trust = float(np.clip((expected - _UNSURE) / (_SURE - _UNSURE), 0, 1))
    opinion = Opinion(np.full(len(blocks), np.nan), trust, [None] * len(blocks), np.zeros(len(blocks)))
    of = parts_of(tuple(kinds))
    for block, sources in _matches(blocks, texts):
        main, *others = said[sources].mean(axis=0).tolist()
        parts = np.bincount(of, others, len(PARTS))
        best = int(parts.argmax())
        opinion.main[block] = main
        opinion.pairs[block] = kinds[int(np.where(of == best, others, -1).argmax())]
        opinion.sure[block] = parts[best] / max(parts.sum(), _NEVER)
    return opinion


def by_hand(markup: str, hand: HandLabels, blocks: Sequence[DomBlock]) -> list[tuple[Role, Kind] | None]:
    """Return what a reader says of ``blocks``, those of the page ``markup``; ``None`` where nothing, or several.

    Args:
        markup: the page.
        hand: the labels of the blocks that :func:`corpuskit.segment.html.walk.read_markup` reads.
        blocks: the page as text is made of it.
    """
    texts = read_markup(markup).blocks.text
    pairs: list[tuple[Role, Kind] | None] = [None] * len(blocks)
    if hand.fit(len(texts)):
        for block, sources in _matches(blocks, texts):
            said = {hand.pairs.get(source) for source in sources}
            pairs[block] = said.pop() if len(said) == 1 else None
    return pairs


def corrected(
    said: NDArray[np.float32], kinds: Sequence[tuple[Role, Kind]], hand: HandLabels, *, main: bool
) -> NDArray[np.float32]:
    """Return what the teacher ``said``, with a reader's word in the place of its own.

    Args:
        said: the rows of a page in :class:`Chances`.
        kinds: what their columns are, but for the first.
        hand: what the reader says of some of its blocks; nothing counts if they are those of another page.
        main: whether the reader is heard about main text too: not where there is a gold text.
    """
    rows = said.copy()
    for block, pair in hand.pairs.items() if hand.fit(len(rows)) else ():
        if main:
            rows[block, 0] = pair[0] is Role.MAIN
        if pair in kinds:
            rows[block, 1:] = 0
            rows[block, 1 + kinds.index(pair)] = 1 if main else 1 - rows[block, 0]
    return rows


def instruct(blocks: Sequence[DomBlock], opinion: Opinion) -> None:
    """Write into ``blocks`` what they are if they are no main text, by ``opinion``; where it wavers, they are vague.

    Main text and the page's own title stay what they are.
    """
    for block, pair, sure in zip(blocks, opinion.pairs, opinion.sure.tolist(), strict=True):
        if pair and block.role is not Role.MAIN and block.cue != GOLD_TITLE:
            block.role, block.kind = pair
            block.cue = "taught" if sure >= _TOLD else ""


def _matches(blocks: Sequence[DomBlock], texts: Sequence[str]) -> Iterator[tuple[int, list[int]]]:
    """Yield the number of each of our blocks with, for its words, the numbers of their blocks that hold them.

    Both are readings of one page in order, so most blocks are equal; where they are cut differently, words are matched,
    and a block counts as found where half of its words are.
    """
    ours, theirs = [tokens(block.text) for block in blocks], [tokens(text) for text in texts]
    own, other = ([at for at, words in enumerate(side) if words] for side in (ours, theirs))
    equal = SequenceMatcher(None, [tuple(ours[at]) for at in own], [tuple(theirs[at]) for at in other], autojunk=False)
    for operation, start, stop, their_start, their_stop in equal.get_opcodes():
        here, there = own[start:stop], other[their_start:their_stop]
        if operation == "equal":
            yield from ((at, [source]) for at, source in zip(here, there, strict=True))
        elif operation == "replace":
            yield from _word_matches(ours, theirs, here, there)


def _word_matches(
    ours: Sequence[list[str]], theirs: Sequence[list[str]], own: Sequence[int], other: Sequence[int]
) -> Iterator[tuple[int, list[int]]]:
    places = [at for at in own for _ in ours[at]]
    sources = [at for at in other for _ in theirs[at]]
    if len(places) * len(sources) > _COMPARED:
        return
    words = SequenceMatcher(
        None, [word for at in own for word in ours[at]], [word for at in other for word in theirs[at]], autojunk=False
    )
    found: dict[int, list[int]] = defaultdict(list)
    for place, source, length in words.get_matching_blocks():
        for step in range(length):
            found[places[place + step]].append(sources[source + step])
    for at, held in found.items():
        if 2 * len(held) >= len(ours[at]):
            yield at, held
