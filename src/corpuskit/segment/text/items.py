"""Related blocks to records: which of them make one item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.model import Block, Kind, RelatedItem, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIELDS: Final = {Kind.SOURCE: "source", Kind.AGE: "age", Kind.TITLE: "title", Kind.TEXT: "text"}
_MARKS: Final = "-–—*•·●> "


def related_items(blocks: Sequence[Block]) -> list[RelatedItem]:
    """Return the related items of a page from its labelled blocks, in order.

    Items follow one pattern on a page (source, age, title, text, say), which is not known beforehand.  A new item
    begins with a heading or after anything not related; where a kind comes that the item has already (texts may go
    on, a source may be repeated in the same words); and where the kind comes that the page's items begin with.
    """
    items: list[RelatedItem] = []
    group: dict[Kind, str] = {}
    members: list[int] = []
    opener: Kind | None = None
    for number, block in enumerate(blocks):
        if block.role is not Role.RELATED or block.kind not in _FIELDS:
            _close(items, group, members)
            if block.role is not Role.RELATED or block.kind is Kind.HEADING:
                opener = None
            continue
        text = block.text.strip(_MARKS)
        repeated = block.kind in group and not (block.kind is Kind.TEXT or group[block.kind] == text)
        ended = Kind.TEXT in group and block.kind is not Kind.TEXT
        if group and (repeated or (block.kind is opener and group.get(block.kind) != text) or ended):
            _close(items, group, members)
        if not group:
            opener = opener or block.kind
        group[block.kind] = f"{group[Kind.TEXT]}\n\n{text}" if block.kind is Kind.TEXT and Kind.TEXT in group else text
        members.append(number)
    _close(items, group, members)
    return items


def _close(items: list[RelatedItem], group: dict[Kind, str], members: list[int]) -> None:
    """Make a record of what was gathered; a source or an age alone is none."""
    if Kind.TITLE in group or Kind.TEXT in group:
        items.append(_item(group, tuple(members)))
    group.clear()
    members.clear()


def _item(group: Mapping[Kind, str], members: tuple[int, ...]) -> RelatedItem:
    values = {_FIELDS[kind]: text for kind, text in group.items()}
    return RelatedItem(
        title=values.get("title"), text=values.get("text"), source=values.get("source"), age=values.get("age"), blocks=members
    )
