"""Flattened copies of a page, as the usual flatteners make them, with every character's block remembered.

Labels need no alignment this way: :func:`flatten` writes the blocks of a page (:mod:`corpuskit.train.dom_roles`) in
one of :data:`STYLES` and says which stretch of the text came from which block.  The styles imitate the habits of
the browser's ``innerText``, Beautiful Soup's ``get_text``, Inscriptis, html2text and reader services; real
flatteners differ among versions and options, so every style has its own dice.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from corpuskit.model import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from corpuskit.train.dom_roles import DomBlock, Run


@dataclass(slots=True)
class Flat:
    """A text being written: ``spans`` are (start, end, number of the block) in order."""

    parts: list[str] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    length: int = 0

    def write(self, text: str, block: int = -1) -> None:
        """Append ``text``, which comes from ``block`` (-1: from none, such as a line break)."""
        if not text:
            return
        self.parts.append(text)
        if block >= 0:
            self.spans.append((self.length, self.length + len(text), block))
        self.length += len(text)

    @property
    def text(self) -> str:
        """What has been written."""
        return "".join(self.parts)


def _inline(runs: Sequence[Run], *, hidden: bool = False) -> str:
    return "".join((" " if run.space else "") + run.text for run in runs if hidden or not run.hidden).strip()


def _marked(block: DomBlock, dice: Random, *, links: bool, images: bool, hidden: bool = False) -> str:
    """Return a block's runs as markdown."""
    del dice
    out: list[str] = []
    for run in block.runs:
        if run.hidden and not hidden:
            continue
        text = run.text
        if run.image is not None:
            alt, source = run.image.split("\n", 1)
            text = f"![{alt}]({source[:120]})" if images else ""
        if links and run.href and text:
            text = f"[{text}]({run.href[:160]})"
        if text:
            out.append((" " if run.space else "") + text)
    return "".join(out).strip()


def inner_text(blocks: Sequence[DomBlock], dice: Random) -> Flat:
    """Lines as a browser lays them out: a new line for a block, a blank line around a paragraph."""
    flat = Flat()
    always_blank = dice.random() < 0.25
    never_blank = not always_blank and dice.random() < 0.3
    for number, block in enumerate(blocks):
        text = _inline(block.runs)
        if not text:
            continue
        blank = always_blank or (block.gap > 1 and not never_blank)
        flat.write("\n\n" if blank else "\n") if flat.length else None
        flat.write(text, number)
    return flat


def get_text(blocks: Sequence[DomBlock], dice: Random) -> Flat:
    """Beautiful Soup's ``get_text`` with line breaks as separators: every text node a line of its own."""
    flat = Flat()
    hidden = dice.random() < 0.5
    for number, block in enumerate(blocks):
        for run in block.runs:
            if run.text and (hidden or not run.hidden):
                flat.write("\n") if flat.length else None
                flat.write(run.text, number)
    return flat


def get_text_raw(blocks: Sequence[DomBlock], dice: Random) -> Flat:
    """Beautiful Soup's ``get_text()``: the source's own line breaks, indents and no-break spaces stay."""
    flat = Flat()
    hidden = dice.random() < 0.5
    most = dice.choice((1, 2, 4, 8))
    indents = dice.choice((("",), ("", "\t", "    "), ("\u00a0", "\u00a0 \u00a0", ""), ("  ", "      ", "\t\t")))
    for number, block in enumerate(blocks):
        text = _inline(block.runs, hidden=hidden)
        if text:
            flat.write("\n" * dice.randint(1, most) + dice.choice(indents))
            flat.write(text, number)
    return flat


def inscriptis(blocks: Sequence[DomBlock], dice: Random) -> Flat:
    """Inscriptis: bullets and indents by list depth, images by their alternative text if asked for."""
    flat = Flat()
    captions = dice.random() < 0.3
    for number, block in enumerate(blocks):
        text = _inline(block.runs)
        if captions and not text:
            text = next(
                (f"[{run.image.split(chr(10), 1)[0]}]" for run in block.runs if run.image and run.image[0] != "\n"), ""
            )
        if not text:
            continue
        depth = sum(tag in ("ul", "ol") for tag in block.path)
        bullet = "  " * depth + ("* " if block.tag == "li" else "") if depth else ""
        flat.write("\n\n" if block.gap > 1 and not depth else "\n") if flat.length else None
        flat.write(bullet + text, number)
    return flat


def markdown(blocks: Sequence[DomBlock], dice: Random) -> Flat:
    """html2text and reader services: headings, links, images, bullets; sometimes wrapped at 78 columns."""
    flat = Flat()
    links, images = dice.random() < 0.75, dice.random() < 0.7
    width = 78 if dice.random() < 0.25 else 0
    bullet = dice.choice(("  * ", "* ", "- "))
    blank = dice.random() < 0.8
    for number, block in enumerate(blocks):
        text = _marked(block, dice, links=links, images=images)
        if not text:
            continue
        tag = block.tag
        if tag[0] == "h" and tag[1:].isdigit():
            text = "#" * int(tag[1:]) + " " + text
        elif "blockquote" in block.path:
            text = "> " + text
        elif tag == "li" or (block.path and "li" in block.path[-3:]):
            text = bullet + text
        flat.write("\n\n" if blank and (block.gap > 1 or tag != "li") else "\n") if flat.length else None
        _write_wrapped(flat, text, number, width)
    return flat


def wrapped(blocks: Sequence[DomBlock], dice: Random) -> Flat:
    """A text browser's dump or a mail: paragraphs wrapped hard, blank lines between them."""
    flat = Flat()
    width = dice.choice((60, 65, 70, 72, 76, 80, 100))
    indent = dice.choice(("", "", "   "))
    for number, block in enumerate(blocks):
        text = _inline(block.runs)
        if not text:
            continue
        flat.write("\n\n" if block.gap > 1 else "\n") if flat.length else None
        _write_wrapped(flat, text, number, width, indent)
    return flat


def _write_wrapped(flat: Flat, text: str, number: int, width: int, indent: str = "") -> None:
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) if width else [text]
    for at, line in enumerate(lines):
        if at:
            flat.write("\n")
        flat.write(indent)
        flat.write(line, number)


def one_line(blocks: Sequence[DomBlock], dice: Random) -> Flat:
    """The whole page on one line."""
    flat = Flat()
    joint = dice.choice((" ", " ", "  "))
    for number, block in enumerate(blocks):
        text = _inline(block.runs)
        if text:
            flat.write(joint) if flat.length else None
            flat.write(text, number)
    return flat


def reader(blocks: Sequence[DomBlock], dice: Random) -> Flat:
    """A reader mode's text: one block a line, bullets as dashes, lead image first, everything else plain."""
    flat = Flat()
    blank = dice.choice((1, 1, 2, 2, 4))
    images = dice.random() < 0.3
    title = next((block.text for block in blocks if block.kind == "title" and block.role is Role.METADATA), "")
    for number, block in enumerate(blocks):
        text = _marked(block, dice, links=False, images=images)
        if not text:
            continue
        if images and text.startswith("![](") and title and dice.random() < 0.5:
            text = f"![{title}]" + text[3:]
        if block.tag == "li" or (dice.random() < 0.02 and block.role is Role.RELATED):
            text = "- " + text
        flat.write("\n" * (blank if block.gap > 1 else min(blank, 2))) if flat.length else None
        flat.write(text, number)
    return flat


STYLES: Final[dict[str, Callable[[Sequence[DomBlock], Random], Flat]]] = {
    "inner_text": inner_text,
    "get_text": get_text,
    "get_text_raw": get_text_raw,
    "inscriptis": inscriptis,
    "markdown": markdown,
    "wrapped": wrapped,
    "reader": reader,
    "one_line": one_line,
}


def owners(flat: Flat, bounds: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each (start, end) of ``bounds`` the block that wrote most of its characters, -1 for none.

    Both ``bounds`` and the spans of ``flat`` ascend and do not overlap, so this takes linear time.
    """
    result: list[int] = []
    at = 0
    for start, end in bounds:
        while at < len(flat.spans) and flat.spans[at][1] <= start:
            at += 1
        best, most = -1, 0
        shares: dict[int, int] = {}
        look = at
        while look < len(flat.spans) and flat.spans[look][0] < end:
            first, last, block = flat.spans[look]
            shares[block] = shares.get(block, 0) + min(last, end) - max(first, start)
            if shares[block] > most:
                best, most = block, shares[block]
            look += 1
        result.append(best)
    return result
