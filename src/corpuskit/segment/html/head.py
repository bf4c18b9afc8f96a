"""What a page says of itself outside its visible text: gathered as written, judged in ``describe``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.segment.html.bylines import read_bylines
from corpuskit.segment.html.page import Head, Property

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_META_NAMES: Final = ("property", "name", "itemprop", "http-equiv")
_MAX_JSON_LD: Final = 2_000_000


def read_head(  # noqa: C901 - one branch per element
    tree: LexborHTMLParser, properties: tuple[Property, ...]
) -> Head:
    """Return the head facts of ``tree``: meta elements, links with a ``rel``, the title, JSON-LD blocks."""
    title: str | None = None
    base: str | None = None
    meta: list[tuple[str, str]] = []
    links: list[tuple[str, str]] = []
    json_ld: list[str] = []
    for node in tree.css(
        "meta, link[rel], title, base[href], script[type*='ld+json'], a[rel~='license'], a[rel~='tag']"
    ):
        tag = node.tag
        attributes = node.attributes
        if tag == "meta":
            content = attributes.get("content")
            if content:
                meta += [(name.lower(), content) for key in _META_NAMES if (name := attributes.get(key))]
            elif attributes.get("charset"):
                meta.append(("charset", attributes["charset"] or ""))
        elif tag in {"link", "a"}:
            if (href := attributes.get("href")) and (rel := attributes.get("rel")):
                links.append((rel.lower(), href))
        elif tag == "title":
            if title is None:
                title = " ".join(node.text(deep=True).split()) or None
        elif tag == "base":
            base = base or attributes.get("href")
        else:
            source = node.text(deep=True)
            if source and len(source) <= _MAX_JSON_LD:
                json_ld.append(source)
    html = tree.root
    language = html.attributes.get("lang") or html.attributes.get("xml:lang") if html is not None else None
    return Head(
        title, language or None, base, tuple(meta), tuple(links), tuple(json_ld), properties, read_bylines(tree)
    )
