"""Labelled pages of HTML as examples: which blocks are main, how much each counts, and the fold of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np
import pyarrow.parquet as pq
from courlan import extract_domain

from corpuskit.segment.html.walk import read_markup
from corpuskit.train.align import coverage, shingle_f1, tokens
from corpuskit.train.dom_roles import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage

FOLDS: Final = 5
_REACHABLE: Final = 0.85
"""Pages whose gold the blocks cannot reach (cut gold, text that scripts draw) would teach noise."""


@dataclass(slots=True)
class Example:
    """One labelled page: ``main`` is 1, 0 or NaN (unknown) for each block, ``words`` its number of words."""

    key: str
    fold: int
    page_type: str
    page: MarkupPage
    gold: str | None
    must_have: list[str]
    must_not_have: list[str]
    main: NDArray[np.float32]
    words: NDArray[np.float32]
    weight: NDArray[np.float32]
    rows: slice = field(default_factory=lambda: slice(0, 0))


def domain(url: str | None) -> str:
    """Return the registered domain of ``url``, or "" where there is none."""
    return (url and extract_domain(url)) or ""


def read_examples(folder: Path) -> list[Example]:
    """Read every Parquet file of ``folder``, in the order of their names."""
    examples: list[Example] = []
    row = 0
    for path in sorted(folder.glob("*.parquet")):
        columns = ["id", "url", "page_type", "html", "text", "must_have", "must_not_have"]
        for record in pq.read_table(path, columns=columns).to_pylist():
            example = _example(path.stem, record)
            example.rows = slice(row, row + len(example.words))
            row = example.rows.stop
            examples.append(example)
    return examples


def _example(name: str, record: dict[str, Any]) -> Example:
    page = read_markup(decode(record["html"]))
    texts = page.blocks.text
    words = np.array([len(tokens(text)) for text in texts], np.float32)
    gold = record["text"]
    must, must_not = record["must_have"] or [], record["must_not_have"] or []
    weight = np.sqrt(np.clip(words, 1, 400))
    if gold:
        covered = np.asarray(coverage(texts, gold), np.float32)
        main = (covered >= 0.5).astype(np.float32)
        main[words == 0] = np.nan
        reached = shingle_f1("\n".join(text for text, kept in zip(texts, main, strict=True) if kept == 1), gold)[2]
        if reached < _REACHABLE:
            weight[:] = 0
    else:
        main = _from_segments(texts, must, must_not)
    weight[np.isnan(main)] = 0
    if weight.sum() > 0:
        weight /= np.sqrt(weight.sum())  # a long page teaches more than a short one, but not by its length
    site = domain(record["url"]) or str(record["id"])
    fold = crc32(site.encode()) % FOLDS
    return Example(
        f"{name}/{record['id']}", fold, record["page_type"] or "", page, gold, must, must_not, main, words, weight
    )


def _fold_space(text: str) -> str:
    return " ".join(text.split()).lower()


def _from_segments(texts: Sequence[str], must: Iterable[str], must_not: Iterable[str]) -> NDArray[np.float32]:
    """Label the blocks that hold a segment; a segment on more than three blocks says nothing of any."""
    folded = [_fold_space(text) for text in texts]
    main = np.full(len(texts), np.nan, np.float32)
    for segments, value in ((must, 1.0), (must_not, 0.0)):
        for segment in segments:
            wanted = _fold_space(segment)
            held = [block for block, text in enumerate(folded) if wanted in text]
            if len(wanted) >= 3 and (not value or len(held) <= 3):
                for block in held:
                    main[block] = value if np.isnan(main[block]) or main[block] == value else np.nan
    return main


def thin(
    examples: Sequence[Example], weight: NDArray[np.float64], eligible: NDArray[np.bool_], enough: int
) -> NDArray[np.float64]:
    """Return the weights of the rows that a forest learns from, 0 for the others.

    Of a page with more than ``enough`` eligible blocks it learns from a sample, which counts for the rest: pages of
    thousands of links teach nothing that a hundred of them do not.
    """
    random = np.random.default_rng(0).random(len(weight))
    out = np.where(eligible, weight, 0.0)
    for example in examples:
        times = eligible[example.rows].sum() / enough
        if times > 1:
            out[example.rows] *= times * (random[example.rows] < 1 / times)
    return out
