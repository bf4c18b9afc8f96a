"""Related blocks to items: teaser cards, "read also" links, embedded articles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpuskit.describe.addresses import absolute
from corpuskit.describe.related import without_lead
from corpuskit.model import Kind, RelatedItem, Role
from corpuskit.segment.html.jsonld import bare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.model import Block
    from corpuskit.segment.html.page import MarkupPage

_ONCE = {Kind.TITLE: "title", Kind.SOURCE: "source", Kind.AGE: "age"}


@dataclass(slots=True)
class _Item:
    """One item under construction."""

    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    href: str | None = None

    def holds(self, name: str | None, href: str | None) -> bool:
        """Return whether a block cannot be part of this item: a second title, source or age, or another address."""
        return name in self.fields or (href is not None and self.href is not None and href != self.href)


def related_items(page: MarkupPage, blocks: Sequence[Block], url: str | None = None) -> tuple[RelatedItem, ...]:
    """Return the related items of ``page``, whose labelled ``blocks`` these are, in order.

    Each has a title or an address.

    A heading ("More stories") is no part of an item, and ends the one before it; so does a block that is not related,
    or one that the item already has.  Addresses are made absolute with ``url`` where it is known.  A link to the page
    itself (in bread crumbs, in a list of the latest stories) is no item.
    """
    related, heading = Role.RELATED, Kind.HEADING
    own_addresses = {bare(address) for address in (*page.head.linked("canonical"), url or "")}
    items: list[_Item] = []
    current: _Item | None = None
    for index, (own, href) in enumerate(zip(blocks, page.blocks.href, strict=True)):
        if own.role is not related or own.kind is heading:
            current = None
            continue
        name = _ONCE.get(own.kind)
        if current is None or current.holds(name, href):
            current = _Item()
            items.append(current)
        if name:
            current.fields[name] = without_lead(own.text) if name == "title" else own.text
        else:
            current.texts.append(own.text)
        current.blocks.append(index)
        current.href = current.href or href
    finished = [_finished(item, url) for item in items if "title" in item.fields or item.href]
    return tuple(item for item in finished if not (item.url and bare(item.url) in own_addresses))


def _finished(item: _Item, url: str | None) -> RelatedItem:
    return RelatedItem(
        title=item.fields.get("title"),
        text="\n".join(item.texts) or None,
        source=item.fields.get("source"),
        age=item.fields.get("age"),
        url=(absolute(url, item.href) or item.href) if item.href else None,
        blocks=tuple(item.blocks),
    )
