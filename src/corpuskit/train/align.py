"""Which blocks of a page its gold text is made of.

A gold standard gives a page's main text as one string.  :func:`coverage` finds, for each block of the page as any
front end cut it, the share of its words that this string holds, by aligning the words of both in order: a teaser that
repeats the first sentence, or a heading that occurs twice, is matched once, where its neighbours are.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.train.dom_roles import DomBlock

UNSPACED: Final = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
"""The letters of scripts written without spaces, as a pattern: they are matched one by one."""
_TOKEN: Final = re.compile(UNSPACED + r"|[^\W_]+?(?=[\u3040-\u30ff\u3400-\u9fff]|\b|_)")
_MAIN_KINDS: Final = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Kind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), Kind.LIST_ITEM),
    **dict.fromkeys(("td", "th", "caption"), Kind.TABLE),
    "p": Kind.PARAGRAPH,
    "blockquote": Kind.QUOTE,
    "pre": Kind.CODE,
}
GOLD_TITLE: Final = "gold title"
"""The cue of the block that is the page's title, as the labels have it."""
_SHINGLE: Final = 3  # words: two would match too much by chance, four lose short blocks


def tokens(text: str) -> list[str]:
    """Return the words of ``text``, case-folded and compatibility-normalised; letters where a script has no spaces.

    >>> tokens("Don't “stop” 北京")
    ['don', 't', 'stop', '北', '京']
    """
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def coverage(blocks: Sequence[str], gold: str) -> NDArray[np.float64]:
    """Return for each of ``blocks`` the share of its words that belong to ``gold``, 0 to 1 (0 for a block of no words).

    Runs of matching words are found through shingles of three words (whole blocks where a block is shorter), each
    run is extended as far as it goes, and the heaviest chain of runs that ascend in both texts is kept (a longest
    increasing subsequence weighted by words).  Blocks off the chain count too if the gold has their words in places
    that no block of the chain used: some golds order their parts otherwise than the page.
    """
    gold_words = tokens(gold)
    block_words = [tokens(block) for block in blocks]
    matched = [np.zeros(len(words), dtype=bool) for words in block_words]
    used = np.zeros(len(gold_words) + 1, dtype=bool)
    runs = _runs(block_words, gold_words)
    chained = _heaviest_chain(runs)
    for number in chained:
        block, start, at, length = runs[number]
        fresh = ~used[at : at + length]
        matched[block][start : start + length] |= fresh
        used[at : at + length] = True
    on_chain = set(chained)
    for number in sorted(range(len(runs)), key=lambda n: -runs[n][3]):
        if number in on_chain:
            continue
        block, start, at, length = runs[number]
        fresh = ~used[at : at + length]
        if length >= 8 and fresh.mean() > 0.9 and not matched[block][start : start + length].any():
            matched[block][start : start + length] = True
            used[at : at + length] = True
    return np.array([flags.mean() if len(flags) else 0.0 for flags in matched])


def _runs(block_words: Sequence[Sequence[str]], gold: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return maximal runs of equal words as (block, start in block, start in gold, length)."""
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for size in range(1, _SHINGLE + 1):
        for at in range(len(gold) - size + 1):
            index[tuple(gold[at : at + size])].append(at)
    runs: list[tuple[int, int, int, int]] = []
    for block, words in enumerate(block_words):
        size = min(_SHINGLE, len(words))
        if not size:
            continue
        ends: dict[int, int] = {}  # gold minus block position -> where the run on that diagonal ends
        for start in range(len(words) - size + 1):
            places = index.get(tuple(words[start : start + size]), ())
            for at in places[:40]:
                diagonal = at - start
                if ends.get(diagonal, -1) > start:
                    continue
                length = size
                while (
                    start + length < len(words)
                    and at + length < len(gold)
                    and words[start + length] == gold[at + length]
                ):
                    length += 1
                ends[diagonal] = start + length - size + 1
                runs.append((block, start, at, length))
    return runs


def _heaviest_chain(runs: Sequence[tuple[int, int, int, int]]) -> list[int]:
    """Return the numbers of the runs on the heaviest chain ascending in page and gold, in order.

    Dynamic programming over the gold position with a list of Pareto-best (position, weight) ends, O(n log n).  A run
    gets one extra point if it starts where the chain ended: between two equal copies, the one next to its
    neighbours wins.
    """
    order = sorted(range(len(runs)), key=lambda n: (runs[n][0], runs[n][1], runs[n][2]))
    ends: list[int] = [0]
    best: list[float] = [0.0]
    last: list[int] = [-1]
    previous: dict[int, int] = {}
    pending: list[tuple[int, float, int]] = []
    page_position: tuple[int, int] = (-1, -1)
    for number in order:
        block, start, at, length = runs[number]
        if (block, start) != page_position:
            for end, weight, which in pending:
                _insert(ends, best, last, end, weight, which)
            pending = []
            page_position = (block, start)
        place = bisect_right(ends, at) - 1
        touching = ends[place] == at and last[place] >= 0
        weight = best[place] + length + (0.5 if touching else 0.0)
        previous[number] = last[place]
        pending.append((at + length, weight, number))
    for end, weight, which in pending:
        _insert(ends, best, last, end, weight, which)
    chain: list[int] = []
    number = last[-1]
    while number >= 0:
        chain.append(number)
        number = previous[number]
    return chain[::-1]


def _insert(  # noqa: PLR0913, PLR0917 - three columns of one table and a row of it
    ends: list[int], best: list[float], last: list[int], end: int, weight: float, which: int
) -> None:
    """Add a chain end to the front, keeping only ends that no earlier and heavier one dominates."""
    place = bisect_right(ends, end) - 1
    if best[place] >= weight:
        return
    if ends[place] == end:
        best[place], last[place] = weight, which
    else:
        place += 1
        ends.insert(place, end)
        best.insert(place, weight)
        last.insert(place, which)
    stop = place + 1
    while stop < len(ends) and best[stop] <= weight:
        stop += 1
    del ends[place + 1 : stop], best[place + 1 : stop], last[place + 1 : stop]


def shingle_f1(text: str, gold: str, size: int = 4) -> tuple[float, float, float]:
    """Return precision, recall and F1 of ``text`` against ``gold`` over shingles of ``size`` words.

    The measure of the article extraction benchmark of Zyte (github.com/scrapinghub/article-extraction-benchmark):
    shingles counted with multiplicity; a text of fewer words is one shingle.
    """
    found, wanted = _shingles(text, size), _shingles(gold, size)
    shared = sum(min(count, found.get(shingle, 0)) for shingle, count in wanted.items())
    precision = shared / max(1, sum(found.values()))
    recall = shared / max(1, sum(wanted.values()))
    return precision, recall, 2 * precision * recall / (precision + recall) if shared else 0.0


def _shingles(text: str, size: int) -> dict[tuple[str, ...], int]:
    words = tokens(text)
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    for at in range(max(1, len(words) - size + 1) if words else 0):
        counts[tuple(words[at : at + size])] += 1
    return counts


def overrule(blocks: Sequence[DomBlock], covered: NDArray[np.float64], title: str | None = None) -> None:
    """Write the gold's verdict into ``blocks``: main where at least half of a block's words are gold.

    The first block that is the page's ``title`` becomes its title, unless the gold counts it as main text; a block
    that is nothing but a repeated title keeps what the DOM said.  A block the DOM took for the title is not one if
    it is neither that nor an ``h1``.
    """
    wanted = tokens(title or "")
    for block, share in zip(blocks, covered, strict=True):
        if share >= 0.5:
            block.role, block.kind, block.cue = Role.MAIN, _main_kind(block), "gold"
        elif wanted and tokens(block.text) == wanted and block.role is not Role.RELATED:
            block.role, block.kind, block.cue = Role.METADATA, Kind.TITLE, GOLD_TITLE


def _main_kind(block: DomBlock) -> Kind:
    """Return the kind of a main block: the innermost of its tags that says one."""
    if "blockquote" in block.path:
        return Kind.QUOTE
    for tag in reversed(block.path):
        if tag in _MAIN_KINDS:
            return _MAIN_KINDS[tag]
    return Kind.PARAGRAPH
