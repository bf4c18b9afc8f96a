"""JSON-LD as pages have it: several blocks, graphs, arrays, references, and JSON that is not quite JSON."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from corpuskit.segment.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WRAPPER: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
_TRAILING: Final = re.compile(r",\s*([}\]])")
_MAX_NODES: Final = 5_000

ARTICLES: Final = frozenset(
    [
        "article",
        "newsarticle",
        "blogposting",
        "report",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "reportagenewsarticle",
        "reviewnewsarticle",
        "backgroundnewsarticle",
        "askpublicnewsarticle",
        "liveblogposting",
        "scholarlyarticle",
        "techarticle",
        "medicalscholarlyarticle",
        "advertisercontentarticle",
        "satiricalarticle",
        "socialmediaposting",
        "discussionforumposting",
        "howto",
        "recipe",
        "review",
        "qapage",
        "question",
        "creativework",
        "videoobject",
        "podcastepisode",
        "blog",
        "medicalwebpage",
    ]
)
"""The schema.org types, in lower case, whose headline, author and dates are those of a page."""
_BEST: Final = frozenset(
    name for name in ARTICLES if "article" in name or "posting" in name or name in {"report", "recipe"}
)
PAGES: Final = frozenset(["webpage", "itempage", "aboutpage", "faqpage", "contactpage", "collectionpage", "product"])

Node = dict[str, Any]


def read_json_ld(sources: Sequence[str]) -> list[Node]:
    """Return every object with a type in ``sources``, in order, those in graphs and under other objects included."""
    nodes: list[Node] = []
    for source in sources:
        nodes += _objects(_parse(source))
    return nodes


def _parse(source: str) -> object:
    try:  # most is what it should be
        return json.loads(source, strict=False)
    except (ValueError, RecursionError):
        source = _WRAPPER.sub("", _WRAPPER.sub("", source)).strip().rstrip(";")
    for attempt in (source, _TRAILING.sub(r"\1", source.replace("\t", " ").replace("\r", " ").replace("\n", " "))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    try:  # two objects one after the other: take the first
        return json.JSONDecoder(strict=False).raw_decode(source)[0]
    except (ValueError, RecursionError):
        return None


def _objects(value: object) -> Iterator[Node]:
    """Walk ``value`` breadth first: what stands higher comes first."""
    level: list[Any] = [value]
    seen = 0
    while level and seen < _MAX_NODES:
        below: list[Any] = []
        for item in level:
            seen += 1
            if isinstance(item, dict):
                if types(item):
                    yield item
                below += [child for child in item.values() if isinstance(child, dict | list)]
            elif isinstance(item, list):
                below += [child for child in item if isinstance(child, dict | list)]
        level = below


def types(node: Node) -> frozenset[str]:
    """Return the types of ``node`` in lower case, without a vocabulary in front."""
    stated = node.get("@type")
    if isinstance(stated, str):
        return _TYPES[stated]
    names = stated if isinstance(stated, list) else []
    return frozenset[str]().union(*[_TYPES[name] for name in names if isinstance(name, str)])


_TYPES: Final[Kept[str, frozenset[str]]] = Kept(
    lambda name: frozenset({name.rsplit("/", 1)[-1].rsplit("#", 1)[-1].lower()}), most=1 << 12
)


def main_node(nodes: Sequence[Node], addresses: Sequence[str]) -> Node | None:
    """Return the node that describes the page: an article whose address is the page's, else the first article.

    A page with more than three articles and none that is its own is a list of them, and none describes it.
    """
    articles = [node for node in nodes if types(node) & ARTICLES]
    mine = {bare(address) for address in addresses if address}
    own = [node for node in articles if any(bare(address) in mine for address in _ids(node))]
    for chosen in (own, articles):
        best = [node for node in chosen if types(node) & _BEST]
        if chosen is articles and len(best) > 3:
            continue
        if found := (best or chosen):
            return max(found, key=lambda node: sum(key in node for key in ("headline", "author", "datePublished")))
    return None


def page_node(nodes: Sequence[Node]) -> Node | None:
    """Return the first node that is a web page or a product."""
    return next((node for node in nodes if types(node) & PAGES), None)


def _ids(node: Node) -> list[str]:
    entity = node.get("mainEntityOfPage")
    values = [node.get("url"), node.get("@id"), entity.get("@id") if isinstance(entity, dict) else entity]
    return [value for value in values if isinstance(value, str)]


_BARE: Final = re.compile(r"^https?://(?:www\.)?|[?#].*$")


def bare(address: str) -> str:
    """Return what two addresses of one page have in common: no scheme, ``www``, query and fragment.

    >>> bare("http://www.example.org/a/?x=1"), bare("https://example.org/A#top")
    ('example.org/a', 'example.org/a')
    """
    return _BARE.sub("", address).rstrip("/").lower()


def plain(value: object) -> str | None:
    """Return a string value as text: entities and tags undone, white space folded; ``None`` if there is none."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    if "&" in value:
        value = unescape(unescape(value))
    if "<" in value:
        value = re.sub(r"</?[a-zA-Z][^>]*>", " ", value)
    return " ".join(value.split()) or None


def names(value: object, by_id: dict[str, Node]) -> list[str]:
    """Return the names of the people or organisations in ``value``, references looked up in ``by_id``."""
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        one = item
        if isinstance(one, dict):
            if "name" not in one and isinstance(one.get("@id"), str):
                one = by_id.get(one["@id"], one)
            one = one.get("name")
            if isinstance(one, list):
                found += [text for part in one if (text := plain(part))]
                continue
        text = plain(one)
        if text:
            found.append(text)
    return found
