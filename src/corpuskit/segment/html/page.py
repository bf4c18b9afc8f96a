"""What one parse and one walk know about a page of HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


class Inside(IntFlag):
    """The kinds of element a block stands in, itself included: a block in ``nav > ul > li`` is inside NAV and ITEM."""

    NAV = 1
    HEADER = 2
    FOOTER = 4
    ASIDE = 8
    ARTICLE = 16
    MAIN = 32
    ITEM = 64
    TABLE = 128
    FIGURE = 256
    CAPTION = 512
    QUOTE = 1024
    CODE = 2048
    FORM = 4096
    BUTTON = 8192
    HEADING = 16384
    LINK = 32768
    HIDDEN = 65536
    TIME = 131072
    ADDRESS = 262144
    PARAGRAPH = 524288
    SECTION = 1048576
    DIALOG = 2097152
    DEFINITION = 4194304
    BODY = 8388608
    MODAL = 16777216


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements under ``body`` in document order, as columns.

    ``parent`` is an index into the same columns (the first element is its own parent).  The blocks of an element's
    subtree are ``[first_block, end_block)``.  ``names`` joins what authors call the element: class, id, role,
    itemprop and the like, as written.  Elements of the same tag and names are of one sort: ``sort`` is its number in
    ``sorts``, which are in the order they are first met; a page has some hundred of them.
    """

    parent: list[int]
    tag: list[int]
    depth: list[int]
    first_block: list[int]
    end_block: list[int]
    names: list[str]
    sort: list[int]
    sorts: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks in document order, as columns.

    ``container`` is the innermost block-level element, ``leaf`` the innermost element of the first character.
    ``inside`` holds :class:`Inside` bits.  ``linked``, ``strong`` count characters (before white space is folded)
    in links and in bold, ``links`` the links; ``images``, ``controls``, ``frames``, ``rules``, ``breaks`` count the
    images, form controls, frames, ``hr`` and ``br`` met on the page before the end of the block.  ``heading`` is the
    level of the heading the block stands in, or 0.  ``href`` is the address of its first link, or of the link
    around it.
    """

    text: list[str]
    container: list[int]
    leaf: list[int]
    inside: list[int]
    heading: list[int]
    linked: list[int]
    links: list[int]
    strong: list[int]
    images: list[int]
    controls: list[int]
    frames: list[int]
    rules: list[int]
    breaks: list[int]
    href: list[str | None]


@dataclass(frozen=True, slots=True)
class Property:
    """A microdata value, or a ``time`` element, and the block it stands at.

    ``name`` is the ``itemprop`` (or ``time``); ``value`` its machine value (``content``, ``datetime``) or ``None``
    where the text of ``block`` is the value.
    """

    name: str
    value: str | None
    block: int
    inside: int


class Byline(NamedTuple):
    """The text of an element that is called author.

    ``how`` says by what it is called so; names with one ``group`` stand in one line (the number means nothing else).
    """

    text: str
    how: str
    group: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the page says of itself outside its visible text, as written."""

    title: str | None = None
    language: str | None = None
    base: str | None = None
    meta: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    json_ld: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    bylines: tuple[Byline, ...] = ()

    def linked(self, relation: str) -> list[str]:
        """Return the addresses that the page has this ``relation`` to, in order."""
        return [href for rel, href in self.links if relation in rel and relation in rel.split()]


@dataclass(frozen=True, slots=True)
class Arrays:
    """Columns of elements and blocks as arrays, for what is computed of all of them at once.

    The names are those of :class:`Elements` and :class:`Blocks`.  ``end_block`` is nowhere less than ``first_block``;
    ``length`` is that of each block in characters, ``words`` in words, as its spaces tell.
    """

    parent: NDArray[np.intp]
    tag: NDArray[np.intp]
    sort: NDArray[np.intp]
    depth: NDArray[np.float32]
    first_block: NDArray[np.intp]
    end_block: NDArray[np.intp]
    length: NDArray[np.intp]
    words: NDArray[np.float32]
    container: NDArray[np.intp]
    leaf: NDArray[np.intp]
    inside: NDArray[np.intp]
    heading: NDArray[np.intp]


@dataclass(frozen=True)
class MarkupPage:
    """A page of HTML, read once: its visible text, the blocks that partition it, and all that was said around it.

    The visible text is that of the blocks, one below the other.
    """

    visible: str
    blocks: Blocks
    elements: Elements
    head: Head
    tags: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def arrays(self) -> Arrays:
        """What the stages of the labeller compute with."""
        blocks, elements = self.blocks, self.elements
        first = np.array(elements.first_block, np.intp)
        return Arrays(
            parent=np.array(elements.parent, np.intp),
            tag=np.array(elements.tag, np.intp),
            sort=np.array(elements.sort, np.intp),
            depth=np.array(elements.depth, np.float32),
            first_block=first,
            end_block=np.maximum(np.array(elements.end_block, np.intp), first),
            length=np.fromiter(map(len, blocks.text), np.intp, len(blocks.text)),
            words=np.fromiter([1 + text.count(" ") for text in blocks.text], np.float32, len(blocks.text)),
            container=np.array(blocks.container, np.intp),
            leaf=np.array(blocks.leaf, np.intp),
            inside=np.array(blocks.inside, np.intp),
            heading=np.array(blocks.heading, np.intp),
        )
