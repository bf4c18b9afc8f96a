"""Blocks to numbers: one row per block, one column per feature, computed column by column.

What the columns rest on: shallow text features (Kohlschütter et al., WSDM 2010, "Boilerplate detection using shallow
text features"), the text mass of ancestors (the idea of Readability), the repetition of siblings, neighbours, and
what the page says of itself (title, JSON-LD ``articleBody``).  Everything is a fold over the block columns: there is no
Python loop over characters, and one pass over the elements.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.html.context import STEPS, Table, apart, shift, sums
from corpuskit.segment.html.page import Inside
from corpuskit.segment.html.tags import TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.context import Context
    from corpuskit.segment.html.page import MarkupPage

    Column = NDArray[np.float32]

_CLASSES: Final = ("letter", "upper", "digit", "space", "comma", "stop", "mark", "symbol", "quote", "ideograph", "bar")
_COMMAS: Final = frozenset(",;:،、，；：")
_STOPS: Final = frozenset(".!?…。！？।؟")
_QUOTES: Final = frozenset("\"'“”‘’«»„‚「」『』")
_BARS: Final = frozenset("|/›»•·→←▸▶▼►>\\")


@cache
def _table() -> NDArray[np.uint8]:
    """Return the class of every character of the Basic Multilingual Plane (the rest counts as a symbol)."""
    by_category = {"Lu": "upper", "Lt": "upper", "Nd": "digit", "Zs": "space", "Cc": "space"}
    by_category |= dict.fromkeys(("Ll", "Lm", "Lo", "Mn", "Mc", "Me"), "letter")
    by_category |= dict.fromkeys(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"), "mark")
    numbers = {category: _CLASSES.index(name) for category, name in by_category.items()}
    other = _CLASSES.index("symbol")
    table = np.array([numbers.get(unicodedata.category(chr(code)), other) for code in range(0x10000)], np.uint8)
    for name, marks in (("bar", _BARS), ("quote", _QUOTES), ("stop", _STOPS), ("comma", _COMMAS)):
        table[[ord(mark) for mark in marks]] = _CLASSES.index(name)
    for first, last in ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF)):
        table[first : last + 1] = _CLASSES.index("ideograph")
    return table


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
_WORDS: Final = re.compile(r"\w+")
_PROSE: Final = 80
_LONGEST: Final = 100_000
_LONGEST_TITLE: Final = 1_000
_LOOKED_UP: Final = 10_000
"""Blocks are looked up in so many characters of what the page says of itself, and so many blocks are: together this
keeps the time linear on hostile pages."""


def _numbers(classes: Sequence[str]) -> NDArray[np.intp]:
    return np.array([_CLASSES.index(name) for name in classes])


def _codes(tags: Sequence[str]) -> NDArray[np.intp]:
    return np.array([[TAGS[name].code] for name in tags])


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in lower case."""
    return _WORDS.findall(text.lower())


def _squash(text: str) -> str:
    return "".join(words_of(text))


@cache
def _in_words() -> NDArray[np.bool_]:
    """Return which characters of the Basic Multilingual Plane stand in words (the last stands for all others)."""
    return np.fromiter([character.isalnum() or character == "_" for character in map(chr, range(0x10000))], bool)


def _squash_all(code: NDArray[np.uint32], plane: NDArray[np.intp], end: NDArray[np.int64]) -> list[str]:
    """Return each block squashed.

    ``code`` is their text, ``plane`` the same within the basic plane, and ``end`` where each ends, with a line break
    after it.
    """
    kept = _in_words()[plane]
    kept[end] = True
    return code[kept].tobytes().decode("utf-32-le", "surrogatepass").lower().split("\n")[: len(end)]


def _held(squashed: Sequence[str], text: str, longer: int, beginning: int | None = None) -> NDArray[np.bool_]:
    """Return for each block whether it, or its ``beginning``, stands in ``text`` and it is ``longer`` than that."""
    out = np.zeros(len(squashed), bool)
    if text:
        looked_up = squashed[:_LOOKED_UP]
        out[: len(looked_up)] = [len(block) > longer and block[:beginning] in text for block in looked_up]
    return out


def article_body(page: MarkupPage) -> str:
    """Return what the JSON-LD of ``page`` says its text is, squashed to word characters; "" where it does not say."""
    bodies: list[str] = []
    for source in page.head.json_ld:
        for found in _ARTICLE_BODY.finditer(source):
            try:
                bodies.append(_squash(re.sub(r"<[^>]*>", " ", json.loads(found[1], strict=False))))
            except ValueError:
                continue
    return "\n".join(bodies)


def features(  # noqa: PLR0915 - one column after the other
    page: MarkupPage, context: Context
) -> Table:
    """Return what is known of each block of ``page``, which is in this ``context``."""
    blocks, elements, arrays = page.blocks, page.elements, page.arrays
    size = len(blocks.text)
    table = Table(size)

    # characters
    text = "\n".join([*blocks.text, ""])
    code = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    plane = np.minimum(code, 0xFFFF).astype(np.intp)
    kind = _table()[plane]
    width, length = arrays.length, context.length
    start = np.cumsum(width + 1) - width - 1
    end = start + width
    owner = np.repeat(np.arange(size), width + 1)
    tally = np.bincount(owner * len(_CLASSES) + kind, minlength=size * len(_CLASSES)).reshape(size, -1).T
    tally = tally.astype(np.float32)
    tally[_CLASSES.index("space")] -= 1  # the line break after each block
    of = dict(zip(_CLASSES, tally, strict=True))
    words = of["space"] + 1 + of["ideograph"] / 2
    letters = of["letter"] + of["upper"] + of["ideograph"]
    space = kind == _CLASSES.index("space")
    before_space, after_space = np.concatenate((space[1:], [True])), np.concatenate(([True], space[:-1]))

    def count(chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        return np.bincount(owner[chosen], minlength=size).astype(np.float32)

    ending = (kind == _CLASSES.index("stop")) & before_space
    sentence = count(ending | (code == 0x3002) | (code == 0xFF01) | (code == 0xFF1F))
    last, first = kind[end - 1], kind[start]
    table["chars"] = np.log1p(length)
    table["words"] = np.log1p(words)
    table.group([f"{name}_share" for name in _SHARES], tally[_numbers(_SHARES)] / length)
    table["letters_share"] = letters / length
    table["ideograph_share"] = of["ideograph"] / length
    table["commas"] = of["comma"]
    table["sentences"] = sentence
    table["capitals"] = count((kind == _CLASSES.index("upper")) & after_space) / words
    table["word_length"] = letters / words
    table["sentence_length"] = words / (sentence + 1)
    table.group([f"last_{name}" for name in _LASTS], last == _numbers(_LASTS)[:, None])
    table.group([f"first_{name}" for name in _FIRSTS], first == _numbers(_FIRSTS)[:, None])
    table["colon"] = (code[end - 1] == 0x3A) | (code[end - 1] == 0xFF1A)
    for name, marks in _MARKS:
        chosen = [code == ord(mark) for mark in marks if mark in text]
        table[name] = count(np.logical_or.reduce(chosen)) > 0 if chosen else 0

    # markup of the block
    inside, heading = arrays.inside, arrays.heading
    table.group(_IN_NAMES, (inside & _IN_BITS) > 0)
    table["heading"] = heading
    linked = np.minimum(np.array(blocks.linked, np.float32) / length, 1)
    table["linked"] = linked
    table["links"] = np.log1p(np.array(blocks.links, np.float32))
    table["strong"] = np.minimum(np.array(blocks.strong, np.float32) / length, 1)
    met = np.array([blocks.images, blocks.controls, blocks.frames, blocks.rules, blocks.breaks], np.float32)
    since_last = met - shift(met, -1)
    until_next = np.concatenate((since_last[:, 1:], np.zeros((len(met), 1))), axis=1)
    table.group(_MET_NAMES, np.stack((since_last, until_next), axis=1))
    parent, tag, container, leaf = arrays.parent, arrays.tag, arrays.container, arrays.leaf
    depth = np.array(elements.depth, np.float32)
    table.group([f"tag_{name}" for name in _TAGS], tag[container] == _codes(_TAGS))
    table.group([f"leaf_{name}" for name in _LEAVES], tag[leaf] == _codes(_LEAVES))
    table["parent_li"] = tag[parent[container]] == TAGS["li"].code
    table["depth"] = depth[container]

    # position
    index = np.arange(size, dtype=np.float32)
    table["position"] = index / size
    table["index"] = np.log1p(index)
    table["from_end"] = np.log1p(size - 1 - index)
    total = float(length.sum())
    table["chars_before"] = start.astype(np.float32) / total
    prose = np.where((length >= _PROSE) & (linked < 0.4), length, 0).astype(np.float32)
    prose[(inside & int(Inside.NAV | Inside.FOOTER | Inside.FORM)) > 0] *= 0.3
    prose_total = float(prose.sum()) or 1.0
    prose_sums = sums(prose)
    table["prose_before"] = (prose_sums[:-1] / prose_total).astype(np.float32)
    table["prose_after"] = ((prose_sums[-1] - prose_sums[1:]) / prose_total).astype(np.float32)

    # ancestors
    first_block, end_block = arrays.first_block, arrays.end_block
    running = sums(np.stack([prose, length, linked * length, length * table["tag_p"], heading > 0]))
    prose_in, chars_in, linked_in, paragraphs_in, heads_in = running[:, end_block] - running[:, first_block]
    blocks_in = (end_block - first_block).astype(np.float64)
    share = prose_in / prose_total
    facts = np.stack(
        [
            share,
            linked_in / np.maximum(chars_in, 1),
            np.log1p(blocks_in),
            paragraphs_in / np.maximum(chars_in, 1),
            np.log1p(chars_in / np.maximum(blocks_in, 1)),
            _repeats(page),
            np.log1p(heads_in),
        ]
    )
    table.group(_AROUND_NAMES, facts[:, context.around].transpose(1, 0, 2))
    for part in (0.5, 0.75, 0.95):
        spine = int(np.flatnonzero(share >= part)[-1]) if prose_sums[-1] > 0 and (share >= part).any() else 0
        low, high = first_block[spine], end_block[spine]
        name = f"{part:.2f}"
        table[f"within_{name}"] = (index >= low) & (index < high)
        table[f"ahead_{name}"] = np.log1p(np.maximum(low - index, 0))
        table[f"behind_{name}"] = np.log1p(np.maximum(index - high + 1, 0))
        table[f"below_{name}"] = np.where((index >= low) & (index < high), depth[container] - depth[spine], -1)

    # headings and title
    squashed = _squash_all(code, plane, end)
    title = _squash((page.head.title or "")[:_LONGEST_TITLE])
    titles = {_squash(value) for name, value in page.head.meta if name in {"og:title", "twitter:title"}} - {""}
    is_title = np.fromiter(
        [bool(text) and (text in titles or (len(text) > 12 and text in title)) for text in squashed], bool, size
    )
    table["is_title"] = is_title
    table["title_heading"] = is_title & (heading > 0)
    tops = np.flatnonzero(is_title & (heading > 0))
    if not len(tops):
        tops = np.flatnonzero(heading == 1)
    if not len(tops):
        tops = np.flatnonzero(is_title)
    top = int(tops[0]) if len(tops) else 0
    table["after_title"] = np.sign(index - top) * np.log1p(np.abs(index - top)) if len(tops) else 0
    since = index - np.maximum.accumulate(np.where(heading > 0, index, -1))
    table["since_heading"] = np.log1p(since)
    description = _squash(
        next((value for name, value in page.head.meta if name in {"description", "og:description"}), "")
    )
    table["in_description"] = _held(squashed, description[:_LONGEST], longer=15, beginning=60)
    body = article_body(page)
    # This takes the place of the column for the element "body", which says nothing: the forests were trained so.
    table["in_body"] = _held(squashed, body[:_LONGEST], longer=3)
    table["body_stated"] = len(body) / (total + 1)
    met_before: dict[str, int] = {}
    number = np.array([met_before.setdefault(text, len(met_before)) for text in squashed])
    table["copies"] = np.log(np.bincount(number)[number].astype(np.float32))
    table["copy"] = number <= np.concatenate(([-1], np.maximum.accumulate(number)[:-1]))

    # the page
    page_wide = {
        "page_chars": np.log1p(total),
        "page_blocks": np.log1p(size),
        "page_prose": prose_sums[-1] / max(total, 1),
        "page_linked": running[2, -1] / max(total, 1),
        "page_paragraphs": np.log1p(float((prose > 0).sum())),
        "page_articles": np.log1p(float((tag == TAGS["article"].code).sum())),
        "page_mains": float((tag == TAGS["main"].code).sum() > 0),
        "page_h1": float((heading == 1).sum()),
        "page_h2": np.log1p(float((heading == 2).sum())),
        "page_items": float(((inside & int(Inside.ITEM)) > 0).mean()),
        "page_top": top / size,
        "page_ideographs": float(of["ideograph"].sum()) / max(total, 1),
    }
    table.add(page_wide)

    # neighbours
    own = np.stack([table[name] for name in _COMPARED])
    table.group(_BESIDE_NAMES, np.stack([shift(own, by) for by in _BESIDE], axis=1))
    beside = np.stack([apart(running[: len(_COUNTED)], reach) for reach in _REACHES], axis=1)
    table.group(_APART_NAMES, np.log1p(np.maximum(beside, 0)).transpose(2, 1, 0, 3))
    same = np.concatenate(([False], container[1:] == container[:-1]))
    sibling = np.concatenate(([False], parent[container][1:] == parent[container][:-1]))
    table["same_container"] = same
    table["same_parent"] = sibling
    deeper = np.diff(depth[container])
    table["depth_change"] = np.concatenate(([0], deeper))
    table["depth_ahead"] = np.concatenate((deeper, [0]))

    return table


def _repeats(page: MarkupPage) -> NDArray[np.float32]:
    """Return, for each element, the logarithm of how many siblings share its tag and first name."""
    called: dict[tuple[int, str], int] = {}
    number = [called.setdefault((tag, names.split(" ", 1)[0]), len(called)) for tag, names in page.elements.sorts]
    key = page.arrays.parent * len(called) + np.array(number, np.intp)[page.arrays.sort]
    _, at, counted = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray(np.log(counted[at].astype(np.float32)))
