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
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.segment.html.context import LEVELS, Table, shift, sums
from corpuskit.segment.html.page import Inside
from corpuskit.segment.html.tags import TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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
    number = {name: code for code, name in enumerate(_CLASSES)}
    by_category = {"Lu": "upper", "Lt": "upper", "Nd": "digit", "Zs": "space", "Cc": "space"}
    table = np.full(0x10000, number["symbol"], np.uint8)
    for code in range(0x10000):
        character = chr(code)
        category = unicodedata.category(character)
        if 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF:
            name = "ideograph"
        elif character in _COMMAS:
            name = "comma"
        elif character in _STOPS:
            name = "stop"
        elif character in _QUOTES:
            name = "quote"
        elif character in _BARS:
            name = "bar"
        elif category in by_category:
            name = by_category[category]
        elif category[0] in "LM":
            name = "letter"
        elif category[0] == "P":
            name = "mark"
        else:
            name = "symbol"
        table[code] = number[name]
    return table


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


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in lower case."""
    return _WORDS.findall(text.lower())


def _squash(text: str) -> str:
    return "".join(words_of(text))


@cache
def _in_words() -> NDArray[np.bool_]:
    """Return which characters of the Basic Multilingual Plane stand in words (the last stands for all others)."""
    return np.fromiter([character.isalnum() or character == "_" for character in map(chr, range(0x10000))], bool)


def _squash_all(code: NDArray[np.uint32], end: NDArray[np.int64]) -> list[str]:
    """Return each block squashed; ``code`` is their text, and ``end`` where each ends, with a line break after it."""
    kept = _in_words()[np.minimum(code, 0xFFFF)]
    kept[end] = True
    return code[kept].tobytes().decode("utf-32-le", "surrogatepass").lower().split("\n")[: len(end)]


def _held(squashed: Sequence[str], text: str, shortest: int) -> NDArray[np.bool_]:
    """Return for each block whether it stands in ``text`` and is longer than ``shortest``."""
    out = np.zeros(len(squashed), bool)
    if text:
        for index, block in enumerate(squashed[:_LOOKED_UP]):
            out[index] = len(block) > shortest and block in text
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


def features(  # noqa: C901, PLR0912, PLR0915 - one column after the other
    page: MarkupPage,
) -> Table:
    """Return what is known of each block of ``page``."""
    blocks, elements = page.blocks, page.elements
    size = len(blocks.text)
    table = Table()

    # characters
    code = np.frombuffer("\n".join([*blocks.text, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    kind = _table()[np.minimum(code, 0xFFFF)]
    start = np.fromiter([line.start for line in page.lines], np.int64, size)
    end = np.fromiter([line.end for line in page.lines], np.int64, size)
    length = (end - start).astype(np.float32)
    tally = np.zeros((len(_CLASSES), size), np.float32)
    for number in range(len(_CLASSES)):
        tally[number] = np.add.reduceat(kind == number, start, dtype=np.int32)
    tally[_CLASSES.index("space")] -= 1  # the line break after each block
    of = dict(zip(_CLASSES, tally, strict=True))
    words = of["space"] + 1 + of["ideograph"] / 2
    letters = of["letter"] + of["upper"] + of["ideograph"]
    before_space = np.concatenate((kind[1:] == _CLASSES.index("space"), [True]))
    sentence = np.add.reduceat(
        ((kind == _CLASSES.index("stop")) & before_space) | (code == 0x3002) | (code == 0xFF01) | (code == 0xFF1F),
        start,
        dtype=np.int32,
    ).astype(np.float32)
    after_space = np.concatenate(([True], kind[:-1] == _CLASSES.index("space")))
    capital = np.add.reduceat((kind == _CLASSES.index("upper")) & after_space, start, dtype=np.int32).astype(np.float32)
    last, first = kind[end - 1], kind[start]
    table["chars"] = np.log1p(length)
    table["words"] = np.log1p(words)
    for name in ("upper", "digit", "comma", "stop", "mark", "symbol", "quote", "bar"):
        table[f"{name}_share"] = of[name] / length
    table["letters_share"] = letters / length
    table["ideograph_share"] = of["ideograph"] / length
    table["commas"] = of["comma"]
    table["sentences"] = sentence
    table["capitals"] = capital / words
    table["word_length"] = letters / words
    table["sentence_length"] = words / (sentence + 1)
    for name in ("stop", "comma", "quote", "digit", "bar", "mark"):
        table[f"last_{name}"] = last == _CLASSES.index(name)
    for name in ("upper", "digit", "quote", "symbol", "bar"):
        table[f"first_{name}"] = first == _CLASSES.index(name)
    table["colon"] = (code[end - 1] == 0x3A) | (code[end - 1] == 0xFF1A)
    table["copyright"] = np.add.reduceat(code == 0xA9, start, dtype=np.int32) > 0
    table["money"] = (
        np.add.reduceat((code == 0x24) | (code == 0x20AC) | (code == 0xA3) | (code == 0xA5), start, dtype=np.int32) > 0
    )
    table["at"] = np.add.reduceat(code == 0x40, start, dtype=np.int32) > 0

    # markup of the block
    inside = np.array(blocks.inside, np.int64)
    for bit in Inside:
        table[f"in_{str(bit.name).lower()}"] = (inside & int(bit)) > 0
    heading = np.array(blocks.heading, np.float32)
    table["heading"] = heading
    linked = np.minimum(np.array(blocks.linked, np.float32) / length, 1)
    table["linked"] = linked
    table["links"] = np.log1p(np.array(blocks.links, np.float32))
    table["strong"] = np.minimum(np.array(blocks.strong, np.float32) / length, 1)
    for name in ("images", "controls", "frames", "rules", "breaks"):
        met = np.array(getattr(blocks, name), np.float32)
        table[f"{name}_before"] = np.diff(met, prepend=0)
        table[f"{name}_after"] = np.diff(met, append=met[-1])
    parent = np.array(elements.parent, np.int64)
    tag = np.array(elements.tag, np.int64)
    depth = np.array(elements.depth, np.float32)
    container = np.array(blocks.container, np.int64)
    leaf = np.array(blocks.leaf, np.int64)
    for name in _TAGS:
        table[f"tag_{name}"] = tag[container] == TAGS[name].code
    for name in _LEAVES:
        table[f"leaf_{name}"] = tag[leaf] == TAGS[name].code
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
    first_block = np.array(elements.first_block, np.int64)
    end_block = np.maximum(np.array(elements.end_block, np.int64), first_block)
    totals = {
        "chars": sums(length),
        "linked": sums(linked * length),
        "prose": prose_sums,
        "p": sums(length * table["tag_p"]),
        "head": sums(heading > 0),
    }
    mass = {name: column[end_block] - column[first_block] for name, column in totals.items()}
    count = (end_block - first_block).astype(np.float64)
    share = mass["prose"] / prose_total
    density = mass["linked"] / np.maximum(mass["chars"], 1)
    repeats = _repeats(elements.parent, elements.tag, elements.names)
    level = container
    for steps in range(max(LEVELS) + 1):
        if steps in LEVELS or steps == 0:
            table[f"share_{steps}"] = share[level]
            table[f"density_{steps}"] = density[level]
            table[f"blocks_{steps}"] = np.log1p(count[level])
            table[f"p_share_{steps}"] = mass["p"][level] / np.maximum(mass["chars"][level], 1)
            table[f"mean_{steps}"] = np.log1p(mass["chars"][level] / np.maximum(count[level], 1))
            table[f"repeats_{steps}"] = repeats[level]
            table[f"heads_{steps}"] = np.log1p(mass["head"][level])
        level = parent[level]
    for part in (0.5, 0.75, 0.95):
        spine = int(np.flatnonzero(share >= part)[-1]) if prose_sums[-1] > 0 and (share >= part).any() else 0
        low, high = first_block[spine], end_block[spine]
        name = f"{part:.2f}"
        table[f"within_{name}"] = (index >= low) & (index < high)
        table[f"ahead_{name}"] = np.log1p(np.maximum(low - index, 0))
        table[f"behind_{name}"] = np.log1p(np.maximum(index - high + 1, 0))
        table[f"below_{name}"] = np.where((index >= low) & (index < high), depth[container] - depth[spine], -1)

    # headings and title
    squashed = _squash_all(code, end)
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
    table["after_title"] = np.sign(index - top) * np.log1p(np.abs(index - top)) if len(tops) else np.zeros(size)
    since = index - np.maximum.accumulate(np.where(heading > 0, index, -1))
    table["since_heading"] = np.log1p(since)
    description = _squash(
        next((value for name, value in page.head.meta if name in {"description", "og:description"}), "")
    )
    started = [text[:60] if len(text) > 15 else "" for text in squashed]
    table["in_description"] = _held(started, description[:_LONGEST], 0)
    body = article_body(page)
    table["in_body"] = _held(squashed, body[:_LONGEST], 3)
    table["body_stated"] = np.full(size, len(body) / (total + 1))
    counted = Counter(squashed)
    table["copies"] = np.log(np.fromiter([counted[text] for text in squashed], np.float32, size))
    first_at: dict[str, int] = {}
    table["copy"] = np.fromiter([first_at.setdefault(text, at) < at for at, text in enumerate(squashed)], bool, size)

    # the page
    page_wide = {
        "page_chars": np.log1p(total),
        "page_blocks": np.log1p(size),
        "page_prose": prose_sums[-1] / max(total, 1),
        "page_linked": totals["linked"][-1] / max(total, 1),
        "page_paragraphs": np.log1p(float((prose > 0).sum())),
        "page_articles": np.log1p(float((tag == TAGS["article"].code).sum())),
        "page_mains": float((tag == TAGS["main"].code).sum() > 0),
        "page_h1": float((heading == 1).sum()),
        "page_h2": np.log1p(float((heading == 2).sum())),
        "page_items": float(table["in_item"].mean()),
        "page_top": top / size,
        "page_ideographs": float(of["ideograph"].sum()) / max(total, 1),
    }
    for name, value in page_wide.items():
        table[name] = np.full(size, value)

    # neighbours
    for name in (
        "chars",
        "linked",
        "heading",
        "sentences",
        "tag_p",
        "in_item",
        "capitals",
        "strong",
        "repeats_1",
        "share_1",
    ):
        column = np.asarray(table[name], np.float32)
        for by in (-2, -1, 1, 2):
            table[f"{name}@{by:+d}"] = shift(column, by)
    for name, column in (("prose", prose), ("chars", length), ("linked", linked * length)):
        running = sums(column)
        for reach in (4, 12):
            low = np.maximum(np.arange(size) - reach, 0)
            high = np.minimum(np.arange(size) + 1 + reach, size)
            here = np.arange(size)
            table[f"{name}<{reach}"] = np.log1p(np.maximum(running[here] - running[low], 0))
            table[f"{name}>{reach}"] = np.log1p(np.maximum(running[high] - running[here + 1], 0))
    same = np.concatenate(([False], container[1:] == container[:-1]))
    sibling = np.concatenate(([False], parent[container][1:] == parent[container][:-1]))
    table["same_container"] = same
    table["same_parent"] = sibling
    table["depth_change"] = np.diff(depth[container], prepend=depth[container[0]])
    table["depth_ahead"] = np.diff(depth[container], append=depth[container[-1]])

    return table


def _repeats(parent: list[int], tag: list[int], names: list[str]) -> NDArray[np.float32]:
    """Return, for each element, the logarithm of how many siblings share its tag and first name."""
    keys = list(zip(parent, tag, [name and name.split(" ", 1)[0] for name in names], strict=True))
    counted = Counter(keys)
    return np.log(np.fromiter([counted[key] for key in keys], np.float32, len(keys)))
