"""A page read to a page labelled: the engines and what they share."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import repeat
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.model import Block, Kind, Role
from corpuskit.segment.copies import copies
from corpuskit.segment.facts import byline_names, facts_of
from corpuskit.segment.html.decode import cut
from corpuskit.segment.html.model import likeliest, shipped
from corpuskit.segment.html.naming import sorts_called
from corpuskit.segment.html.page import Inside
from corpuskit.segment.html.reference import agreement
from corpuskit.segment.html.second_opinion import DOUBT, hear
from corpuskit.segment.html.wording import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage

    SecondOpinion = Callable[[MarkupPage, NDArray[np.float32]], NDArray[np.float32]]


class Engine(StrEnum):
    """Who decides what is main text."""

    CORPUSKIT = "corpuskit"
    TRAFILATURA = "trafilatura"
    AUTO = "auto"


UNSURE: Final = 0.7
"""``auto`` asks trafilatura where the expected F1 of the page is below this."""
_TRUST: Final = 0.3
"""The weight of trafilatura's word, where it is asked, in the mean with the model's probability."""
_TOLD: Final = 0.95
"""The score of what is told by words or names against the model: on the development pages 79 of 83 bylines and dates
before the text are no part of the gold text, and all of 22 blocks of boxes."""
_BOX: Final = re.compile(r"news-?letter|subscribe-?(?:box|form|widget|banner|wall|prompt)", re.IGNORECASE)
"""Names of boxes that ask for an address.  Those of paywalls are not among them: some stand around the text."""
_BOX_SHARE: Final = 0.25
"""Share of the main text up to which an element of such a name is a box, and not a page on newsletters."""
_MAIN: Final = Role.MAIN
_TABLE: Final = int(Inside.TABLE)
"""Here as well as there since members of enumerations are slow to find and to combine, which counts on every block."""
_KINDS: Final = (
    (int(Inside.HEADING), Kind.HEADING),
    (int(Inside.CODE), Kind.CODE),
    (_TABLE, Kind.TABLE),
    (int(Inside.QUOTE), Kind.QUOTE),
    (int(Inside.ITEM | Inside.DEFINITION), Kind.LIST_ITEM),
)


def label(page: MarkupPage, engine: Engine | str = Engine.CORPUSKIT, markup: str | None = None) -> tuple[Block, ...]:
    """Return the blocks of ``page``, in order, each with its role, how sure that is, and why.

    Scores have two decimals, for the reason given at :func:`corpuskit.segment.segment.to_blocks`.

    Args:
        page: the page, as read.
        engine: who decides what is main text; the kinds and the roles of the rest are ours with every engine.
        markup: the markup of the page; the engines ``trafilatura`` and ``auto`` need it.

    Raises:
        ValueError: an unknown engine, or one that needs ``markup`` without it.
    """
    engine = Engine(engine)
    texts = page.blocks.text
    if not texts:
        return ()
    if engine is not Engine.CORPUSKIT and markup is None:
        message = f"engine {engine.value!r} needs the markup"
        raise ValueError(message)
    model = shipped()
    chance, odds = model(page)
    if engine is Engine.TRAFILATURA:
        chosen = _as_trafilatura(page, markup or "")
    else:
        chosen = choose(page, chance, engine, markup or "")
    roles, kinds, scores, reasons = zip(*verdicts(page, chosen, odds, model.kinds), strict=True)
    lengths = page.arrays.length
    ends = np.cumsum(lengths + 1) - 1
    spans = ((ends - lengths).tolist(), ends.tolist())
    return tuple(map(Block, roles, kinds, *spans, texts, map(round, scores, repeat(2)), reasons))


def verdicts(
    page: MarkupPage, chosen: Choice, odds: NDArray[np.float32], kinds: Sequence[tuple[Role, Kind]]
) -> Iterator[tuple[Role, Kind, float, str]]:
    """Yield role and kind of each block, how sure they are, and why.

    Args:
        page: the page, as read.
        chosen: which of its blocks are main.
        odds: how probably each is which of ``kinds``, if it is not.
        kinds: roles and kinds.
    """
    texts, inside = page.blocks.text, page.blocks.inside
    best = likeliest(odds, kinds)
    keep, copied, which = chosen.keep.tolist(), chosen.copied.tolist(), best.tolist()
    says = said(texts, [_MAIN if kept else kinds[pair][0] for kept, pair in zip(keep, which, strict=True)])
    named = [f"; names and words: {role} {kind}" for role, kind in kinds]
    probable = zip(chosen.chance.tolist(), odds[np.arange(len(odds)), best].tolist(), strict=True)
    for number, (main, odd) in enumerate(probable):
        judged = f"{chosen.because}: main {main:.2f}"
        if keep[number]:
            yield _MAIN, main_kind(inside[number], texts[number]), main, judged
        elif copied[number]:
            yield Role.BOILERPLATE, Kind.OTHER, main, f"{judged}, and said elsewhere on the page"
        elif number in chosen.told:
            role, kind, why = chosen.told[number]
            yield role, kind, _TOLD, f"{judged}; {why}: {role} {kind}"
        elif own := says.get(number):
            yield *own, 1 - main, f"{judged}; its words: {own[0]} {own[1]}"
        else:
            pair = which[number]
            yield *kinds[pair], (1 - main) * odd, f"{judged}{named[pair]} {odd:.2f}"


class Choice(NamedTuple):
    """Which blocks are main, which would be but for a copy that is, the probability of each, and who says so.

    ``told`` are the blocks that would be main but for their words or the names around them: what they are, and why.
    """

    keep: NDArray[np.bool_]
    copied: NDArray[np.bool_]
    chance: NDArray[np.float32]
    because: str
    told: dict[int, tuple[Role, Kind, str]]


def choose(
    page: MarkupPage,
    chance: NDArray[np.float32],
    engine: Engine = Engine.CORPUSKIT,
    markup: str = "",
    second: SecondOpinion | None = hear,
) -> Choice:
    """Choose the main blocks of ``page`` from the probabilities the model gives them.

    Args:
        page: the page.
        chance: how probably each block is main.
        engine: ``auto`` asks trafilatura too where the page is in doubt.
        markup: of the page, for trafilatura.
        second: who is asked where the page is in doubt, with every engine; nobody, if ``None``.
    """
    words = page.arrays.words
    because = "markup model"
    keep, expected = cut(chance, words)
    if second and expected < DOUBT and (heard := second(page, chance)) is not chance:
        chance = heard
        because = "models of markup and text"
        keep, expected = cut(chance, words)
    if engine is Engine.AUTO and expected < UNSURE:
        chance = (1 - _TRUST) * chance + _TRUST * agreement(page, markup)
        because += " and trafilatura"
        keep, _ = cut(chance, words)
    code = (page.arrays.inside & int(Inside.CODE)) > 0
    copied = copies(page.blocks.text, keep, chance, code)
    keep &= ~copied
    told = dict.fromkeys(boxed(page, keep), (Role.BOILERPLATE, Kind.PROMOTION, "in a box called so"))
    told |= {block: (Role.METADATA, kind, "before the text, by its words") for block, kind in credits_of(page, keep)}
    keep[list(told)] = False
    return Choice(keep, copied, chance, because, told)


def boxed(page: MarkupPage, keep: NDArray[np.bool_]) -> list[int]:
    """Return those of the blocks to ``keep`` that stand in a box called newsletter, or another name of such boxes."""
    called = sorts_called(page.elements, _BOX, "newsletter", "news-letter", "subscribe")
    if not called:
        return []
    arrays = page.arrays
    words = np.concatenate(([0], np.cumsum(arrays.words * keep)))
    inside = np.zeros(len(keep), bool)
    for element in np.flatnonzero(np.isin(arrays.sort, called)).tolist():
        first, end = arrays.first_block[element], arrays.end_block[element]
        if words[end] - words[first] <= _BOX_SHARE * words[-1]:
            inside[first:end] = True
    return np.flatnonzero(inside & keep).tolist()


def credits_of(page: MarkupPage, keep: NDArray[np.bool_]) -> list[tuple[int, Kind]]:
    """Return the bylines and dates between the headings that the text of ``page`` begins with and the text itself.

    On a page of few blocks the model takes them for text: nothing else around it looks like an article's.
    """
    credited: list[tuple[int, Kind]] = []
    for block in np.flatnonzero(keep).tolist():
        facts = facts_of(page.blocks.text[block])
        if facts.byline and byline_names(facts.plain):
            credited.append((block, Kind.BYLINE))
        elif facts.date_line:
            credited.append((block, Kind.DATE))
        elif not page.blocks.heading[block]:
            return credited
    return []


def _as_trafilatura(page: MarkupPage, markup: str) -> Choice:
    """Return the blocks that trafilatura keeps; its word counts as a probability of 1 or 0, or between for a part."""
    chance = agreement(page, markup)
    return Choice(chance >= 0.5, np.zeros(len(chance), bool), chance, "trafilatura", {})


def main_kind(inside: int, text: str) -> Kind:
    """Return the kind of a main block from the elements it stands in; prose in a table is there for its layout."""
    if inside & _TABLE and "\t" not in text and facts_of(text).prose:
        inside &= ~_TABLE
    return next((kind for bits, kind in _KINDS if inside & bits), Kind.PARAGRAPH)
