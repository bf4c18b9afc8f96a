"""Blocks to numbers: one row per block, one column per feature, computed column by column.

What the columns rest on: shallow text features (Kohlschütter et al., WSDM 2010, "Boilerplate detection using shallow
text features"), the text mass of ancestors (the idea of Readability), the repetition of siblings, neighbours, and
what the page says of itself (title, JSON-LD ``articleBody``).  Everything is a fold over the block columns, and one
pass over the elements.

The forests know a column by its place: a new one goes to the end of :func:`features`, and is for forests to come.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.html.characters import Characters, numbers, squash
from corpuskit.segment.html.context import STEPS, Table, apart, shift, sums
from corpuskit.segment.html.page import Inside
from corpuskit.segment.html.tags import TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.context import Context
    from corpuskit.segment.html.page import MarkupPage

    Column = NDArray[np.float32]

_SHARES: Final = ("upper", "digit", "comma", "stop", "mark", "symbol", "quote", "bar")
_LASTS: Final = ("stop", "comma", "quote", "digit", "bar", "mark")
_FIRSTS: Final = ("upper", "digit", "quote", "symbol", "bar")
_MARKS: Final = (("copyright", "©"), ("money", "$€£¥"), ("at", "@"))
_IN_BITS: Final = np.array([[int(bit)] for bit in Inside])
_IN_NAMES: Final = tuple(f"in_{str(bit.name).lower()}" for bit in Inside)
_MET_NAMES: Final = tuple(
    f"{name}_{where}" for name in ("images", "controls", "frames", "rules", "breaks") for where in ("before", "after")
)
_AROUND_NAMES: Final = tuple(
    f"{name}_{steps}"
    for steps in STEPS
    for name in ("share", "density", "blocks", "p_share", "mean", "repeats", "heads")
)
_COMPARED: Final = (
    *("chars", "linked", "heading", "sentences", "tag_p", "in_item", "capitals", "strong", "repeats_1", "share_1"),
)
_BESIDE: Final = (-2, -1, 1, 2)
_BESIDE_NAMES: Final = tuple(f"{name}@{by:+d}" for name in _COMPARED for by in _BESIDE)
_COUNTED: Final = ("prose", "chars", "linked")
_REACHES: Final = (4, 12)
_APART_NAMES: Final = tuple(f"{name}{side}{reach}" for name in _COUNTED for reach in _REACHES for side in "<>")
_TAGS: Final = ("p", "li", "div", "td", "dd", "dt", "blockquote", "pre", "section", "article", "figcaption", "body")
_LEAVES: Final = ("a", "span", "strong", "b", "em", "i", "time", "label", "button", "small", "code")
_ARTICLE_BODY: Final = re.compile(r'"(?:articleBody|text|reviewBody)"\s*:\s*("(?:[^"\\]|\\.)*")')
_PROSE: Final = 80
"""Characters from which a block that is hardly linked reads like prose."""
_FURNITURE: Final = int(Inside.NAV | Inside.FOOTER | Inside.FORM)
_LONGEST: Final = 100_000
_LONGEST_TITLE: Final = 1_000
_LOOKED_UP: Final = 10_000
"""Blocks are looked up in so many characters of what the page says of itself, and so many blocks are: together this
keeps the time linear on hostile pages."""


def features(page: MarkupPage, context: Context) -> Table:
    """Return what is known of each block of ``page``, which is in this ``context``."""
    table = Table(len(page.blocks.text))
    characters = Characters.of(page.blocks.text, page.arrays.length)
    prose = _Prose.of(page, context, characters)
    _add_characters(table, characters, context.length)
    _add_markup(table, page, prose)
    _add_place(table, prose)
    _add_elements_around(table, page, prose, context)
    _add_trunks(table, page, prose)
    top = _add_titles(table, page, characters, prose)
    _add_page(table, page, prose, top, characters)
    _add_neighbours(table, page, prose)
    return table


@dataclass(frozen=True)
class _Prose:
    """How much text each block has, and how much of it reads like prose.

    Attributes:
        index: the number of each block.
        length: its characters.
        linked: the share of them in links.
        prose: its characters where it is long and hardly linked, fewer in menus, footers and forms, else 0.
        before: the characters of all blocks before it and of the line breaks between them.
        headed: whether it is a heading.
        paragraph: whether its container is a ``p``.
    """

    index: Column
    length: Column
    linked: Column
    prose: Column
    before: Column
    headed: NDArray[np.bool_]
    paragraph: NDArray[np.bool_]

    @classmethod
    def of(cls, page: MarkupPage, context: Context, characters: Characters) -> _Prose:
        arrays, length = page.arrays, context.length
        linked = np.minimum(np.array(page.blocks.linked, np.float32) / length, 1)
        prose = np.where((length >= _PROSE) & (linked < 0.4), length, 0).astype(np.float32)
        prose[(arrays.inside & _FURNITURE) > 0] *= 0.3
        return cls(
            index=np.arange(len(length), dtype=np.float32),
            length=length,
            linked=linked,
            prose=prose,
            before=characters.start.astype(np.float32),
            headed=arrays.heading > 0,
            paragraph=arrays.tag[arrays.container] == TAGS["p"].code,
        )

    @cached_property
    def total(self) -> float:
        """The characters of the page."""
        return float(self.length.sum())

    @cached_property
    def running(self) -> NDArray[np.float64]:
        """Running sums: of prose, characters, characters in links and in paragraphs, and headings."""
        length = self.length
        return sums(np.stack([self.prose, length, self.linked * length, length * self.paragraph, self.headed]))

    @cached_property
    def mass(self) -> float:
        """The prose of the page, or 1 where there is none."""
        return float(self.running[0, -1]) or 1.0


def _add_characters(table: Table, characters: Characters, length: Column) -> None:
    """Add what a block is made of: classes of characters, words, sentences, how it begins and ends."""
    of, code = characters.tally, characters.code
    words = of["space"] + 1 + of["ideograph"] / 2
    letters = of["letter"] + of["upper"] + of["ideograph"]
    sentences = characters.sentences()
    end = characters.end - 1
    last, first = characters.kind[end], characters.kind[characters.start]
    table["chars"] = np.log1p(length)
    table["words"] = np.log1p(words)
    table.group([f"{name}_share" for name in _SHARES], np.stack([of[name] for name in _SHARES]) / length)
    table["letters_share"] = letters / length
    table["ideograph_share"] = of["ideograph"] / length
    table["commas"] = of["comma"]
    table["sentences"] = sentences
    table["capitals"] = characters.capitals() / words
    table["word_length"] = letters / words
    table["sentence_length"] = words / (sentences + 1)
    table.group([f"last_{name}" for name in _LASTS], last == numbers(_LASTS)[:, None])
    table.group([f"first_{name}" for name in _FIRSTS], first == numbers(_FIRSTS)[:, None])
    table["colon"] = (code[end] == 0x3A) | (code[end] == 0xFF1A)
    for name, marks in _MARKS:
        table[name] = characters.holding(marks)


def _add_markup(table: Table, page: MarkupPage, prose: _Prose) -> None:
    """Add what the markup says of a block: what it stands in, its links, and what was met between it and the next."""
    blocks, arrays = page.blocks, page.arrays
    table.group(_IN_NAMES, (arrays.inside & _IN_BITS) > 0)
    table["heading"] = arrays.heading
    table["linked"] = prose.linked
    table["links"] = np.log1p(np.array(blocks.links, np.float32))
    table["strong"] = np.minimum(np.array(blocks.strong, np.float32) / prose.length, 1)
    met = np.array([blocks.images, blocks.controls, blocks.frames, blocks.rules, blocks.breaks], np.float32)
    since_last = met - shift(met, -1)
    until_next = np.concatenate((since_last[:, 1:], np.zeros((len(met), 1))), axis=1)
    table.group(_MET_NAMES, np.stack((since_last, until_next), axis=1))
    table.group([f"tag_{name}" for name in _TAGS], arrays.tag[arrays.container] == _codes(_TAGS))
    table.group([f"leaf_{name}" for name in _LEAVES], arrays.tag[arrays.leaf] == _codes(_LEAVES))
    table["parent_li"] = arrays.tag[arrays.parent[arrays.container]] == TAGS["li"].code
    table["depth"] = arrays.depth[arrays.container]


def _add_place(table: Table, prose: _Prose) -> None:
    """Add where on the page a block stands, by blocks, by characters and by prose."""
    size, running = len(prose.index), prose.running[0]
    table["position"] = prose.index / size
    table["index"] = np.log1p(prose.index)
    table["from_end"] = np.log1p(size - 1 - prose.index)
    table["chars_before"] = prose.before / prose.total
    table["prose_before"] = (running[:-1] / prose.mass).astype(np.float32)
    table["prose_after"] = ((running[-1] - running[1:]) / prose.mass).astype(np.float32)


def _add_elements_around(table: Table, page: MarkupPage, prose: _Prose, context: Context) -> None:
    """Add what the elements around a block hold: how much of the page's prose, how linked, how many of their kind."""
    first_block, end_block = page.arrays.first_block, page.arrays.end_block
    prose_in, chars, linked, paragraphs, heads = prose.running[:, end_block] - prose.running[:, first_block]
    blocks = (end_block - first_block).astype(np.float64)
    facts = np.stack(
        [
            prose_in / prose.mass,
            linked / np.maximum(chars, 1),
            np.log1p(blocks),
            paragraphs / np.maximum(chars, 1),
            np.log1p(chars / np.maximum(blocks, 1)),
            _repeats(page),
            np.log1p(heads),
        ]
    )
    table.group(_AROUND_NAMES, facts[:, context.around].transpose(1, 0, 2))


def _add_trunks(table: Table, page: MarkupPage, prose: _Prose) -> None:
    """Add where a block stands to the innermost elements that hold so much of the page's prose."""
    arrays, index, depth = page.arrays, prose.index, page.arrays.depth
    running = prose.running[0]
    share = (running[arrays.end_block] - running[arrays.first_block]) / prose.mass
    for part in (0.5, 0.75, 0.95):
        holding = np.flatnonzero(share >= part)
        trunk = int(holding[-1]) if len(holding) else 0
        low, high = arrays.first_block[trunk], arrays.end_block[trunk]
        within = (index >= low) & (index < high)
        name = f"{part:.2f}"
        table[f"within_{name}"] = within
        table[f"ahead_{name}"] = np.log1p(np.maximum(low - index, 0))
        table[f"behind_{name}"] = np.log1p(np.maximum(index - high + 1, 0))
        table[f"below_{name}"] = np.where(within, depth[arrays.container] - depth[trunk], -1)


def _add_titles(table: Table, page: MarkupPage, characters: Characters, prose: _Prose) -> int:
    """Add headings, what the page says of itself, and what it says twice; return the block that its title is in."""
    heading, index, head = page.arrays.heading, prose.index, page.head
    squashed = characters.squashed()
    size = len(squashed)
    title = squash((head.title or "")[:_LONGEST_TITLE])
    titles = {squash(value) for name, value in head.meta if name in {"og:title", "twitter:title"}} - {""}
    is_title = np.fromiter(
        [bool(text) and (text in titles or (len(text) > 12 and text in title)) for text in squashed], bool, size
    )
    table["is_title"] = is_title
    table["title_heading"] = is_title & prose.headed
    likely = (is_title & prose.headed, heading == 1, is_title)
    tops = next((np.flatnonzero(chosen) for chosen in likely if chosen.any()), np.zeros(0, np.intp))
    top = int(tops[0]) if len(tops) else 0
    table["after_title"] = np.sign(index - top) * np.log1p(np.abs(index - top)) if len(tops) else 0
    table["since_heading"] = np.log1p(index - np.maximum.accumulate(np.where(prose.headed, index, -1)))
    descriptions = (value for name, value in head.meta if name in {"description", "og:description"})
    description = squash(next(descriptions, ""))
    table["in_description"] = _held(squashed, description[:_LONGEST], longer=15, beginning=60)
    body = article_body(page)
    # This takes the place of the column for the element "body", which says nothing: the forests were trained so.
    table["in_body"] = _held(squashed, body[:_LONGEST], longer=3)
    table["body_stated"] = len(body) / (prose.total + 1)
    met_before: dict[str, int] = {}
    number = np.array([met_before.setdefault(text, len(met_before)) for text in squashed])
    table["copies"] = np.log(np.bincount(number)[number].astype(np.float32))
    table["copy"] = number <= np.concatenate(([-1], np.maximum.accumulate(number)[:-1]))
    return top


def _add_page(table: Table, page: MarkupPage, prose: _Prose, top: int, characters: Characters) -> None:
    """Add what the page is made of: the same for all blocks; ``top`` is the block that its title is in."""
    arrays, size = page.arrays, len(prose.index)
    held = max(prose.total, 1)
    table.add(
        {
            "page_chars": np.log1p(prose.total),
            "page_blocks": np.log1p(size),
            "page_prose": prose.running[0, -1] / held,
            "page_linked": prose.running[2, -1] / held,
            "page_paragraphs": np.log1p(float((prose.prose > 0).sum())),
            "page_articles": np.log1p(float((arrays.tag == TAGS["article"].code).sum())),
            "page_mains": float((arrays.tag == TAGS["main"].code).any()),
            "page_h1": float((arrays.heading == 1).sum()),
            "page_h2": np.log1p(float((arrays.heading == 2).sum())),
            "page_items": float(((arrays.inside & int(Inside.ITEM)) > 0).mean()),
            "page_top": top / size,
            "page_ideographs": float(characters.tally["ideograph"].sum()) / held,
        }
    )


def _add_neighbours(table: Table, page: MarkupPage, prose: _Prose) -> None:
    """Add columns of the blocks beside, sums over those before and after, and what parts a block from the last."""
    own = np.stack([table[name] for name in _COMPARED])
    table.group(_BESIDE_NAMES, np.stack([shift(own, by) for by in _BESIDE], axis=1))
    beside = np.stack([apart(prose.running[: len(_COUNTED)], reach) for reach in _REACHES], axis=1)
    table.group(_APART_NAMES, np.log1p(np.maximum(beside, 0)).transpose(2, 1, 0, 3))
    container, parent = page.arrays.container, page.arrays.parent
    table["same_container"] = np.concatenate(([False], container[1:] == container[:-1]))
    table["same_parent"] = np.concatenate(([False], parent[container][1:] == parent[container][:-1]))
    deeper = np.diff(page.arrays.depth[container])
    table["depth_change"] = np.concatenate(([0], deeper))
    table["depth_ahead"] = np.concatenate((deeper, [0]))


def _codes(tags: Sequence[str]) -> NDArray[np.intp]:
    return np.array([[TAGS[name].code] for name in tags])


def article_body(page: MarkupPage) -> str:
    """Return what the JSON-LD of ``page`` says its text is, squashed to word characters; "" where it does not say."""
    bodies: list[str] = []
    for source in page.head.json_ld:
        for found in _ARTICLE_BODY.finditer(source):
            try:
                bodies.append(squash(re.sub(r"<[^>]*>", " ", json.loads(found[1], strict=False))))
            except ValueError:
                continue
    return "\n".join(bodies)


def _held(squashed: Sequence[str], text: str, longer: int, beginning: int | None = None) -> NDArray[np.bool_]:
    """Return for each block whether it, or its ``beginning``, stands in ``text`` and it is ``longer`` than that."""
    out = np.zeros(len(squashed), bool)
    if text:
        looked_up = squashed[:_LOOKED_UP]
        out[: len(looked_up)] = [len(block) > longer and block[:beginning] in text for block in looked_up]
    return out


def _repeats(page: MarkupPage) -> NDArray[np.float32]:
    """Return, for each element, the logarithm of how many siblings share its tag and first name."""
    called: dict[tuple[int, str], int] = {}
    number = [called.setdefault((tag, names.split(" ", 1)[0]), len(called)) for tag, names in page.elements.sorts]
    key = page.arrays.parent * len(called) + np.array(number, np.intp)[page.arrays.sort]
    _, at, counted = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray(np.log(counted[at].astype(np.float32)))
