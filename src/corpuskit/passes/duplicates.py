"""Near copies: documents that share most runs of words with one that stands before them.

Documents that share a key of their sketch (:mod:`corpuskit.select.sketch`) may be alike.  Of each key the first is
compared with all others, so that 30,000 equal pages are 30,000 pairs and not 450 million; pairs that are alike are
edges, and what they connect is a cluster.  Of a cluster the first document, by (source, id), stays; those that are
alike to it go, and the rest, which were alike to one that went, are looked at anew.  So every document that goes is
measured against one that stays.

All of it is relations: DuckDB spills what does not fit into memory, and neither the order of pages nor the number of
workers has a part in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa  # DuckDB reads the annotations of what it calls

from corpuskit.select.sketch import BANDS, NEAR_DUPLICATE, similarity, sketch

if TYPE_CHECKING:
    import duckdb

    from corpuskit.config import Config

TEXTS: Final = """
CREATE VIEW texts AS SELECT source, id, sketch, documents.text AS text FROM pages WHERE documents IS NOT NULL
"""

ROUNDS: Final = 8
"""How many documents of one key the others are compared with, one after the other.

Keys whose documents are alike need one; those that strangers share by a template of their site would need as many as
there are, and a copy shares other keys with its original.
"""

SKETCHES: Final = """
CREATE OR REPLACE TABLE near_sketches AS SELECT row_number() OVER (ORDER BY source, id) AS n, id, sketch FROM texts;

CREATE OR REPLACE TABLE near_keys (key UBIGINT, n BIGINT);
"""
"""All documents, numbered in their order."""

KEYS: Final = """
CREATE OR REPLACE TABLE near_shared AS
SELECT key FROM (SELECT unnest(sketch[{first}:{last}]) AS key FROM near_sketches) GROUP BY key HAVING count(*) > 1;

INSERT INTO near_keys
SELECT key, n FROM (SELECT n, unnest(sketch[{first}:{last}]) AS key FROM near_sketches)
SEMI JOIN near_shared USING (key);
"""
"""The keys that two documents or more have, and whose they are, of some bands: no two bands have a key in common."""

AT_A_TIME: Final = 1_000_000
"""Keys that are looked at together; a band of all documents at least."""

CANDIDATES: Final = """
CREATE OR REPLACE TABLE near_documents AS SELECT n, id FROM near_sketches SEMI JOIN near_keys USING (n);

CREATE OR REPLACE TABLE near_texts AS
SELECT n, text FROM texts JOIN near_documents USING (id);

DROP TABLE near_sketches;
"""
"""The documents that share a key with another, and their texts."""

PAIRS: Final = """
CREATE OR REPLACE TABLE near_pairs AS
WITH firsts AS (SELECT key, min(n) AS a FROM near_left GROUP BY key HAVING count(*) > 1)
SELECT DISTINCT a, n AS b FROM near_left JOIN firsts USING (key) WHERE n <> a;
"""
"""The first document of each key with each of its others."""

MEASURE: Final = """
INSERT INTO near_edges
SELECT a, b, similarity FROM (
    SELECT a, b, CASE WHEN one.text = other.text THEN 1 ELSE text_similarity(one.text, other.text) END AS similarity
    FROM (SELECT a, b FROM near_pairs ANTI JOIN near_edges USING (a, b))
    JOIN near_texts AS one ON one.n = a JOIN near_texts AS other ON other.n = b
) WHERE similarity >= $least;
"""
"""Those of the pairs that are alike."""

LEFT: Final = """
CREATE OR REPLACE TABLE near_left AS
WITH firsts AS (SELECT key, min(n) AS a FROM near_left GROUP BY key HAVING count(*) > 1)
SELECT key, n FROM near_left JOIN firsts USING (key)
WHERE n <> a AND NOT EXISTS (FROM near_edges WHERE near_edges.a = firsts.a AND near_edges.b = near_left.n);
"""
"""Those of a key that are not alike to its first are compared with the first among themselves."""

LABELS: Final = "CREATE OR REPLACE TABLE labels AS SELECT DISTINCT n, n AS label FROM edges_both_ways"
SPREAD: Final = """
CREATE OR REPLACE TABLE labels AS
WITH lower AS (
    SELECT edges.n, min(labels.label) AS label FROM edges_both_ways AS edges JOIN labels ON labels.n = edges.other
    GROUP BY edges.n
),
spread AS (SELECT labels.n, least(labels.label, lower.label) AS label FROM labels JOIN lower USING (n))
SELECT spread.n, least(spread.label, labels.label) AS label FROM spread JOIN labels ON labels.n = spread.label;
"""
"""Each takes the least label of its neighbours, then that of the one whose label it has: long chains are short so."""

COPIES: Final = """
CREATE OR REPLACE TABLE near_pairs AS SELECT label AS a, n AS b FROM labels WHERE label <> n;
"""

COPIED: Final = """
INSERT INTO near_copies SELECT b, a, similarity FROM near_edges JOIN near_pairs USING (a, b);

CREATE OR REPLACE TABLE near_keys AS
SELECT key, n FROM near_keys SEMI JOIN (SELECT b AS n FROM near_pairs ANTI JOIN near_edges USING (a, b)) USING (n);
"""
"""Copies of the first of their cluster go; what is in a cluster and is none is all that is looked at again."""

REJECT: Final = """
ALTER VIEW pages RENAME TO pages_with_copies;

CREATE TABLE near_duplicates AS
SELECT copy.id, first.id AS copy_of, format('{{:.2f}} with {{}}', similarity, first.id) AS value
FROM near_copies JOIN near_documents AS copy ON copy.n = near_copies.n
JOIN near_documents AS first ON first.n = near_copies.first;

CREATE VIEW pages AS
SELECT * FROM pages_with_copies ANTI JOIN near_duplicates USING (id)
UNION ALL BY NAME
SELECT unit, ordinal, source, id, struct_update(
    decisions, status := 'rejected', rule := '{rule}', value := value, threshold := 'less than {least}'
) AS decisions
FROM pages_with_copies JOIN near_duplicates USING (id);
"""
"""Copies as rejected pages: of them the decision is left."""


CANDIDATE_TABLES: Final = (
    *("near_keys", "near_shared", "near_documents", "near_texts"),
    *("near_left", "near_pairs", "near_edges"),
)
"""What :func:`find_candidates` and :func:`find_edges` make."""


def reject_near_duplicates(relations: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Have ``pages`` say of each near copy that it is rejected; make ``near_duplicates``: its id and whose copy it is.

    Does nothing where ``select.near_duplicates`` is not set.
    """
    least = config.select.near_duplicates
    if least is None:
        return
    relations.execute(TEXTS)
    find_candidates(relations)
    relations.execute("CREATE TABLE near_copies (n BIGINT, first BIGINT, similarity DOUBLE)")
    while find_edges(relations, least):
        components(relations, "near_edges")
        relations.execute(COPIES)
        relations.execute(MEASURE, {"least": least})
        relations.execute(COPIED)
    relations.execute(REJECT.format(rule=NEAR_DUPLICATE, least=f"{least:g}"))
    drop(relations, *CANDIDATE_TABLES, "near_copies", "labels")
    relations.execute("DROP VIEW texts")


def find_candidates(relations: duckdb.DuckDBPyConnection) -> None:
    """Make ``near_keys``, ``near_documents`` and ``near_texts`` of ``texts``: id, source, sketch and text."""
    relations.execute(SKETCHES)
    bands = max(1, AT_A_TIME // max(1, _number(relations, "SELECT count(*) FROM near_sketches")))
    for first in range(1, BANDS + 1, bands):
        relations.execute(KEYS.format(first=first, last=first + bands - 1))
    relations.execute(CANDIDATES)


def drop(relations: duckdb.DuckDBPyConnection, *tables: str) -> None:
    """Let go of tables that nobody will read again, as far as there are such: they take memory, or disk."""
    for table in tables:
        relations.execute(f"DROP TABLE IF EXISTS {table}")


def find_edges(relations: duckdb.DuckDBPyConnection, least: float) -> int:
    """Make ``near_edges``: pairs of the documents in ``near_keys`` that are alike by ``least``; return how many."""
    relations.execute("CREATE OR REPLACE TABLE near_edges (a BIGINT, b BIGINT, similarity DOUBLE)")
    relations.execute("CREATE OR REPLACE TABLE near_left AS FROM near_keys")
    for _ in range(ROUNDS):
        relations.execute(PAIRS)
        if not _number(relations, "SELECT count(*) FROM near_pairs"):
            break
        relations.execute(MEASURE, {"least": least})
        relations.execute(LEFT)
    return _number(relations, "SELECT count(*) FROM near_edges")


def components(relations: duckdb.DuckDBPyConnection, edges: str) -> None:
    """Make ``labels``: of every number in ``edges``, pairs (a, b), the least one that it is connected with."""
    relations.execute(
        f"CREATE OR REPLACE TABLE edges_both_ways AS"  # noqa: S608 - names of our own relations
        f" SELECT a AS n, b AS other FROM {edges} UNION SELECT b, a FROM {edges}"
    )
    relations.execute(LABELS)
    before, total = -1, _number(relations, _TOTAL)
    while total != before:
        relations.execute(SPREAD)
        before, total = total, _number(relations, _TOTAL)
    relations.execute("DROP TABLE edges_both_ways")


_TOTAL: Final = "SELECT coalesce(sum(label), 0) FROM labels"
"""Labels only ever become less: when their sum stays, all of them do."""


def _number(relations: duckdb.DuckDBPyConnection, query: str) -> int:
    # All is fetched: a result that is not at its end keeps the connection busy.
    ((found,),) = relations.execute(query).fetchall()
    return int(found)


def define_functions(relations: duckdb.DuckDBPyConnection) -> None:
    """Make the functions ``text_similarity`` and ``text_sketch`` known to an engine that is new.

    That costs 2 ms; to ask it whether it knows them costs 35.
    """
    for name, function, arguments, returned in (
        ("text_similarity", _similarities, ["VARCHAR", "VARCHAR"], "DOUBLE"),
        ("text_sketch", _sketches, ["VARCHAR"], "UBIGINT[]"),
    ):
        # Its stubs know the kind by an enumeration alone, which has moved between versions.
        relations.create_function(name, function, arguments, returned, type="arrow")  # type: ignore[call-overload]


def _sketches(texts: pa.Array) -> pa.Array:
    return pa.array([sketch(text) for text in texts.to_pylist()], pa.list_(pa.uint64()))


def _similarities(first: pa.Array, second: pa.Array) -> pa.Array:
    pairs = zip(first.to_pylist(), second.to_pylist(), strict=True)
    return pa.array([similarity(one, other) for one, other in pairs], pa.float64())
