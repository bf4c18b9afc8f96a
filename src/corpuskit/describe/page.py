"""Metadata and related items of a page, whether it came as text or as markup."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from corpuskit.describe.describe import describe
from corpuskit.describe.related import find_related
from corpuskit.describe.signals import read_signals
from corpuskit.model import Rights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpuskit.config import TdmRule
    from corpuskit.model import Metadata, RelatedItem
    from corpuskit.segment import Segmented

FROM_BLOCKS: Final = ("title", "language", "rights", "rights_statement", "rights_holder", "license")
"""Fields that the blocks may fill where markup says nothing.

Names and dates are not among them: the reader of markup has looked at the visible text around the title too, and
knows which element a line stood in.
"""


def describe_page(
    page: Segmented,
    url: str | None,
    headers: Mapping[str, str] | None = None,
    rules: Sequence[TdmRule] = (),
) -> Metadata:
    """Return what a page says of itself, to readers and to machines.

    ``headers`` came with it, with lower-case names; ``rules`` are those of its server's ``tdmrep.json``.
    """
    said = _said(page, url)
    meta = () if page.markup is None else page.markup.head.meta
    signals = read_signals(headers or {}, meta, rules, url or said.url)
    return replace(
        said,
        robots=signals.robots,
        tdm_reserved=signals.tdm_reserved,
        tdm_policy=signals.tdm_policy,
        evidence=(*said.evidence, *signals.evidence),
    )


def _said(page: Segmented, url: str | None) -> Metadata:
    """Return what a page says to readers: for markup what the markup states, and what is missing from the blocks."""
    visible = describe(page.blocks, url)
    if page.markup is None:
        return visible
    from corpuskit.describe.markup import metadata  # text needs no reader of markup

    stated = metadata(page.markup, url)
    missing = [name for name in FROM_BLOCKS if getattr(stated, name) in {None, Rights.UNKNOWN}]
    filled = tuple(found for found in visible.evidence if found.field in missing)
    values = {name: getattr(visible, name) for name in missing}
    return replace(stated, **values, evidence=(*stated.evidence, *filled))


def related_of(page: Segmented, url: str | None) -> tuple[RelatedItem, ...]:
    """Return the related items of a page, in order."""
    if page.markup is None:
        return find_related(page.blocks)
    from corpuskit.describe.markup_related import related_items

    return tuple(related_items(page.markup, page.labels, url))
