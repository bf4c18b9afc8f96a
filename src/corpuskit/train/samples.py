"""Training samples: augmented pages, flattened and turned into numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Kind, Role
from corpuskit.segment.lines import split_lines
from corpuskit.segment.pairs import PAIRS, PART_OF_PAIR, PARTS
from corpuskit.segment.text.features import Features, read_features
from corpuskit.train.augment import augment
from corpuskit.train.flatten import STYLES, owners

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.labeller import Line
    from corpuskit.train.dom_roles import DomBlock
    from corpuskit.train.pages import LabelledPage

_NUMBERS: Final = {pair: number for number, pair in enumerate(PAIRS)}
_MAIN: Final = PARTS.index("main")
_UNKNOWN: Final = _NUMBERS[Role.BOILERPLATE, Kind.OTHER]
_STYLES: Final = (
    "inner_text", "inner_text", "get_text", "get_text_raw", "inscriptis", "markdown", "markdown", "reader", "reader",
    "wrapped", "one_line",
)  # fmt: skip
_BLOCKS: Final = 300
"""Blocks a training page keeps at most, around a place in its main text: menus of thousands of lines teach little."""
_WHOLE: Final = 800
"""Blocks up to which a page as it is stays whole for the second look."""
_COMMON_STYLES: Final = ("inner_text", "get_text", "markdown", "inscriptis", "get_text_raw")
_OTHER_TYPES: Final = 0.5
"""Weight of pages that are no articles in the second look, beyond their own: it sees lists of teasers, main text there
and not elsewhere, in isolation."""
_UNTOUCHED: Final = 0.25
"""Share of the samples that are pages as they are."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One flattened page: features, and for each line the number of its pair, its length and whether the DOM knew.

    ``vague`` lines are known not to be main text and little else.  ``main`` is how likely each line is main text by all
    that is known: 0 or 1 where nobody but the label speaks.  ``weight`` is the page's.
    """

    features: Features
    pairs: NDArray[np.int16]
    vague: NDArray[np.bool_]
    lengths: NDArray[np.int32]
    main: NDArray[np.float32]
    weight: float
    fold: int


def make(blocks: Sequence[DomBlock], style: str, dice: random.Random) -> tuple[str, list[Line], Sample] | None:
    """Flatten ``blocks`` in ``style`` and return text, lines and sample; ``None`` if no text is left."""
    flat = STYLES[style](blocks, dice)
    text = flat.text
    lines = split_lines(text)
    if not lines:
        return None
    own = owners(flat, [(line.start, line.end) for line in lines])
    pairs = np.array(
        [_NUMBERS[blocks[at].role, blocks[at].kind] if at >= 0 else _UNKNOWN for at in own], dtype=np.int16
    )
    vague = np.array([at < 0 or not blocks[at].cue for at in own])
    lengths = np.array([line.end - line.start for line in lines], dtype=np.int32)
    said = np.array([blocks[at].main if at >= 0 else 0.0 for at in own], dtype=np.float32)
    main = np.where(np.isnan(said), PART_OF_PAIR[pairs] == _MAIN, said).astype(np.float32)
    return text, lines, Sample(read_features(lines), pairs, vague, lengths, main, 1.0, 0)


def make_samples(pages: Sequence[LabelledPage], versions: int, seed: int) -> Iterator[Sample]:
    """Yield ``versions`` samples of each page of positive weight; donors of an augmented page are of its own fold.

    Each page has its own dice, seeded by ``seed`` and its id: the samples do not depend on the other pages' order.
    """
    donors = {
        fold: [page for page in pages if page.fold == fold and page.weight > 0 and page.page_type == "article"]
        for fold in {page.fold for page in pages}
    }
    for page in pages:
        if page.weight <= 0 or not donors[page.fold]:
            continue
        dice = random.Random(f"{seed}/{page.dataset}/{page.id}")  # noqa: S311
        for _ in range(versions):
            blocks = page.blocks if dice.random() < _UNTOUCHED else augment(page, donors[page.fold], dice)
            made = make(_crop(blocks, dice), dice.choice(_STYLES), dice)
            if made and len(made[1]) <= 8 * _BLOCKS:
                sample = made[2]
                yield replace(sample, weight=page.weight, fold=page.fold)


def make_second_samples(pages: Sequence[LabelledPage], versions: int, seed: int) -> Iterator[Sample]:
    """Yield samples for the second look: each page as it is, nearly whole, and ``versions`` - 1 augmented ones.

    Where a page ends must be seen, so that pages as they are may be long.
    """
    donors = [page for page in pages if page.weight > 0 and page.page_type == "article"]
    for page in pages if donors else ():
        if page.weight <= 0:
            continue
        weight = page.weight * (1 if page.page_type == "article" else _OTHER_TYPES)
        dice = random.Random(f"second {seed}/{page.dataset}/{page.id}")  # noqa: S311
        for version in range(versions):
            blocks: Sequence[DomBlock] = augment(page, donors, dice) if version else page.blocks
            if version or len(blocks) > _WHOLE:
                blocks = _crop(blocks, dice)
            made = make(blocks, dice.choice(_STYLES if version else _COMMON_STYLES), dice)
            if made and len(made[1]) <= 8 * _BLOCKS:
                sample = made[2]
                yield replace(sample, weight=weight, fold=page.fold)


def _crop(blocks: Sequence[DomBlock], dice: random.Random) -> Sequence[DomBlock]:
    if len(blocks) <= _BLOCKS:
        return blocks
    main = [number for number, block in enumerate(blocks) if block.role is Role.MAIN]
    centre = dice.choice(main) if main else len(blocks) // 2
    start = max(0, min(len(blocks) - _BLOCKS, centre - _BLOCKS // 2))
    return blocks[start : start + _BLOCKS]
