"""Labelled pages: read from a folder of Parquet files, parsed, labelled by gold and DOM, put in folds by domain.

The files have the columns ``id``, ``url``, ``page_type``, ``html``, ``text`` (gold main text, or null), ``must_have``,
``must_not_have`` (lists of segments, or null) and ``title``.  A page without gold text is labelled by trafilatura where
its segments say that trafilatura read it well, and counts as silver.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pyarrow.parquet as pq

from corpuskit.describe.language import detect_language
from corpuskit.train.align import coverage, overrule, shingle_f1
from corpuskit.train.dom_roles import DomBlock, decode, read_blocks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

FOLDS: Final = 5
_SECOND_LEVEL: Final = frozenset(["co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "gob"])
_REACHABLE: Final = 0.9  # gold that the page's own blocks cannot rebuild this well is cut or from another version
_SILVER_RECALL: Final = 0.8
_OTHER_TYPES: Final = 0.5
"""Weight of pages that are no articles: on a listing the teasers are the main text, on most pages they are not."""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page with its blocks labelled.

    ``weight`` is 1 for gold, less for silver; ``ceiling`` is the shingle F1 of the text that the labels themselves give
    (1.0 for silver).  ``fold`` is from the site's domain, so that no site is in two folds.
    """

    id: str
    dataset: str
    page_type: str
    domain: str
    fold: int
    blocks: list[DomBlock]
    gold: str | None
    weight: float
    ceiling: float
    language: str = ""


def domain_of(url: str) -> str:
    """Return the registrable domain of ``url``, near enough to keep a site in one fold.

    >>> domain_of("https://news.example.co.uk/a"), domain_of("http://www.example.com:80/")
    ('example.co.uk', 'example.com')
    """
    labels = (urlsplit(url if "//" in url else f"//{url}").hostname or url).split(".")
    size = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-size:])


def fold_of(domain: str) -> int:
    """Return the fold of a domain, the same in every run."""
    return hashlib.sha256(domain.encode()).digest()[0] % FOLDS


def half_of(domain: str) -> int:
    """Return which half of its fold a domain is in, 0 or 1, the same in every run."""
    return hashlib.sha256(f"h{domain}".encode()).digest()[0] % 2


def read_rows(folder: Path, folds: Collection[int] = range(FOLDS)) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (name of the set, row) of all Parquet files in ``folder`` whose domain is in ``folds``, in order."""
    for file in sorted(folder.glob("*.parquet")):
        for row in pq.read_table(file).to_pylist():
            if fold_of(domain_of(row["url"] or row["id"])) in folds:
                yield file.stem, row


def read_pages(folder: Path, folds: Collection[int] = range(FOLDS)) -> Iterator[LabelledPage]:
    """Yield the labelled pages of all Parquet files in ``folder`` of ``folds``, in the order of file names and rows."""
    for dataset, row in read_rows(folder, folds):
        page = label_page(row, dataset)
        if page:
            yield page


def label_page(row: dict[str, Any], dataset: str) -> LabelledPage | None:
    """Return the labelled page of one row; ``None`` where the labels could not be trusted or there is no text."""
    blocks = read_blocks(row["html"])
    gold = row["text"]
    weight, ceiling = 1.0, 1.0
    if not blocks or len(blocks) > 20_000:
        return None
    reference = gold or _silver(row)
    if not reference:
        return None
    covered = coverage([block.text for block in blocks], reference)
    if gold:
        kept = "\n".join(block.text for block, share in zip(blocks, covered, strict=True) if share >= 0.5)
        ceiling = shingle_f1(kept, gold)[2]
        if ceiling < _REACHABLE:
            weight = 0.0
    else:
        weight = 0.5
    overrule(blocks, covered, row.get("title"))
    domain = domain_of(row["url"] or row["id"])
    kind = (row["page_type"] if dataset in ("wcxb-dev", "magic") else None) or "article"
    if kind != "article":
        weight *= _OTHER_TYPES
    return LabelledPage(
        str(row["id"]),
        dataset,
        kind,
        domain,
        fold_of(domain),
        blocks,
        gold,
        weight,
        ceiling,
        detect_language(reference) or "und",
    )


def _silver(row: dict[str, Any]) -> str | None:
    """Return trafilatura's text of a page if the page's own segments say it is right."""
    import trafilatura

    wanted, unwanted = row["must_have"] or [], row["must_not_have"] or []
    text = trafilatura.extract(decode(row["html"]), include_comments=False, fast=True) or ""
    found = sum(segment in text for segment in wanted)
    leaked = sum(segment in text for segment in unwanted)
    return text if wanted and found >= _SILVER_RECALL * len(wanted) and not leaked else None
