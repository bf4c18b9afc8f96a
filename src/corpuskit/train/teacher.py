"""A teacher that sees the markup: what the labeller of HTML says, put on the blocks that text is made of.

The labeller of HTML reads tags, class names and link targets that flattened text has lost, so it is right more often.
Learning from its probabilities instead of from labels alone is distillation (Hinton et al., 2015); that the teacher
sees more than the pupil ever will is learning with privileged information (Vapnik and Vashist, 2009).  What it says
must be of pages whose site it has not seen: ``corpuskit train html FOLDER --chances FILE`` writes that.
"""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.segment.html.decode import cut
from corpuskit.segment.html.walk import read_markup
from corpuskit.train.align import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from corpuskit.train.dom_roles import DomBlock

_UNSURE: Final = 0.5
_SURE: Final = 0.9
"""Expected F1 up to which the teacher's word on a page counts nothing, and from which it counts in full."""
_COMPARED: Final = 4_000_000
"""Pairs of words that are compared at most where the two readings of a page have cut a part of it differently."""


class Opinion(NamedTuple):
    """What the teacher says of one page.

    ``main`` is the probability of main text for each block, NaN for blocks without words and those its own reading of
    the page does not have.  ``trust`` is 0 to 1: how far the page as a whole may be learned from.
    """

    main: NDArray[np.float64]
    trust: float


def listen(markup: str, chances: NDArray[np.float32], blocks: Sequence[DomBlock]) -> Opinion:
    """Return the teacher's opinion of ``blocks``, the blocks of the page ``markup``.

    ``chances`` are its probabilities for the blocks that :func:`corpuskit.segment.html.walk.read_markup` reads.
    """
    page = read_markup(markup)
    texts = page.blocks.text
    expected = cut(chances, page.arrays.words)[1] if texts else 0.0
    trust = float(np.clip((expected - _UNSURE) / (_SURE - _UNSURE), 0, 1))
    main = np.full(len(blocks), np.nan)
    for block, sources in _matches([tokens(block.text) for block in blocks], [tokens(text) for text in texts]):
        main[block] = chances[sources].mean()
    return Opinion(main, trust)


def _matches(ours: Sequence[list[str]], theirs: Sequence[list[str]]) -> Iterator[tuple[int, list[int]]]:
    """Yield the number of each of our blocks with, for its words, the numbers of their blocks that hold them.

    Both are readings of one page in order, so most blocks are equal; where they are cut differently, words are matched,
    and a block counts as found where half of its words are.
    """
    own, other = ([at for at, words in enumerate(side) if words] for side in (ours, theirs))
    blocks = SequenceMatcher(None, [tuple(ours[at]) for at in own], [tuple(theirs[at]) for at in other], autojunk=False)
    for operation, start, stop, their_start, their_stop in blocks.get_opcodes():
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
