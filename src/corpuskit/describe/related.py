"""Related blocks to records: one item for each article that a page points to or carries along."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from corpuskit.describe.describe import plain
from corpuskit.model import Kind, RelatedItem, Role
from corpuskit.segment import cues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.model import Block

_LEAD: Final = re.compile(r"^[\W_]*[^:：]{2,30}[:：]\s+(?=\S)|^【[^】]{2,12}】\s*|^[^:：\s]{2,12}：(?=\S)")
"""What a line puts before the title it names: "Read also: "."""

_ADDRESS: Final = re.compile(r"\]\(([^()\s]+)\)")


@dataclass(slots=True)
class _Item:
    """An item while its blocks are gathered."""

    blocks: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    source: str | None = None
    age: str | None = None
    url: str | None = None

    def close(self) -> RelatedItem:
        return RelatedItem(
            title=self.titles[0] if self.titles else None,
            text="\n\n".join((*self.titles[1:], *self.texts)) or None,
            source=self.source,
            age=self.age,
            url=self.url,
            blocks=tuple(self.blocks),
        )


def find_related(blocks: Sequence[Block]) -> tuple[RelatedItem, ...]:
    """Return the related items of a page, in order.

    Each run of related blocks under one heading is read in one of two ways, which its first block tells: items that
    begin with their title, or items that begin with their source or age.
    """
    items: list[_Item] = []
    for run in _runs(blocks):
        items += _items(run, blocks)
    return tuple(item.close() for item in items)


def _runs(blocks: Sequence[Block]) -> list[list[int]]:
    """Return the numbers of the related blocks in runs; a heading or any block of another role ends a run."""
    runs: list[list[int]] = [[]]
    for i, block in enumerate(blocks):
        if block.role is Role.RELATED and block.kind is not Kind.HEADING:
            runs[-1].append(i)
        elif block.role is not Role.METADATA or block.kind is not Kind.IMAGE:
            runs.append([])
    return [run for run in runs if run]


def _items(run: Sequence[int], blocks: Sequence[Block]) -> list[_Item]:
    title_first = blocks[run[0]].kind in (Kind.TITLE, Kind.TEXT, Kind.LINK)
    items = [_Item()]
    for i in run:
        block, item = blocks[i], items[-1]
        is_title = block.kind is Kind.TITLE
        opens = is_title if title_first else block.kind in (Kind.SOURCE, Kind.AGE)
        full = item.titles if title_first else item.titles or item.texts
        if (opens and full) or (is_title and item.titles):
            item = _Item()
            items.append(item)
        _put(item, i, block)
    return [item for item in items if item.blocks]


def _put(item: _Item, number: int, block: Block) -> None:
    """Put a block into an item."""
    item.blocks.append(number)
    text = plain(block.text)
    address = _ADDRESS.search(block.text)
    item.url = item.url or (address[1] if address else None)
    if block.kind is Kind.TITLE:
        item.titles.append(_without_lead(text, block))
    elif block.kind is Kind.SOURCE:
        item.source = item.source or text.strip(" -–—|·")
    elif block.kind is Kind.AGE:
        item.age = item.age or text.strip(" -–—|·()（）")
    else:
        item.texts.append(text)


def without_lead(text: str) -> str:
    """Return the title in a line of markup without the words before it, if these are known to lead to articles.

    >>> without_lead("Read also: Pier to be rebuilt")
    'Pier to be rebuilt'
    >>> without_lead("Storm live: ferries cancelled")
    'Storm live: ferries cancelled'
    """
    lead = _LEAD.match(text)
    cue = cues.find(lead[0]) if lead else None
    return text[lead.end() :] if lead and cue and cue.role is Role.RELATED else text


def _without_lead(text: str, block: Block) -> str:
    """Return the title in a line; "Read also:" goes where the labeller saw it, a colon in a title stays."""
    return _LEAD.sub("", text, count=1) if block.reason.startswith("says ") else text
