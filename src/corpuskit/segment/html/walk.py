"""One parse, one walk: markup to :class:`MarkupPage`, in time linear in its size.

The parser is lexbor (through selectolax): of the native parsers with wheels it is the one that is both fast to walk
from Python and whole on hostile input (``python -m bench.extraction.parsers`` measures them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from corpuskit.segment.html.head import read_head
from corpuskit.segment.html.page import Blocks, Elements, Inside, MarkupPage, Property
from corpuskit.segment.html.tags import TAGS, Tag, tag_named

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_NAMING: Final = ("class", "id", "role", "itemprop", "aria-label", "data-testid", "data-component", "data-type")
_PLACE: Final = {name: place for place, name in enumerate(_NAMING)}
_HIDING: Final = ("display:none", "display: none", "visibility:hidden", "visibility: hidden")
_MAX_NAMES: Final = 400
_MAX_CELL: Final = 200
_CELLS: Final = frozenset({"td", "th"})

_LINK: Final = int(Inside.LINK)
_CODE: Final = int(Inside.CODE)
_HIDDEN: Final = int(Inside.HIDDEN)
_MODAL: Final = int(Inside.MODAL)
_NAV: Final = int(Inside.NAV)
_FOOTER: Final = int(Inside.FOOTER)

_KNOWN: Final[dict[int, Tag]] = {}
"""Tags by lexbor's number for them, filled as they are met: the numbers are fixed within one lexbor."""

_ROLES: Final = {"navigation": _NAV, "menu": _NAV, "contentinfo": _FOOTER, "dialog": _MODAL, "alertdialog": _MODAL}


def _tag_of(node: LexborNode) -> Tag:
    number = node.tag_id
    tag = _KNOWN.get(number)
    if tag is None:
        tag = tag_named(node.tag or "")
        if tag.name in TAGS:  # the numbers of unknown elements are addresses, and mean nothing on the next page
            _KNOWN[number] = tag
    return tag


class _Walk:
    """The state of one walk; ``run`` fills the columns."""

    def __init__(self, *, scripting: bool = True) -> None:
        self.scripting = scripting
        self.parent: list[int] = []
        self.tag: list[int] = []
        self.depth: list[int] = []
        self.first: list[int] = []
        self.end: list[int] = []
        self.names: list[str] = []

        self.text: list[str] = []
        self.container: list[int] = []
        self.leaf: list[int] = []
        self.inside: list[int] = []
        self.heading: list[int] = []
        self.linked: list[int] = []
        self.links: list[int] = []
        self.strong: list[int] = []
        self.images: list[int] = []
        self.controls: list[int] = []
        self.frames: list[int] = []
        self.rules: list[int] = []
        self.breaks: list[int] = []
        self.href: list[str | None] = []
        self.cell: list[int] = []

        self.properties: list[Property] = []

    def run(self, body: LexborNode) -> None:  # noqa: C901, PLR0912, PLR0915 - one loop: calls would double its time
        """Walk the tree under ``body``, without recursion."""
        parent, tags, depth, first, end, names = self.parent, self.tag, self.depth, self.first, self.end, self.names
        scripting = self.scripting
        pieces: list[str] = []
        inside = heading = linked = links = strong = 0
        images = controls = frames = rules = breaks = 0
        href: str | None = None
        # what the innermost open element passes on: (node, tag, index, container, inside, heading, href, bold, cell)
        stack: list[tuple[LexborNode, Tag, int, int, int, int, str | None, bool, int]] = []
        block_leaf = block_inside = block_heading = 0
        index = container = cell = 0
        address: str | None = None
        bold = after_link = False

        def flush() -> None:
            nonlocal linked, links, strong, href
            if not block_inside & _CODE:
                text = " ".join("".join(pieces).split())
            else:
                text = "\n".join(line.rstrip() for line in "".join(pieces).strip().splitlines())
            pieces.clear()
            if text:
                self.text.append(text)
                self.container.append(container)
                self.leaf.append(block_leaf)
                self.inside.append(block_inside)
                self.heading.append(block_heading)
                self.linked.append(linked)
                self.links.append(links)
                self.strong.append(strong)
                self.images.append(images)
                self.controls.append(controls)
                self.frames.append(frames)
                self.rules.append(rules)
                self.breaks.append(breaks)
                self.href.append(href)
                self.cell.append(cell)
            linked = links = strong = 0
            href = None

        node: LexborNode | None = body
        while node is not None:
            number = node.tag_id
            if number == 2:
                text = node.text_content
                if text:
                    after_link = False
                    if pieces:
                        pieces.append(text)
                        if not text.isspace():
                            if inside & _LINK:
                                linked += len(text)
                                href = href or address
                            if bold:
                                strong += len(text)
                    elif not text.isspace():
                        pieces.append(text)
                        block_leaf, block_inside, block_heading = index, inside, heading
                        if inside & _LINK:
                            linked += len(text)
                            href = address
                            links = links or 1
                        if bold:
                            strong += len(text)
            elif number != 4:
                tag = _KNOWN.get(number) or _tag_of(node)
                if tag.breaks:
                    if pieces:
                        flush()
                    if tag.name == "hr":
                        rules += 1
                elif tag.name == "br":
                    breaks += 1
                    if inside & _CODE:
                        pieces.append("\n")
                    elif pieces:
                        flush()
                elif tag.name == "img":
                    images += 1
                elif tag.name == "input":
                    controls += 1
                if tag.skipped and (scripting or tag.name != "noscript"):
                    if tag.name in {"iframe", "video", "object"}:
                        frames += 1
                    elif tag.name == "select":
                        controls += 1
                else:
                    child = node.first_child
                    plain = tag.plain
                    attributes = None if plain else node.attributes
                    if attributes and ("itemprop" in attributes or tag.name == "time"):
                        self.properties.append(
                            Property(
                                (attributes.get("itemprop") or "time").lower(),
                                attributes.get("content") or attributes.get("datetime") or attributes.get("title"),
                                len(self.text),
                                inside | tag.inside,
                            )
                        )
                    if child is not None:
                        stack.append((node, tag, index, container, inside, heading, address, bold, cell))
                        parent.append(index)
                        index = len(tags)
                        tags.append(tag.code)
                        depth.append(len(stack))
                        first.append(len(self.text))
                        end.append(0)
                        inside |= tag.inside
                        name = ""
                        if tag.breaks:
                            container = index
                            if tag.name in _CELLS:
                                cell = index
                            heading = tag.heading or heading
                            if tag.name == "button":
                                controls += 1
                        elif tag.name == "a":
                            links += 1
                            if after_link and pieces:  # menus set links side by side and space them in the style sheet
                                pieces.append(" ")
                        bold = bold or tag.strong
                        if attributes and len(attributes) == 1 and "class" in attributes and tag.name != "a":
                            name = (attributes["class"] or "")[:_MAX_NAMES]
                        elif attributes:
                            naming = [key for key in attributes if key in _PLACE]
                            if len(naming) > 1:
                                naming.sort(key=_PLACE.__getitem__)
                            name = " ".join([attributes[key] or "" for key in naming])[:_MAX_NAMES]
                            if tag.name == "a":
                                address = attributes.get("href") or None
                            if "role" in attributes:
                                inside |= _ROLES.get(attributes["role"] or "", 0)
                            if "hidden" in attributes or attributes.get("aria-hidden") == "true":
                                inside |= _HIDDEN
                            elif "style" in attributes:
                                style = attributes["style"] or ""
                                if any(hiding in style for hiding in _HIDING):
                                    inside |= _HIDDEN
                        names.append(name)
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
                end[index] = len(self.text)
                after_link = closing.name == "a" and bool(pieces)
                node, _, index, container, inside, heading, address, bold, cell = outer
        if pieces:
            flush()

    def join_rows(self) -> None:
        """Make one block of each table row whose cells are plain: cells stand apart by a tab.

        A cell with several blocks or long text is layout, or holds prose, and stays as it is.
        """
        joined: list[list[int]] = []
        row = -1
        for block, cell in enumerate(self.cell):
            plain = cell and self.end[cell] - self.first[cell] == 1 and len(self.text[block]) <= _MAX_CELL
            of = self.parent[cell] if plain else -1
            if plain and of == row:
                joined[-1].append(block)
            else:
                joined.append([block])
            row = of
        if len(joined) == len(self.text):
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
        self.text[:] = ["\t".join([self.text[block] for block in group]) for group in joined]
        self.href[:] = [next((self.href[block] for block in group if self.href[block]), None) for group in joined]
        for summed in (self.linked, self.links, self.strong):
            summed[:] = [sum([summed[block] for block in group]) for group in joined]
        for met in (self.images, self.controls, self.frames, self.rules, self.breaks):
            met[:] = [met[group[-1]] for group in joined]
        for own in (self.leaf, self.inside, self.heading, self.cell):
            own[:] = [own[group[0]] for group in joined]
        self.container[:] = [
            self.parent[self.cell[number]] if len(group) > 1 else self.container[group[0]]
            for number, group in enumerate(joined)
        ]


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
        if sum(len(node.text()) for node in tree.css("noscript")) > sum(map(len, walk.text)):
            walk = _Walk(scripting=False)
            walk.run(body)
        walk.join_rows()
    head = read_head(tree, tuple(walk.properties))
    return MarkupPage(
        visible="\n".join(walk.text),
        blocks=Blocks(
            walk.text,
            walk.container,
            walk.leaf,
            walk.inside,
            walk.heading,
            walk.linked,
            walk.links,
            walk.strong,
            walk.images,
            walk.controls,
            walk.frames,
            walk.rules,
            walk.breaks,
            walk.href,
        ),
        elements=_elements(walk),
        head=head,
    )


def _elements(walk: _Walk) -> Elements:
    pairs = list(zip(walk.tag, walk.names, strict=True))
    sorts = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
    sort = [sorts[pair] for pair in pairs]
    return Elements(walk.parent, walk.tag, walk.depth, walk.first, walk.end, walk.names, sort, list(sorts))
