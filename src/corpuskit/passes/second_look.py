"""A second look at pages that may be damaged, by what happened to the other pages of their source.

A page that repair suspects and leaves alone, since it is not sure, is done again with the votes of the source's other
pages (:mod:`corpuskit.repair.votes`).  Votes are counts over all pages as they were on the first look, so neither the
order of pages nor the number of workers has a part in what comes out.  What is done again has a key that names the
votes: the next run does it again only if they have changed.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from corpuskit.passes.parts import Index, without
from corpuskit.passes.work import key_among

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from corpuskit.passes.pages import Piece
    from corpuskit.passes.parts import Range
    from corpuskit.repair.votes import Votes

FEWEST: Final = 2
SHARE: Final = 0.05
"""How many pages of a source, and what share of them, must be misread alike for the others to be looked at again.

A rarer misreading is worth less than four nats to another page (:meth:`Votes.seconding`), and where a source is many
sites each has some: looking again at all that is suspected there took as long as the first look.
"""

BATCH: Final = 10_000
"""Pages that leave a query at a time."""

PAGES: Final = "SELECT source, count(*) FROM pages WHERE decisions.status = 'kept' GROUP BY source"

EVIDENCE: Final = """
SELECT source, said
FROM (SELECT source, [r.evidence FOR r IN repairs IF contains(r.rule, 'mojibake')] AS said FROM pages)
WHERE len(said) > 0
"""
"""What was undone on each page that was misread."""

DOUBTFUL: Final = """
SELECT unit, ordinal FROM pages
WHERE list_contains(?, source) AND len([flag FOR flag IN decisions.flags IF starts_with(flag, 'mojibake at ')]) > 0
ORDER BY unit, ordinal
"""
"""The pages on which something is suspected and left alone."""


def votes(relations: duckdb.DuckDBPyConnection) -> dict[str, Votes]:
    """Return for each source how many of its pages were misread in each way, where enough of them were."""
    from corpuskit.repair.votes import Votes

    chains: dict[str, Counter[str]] = defaultdict(Counter)
    for source, evidence in _rows(relations.execute(EVIDENCE)):
        chains[source].update(Votes.of_evidence(evidence).chains)
    if not any(chains.values()):
        return {}
    totals = dict(relations.execute(PAGES).fetchall())
    heard = {
        source: Counter(
            {chain: pages for chain, pages in counted.items() if pages >= max(FEWEST, SHARE * totals.get(source, 0))}
        )
        for source, counted in sorted(chains.items())
    }
    return {source: Votes(totals[source], counted) for source, counted in heard.items() if counted}


def doubtful(relations: duckdb.DuckDBPyConnection, votes: Mapping[str, Votes]) -> dict[str, list[Range]]:
    """Return by the key of their unit the pages to look at again, as ranges."""
    found: dict[str, list[Range]] = defaultdict(list)
    if votes:
        for unit, ordinal in _rows(relations.execute(DOUBTFUL, [sorted(votes)])):
            found[unit].append((ordinal, ordinal + 1))
    return found


def looks(
    pieces: Sequence[Piece], votes: Mapping[str, Votes], doubtful: Mapping[str, Sequence[Range]]
) -> dict[str, Piece]:
    """Return by the key of each unit with ``doubtful`` pages what is to be done again: the others count as done."""
    made = {}
    for piece in pieces:
        if piece.key in doubtful:
            said = votes[piece.unit.source]
            key = key_among(piece.key, [said.pages, sorted(said.chains.items())])
            done = tuple(without((0, sys.maxsize), doubtful[piece.key]))
            made[piece.key] = replace(piece, key=key, done=done)
    return made


def left(look: Piece, found: Index) -> Piece | None:
    """Return what of ``look`` is not ``found`` yet, if anything."""
    done = tuple(sorted((*look.done, *found.done(look.key))))
    return replace(look, done=done) if without((0, sys.maxsize), done) else None


def put(index: Index, found: Index, keys: Mapping[str, str]) -> None:
    """Put what was ``found`` on the second look in ``index``; ``keys`` has by each unit's key that of the second."""
    first = [
        (name, key, low, high)
        for name, key, start, stop in index.live
        for low, high in (without((start, stop), found.done(keys[key])) if key in keys else ((start, stop),))
    ]
    index.live = [*first, *found.live]


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(BATCH):
        yield from rows
