"""Elements that a page's markup calls its author: by microdata, link relation, address, or name.

A byline's element holds the name alone where the block around it holds the date, the section and the number of
comments as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from corpuskit.segment.html.page import Byline

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_CANDIDATES: Final = (
    "[itemprop~=author], [rel~=author], [class*=author i], [class*=autor i], [class*=byline i], [class*=writer i],"
    " [class*=username i],"
    " a:is([href*='/author/'], [href*='/authors/'], [href*='/autor/'], [href*='/auteur/'], [href*='/contributor/'])"
)
_NAMES: Final = ("[itemprop~=name]", "[rel~=author], .fn, a[href*='/author'], a[href*='/autor']")
"""What inside an author's element holds the name, and not the words around it: the first of these that is there."""
_PERSON: Final = re.compile(r"/(?:authors?|autor|auteur|contributor)/[^/]")
_CALLED: Final = re.compile(
    r"(?<![a-z])(?:author|autor|auteur|byline|writer)s?(?:[-_]{1,2}(?:name|link|by|line|info|meta|url))?(?![a-z])"
    r"|(?:post|entry|article|story)[-_]?(?:author|byline)|(?:author|byline)[-_]?name",
    re.IGNORECASE,
)
_ELSEWHERE: Final = re.compile(
    r"comment|respon[ds]|reply|related|recommend|sidebar|widget|footer|teaser|card(?![a-z])|promo|bio(?![a-z])|about"
    r"|popular|latest|more-|newsletter|reviewed|quote"
)
_CHROME: Final = frozenset({"nav", "footer", "aside", "form", "blockquote", "noscript", "template"})
_ABOUT_THE_PAGE: Final = frozenset({"body", "html", "article"})
"""Elements whose names say what the site shows beside the page's own text."""
_WHOLE: Final = _ABOUT_THE_PAGE | {"main"}
_OWN: Final = re.compile(r"entry|post-?meta|article|byline|story")
"""Names of an article's own header and footer, which themes make of the elements for those of the page."""
_MOST: Final = 60
_LONGEST: Final = 160
_OUT: Final = 12
"""Elements that are looked at around a candidate."""


def read_bylines(tree: LexborHTMLParser) -> tuple[Byline, ...]:
    """Return the texts of the elements of ``tree`` that are called author, in order, those of other things left out."""
    found: list[Byline] = []
    groups: dict[int, int] = {}
    judged: dict[int, bool | None] = {}
    for node in tree.css(_CANDIDATES)[:_MOST]:
        how = _how(node)
        if how is None or _stands_elsewhere(node, judged):
            continue
        names = _names_in(node, how)
        line = groups.setdefault(node.parent.mem_id if node.parent is not None else 0, len(groups))
        found += [Byline(text, how, line) for text in names if 0 < len(text) <= _LONGEST]
    return tuple(dict.fromkeys(found))


def _how(node: LexborNode) -> str | None:
    attributes = node.attributes
    if "author" in (attributes.get("itemprop") or "").lower().split():
        return "itemprop author"
    if "author" in (attributes.get("rel") or "").lower().split():
        return "rel author"
    if node.tag == "a" and _PERSON.search(attributes.get("href") or ""):
        return "address of an author"
    called = attributes.get("class") or ""
    if _CALLED.search(called):
        return None if node.tag in _WHOLE else "class author"
    return "class username" if "username" in called.lower() else None


def _stands_elsewhere(node: LexborNode, judged: dict[int, bool | None]) -> bool:
    """Return whether ``node`` stands in a part of the page that is about something else.

    ``judged`` is what is known of the page's elements: candidates have most of those around them in common.
    """
    at: LexborNode | None = node
    for _ in range(_OUT):
        if at is None:
            break
        number = at.mem_id
        if number not in judged:
            judged[number] = _is_elsewhere(at)
        if (elsewhere := judged[number]) is not None:
            return elsewhere
        at = at.parent
    return False


def _is_elsewhere(element: LexborNode) -> bool | None:
    """Return whether what stands in ``element`` is about something else; ``None`` where those around it tell."""
    tag = element.tag
    if tag in _ABOUT_THE_PAGE:
        return False
    attributes = element.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    return True if (tag in _CHROME or _ELSEWHERE.search(named)) and not _OWN.search(named) else None


def _names_in(node: LexborNode, how: str) -> list[str]:
    """Return the texts of the names in ``node``, or all its text where none is marked."""
    if how in {"rel author", "address of an author"}:
        return [_text(node)]
    content = node.attributes.get("content")
    if content:
        return [" ".join(content.split())]
    whole = _text(node)
    if len(whole) > _LONGEST:
        return []
    for marked in _NAMES:
        inner = [_text(name) for name in node.css(marked) if name.mem_id != node.mem_id]
        if any(inner):
            return list(dict.fromkeys(text for text in inner if text))
    return [whole]


def _text(node: LexborNode) -> str:
    return " ".join(node.text(deep=True, separator=" ").split())
