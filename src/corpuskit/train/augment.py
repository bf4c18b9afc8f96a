"""New pages from labelled ones: what scraped text looks like beyond the pages at hand.

A labeller that has seen a few thousand sites learns their menus by heart.  So pages are cut (a reader mode leaves no
menus), get another site's menus and footer around their article, other articles pasted after, before or inside (as
teasers or in full, with or without the pattern of source, age and title), other pages' comments, and lose the
headings that announce such things.  Donors are given by the caller, who keeps them in the fold of the page.
"""

from __future__ import annotations

import copy
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from corpuskit.model import Kind, Role
from corpuskit.train import furniture
from corpuskit.train.dom_roles import DomBlock, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from corpuskit.train.pages import LabelledPage


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "teasers.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class _Parts:
    """A page in three: what stands before its main text, from there to its last main block, and after."""

    before: list[DomBlock]
    inside: list[DomBlock]
    after: list[DomBlock]


def augment(page: LabelledPage, donors: Sequence[LabelledPage], dice: Random) -> list[DomBlock]:
    """Return the blocks of a page made from ``page``; its own blocks are never changed."""
    first, last = _article(page.blocks)
    if first < 0:
        return list(page.blocks)
    parts = _Parts(list(page.blocks[:first]), list(page.blocks[first : last + 1]), list(page.blocks[last + 1 :]))
    for chance, step in _STEPS:
        if dice.random() < chance:
            step(parts, donors, dice)
    return parts.before + parts.inside + parts.after


def _article(blocks: Sequence[DomBlock]) -> tuple[int, int]:
    """Return the first and last main block, (-1, -1) for none."""
    main = [number for number, block in enumerate(blocks) if block.role is Role.MAIN]
    return (main[0], main[-1]) if main else (-1, -1)


def _block(  # noqa: PLR0913
    text: str, role: Role, kind: Kind, tag: str = "p", *, gap: int = 2, href: str | None = None
) -> DomBlock:
    return DomBlock([Run(text, href)], ("html", "body", "div", tag), gap, role, kind, "pasted")


def _small(dice: Random) -> int:
    return dice.choice((0, 1, 2, 3, 5, 8, 13, 21, 40))


def _swap(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Put another site's menus before and a third one's footer after; keep this page's own metadata."""
    one, two = dice.choice(donors), dice.choice(donors)
    own = [block for block in parts.before if block.role is Role.METADATA]
    bio = [block for block in parts.after[:6] if block.role is Role.METADATA]
    head = [block for block in one.blocks[: max(_article(one.blocks)[0], 0)] if block.role is not Role.METADATA]
    foot = [block for block in two.blocks[_article(two.blocks)[1] + 1 :] if block.role is not Role.METADATA]
    parts.before, parts.after = head + own, bio + foot


def _drop_menus(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Drop what an extractor would find by its tag (menus, forms) and some of the rest."""
    del donors
    parts.before, parts.after = _without(parts.before, dice), _without(parts.after, dice)


def _without(part: list[DomBlock], dice: Random) -> list[DomBlock]:
    share = dice.choice((0.0, 0.3, 0.7))
    gone = (Kind.NAVIGATION, Kind.FORM, Kind.SHARE, Kind.COOKIE)
    kept = [block for block in part if block.kind not in gone]
    start = dice.randrange(len(kept) + 1)
    stop = min(len(kept), start + int(share * len(kept)))
    return kept[:start] + kept[stop:]


def _cut_before(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    del donors
    parts.before = parts.before[max(0, len(parts.before) - _small(dice)) :]


def _cut_after(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    del donors
    parts.after = parts.after[: _small(dice)]


def _cut_inside(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Shorten the article."""
    del donors
    if len(parts.inside) > 6:
        parts.inside = parts.inside[: dice.randint(2, len(parts.inside))]


def _move(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Bring something from after the article to before it."""
    del donors
    if len(parts.after) > 3:
        start = dice.randrange(len(parts.after))
        stop = min(len(parts.after), start + dice.randint(2, 30))
        parts.before = parts.after[start:stop] + parts.before
        parts.after = parts.after[:start] + parts.after[stop:]


def _unmark(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Leave out the headings that announce other articles."""
    del donors, dice
    for name in ("before", "inside", "after"):
        part = getattr(parts, name)
        setattr(parts, name, [block for block in part if (block.role, block.kind) != (Role.RELATED, Kind.HEADING)])


def _repeat_title(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    del donors
    titles = [block for block in parts.before if block.role is Role.METADATA and block.kind is Kind.TITLE]
    if titles:
        parts.before = parts.before + [copy.copy(titles[0]) for _ in range(dice.randint(1, 2))]


def _strew_front(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Put front matter next to the article or at the page's beginning."""
    del donors
    at = dice.choice((0, len(parts.before)))
    parts.before = parts.before[:at] + _furniture(dice, front=True) + parts.before[at:]


def _strew_back(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Put tail matter right after the article."""
    del donors
    parts.after = _furniture(dice, front=False) + parts.after


def _furniture(dice: Random, *, front: bool) -> list[DomBlock]:
    lines = furniture.draw(dice, front=front, number=dice.choice((1, 2, 3, 5, 8)))
    return [_block(text, role, kind, "div", gap=dice.choice((1, 2))) for role, kind, text in lines]


def _paste(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Paste other articles: mostly right after this one, sometimes later, inside or before."""
    pasted = _teasers(donors, dice)
    where = dice.random()
    if where < 0.65:
        at = 0 if dice.random() < 0.6 else dice.randrange(len(parts.after) + 1)
        parts.after = parts.after[:at] + pasted + parts.after[at:]
    elif where < 0.85 and len(parts.inside) > 2:
        at = dice.randrange(1, len(parts.inside))
        few = pasted if dice.random() < 0.3 else pasted[: dice.randint(1, 6)]
        parts.inside = parts.inside[:at] + few + parts.inside[at:]
    else:
        at = dice.randrange(len(parts.before) + 1)
        parts.before = parts.before[:at] + pasted + parts.before[at:]


def _teasers(donors: Sequence[LabelledPage], dice: Random) -> list[DomBlock]:
    """Return a run of related items, all in one pattern."""
    pattern = dice.choice(_data()["patterns"]).split()
    full = bool({"body", "full"} & set(pattern))
    number = dice.choice((1, 1, 2, 3, 3, 5) if full else (1, 2, 3, 3, 4, 5, 8, 12))
    blocks: list[DomBlock] = []
    if dice.random() < 0.6:
        tag = dice.choice(("h2", "h3", "div", "p"))
        blocks.append(_block(dice.choice(_data()["headings"]), Role.RELATED, Kind.HEADING, tag))
    age, fixed = dice.choice(_data()["ages"]), _name_of(dice.choice(donors))
    many = dice.random() < 0.5
    for number_of_item in range(number):
        donor = dice.choice(donors)
        title, texts = _title_and_texts(donor)
        source = _name_of(donor) if many else fixed
        item = _Item(title, texts, source, age.format(n=dice.randint(1, 28)), number_of_item, dice)
        added = [block for part in pattern for block in _ITEM_PARTS[part](item)]
        if added:
            added[0].gap = 2
        blocks += added
    return blocks


def _name_of(donor: LabelledPage) -> str:
    return donor.domain.split(".")[0].title()


def _title_and_texts(donor: LabelledPage) -> tuple[str, list[str]]:
    """Return a donor's title and the texts of its main paragraphs."""
    titles = [block for block in donor.blocks if block.role is Role.METADATA and block.kind is Kind.TITLE]
    title = next((block.text for block in titles if block.text), "")
    texts = [block.text for block in donor.blocks if block.role is Role.MAIN and block.text]
    if not title and texts:
        title = " ".join(texts[0].split()[:11])
    return title, texts


@dataclass(slots=True)
class _Item:
    """A related item to be written."""

    title: str
    texts: list[str]
    source: str
    age: str
    number: int
    dice: Random

    @property
    def long(self) -> list[str]:
        return [text for text in self.texts if len(text) > 60] or self.texts or [self.title]

    @property
    def link(self) -> str:
        return f"/a/{self.dice.randrange(10**6)}"


def _line(text: str, kind: Kind, tag: str = "div", href: str | None = None) -> list[DomBlock]:
    return [_block(text, Role.RELATED, kind, tag, gap=1, href=href)]


def _title(item: _Item, tag: str = "") -> list[DomBlock]:
    tag = tag or item.dice.choice(("h3", "div", "a", "p"))
    return _line(item.title, Kind.TITLE, tag, item.link if item.dice.random() < 0.7 else None)


def _text(item: _Item) -> list[DomBlock]:
    """Write a first paragraph, cut short half of the time."""
    text, dice = item.long[0], item.dice
    if len(text) > 160 and dice.random() < 0.5:
        text = text[: dice.randint(90, 160)].rsplit(" ", 1)[0] + dice.choice(("…", "...", " [...]", ""))
    return _line(text, Kind.TEXT, "p")


def _body(item: _Item) -> list[DomBlock]:
    """Write an article as one line."""
    return _line(" ".join(item.long[: item.dice.randint(2, max(2, len(item.long)))]), Kind.TEXT)


def _full(item: _Item) -> list[DomBlock]:
    """Write an article as it is."""
    return [_block(text, Role.RELATED, Kind.TEXT) for text in item.texts[: item.dice.randint(2, 30)]]


def _image(item: _Item) -> list[DomBlock]:
    picture = Run("", item.link, f"{item.title}\n/img/{item.dice.randrange(10**5)}.jpg")
    return [DomBlock([picture], ("html", "body", "img"), 1, Role.RELATED, Kind.LINK, "pasted")]


_ITEM_PARTS: Final[dict[str, Callable[[_Item], list[DomBlock]]]] = {
    "source": lambda item: _line(item.source, Kind.SOURCE),
    "-source": lambda item: _line("- " + item.source, Kind.SOURCE),
    "byline": lambda item: _line("By " + item.source, Kind.SOURCE),
    "section": lambda item: _line(item.source.upper() if item.number % 2 else item.source, Kind.SOURCE),
    "age": lambda item: _line(item.age, Kind.AGE, "span"),
    "date": lambda item: _line(item.age, Kind.AGE, "span"),
    "number": lambda item: _line(str(item.number + 1), Kind.LINK),
    "more": lambda item: _line(item.dice.choice(_data()["more"]), Kind.LINK, "a", item.link),
    "title": _title,
    "bullet": lambda item: _title(item, "li"),
    "text": _text,
    "body": _body,
    "full": _full,
    "image": _image,
}


def _comments(parts: _Parts, donors: Sequence[LabelledPage], dice: Random) -> None:
    """Put a donor's comments after the article, before or behind what follows; without their heading now and then."""
    for _ in range(8):
        found = [block for block in dice.choice(donors).blocks if block.kind is Kind.COMMENTS]
        if sum(block.words for block in found) > 40:
            break
    else:
        return
    start = dice.randrange(max(1, len(found) // 2)) if dice.random() < 0.5 else 0
    chosen = found[start : start + dice.randint(4, 60)]
    if dice.random() < 0.4:
        heading = dice.choice(_data()["comment_headings"]).format(n=dice.randint(1, 99))
        chosen = [_block(heading, Role.BOILERPLATE, Kind.COMMENTS, "h3"), *chosen]
    at = dice.choice((0, min(3, len(parts.after)), len(parts.after)))
    parts.after = parts.after[:at] + chosen + parts.after[at:]


_STEPS: Final[tuple[tuple[float, Callable[[_Parts, Sequence[LabelledPage], Random], None]], ...]] = (
    (0.25, _swap),
    (0.25, _drop_menus),
    (0.4, _cut_before),
    (0.25, _cut_after),
    (0.4, _paste),
    (0.15, _comments),
    (0.08, _move),
    (0.1, _cut_inside),
    (0.25, _unmark),
    (0.1, _repeat_title),
    (0.4, _strew_front),
    (0.4, _strew_back),
)
"""How often each thing is done to a page, in order."""
