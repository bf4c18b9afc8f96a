"""What the DOM knows of a block's role: distant supervision for the labellers.

A page's markup says much that its flattened text has lost: an element called ``related-posts``, a list of links with
long texts, a ``<figcaption>``.  :func:`read_blocks` walks an HTML page once and gives its visible blocks in document
order, each with the role and kind those facts suggest.  It does not know where the main text is: that comes from the
gold text (:mod:`corpuskit.train.align`), and overrules what is said here.

The cues are words of class names, ids and roles as content management systems use them; the idea of learning from
them is the one of "distant supervision" (Mintz et al., ACL 2009).  They are wrong now and then, which is why they
teach a model and never decide about a page.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from itertools import pairwise
from math import nan
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import lxml.html

from corpuskit.model import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

SKIPPED: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "noframes",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "select",
        "datalist",
        "map",
    ]
)
"""Elements whose text is never shown as text (a ``select`` shows one of its options; flatteners differ)."""

BLOCK_TAGS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "canvas",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that begin and end a block: those with a block-level or table display in the HTML standard (15.3)."""

PARAGRAPH_TAGS: Final = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "pre", "figure", "table", "hr"]
)
"""Block elements with a margin: a flattener that follows the layout puts a blank line around them."""

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z]+")
_WORD = re.compile(r"\w+")
_AGE = re.compile(
    r"^[^\w$€£]*(?:\d+ ?|(?:an?|vor|il y a|hace|há|il) +(?:\d+ ?)?)(?:an? |einer |einem |un[ae]? )?"
    r"(?:[smhdwy]|sec|min|hr|mo|(?:second|minute|min|hour|hr|day|week|month|year)s?|(?:stunde|minute|woche)n?|tage?n?"
    r"|(?:heure|jour|hora|día|dia|minuto)s?|ore|uur)\b",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"^\W*(?:©|\(c\) (?:19|20)\d\d|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits"
    r"|todos los derechos|版权所有|저작권)",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\b(?:prev(?:ious)?|next|older|newer|zurück|weiter|précédent|suivant|anterior|siguiente)\b", re.IGNORECASE
)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")

_PATTERNS: Final = tuple(
    (Role(entry["role"]), Kind(entry["kind"]), re.compile(rf"(?:^| )(?:{'|'.join(entry['words'])})(?: |$)"))
    for entry in tomllib.loads((resources.files(__package__) / "dom_cues.toml").read_text(encoding="utf-8"))["cues"]
)

_TAG_CUES: Final[Mapping[str, tuple[Role, Kind]]] = {
    "nav": (Role.BOILERPLATE, Kind.NAVIGATION),
    "footer": (Role.BOILERPLATE, Kind.NAVIGATION),
    "menu": (Role.BOILERPLATE, Kind.NAVIGATION),
    "aside": (Role.BOILERPLATE, Kind.OTHER),
    "form": (Role.BOILERPLATE, Kind.FORM),
    "button": (Role.BOILERPLATE, Kind.FORM),
    "label": (Role.BOILERPLATE, Kind.FORM),
    "figcaption": (Role.METADATA, Kind.CAPTION),
    "time": (Role.METADATA, Kind.DATE),
    "h1": (Role.METADATA, Kind.TITLE),
}
"""What a tag says of its text when no name says more."""


@dataclass(frozen=True, slots=True)
class Run:
    """A text node, or an image with its alternative text; ``space`` if white space stood before it."""

    text: str
    href: str | None = None
    image: str | None = None
    space: bool = False
    hidden: bool = False


@dataclass(slots=True)
class DomBlock:
    """A visible block of an HTML page and what its markup says of it.

    ``path`` are the tags from ``html`` down.  ``gap`` is 1 where the block only begins a new line and 2 where the
    layout has a margin before it.  ``role`` and ``kind`` are what the DOM suggests; ``cue`` names the fact behind
    that.  ``card`` numbers the smallest enclosing item of a repeated list, or is -1.  ``main`` is how likely it is main
    text by all that is known (:mod:`corpuskit.train.pages`), or NaN where ``role`` says it all.
    """

    runs: list[Run]
    path: tuple[str, ...]
    gap: int
    role: Role = Role.BOILERPLATE
    kind: Kind = Kind.OTHER
    cue: str = ""
    card: int = -1
    main: float = nan
    text: str = field(init=False, default="")
    words: int = field(init=False, default=0)
    linked: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.text = "".join((" " if run.space else "") + run.text for run in self.runs if not run.hidden).strip()
        self.words = len(_WORD.findall(self.text))
        self.linked = sum(len(_WORD.findall(run.text)) for run in self.runs if run.href is not None and not run.hidden)

    @property
    def tag(self) -> str:
        """The innermost block-level tag around the text."""
        return next((tag for tag in reversed(self.path) if tag in BLOCK_TAGS), "body")

    @property
    def link_density(self) -> float:
        """Share of the block's words that stand in links, 0 to 1."""
        return self.linked / self.words if self.words else 0.0


def names_of(attributes: Mapping[str, str]) -> str:
    """Return the words of an element's class, id, role and item names: lower case, separated by single spaces.

    >>> names_of({"class": "relatedPosts box-3", "id": "site_footer"})
    'related posts box site footer'
    """
    raw = " ".join(
        attributes.get(key) or "" for key in ("class", "id", "role", "itemprop", "data-testid", "data-component")
    )
    return _NOT_WORD.sub(" ", _CAMEL.sub(" ", raw[:400]).lower()).strip()


def cue(tag: str, attributes: Mapping[str, str]) -> tuple[Role, Kind, str] | None:
    """Return the role and kind that one element's names and tag suggest for its text, and the evidence; or ``None``.

    >>> cue("div", {"class": "article-related"})[:2] == (Role.RELATED, Kind.TITLE)
    True
    """
    names = names_of(attributes)
    if names:
        for role, kind, pattern in _PATTERNS:
            found = pattern.search(names)
            if found:
                return role, kind, found[0].strip()
    if tag in _TAG_CUES:
        return (*_TAG_CUES[tag], f"<{tag}>")
    return None


def decode(html: bytes) -> str:
    """Decode a page: byte order mark, then UTF-8 if it is, then the charset the page declares, then windows-1252."""
    if html[:3] == b"\xef\xbb\xbf":
        return html[3:].decode("utf-8", "replace")
    if html[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return html.decode("utf-16", "replace")
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", html[:4096], re.IGNORECASE)
    for codec in ("utf-8", declared[1].decode("ascii", "ignore") if declared else "cp1252"):
        try:
            return html.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return html.decode("cp1252", "replace")


def read_blocks(html: bytes | str) -> list[DomBlock]:
    """Return the blocks of an HTML page in document order with the roles its DOM suggests; ``[]`` for no text at all.

    A cue on an element that holds more than half of the page's words says nothing (``<body class="comments-open">``).
    """
    text = decode(html) if isinstance(html, bytes) else html
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "")
    if not text.strip():
        return []
    try:
        root: Any = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(huge_tree=True))
    except (lxml.etree.ParserError, ValueError):
        return []
    walk = _Walk()
    walk.visit(root)
    blocks = walk.blocks
    _assign(blocks, walk)
    return blocks


_Node: TypeAlias = Any  # lxml has no types
_State: TypeAlias = Any
_Cue: TypeAlias = tuple[Role, Kind, str]


class _Walk:
    """One pass over the tree: runs gathered into blocks, with the chain of cues over each block."""

    def __init__(self) -> None:
        self.blocks: list[DomBlock] = []
        self.chains: list[tuple[tuple[int, tuple[Role, Kind, str]], ...]] = []
        self.spans: list[list[int]] = []  # element with a cue: first and last block
        self._runs: list[Run] = []
        self._gap = 0
        self._space = False
        self._path: tuple[str, ...] = ()
        self._chain: tuple[tuple[int, tuple[Role, Kind, str]], ...] = ()
        self._card = -1
        self._cards = 0

    def visit(self, root: _Node) -> None:
        """Walk the tree below ``root`` without recursion."""
        stack: list[tuple[Any, bool, Any]] = [(root, False, ((), (), None, False, -1))]
        while stack:
            node, leaving, state = stack.pop()
            if leaving:
                self._leave(node, state)
                continue
            self._enter(node, state, stack)
        self._flush()

    def _enter(self, node: _Node, state: _State, stack: list[tuple[Any, bool, Any]]) -> None:
        path, chain, href, hidden, card = state
        tag = node.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            self._tail(node, stack, state)
            return
        attributes = node.attrib
        hidden = (
            hidden or "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or "")) or tag == "noscript"
        )
        if tag in BLOCK_TAGS or tag == "br":
            self._flush()
            self._gap = max(self._gap, 2 if tag in PARAGRAPH_TAGS else 1)
        found = cue(tag, attributes) if tag not in ("html", "body") else None
        if found:
            self.spans.append([len(self.blocks), -1])
            chain = (*chain, (len(self.spans) - 1, found))
        if tag == "a" and attributes.get("href"):
            href = attributes.get("href")
        if tag in ("li", "article", "td") or (found and found[0] is Role.RELATED):
            self._cards += 1
            card = self._cards
        path = (*path, tag) if len(path) < 60 else path
        inside = (path, chain, href, hidden, card)
        self._open(inside)
        if tag == "img":
            self._image(attributes, href, hidden)
        if node.text:
            self._text(node.text, href, hidden, tag == "pre" or "pre" in path)
        stack.append((node, True, (state, len(self.spans) - 1 if found else -1)))
        stack.extend((child, False, inside) for child in reversed(node))

    def _leave(self, node: _Node, state: _State) -> None:
        outside, span = state
        if node.tag in BLOCK_TAGS:
            self._flush()
            self._gap = max(self._gap, 2 if node.tag in PARAGRAPH_TAGS else 1)
        if span >= 0:
            self._flush_if_block(node.tag)
            self.spans[span][1] = len(self.blocks) + (1 if self._runs else 0)
        self._open(outside)
        if node.tail:
            self._text(node.tail, outside[2], outside[3], "pre" in outside[0])

    def _flush_if_block(self, tag: str) -> None:
        if tag in BLOCK_TAGS:
            self._flush()

    def _tail(self, node: _Node, stack: list[tuple[Any, bool, Any]], state: _State) -> None:
        del stack
        if node.tail:
            self._text(node.tail, state[2], state[3], "pre" in state[0])

    def _open(self, state: _State) -> None:
        if not self._runs:
            self._path, self._chain, self._card = state[0], state[1], state[4]

    def _text(self, raw: str, href: str | None, hidden: bool, pre: bool) -> None:  # noqa: FBT001
        if pre and "\n" in raw:
            first, *others = raw.split("\n")
            self._text(first, href, hidden, pre=False)
            for line in others:
                path, chain, card = self._path, self._chain, self._card
                self._flush()
                self._path, self._chain, self._card = path, chain, card
                self._gap = max(self._gap, 1)
                self._text(line, href, hidden, pre=False)
            return
        text = " ".join(raw.split())
        if not text:
            self._space = self._space or bool(raw)
            return
        self._runs.append(Run(text, href, None, self._space or raw[0].isspace(), hidden))
        self._space = raw[-1].isspace()

    def _image(self, attributes: Mapping[str, str], href: str | None, hidden: bool) -> None:  # noqa: FBT001
        source = attributes.get("src") or attributes.get("data-src") or ""
        if source:
            self._runs.append(
                Run("", href, f"{' '.join((attributes.get('alt') or '').split())}\n{source}", self._space, hidden)
            )

    def _flush(self) -> None:
        if self._runs:
            self.blocks.append(DomBlock(self._runs, self._path, self._gap, card=self._card))
            self.chains.append(self._chain)
            self._runs = []
            self._gap = 0
        self._space = False


_WEAK = frozenset({"links", "tabs", "tab", "toggle", "lead", "intro", "aside", "<aside>", "summary", "banner"})
_OVER_RELATED = frozenset({Kind.COOKIE, Kind.FORM, Kind.SHARE})
_CHROME_HAS_TOO = frozenset({Kind.BYLINE, Kind.DATE, Kind.CAPTION, Kind.STANDFIRST})
_CHROME = re.compile("nav|menu|foot")
_TAGS_OF_CHROME = frozenset({"nav", "footer", "menu"})
_NO_PAGE = re.compile(
    r"#|(?:javascript|mailto|tel|sms|whatsapp):|(?:https?:)?//(?:[a-z]+\.)?(?:facebook|twitter|x|instagram|youtube|tiktok"
    r"|linkedin|pinterest|threads|bsky|whatsapp|reddit|t|wa)\.(?:com|me|co|net|app)\b",
    re.IGNORECASE,
)
"""Where a link goes that is to no article: a place on the page, a programme, a social network."""
_LONG_TITLE = 4  # words: link texts of menus are shorter than headlines in 95 of 100 cases
_FOLDED = 0.5
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def _assign(blocks: list[DomBlock], walk: _Walk) -> None:
    """Give every block the role its chain of cues, its links and its neighbours suggest."""
    total = sum(block.words for block in blocks) or 1
    sums = [0]
    for block in blocks:
        sums.append(sums[-1] + block.words)
    held = [(sums[min(max(last, first), len(blocks))] - sums[first]) / total for first, last in walk.spans]
    for block, chain in zip(blocks, walk.chains, strict=True):
        cues = [found for span, found in chain if held[span] <= _FOLDED]
        block.role, block.kind, block.cue = _decide(block, cues)
    _spread_cards(blocks)
    _spread_runs(blocks)


def _decide(block: DomBlock, cues: list[_Cue]) -> _Cue:
    """Return role, kind and evidence of one block from the cues over it, outermost first."""
    headline = block.link_density > _FOLDED and block.words >= _LONG_TITLE
    cues = [found for found in cues if headline or found[2] not in ("card", "cards")]
    if headline and not _to_pages(block):
        return cues[-1] if cues and cues[-1][0] is not Role.RELATED else _NO_HEADLINE
    if _RIGHTS.match(block.text):
        return Role.METADATA, Kind.RIGHTS, "a copyright line"
    if cues and block.words <= _LONG_TITLE and _STEP.search(block.text):
        return Role.BOILERPLATE, Kind.NAVIGATION, "a step to another page"
    return _from_cues(block, [found for found in cues if found[2] not in _WEAK] or cues) if cues else _plain(block)


def _from_cues(block: DomBlock, cues: list[_Cue]) -> _Cue:
    """Weigh the cues: comments and consent first, then related material, then the innermost."""
    for kind in (Kind.COMMENTS, Kind.COOKIE):
        for found in cues:
            if found[1] is kind:
                return found
    inner = cues[-1]
    related = next((found for found in cues if found[0] is Role.RELATED), None)
    if related and block.words < _LONG_TITLE and _TAGS_OF_CHROME & set(block.path) and block.link_density > _FOLDED:
        return Role.BOILERPLATE, Kind.NAVIGATION, "a menu's entry"  # topics, not articles
    if related and inner[1] not in _OVER_RELATED:
        return Role.RELATED, _related_kind(block, inner), related[2]
    navigation = next((found for found in cues if found[1] is Kind.NAVIGATION), None)
    chrome = _TAGS_OF_CHROME & set(block.path) or any(
        found[1] is Kind.NAVIGATION and _CHROME.search(found[2]) for found in cues
    )
    if navigation and inner[0] is Role.METADATA and inner[1] in _CHROME_HAS_TOO:
        inner = navigation
    if inner[1] in (Kind.NAVIGATION, Kind.OTHER) and not chrome and _is_headline(block):
        return Role.RELATED, Kind.TITLE, "a link with a long text"
    return inner


_NO_HEADLINE: Final = (Role.BOILERPLATE, Kind.NAVIGATION, "a link to no article")


def _is_headline(block: DomBlock) -> bool:
    return block.link_density > 0.8 and block.words >= _LONG_TITLE and _to_pages(block)


def _to_pages(block: DomBlock) -> bool:
    """Whether one of the block's links may go to an article."""
    return any(run.href is not None and not _NO_PAGE.match(run.href.strip()) for run in block.runs)


def _plain(block: DomBlock) -> _Cue:
    """Return what a block says of itself where no name around it says anything."""
    if _is_headline(block):
        return Role.RELATED, Kind.TITLE, "a link with a long text"
    if block.link_density > 0.8:
        return Role.BOILERPLATE, Kind.NAVIGATION, "a link with a short text"
    if _AGE.match(block.text) and block.words <= 5:
        return Role.METADATA, Kind.DATE, "reads like an age"
    if block.text == "" and any(run.image for run in block.runs):
        return Role.METADATA, Kind.IMAGE, "an image"
    return Role.BOILERPLATE, Kind.OTHER, ""


def _related_kind(block: DomBlock, inner: tuple[Role, Kind, str]) -> Kind:
    """Return what a block inside related material is: the headline, its source, its age, its text."""
    short = block.words <= 6
    if short and (_AGE.match(block.text) or inner[1] is Kind.DATE or (_DATE.search(block.text) and block.words <= 8)):
        return Kind.AGE
    if block.link_density > _FOLDED and block.words >= _LONG_TITLE:
        return Kind.TITLE
    if block.tag in _HEADINGS:
        return Kind.TITLE if block.link_density > _FOLDED else Kind.HEADING
    if inner[1] in (Kind.BYLINE, Kind.SECTION) or (short and block.link_density > _FOLDED):
        return Kind.SOURCE if inner[1] is not Kind.NAVIGATION else Kind.LINK
    return Kind.TEXT if block.words > 6 else Kind.HEADING


def _spread_cards(blocks: list[DomBlock]) -> None:
    """Let the other blocks of a teaser (its age, its text) share the role of its title."""
    titles = {
        block.card for block in blocks if block.role is Role.RELATED and block.kind is Kind.TITLE and block.card >= 0
    }
    for block in blocks:
        small = block.words <= 60
        spreadable = block.kind in (Kind.OTHER, Kind.DATE, Kind.BYLINE, Kind.SECTION, Kind.NAVIGATION, Kind.STANDFIRST)
        if block.card in titles and block.role is not Role.RELATED and spreadable and small:
            block.kind = _related_kind(block, (block.role, block.kind, block.cue))
            block.role, block.cue = Role.RELATED, "in one card with a related title"


_BETWEEN: Final = 3  # blocks between the titles of two teasers: section, source, age
_SILENT: Final = frozenset(
    {"", "a link with a short text", "reads like an age", "<time>", "time", "date", "author", "byline"}
)
"""Cues so weak that a block between two related titles, or above several, belongs with them."""


def _spread_runs(blocks: list[DomBlock]) -> None:
    """Let what stands between the titles of a list of teasers, and the heading above it, share their role."""
    shown = [block for block in blocks if block.text]
    titles = [number for number, block in enumerate(shown) if block.role is Role.RELATED and block.kind is Kind.TITLE]
    for number, following in pairwise(titles):
        between = shown[number + 1 : following]
        if 0 < len(between) <= _BETWEEN and all(_is_silent(block) for block in between):
            for block in between:
                block.kind = _related_kind(block, (block.role, block.kind, block.cue))
                block.role, block.cue = Role.RELATED, "between related titles"
    for number, following in pairwise(titles):
        above = shown[number - 1] if number else None
        if above and following <= number + 1 + _BETWEEN and _may_announce(above):
            above.role, above.kind, above.cue = Role.RELATED, Kind.HEADING, "above related titles"


_HEADING_WORDS: Final = 8


def _may_announce(block: DomBlock) -> bool:
    """Whether a block above a list of teasers is their heading, as far as its own markup goes."""
    own = block.tag in _HEADINGS and block.kind in (Kind.NAVIGATION, Kind.OTHER)
    return (block.cue == "" or own) and block.role is Role.BOILERPLATE and block.words <= _HEADING_WORDS


def _is_silent(block: DomBlock) -> bool:
    return block.role is Role.RELATED or (block.cue in _SILENT and block.words <= 2 * _HEADING_WORDS)
