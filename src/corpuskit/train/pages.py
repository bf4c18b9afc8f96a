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

import numpy as np
import pyarrow.parquet as pq

from corpuskit.describe.language import detect_language
from corpuskit.train.align import coverage, overrule, shingle_f1
from corpuskit.train.dom_roles import DomBlock, decode, read_blocks
from corpuskit.train.teacher import corrected, instruct, listen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from corpuskit.train.hand import HandLabels
    from corpuskit.train.teacher import Chances, Opinion

FOLDS: Final = 5
_SECOND_LEVEL: Final = frozenset(["co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "gob"])
_REACHABLE: Final = 0.9  # gold that the page's own blocks cannot rebuild this well is cut or from another version
_SILVER_RECALL: Final = 0.8
_SILVER: Final = 0.5
"""Weight of a page whose labels are trafilatura's."""
_TAUGHT: Final = 0.75
"""Weight of a page without usable gold whose labels are the teacher's, where it is sure."""
_GOLD_SHARE: Final = 0.7
_SILVER_SHARE: Final = 0.3
"""What a label of gold or silver counts beside the teacher's opinion."""
_COVERED: Final = 0.5
"""Share of a block's words in the reference from which the block belongs to it."""
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


def read_pages(
    folder: Path,
    folds: Collection[int] = range(FOLDS),
    chances: Chances | None = None,
    labels: Mapping[str, HandLabels] | None = None,
) -> Iterator[LabelledPage]:
    """Yield the labelled pages of all Parquet files in ``folder`` of ``folds``, in the order of file names and rows.

    ``chances`` is what the labeller of HTML says of the blocks of each page, ``labels`` what a reader says.
    """
    for dataset, row in read_rows(folder, folds):
        page = label_page(row, dataset, chances, (labels or {}).get(f"{dataset}/{row['id']}"))
        if page:
            yield page


def label_page(
    row: dict[str, Any], dataset: str, chances: Chances | None = None, hand: HandLabels | None = None
) -> LabelledPage | None:
    """Return the labelled page of one row; ``None`` where the labels could not be trusted or there is no text.

    With ``chances``, the teacher's (:mod:`corpuskit.train.teacher`), it learns from both: gold says most where it can
    be rebuilt, the teacher most where there is only silver, and all where there is nothing else.  What the blocks are
    that are no main text, the teacher says, or a reader (``hand``), where there is one.
    """
    blocks = read_blocks(row["html"])
    if not blocks or len(blocks) > 20_000:
        return None
    gold = row["text"]
    reference = gold or _silver(row)
    said = chances.pages.get(f"{dataset}/{row['id']}") if chances else None
    if chances and said is not None and hand:
        said = corrected(said, chances.kinds, hand, main=not gold)
    opinion = listen(decode(row["html"]), said, chances.kinds, blocks) if chances and said is not None else None
    if not reference and not opinion:
        return None
    texts = [block.text for block in blocks]
    labels = (coverage(texts, reference) >= _COVERED if reference else np.zeros(len(blocks))).astype(np.float64)
    kept = "\n".join(text for text, label in zip(texts, labels, strict=True) if label)
    ceiling = shingle_f1(kept, gold)[2] if gold else 1.0
    main, weight = _weigh(labels, opinion, gold=bool(gold), reachable=bool(reference) and ceiling >= _REACHABLE)
    overrule(blocks, main, row.get("title"))
    if opinion:
        instruct(blocks, opinion)
    for block, chance in zip(blocks, main.tolist(), strict=True):
        block.main = chance
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
        detect_language(reference or "") or "und",
    )


def _weigh(
    labels: NDArray[np.float64], opinion: Opinion | None, *, gold: bool, reachable: bool
) -> tuple[NDArray[np.float64], float]:
    """Return how likely each block is main text by its label and the teacher's opinion, and the weight of the page."""
    share = (_GOLD_SHARE if gold else _SILVER_SHARE) if reachable else 0.0
    if not opinion:
        return labels, (1.0 if gold else _SILVER) * reachable
    said = np.where(np.isnan(opinion.main), labels if reachable else 0.0, opinion.main)
    return share * labels + (1 - share) * said, 1.0 if gold and reachable else _TAUGHT * opinion.trust


def _silver(row: dict[str, Any]) -> str | None:
    """Return trafilatura's text of a page if the page's own segments say it is right."""
    import trafilatura

    wanted, unwanted = row["must_have"] or [], row["must_not_have"] or []
    text = trafilatura.extract(decode(row["html"]), include_comments=False, fast=True) or ""
    found = sum(segment in text for segment in wanted)
    leaked = sum(segment in text for segment in unwanted)
    return text if wanted and found >= _SILVER_RECALL * len(wanted) and not leaked else None
