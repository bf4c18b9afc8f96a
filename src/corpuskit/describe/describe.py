"""Blocks to metadata: one small function a field, each value with where it comes from.

Nothing is made up: a field whose value the page does not give stays empty.  A value that is only suggested (a date in
an image's address) is offered in the evidence and not used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from corpuskit.dates import find_dates
from corpuskit.describe.dated import MODIFIED, PUBLISHED, dates_in
from corpuskit.describe.language import detect_language
from corpuskit.describe.rights import read_rights
from corpuskit.model import Evidence, Kind, Metadata, Origin, Rights, Role
from corpuskit.segment import cues, facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpuskit.model import Block


@dataclass(slots=True)
class _Notes:
    """The evidence found so far."""

    evidence: list[Evidence] = field(default_factory=list)

    def add(self, name: str, value: str, block: int, *, stated: bool = True, used: bool = True) -> str:
        """Note that ``value`` was found in block number ``block``, and return it."""
        self.evidence.append(Evidence(name, value, Origin.BLOCK, f"block {block}", stated, used))
        return value

    def add_language(self, language: str | None) -> None:
        """Note that the main text is in ``language``, where it is known."""
        if language:
            self.evidence.append(Evidence("language", language, Origin.TEXT, "main text", stated=False))


def describe(blocks: Sequence[Block], url: str | None = None) -> Metadata:
    """Return what the blocks of one page say about it."""
    notes = _Notes()
    title = _title(blocks, notes)
    authors = _authors(blocks, title, notes)
    rights = read_rights(blocks)
    notes.evidence += rights.evidence
    publisher = _publisher(blocks, rights.holder, authors, notes)
    language = _language(blocks, title)
    published, modified = _dates(blocks, notes, day_first=language not in (None, "en"))
    notes.add_language(language)
    if url:
        notes.evidence.append(Evidence("url", url, Origin.URL, "given with the page", stated=True))
    return Metadata(
        title=title,
        authors=authors,
        date_published=published,
        date_modified=modified,
        publisher=publisher,
        section=_section(blocks, notes),
        url=url,
        language=language,
        rights=Rights(rights.rights),
        rights_statement=rights.statement,
        rights_holder=rights.holder,
        license=rights.license,
        keywords=_keywords(blocks, notes),
        evidence=tuple(notes.evidence),
    )


FROM_BLOCKS: Final = ("title", "language", "rights", "rights_statement", "rights_holder", "license")
"""Fields of a page of markup that its blocks may fill where the markup says nothing.

Names and dates are not among them: the reader of markup has looked at the visible text around the title too, and
knows which element a line stood in.
"""


def fill(stated: Metadata, blocks: Sequence[Block]) -> Metadata:
    """Return what the markup of a page ``stated``, and from its ``blocks`` what is missing of :data:`FROM_BLOCKS`."""
    missing = [name for name in FROM_BLOCKS if getattr(stated, name) in {None, Rights.UNKNOWN}]
    notes = _Notes()
    rights = read_rights(blocks)
    found: dict[str, Any] = {
        "title": _title(blocks, notes) if {"title", "language"} & {*missing} else None,
        "rights": rights.rights,
        "rights_statement": rights.statement,
        "rights_holder": rights.holder,
        "license": rights.license,
    }
    notes.evidence += rights.evidence
    if "language" in missing:
        found["language"] = _language(blocks, found["title"])
        notes.add_language(found["language"])
    added = tuple(note for note in notes.evidence if note.field in missing)
    return replace(stated, **{name: found[name] for name in missing}, evidence=(*stated.evidence, *added))


def _language(blocks: Sequence[Block], title: str | None) -> str | None:
    """Return the language of the main text, or where there is none of the title."""
    main_text = "\n".join(block.text for block in blocks if block.role is Role.MAIN)
    return detect_language(main_text or title or "")


def _of(blocks: Sequence[Block], *kinds: Kind, role: Role = Role.METADATA) -> Iterator[tuple[int, Block]]:
    """Yield the blocks of ``role`` and one of ``kinds``, with their numbers."""
    return ((i, block) for i, block in enumerate(blocks) if block.role is role and block.kind in kinds)


# --- title ---

_ISSUE_LABEL = re.compile(r"^[(\[（【][^)\]）】]*\d[^)\]）】]*[)\]）】]\s+")
"""An issue's label before a title, "(April 2023 No. 25)": brackets with a number in them."""

_MARKUP = re.compile(r"^#{1,6}\s+|\s+#+$|^\*\*(?=.*\*\*$)|(?<=.)\*\*$")


def clean_title(text: str) -> str:
    """Return a title without Markdown, without an issue's label, and once where the line says it twice."""
    text = plain(_MARKUP.sub("", text))
    without_label = _ISSUE_LABEL.sub("", text)
    half = len(without_label) // 2
    first, second = without_label[:half].strip(), without_label[half:].strip()
    return first if len(first) >= 15 and first == second else without_label  # no short title is doubled by chance


def _title(blocks: Sequence[Block], notes: _Notes) -> str | None:
    """Return the title: of the page's title blocks the one that most others repeat, the first of those."""
    candidates = [(i, clean_title(block.text)) for i, block in _of(blocks, Kind.TITLE)]
    if not candidates:
        return None
    folded = [cues.fold(text) for _, text in candidates]
    votes = [sum(text in other for other in folded) for text in folded]
    index, text = candidates[votes.index(max(votes))]
    return notes.add("title", text, index)


# --- authors ---

_COLUMN_TAG = re.compile(r"^[\[【]([^\]】]{3,40})[\]】]\s*\S")


def _authors(blocks: Sequence[Block], title: str | None, notes: _Notes) -> tuple[str, ...]:
    """Return the names in the bylines, or the name in the column's tag of the title: "[Name] Title"."""
    names: list[str] = []
    for i, block in _of(blocks, Kind.BYLINE):
        if _EDITOR.match(block.text):
            continue
        names += [notes.add("authors", n, i) for n in facts.byline_names(plain(block.text)) if n not in names]
    tag = _COLUMN_TAG.match(title or "")
    if not names and tag and facts.looks_like_name(tag[1]):
        index = next(i for i, block in _of(blocks, Kind.TITLE) if tag[1] in block.text)
        names.append(notes.add("authors", tag[1], index, stated=False))
    return tuple(names)


_EDITOR = re.compile(
    r"^\W*(?:责任编辑|責任編輯|编辑|編輯|编审|校对|edited by|editor:|redaktion:|photos? by|写真)", re.IGNORECASE
)
"""Bylines of people who did not write the text."""


# --- dates ---


def _dates(blocks: Sequence[Block], notes: _Notes, *, day_first: bool) -> tuple[str | None, str | None]:
    """Return the dates of publication and of the last change, as stated.

    An image's address may hold a date: it is offered, not used.
    """
    found: dict[str, list[str]] = {"date_published": [], "date_modified": []}
    for i, block in _of(blocks, Kind.DATE, Kind.BYLINE):
        for date in dates_in(block.text, day_first=day_first):
            notes.add(date.field, date.iso, i, used=not found[date.field])
            found[date.field].append(date.iso)
    for i, block in _of(blocks, Kind.IMAGE):
        offered = _date_in_address(block.text)
        if offered:
            notes.add("date_published", offered, i, stated=False, used=False)
    return next(iter(found["date_published"]), None), next(iter(found["date_modified"]), None)


_ADDRESS_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:/|%2F|-)?(0[1-9]|1[0-2])(?:/|%2F|-)?(0[1-9]|[12]\d|3[01])(?!\d)", re.IGNORECASE
)


def _date_in_address(markdown_image: str) -> str | None:
    """Return the date that a Markdown image's address holds, ``/2025/07/23/`` or ``20250723``, if any."""
    address = markdown_image.rpartition("](")[2]
    match = _ADDRESS_DATE.search(address)
    return "-".join(match.groups()) if match else None


# --- publisher, section, keywords ---

_BYLINE_PARTS = re.compile(r"\s+[|·•]\s+|\s{3,}|\t")
_SOURCE_LABEL = re.compile(r"(?:来源|來源|출처|情報元)\s*[:：]\s*([^\s　|:：]{2,20})")
_LEGAL_FORM = re.compile(
    r",?\s+(?:Ltd|Limited|Inc|LLC|PLC|plc|AB|AG|GmbH|SE|S\.?A\.?S?|S\.?r\.?l|S\.?p\.?A|B\.?V|N\.?V|Oy|A/S|ASA|Co|Corp|Pty|KK)\.?(?:\s+(?:Ltd|Inc|KG)\.?)?$"
)
"""A company's legal form at the end of a rights holder's name: the publisher is known by the name without it."""
_MAIL_DOMAIN = re.compile(r"@([\w-]+(?:\.[\w-]+)+)")


def _publisher(blocks: Sequence[Block], holder: str | None, authors: Sequence[str], notes: _Notes) -> str | None:
    """Return who published the page.

    Stated: a line of its own, a part of the byline ("By A | The Publisher | date"), the rights statement.  Inferred: an affiliation of the author
    whose name is in the domain of the page's e-mail address.
    """
    for i, block in _of(blocks, Kind.PUBLISHER):
        return notes.add("publisher", plain(block.text), i)
    for i, block in _of(blocks, Kind.BYLINE, Kind.DATE):
        if named := _SOURCE_LABEL.search(block.text):
            return notes.add("publisher", named[1], i)
        for part in _BYLINE_PARTS.split(plain(block.text))[1:]:
            name = part.strip(" .,:;")
            if name and name not in authors and _is_publisher(name):
                return notes.add("publisher", name, i)
    if holder:
        index = next((i for i, block in _of(blocks, Kind.RIGHTS) if holder in block.text), None)
        if index is not None:
            return notes.add("publisher", _LEGAL_FORM.sub("", holder), index)
    domains = {
        label
        for _, block in _of(blocks, Kind.CONTACT)
        for domain in _MAIL_DOMAIN.findall(block.text)
        for label in domain.lower().split(".")[:-1]
    }
    for i, block in _of(blocks, Kind.AFFILIATION):
        if any(len(word) > 3 and word.lower() in domains for word in re.findall(r"\w+", block.text)):
            return notes.add("publisher", block.text, i, stated=False)
    return None


def _is_publisher(text: str) -> bool:
    """Whether a part of a byline reads as the name of a publication: capitalised, brief, no date, no label."""
    if (
        find_dates(text)
        or MODIFIED.search(text)
        or PUBLISHED.search(text)
        or any(c.isdigit() for c in text)
        or "@" in text
    ):
        return False
    words = text.split()
    return 1 <= len(words) <= 6 and text[0].isalpha() and not text[0].islower() and not cues.find(text)


_CRUMBS = re.compile(r"\s*[>›»→▸]\s*|\s+/\s+")


def _section(blocks: Sequence[Block], notes: _Notes) -> tuple[str, ...]:
    """Return the path of sections of the first line that gives one."""
    for i, block in _of(blocks, Kind.SECTION):
        parts = [part for part in _CRUMBS.split(plain(block.text)) if part]
        return tuple(notes.add("section", part, i) for part in parts)
    return ()


_TAG_LABEL = re.compile(r"^[^:：]{2,24}[:：]\s*")


def _keywords(blocks: Sequence[Block], notes: _Notes) -> tuple[str, ...]:
    """Return the tags the page gives itself: hashtags, or the list after "Tags:"."""
    found: list[str] = []
    for i, block in _of(blocks, Kind.TAGS, role=Role.BOILERPLATE):
        text = plain(block.text)
        hashtags = re.findall(r"[#＃]([^\s#＃,，、]+)", text)
        listed = (
            [part.strip(" []\"'") for part in re.split(r"[,，、;·|]", _TAG_LABEL.sub("", text))]
            if _TAG_LABEL.match(text)
            else []
        )
        found += [notes.add("keywords", tag, i) for tag in hashtags or listed if tag and tag not in found]
    return tuple(found)


_LINK = re.compile(r"!?\[([^\]]*)\]\([^()\s]*\)")
_LIST_MARK = re.compile(r"^(?:[-*•·▪◦‣]\s+)+")


def plain(text: str) -> str:
    """Return a line without Markdown links and a list's mark."""
    return _LIST_MARK.sub("", _LINK.sub(r"\1", text)).strip()
