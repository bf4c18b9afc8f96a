"""The words of corpuskit: what passes between the rooms.

Every class here is a frozen value.  The rooms to the right of this module build them, read them and never
change them.  Offsets are counted in characters (Unicode code points) of a Python ``str``, half-open: ``[start, end)``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Role(StrEnum):
    """What a block is to its page.  A role compares equal to its name: ``Role.MAIN == "main"``."""

    MAIN = "main"
    METADATA = "metadata"
    RELATED = "related"
    BOILERPLATE = "boilerplate"


class Kind(StrEnum):
    """What a block is within its role.  Names follow schema.org and the IPTC where those have one.

    A kind may belong to more than one role (a ``title`` can be this page's or a related article's):
    :data:`KINDS` says which pairs exist.
    """

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE = "table"
    CODE = "code"
    TITLE = "title"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    AFFILIATION = "affiliation"
    CONTACT = "contact"
    AUTHOR_BIO = "author_bio"
    DATE = "date"
    SECTION = "section"
    PUBLISHER = "publisher"
    IMAGE = "image"
    CAPTION = "caption"
    RIGHTS = "rights"
    SOURCE = "source"
    AGE = "age"
    TEXT = "text"
    LINK = "link"
    NAVIGATION = "navigation"
    SHARE = "share"
    COMMENTS = "comments"
    PROMOTION = "promotion"
    TAGS = "tags"
    LEGAL = "legal"
    DISCLAIMER = "disclaimer"
    FORM = "form"
    COOKIE = "cookie"
    OTHER = "other"


KINDS: Final[Mapping[Role, tuple[Kind, ...]]] = {
    Role.MAIN: (Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM, Kind.QUOTE, Kind.TABLE, Kind.CODE),
    Role.METADATA: (
        Kind.TITLE,
        Kind.STANDFIRST,
        Kind.BYLINE,
        Kind.AFFILIATION,
        Kind.CONTACT,
        Kind.AUTHOR_BIO,
        Kind.DATE,
        Kind.SECTION,
        Kind.PUBLISHER,
        Kind.IMAGE,
        Kind.CAPTION,
        Kind.RIGHTS,
    ),
    Role.RELATED: (Kind.HEADING, Kind.SOURCE, Kind.AGE, Kind.TITLE, Kind.TEXT, Kind.LINK),
    Role.BOILERPLATE: (
        Kind.NAVIGATION,
        Kind.SHARE,
        Kind.COMMENTS,
        Kind.PROMOTION,
        Kind.TAGS,
        Kind.LEGAL,
        Kind.DISCLAIMER,
        Kind.FORM,
        Kind.COOKIE,
        Kind.OTHER,
    ),
}
"""The closed list of (role, kind) pairs a block can have."""


class Status(StrEnum):
    """What became of a page."""

    KEPT = "kept"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"


class Stage(StrEnum):
    """Where in the flow something happened to a page."""

    READ = "read"
    DECODE = "decode"
    REPAIR = "repair"
    SEGMENT = "segment"
    DESCRIBE = "describe"
    SELECT = "select"
    RUN = "run"


class Rights(StrEnum):
    """What the page itself says of its reuse."""

    OPEN = "open"
    RESERVED = "reserved"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Where in a page a metadata value was found."""

    BLOCK = "block"
    JSON_LD = "json-ld"
    META = "meta"
    LINK = "link"
    MICRODATA = "microdata"
    URL = "url"
    HEADER = "header"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Page:
    """One input, untouched.

    ``locator`` names the page within its ``source``: a relative path with ``/`` between its parts, a URL, or a
    WARC record id.  ``fetched_at`` is an RFC 3339 date-time.  ``headers`` have lower-case names.  ``encoding`` is the
    charset that a header or the settings declare, where one does.
    """

    raw: bytes
    media_type: str
    locator: str
    source: str
    url: str | None = None
    fetched_at: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None

    @property
    def id(self) -> str:
        """The row id: stable for a page across re-extraction, since the content has no part in it."""
        return page_id(self.source, self.locator)


def page_id(source: str, locator: str) -> str:
    """Return the id of the page at ``locator`` in ``source``: 32 hexadecimal digits (128 bits of SHA-256).

    The NUL between the two keeps ``("a", "b/c")`` and ``("a/b", "c")``-like pairs apart; 128 bits make a collision
    among 10^10 pages a matter of 10^-19 (birthday bound), and `build` refuses a corpus in which two pages collide.
    """
    key = f"{source}\0{locator}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(key).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Repair:
    """One change made to the decoded text.

    ``before`` stood at ``[start, end)`` of the decoded text; ``after`` stands at ``[after_start, after_end)`` of the
    repaired text.  ``rule`` names the rule that asked for it, ``evidence`` says why in words a person can check
    (a codec chain, a score).  The repairs of a page are in order and do not overlap.
    """

    start: int
    end: int
    after_start: int
    after_end: int
    before: str
    after: str
    rule: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Flag:
    """What is doubtful at ``[start, end)`` of the repaired text, in characters.

    Damage that is suspected and was left as it is, or, by the rule ``uncertain-segmentation``, which lines are the
    main text.
    """

    start: int
    end: int
    rule: str
    evidence: str


class Block(NamedTuple):
    """A span of the repaired text with its role.

    The blocks of a page **partition** it: they are in order, none is empty, none begins or ends with white space,
    and every character between two of them is white space (``str.isspace``).  ``score`` is the labeller's confidence
    in the role, 0 to 1; ``reason`` says which evidence decided.  A tuple, since pages have hundreds: a frozen dataclass
    takes three times as long to make.
    """

    role: Role
    kind: Kind
    start: int
    end: int
    text: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where one metadata value comes from.

    ``where`` points into the page: ``block 3``, ``meta og:title``, ``url``.  ``stated`` is false where the value was
    inferred.  ``used`` is false for a candidate that is offered but did not become the field's value, such as a date
    that only an image address suggests.
    """

    field: str
    value: str
    origin: Origin
    where: str
    stated: bool
    used: bool = True


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a careful reader takes from the page and nothing else: ``None`` or ``()`` where the page does not say.

    Dates are ISO 8601 with the precision the page has: ``2023-04-03``, ``2021-06-08T07:50:00``, with an offset only
    where the page states one.  ``section`` runs from the outermost to the innermost.  ``language`` is a BCP 47 tag,
    ``license`` an SPDX expression.  ``robots``, ``tdm_reserved`` and ``tdm_policy`` are what is said to machines
    (:mod:`corpuskit.describe.signals`).
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    date_published: str | None = None
    date_modified: str | None = None
    publisher: str | None = None
    section: tuple[str, ...] = ()
    url: str | None = None
    language: str | None = None
    rights: Rights = Rights.UNKNOWN
    rights_statement: str | None = None
    rights_holder: str | None = None
    license: str | None = None
    robots: tuple[str, ...] = ()
    tdm_reserved: bool | None = None
    tdm_policy: str | None = None
    keywords: tuple[str, ...] = ()
    description: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """One teaser or embedded article inside a page.

    ``age`` is as the page words it ("4 hours ago").  ``blocks`` are the indices, in the page's blocks, that the item
    was made of.  ``document_id`` is the corpus document it is, where one matches.
    """

    title: str | None = None
    text: str | None = None
    source: str | None = None
    age: str | None = None
    url: str | None = None
    document_id: str | None = None
    blocks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a page, and why.

    Rejected: ``rule``, the measured ``value`` and the ``threshold`` it missed.  Quarantined: ``stage`` and ``error``.
    """

    status: Status
    rule: str | None = None
    value: str | None = None
    threshold: str | None = None
    stage: Stage | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a document that was asked to be forgotten: it tells the document again and cannot be read.

    ``url`` and ``title`` are digests, ``passages`` digests of its blocks, ``sketch`` hashes of one in ``scale`` runs of
    five words; ``corpuskit.select.forget`` makes and reads them.  ``date`` is the day it was asked for.
    """

    id: str
    date: str | None = None
    reason: str | None = None
    url: str | None = None
    title: str | None = None
    title_words: int = 0
    passages: tuple[str, ...] = ()
    scale: int = 1
    sketch: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A page after the flow.

    ``repaired`` is the text the blocks span: the repaired page, or for HTML the visible text of the repaired
    ``markup`` (``None`` for text).  ``repairs`` lead back to the decoded input,
    ``flags`` are the damage that was suspected and left, and the doubt about which lines are the main text.
    """

    page: Page
    encoding: str
    repaired: str
    markup: str | None
    repairs: tuple[Repair, ...]
    flags: tuple[Flag, ...]
    blocks: tuple[Block, ...]
    metadata: Metadata
    related: tuple[RelatedItem, ...]
    decision: Decision

    @property
    def id(self) -> str:
        """The id of the page, which is the id of the row."""
        return self.page.id

    @property
    def text(self) -> str:
        """The main text: the main blocks in order, joined by a blank line."""
        return main_text(self.blocks)

    def restore(self) -> str:
        """Return the decoded input, exactly: every repair undone."""
        return undo(self.repaired if self.markup is None else self.markup, self.repairs)


def main_text(blocks: Iterable[Block]) -> str:
    """Return the text of the main blocks, in order, joined by a blank line."""
    return "\n\n".join(block.text for block in blocks if block.role is Role.MAIN)


def undo(text: str, repairs: Iterable[Repair]) -> str:
    """Return ``text`` with ``repairs`` undone.

    Raises:
        ValueError: a repair is out of order, or what it says it wrote does not stand where it says.
    """
    parts: list[str] = []
    position = 0
    for repair in repairs:
        if repair.after_start < position or text[repair.after_start : repair.after_end] != repair.after:
            message = f"repair {repair.rule!r} at {repair.after_start} does not fit the text it is undone on"
            raise ValueError(message)
        parts += (text[position : repair.after_start], repair.before)
        position = repair.after_end
    return "".join((*parts, text[position:]))
