"""Near copies: how fast pages are sketched and copies rejected, and how many are found.

    python -m bench.duplicates [PAGES] [--equal 30000]

Pages are generated; each second one is a copy of one before it in which some words are others.  Speed is in documents a
CPU-second of one process.  Recall is against the exact Jaccard similarity of all copies and their originals: of those
that are alike at the threshold, how many have their copy rejected.  Precision: of the rejected, how many come from the
same page as the document they are said to copy.
"""

from __future__ import annotations

import argparse
import random
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb

VOCABULARY: Final = [
    f"{stem}{ending}" for stem in ("har", "coun", "fer", "win", "quar", "mar") for ending in range(500)
]
WORDS: Final = 330
"""Words of a page: some 2,000 characters."""

SHARES: Final = (0.0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.3)
"""Shares of the words that are others in a copy."""

THRESHOLDS: Final = (0.7, 0.8, 0.9)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?", type=int, default=10_000)
    parser.add_argument("--equal", type=int, default=30_000, help="equal pages, which are the worst case of pairs")
    given = parser.parse_args()
    texts, originals = generate(given.pages)
    sketches = timed_sketches(texts)
    exact = exact_similarities(texts, originals)
    for threshold in THRESHOLDS:
        found, spent = reject(texts, sketches, threshold)
        alike = {number for number, share in exact.items() if share >= threshold}
        # A copy may be said to be one of another copy of the same page.
        right = sum(1 for number, first in found.items() if originals[number] == originals[first])
        print(
            f"threshold {threshold}: {len(found):,} rejected of {len(alike):,} copies that are alike; recall"
            f" {len(alike & found.keys()) / len(alike):.4f}, precision {right / max(1, len(found)):.4f};"
            f" {len(texts) / spent:,.0f} documents a CPU-second in the relational steps"
        )
    same = [texts[0]] * given.equal
    found, spent = reject(same, [sketches[0]] * given.equal, 0.8)
    print(f"{given.equal:,} equal pages: {len(found):,} rejected in {spent:.1f} CPU-seconds")


def generate(count: int) -> tuple[list[str], list[int]]:
    """Return texts, and of each the number of the page it is a copy of, its own where it is none."""
    draw = random.Random(8)  # noqa: S311 - pages, not secrets
    pages: list[list[str]] = []
    originals: list[int] = []
    for number in range(count):
        if number % 2 == 0:
            pages.append(draw.choices(VOCABULARY, k=WORDS))
            originals.append(number)
            continue
        first = draw.randrange(0, number, 2)
        words = list(pages[first])
        for place in draw.sample(range(WORDS), int(draw.choice(SHARES) * WORDS)):
            words[place] = draw.choice(VOCABULARY)
        pages.append(words)
        originals.append(first)
    return [" ".join(words) for words in pages], originals


def timed_sketches(texts: list[str]) -> list[list[int]]:
    """Return the sketch of each text, and print how fast they were made."""
    from corpuskit.select.sketch import sketch

    sketch(texts[0])
    began = time.process_time()
    made = [sketch(text) for text in texts]
    spent = time.process_time() - began
    size = sum(map(len, texts)) / len(texts)
    print(f"{len(texts):,} texts of {size:,.0f} characters: {len(texts) / spent:,.0f} sketches a CPU-second, ", end="")
    print(f"{made[0].nbytes} bytes each")
    return [keys.tolist() for keys in made]


def exact_similarities(texts: list[str], originals: list[int]) -> dict[int, float]:
    """Return the exact similarity of every copy to its original."""
    from corpuskit.select.sketch import similarity

    return {
        number: similarity(texts[number], texts[first]) for number, first in enumerate(originals) if first != number
    }


def reject(texts: list[str], sketches: list[list[int]], threshold: float) -> tuple[dict[int, int], float]:
    """Return which text is rejected as a copy of which, and the CPU-seconds it took."""
    from dataclasses import replace

    import duckdb

    from corpuskit.config import defaults
    from corpuskit.passes.duplicates import reject_near_duplicates

    config = defaults()
    config = replace(config, select=replace(config.select, near_duplicates=threshold))
    with duckdb.connect(":memory:", config={"memory_limit": "512MB", "threads": 1}) as relations:
        _load(relations, texts, sketches)
        began = time.process_time()
        reject_near_duplicates(relations, config)
        spent = time.process_time() - began
        rows = relations.execute("SELECT id, copy_of FROM near_duplicates").fetchall()
    return {int(copy): int(first) for copy, first in rows}, spent


def _load(relations: duckdb.DuckDBPyConnection, texts: list[str], sketches: list[list[int]]) -> None:
    """Make ``pages`` as the pass over the corpus has it."""
    import pyarrow as pa

    table = pa.table(
        {
            "id": [f"{number:08d}" for number in range(len(texts))],
            "text": texts,
            "sketch": pa.array(sketches, pa.list_(pa.uint64())),
        }
    )
    relations.register("given", table)
    relations.execute(
        "CREATE TABLE parts AS SELECT 'unit' AS unit, 0 AS ordinal, 'pages' AS source, id, sketch,"
        " {text: text} AS documents,"
        " {status: 'kept', rule: NULL::VARCHAR, value: NULL::VARCHAR, threshold: NULL::VARCHAR} AS decisions FROM given"
    )
    relations.execute("CREATE VIEW pages AS FROM parts")


if __name__ == "__main__":
    main()
