"""What the markup teaches of blocks that are not main: the role and kind that names and tags around them suggest."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Kind, Role
from corpuskit.segment.chances import softmax
from corpuskit.segment.html.page import Inside
from corpuskit.segment.html.tags import TAGS
from corpuskit.train.align import UNSPACED
from corpuskit.train.dom_roles import cue
from corpuskit.train.html.examples import thin
from corpuskit.train.html.fits import fit_linear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.linear import Linear
    from corpuskit.segment.html.page import MarkupPage
    from corpuskit.train.html.examples import Example
    from corpuskit.train.html.fits import Design

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

_TAG_NAMES: Final = {tag.code: name for name, tag in TAGS.items()}


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
