"""Metadata and related items of a page, whether it came as text or as markup."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpuskit.describe.describe import describe, fill
from corpuskit.describe.related import find_related
from corpuskit.describe.signals import read_signals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpuskit.config import TdmRule
    from corpuskit.model import Metadata, RelatedItem
    from corpuskit.segment import Segmented


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
    if page.markup is None:
        return describe(page.blocks, url)
    from corpuskit.describe.markup import metadata  # text needs no reader of markup

    return fill(metadata(page.markup, url), page.blocks)


def related_of(page: Segmented, url: str | None) -> tuple[RelatedItem, ...]:
    """Return the related items of a page, in order."""
    if page.markup is None:
        return find_related(page.blocks)
    from corpuskit.describe.markup_related import related_items

    return tuple(related_items(page.markup, page.blocks, url))
