"""One parse, one walk: markup to :class:`MarkupPage`, in time linear in its size.

The parser is lexbor (through selectolax): of the native parsers with wheels it is the one that is both fast to walk
from Python and whole on hostile input (``python -m bench.extraction.parsers`` measures them).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser

from corpuskit.segment.html.head import read_head
from corpuskit.segment.html.page import Blocks, Elements, Inside, MarkupPage, Property
from corpuskit.segment.html.tags import COUNTED, TAGS, Tag, tag_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from selectolax.lexbor import LexborNode

_NAMING: Final = ("class", "id", "role", "itemprop", "aria-label", "data-testid", "data-component", "data-type")
_TELLING: Final = frozenset({*_NAMING, "hidden", "aria-hidden", "style"} - {"class"})
"""Attributes that tell something, but for the one that most elements have alone."""
_HIDING: Final = ("display:none", "display: none", "visibility:hidden", "visibility: hidden")
_MAX_NAMES: Final = 400
_MAX_CELL: Final = 200
_CELLS: Final = frozenset({"td", "th"})

_TEXT: Final = 2
_COMMENT: Final = 4
"""Lexbor's numbers for what is no element."""

_LINK: Final = int(Inside.LINK)
_CODE: Final = int(Inside.CODE)
_HIDDEN: Final = int(Inside.HIDDEN)
_MODAL: Final = int(Inside.MODAL)
_NAV: Final = int(Inside.NAV)
_FOOTER: Final = int(Inside.FOOTER)

_KNOWN: Final[dict[int, Tag]] = {}
"""Tags by lexbor's number for them, filled as they are met: the numbers are fixed within one lexbor."""

_Row = tuple[Any, ...]
"""A block: its fields as :class:`Blocks` orders them, and the table cell it stands in, or 0."""

_ROLES: Final = {"navigation": _NAV, "menu": _NAV, "contentinfo": _FOOTER, "dialog": _MODAL, "alertdialog": _MODAL}


def _tag_of(node: LexborNode) -> Tag:
    number = node.tag_id
    tag = _KNOWN.get(number)
    if tag is None:
        tag = tag_named(node.tag or "")
        if tag.name in TAGS:  # the numbers of unknown elements are addresses, and mean nothing on the next page
            _KNOWN[number] = tag
    return tag


def _told(attributes: Mapping[str, str | None]) -> int:
    """Return the :class:`Inside` bits of what the ``attributes`` of an element make of it."""
    inside = _ROLES.get(attributes["role"] or "", 0) if "role" in attributes else 0
    hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    if not hidden and "style" in attributes:
        style = attributes["style"] or ""
        hidden = any(hiding in style for hiding in _HIDING)
    return inside | _HIDDEN if hidden else inside


class _Walk:
    """The state of one walk; ``run`` fills the columns of the elements, and a row for each block.

    ``unseen`` counts the characters for readers without scripts.
    """

    def __init__(self, *, scripting: bool = True) -> None:
        self.scripting = scripting
        self.unseen = 0
        self.parent: list[int] = []
        self.tag: list[int] = []
        self.depth: list[int] = []
        self.first: list[int] = []
        self.end: list[int] = []
        self.names: list[str] = []
        self.sort: list[int] = []
        self.sorts: defaultdict[tuple[int, str], int] = defaultdict(count().__next__)

        self.rows: list[_Row] = []
        self.properties: list[Property] = []

    def run(self, body: LexborNode) -> None:  # noqa: C901, PLR0912, PLR0915 - one loop: calls would double its time
        """Walk the tree under ``body``, without recursion."""
        parent, tags, depth, first, end, names = self.parent, self.tag, self.depth, self.first, self.end, self.names
        sort, sorts = self.sort, self.sorts
        rows, scripting = self.rows, self.scripting
        pieces: list[str] = []
        inside = heading = linked = links = strong = 0
        met = [0] * COUNTED
        href: str | None = None
        # what the innermost open element passes on: (node, tag, index, container, inside, heading, href, bold, cell)
        stack: list[tuple[LexborNode, Tag, int, int, int, int, str | None, bool, int]] = []
        block_leaf = block_inside = block_heading = 0
        index = container = cell = 0
        address: str | None = None
        bold = after_link = False

        def flush() -> None:
            nonlocal linked, links, strong, href
            text = "".join(pieces)
            if not block_inside & _CODE:
                text = " ".join(text.split())
            else:
                text = "\n".join([line.rstrip() for line in text.strip().splitlines()])
            pieces.clear()
            if text:
                rows.append(
                    (text, container, block_leaf, block_inside, block_heading, linked, links, strong, *met, href, cell)
                )
            linked = links = strong = 0
            href = None

        node: LexborNode | None = body
        while node is not None:
            number = node.tag_id
            if number == _TEXT:
                text = node.text_content
                if text:
                    after_link = False
                    if not text.isspace():
                        if not pieces:
                            block_leaf, block_inside, block_heading = index, inside, heading
                            if inside & _LINK:
                                links = links or 1
                        pieces.append(text)
                        if inside & _LINK:
                            linked += len(text)
                            href = href or address
                        if bold:
                            strong += len(text)
                    elif pieces:
                        pieces.append(text)
            elif number != _COMMENT:
                tag = _KNOWN.get(number) or _tag_of(node)
                child = node.first_child
                if tag.breaks and pieces:
                    flush()
                if tag.counted is not None and (child is not None or tag.name != "button"):
                    met[tag.counted] += 1
                    if tag.name == "br":
                        if inside & _CODE:
                            pieces.append("\n")
                        elif pieces:
                            flush()
                if tag.skipped and (scripting or tag.name != "noscript"):
                    if tag.name == "noscript":
                        self.unseen += len(node.text())
                else:
                    attributes = None if tag.plain else node.attributes
                    if attributes and ("itemprop" in attributes or tag.name == "time"):
                        self.properties.append(
                            Property(
                                (attributes.get("itemprop") or "time").lower(),
                                attributes.get("content") or attributes.get("datetime") or attributes.get("title"),
                                len(rows),
                                inside | tag.inside,
                            )
                        )
                    if child is not None:
                        stack.append((node, tag, index, container, inside, heading, address, bold, cell))
                        parent.append(index)
                        index = len(tags)
                        tags.append(tag.code)
                        depth.append(len(stack))
                        first.append(len(rows))
                        end.append(0)
                        inside |= tag.inside
                        bold = bold or tag.strong
                        if tag.breaks:
                            container = index
                            heading = tag.heading or heading
                            if tag.name in _CELLS:
                                cell = index
                        elif tag.name == "a":
                            links += 1
                            if after_link and pieces:  # menus set links side by side and space them in the style sheet
                                pieces.append(" ")
                            if attributes:
                                address = attributes.get("href") or None
                        name = ""
                        if attributes:
                            name = attributes.get("class") or ""
                            if (len(attributes) > 1 or not name) and not _TELLING.isdisjoint(attributes):
                                name = " ".join([attributes[key] or "" for key in _NAMING if key in attributes])
                                inside |= _told(attributes)
                            name = name[:_MAX_NAMES]
                        names.append(name)
                        sort.append(sorts[tag.code, name])
                        node = child
                        continue
            while True:
                if not stack:
                    node = None
                    break
                following = node.next
                if following is not None:
                    node = following
                    break
                outer = stack.pop()
                closing = outer[1]
                if closing.breaks and pieces:
                    flush()
                end[index] = len(rows)
                after_link = closing.name == "a" and bool(pieces)
                node, _, index, container, inside, heading, address, bold, cell = outer
        if pieces:
            flush()

    def join_rows(self) -> None:
        """Make one block of each table row whose cells are plain: cells stand apart by a tab.

        A cell with several blocks or long text is layout, or holds prose, and stays as it is.
        """
        cells = [block[-1] for block in self.rows]
        if not any(cells):
            return
        joined: list[list[_Row]] = []
        before = -1
        for block, cell in zip(self.rows, cells, strict=True):
            plain = cell and self.end[cell] - self.first[cell] == 1 and len(block[0]) <= _MAX_CELL
            row = self.parent[cell] if plain else -1
            if plain and row == before:
                joined[-1].append(block)
            else:
                joined.append([block])
            before = row
        if len(joined) == len(self.rows):
            return
        renumbered: list[int] = []
        for number, group in enumerate(joined):
            renumbered += [number] * len(group)
        renumbered.append(len(joined))
        self.first[:] = [renumbered[block] for block in self.first]
        self.end[:] = [renumbered[block - 1] + 1 if block else 0 for block in self.end]
        self.properties[:] = [
            Property(item.name, item.value, renumbered[item.block], item.inside) for item in self.properties
        ]
        self.rows[:] = [self._joined(group) if len(group) > 1 else group[0] for group in joined]

    def _joined(self, blocks: Sequence[_Row]) -> _Row:
        """Return one block for those of a table row's cells."""
        texts, _, leaf, inside, heading, linked, links, strong, *_, href, cell = zip(*blocks, strict=True)
        return (
            *("\t".join(texts), self.parent[cell[0]], leaf[0], inside[0], heading[0]),
            *(sum(linked), sum(links), sum(strong), *blocks[-1][-2 - COUNTED : -2]),
            *(next(filter(None, href), None), cell[0]),
        )

    def blocks(self) -> Blocks:
        """Return the blocks as columns."""
        *columns, _ = zip(*self.rows, strict=True) if self.rows else [()] * (len(fields(Blocks)) + 1)
        return Blocks(*map(list, columns))


def read_markup(markup: str) -> MarkupPage:
    """Read ``markup`` once: the visible text, its blocks with their facts, and what the head says.

    Any string has an answer; one without visible text has no blocks.  Visible is what a browser with scripts on
    would lay out, hidden elements included (scripts show them): not ``head``, ``script``, ``template``, drawings,
    frames or the choices of a ``select``.  ``noscript`` is visible where it holds more text than the rest: such a
    page is drawn by scripts, and what it shows without them is all there is to read.
    """
    tree = LexborHTMLParser(markup)
    walk = _Walk()
    body = tree.body
    if body is not None:
        walk.run(body)
        if walk.unseen > sum([len(row[0]) for row in walk.rows]):
            walk = _Walk(scripting=False)
            walk.run(body)
    walk.join_rows()
    blocks = walk.blocks()
    return MarkupPage(
        visible="\n".join(blocks.text),
        blocks=blocks,
        elements=Elements(
            walk.parent, walk.tag, walk.depth, walk.first, walk.end, walk.names, walk.sort, list(walk.sorts)
        ),
        head=read_head(tree, tuple(walk.properties)),
    )
