"""What the other pages of a source say of a line: lines of the template lose their place in the main text.

A line that stands on many pages of one source belongs to the source, not to the page: menus, credits, "Join us on
social!".  How often each line stands is one relation over all pages, main lines that repeat are another, and what
becomes of the texts a third; DuckDB spills what does not fit into memory.  Neither the order of pages nor the number
of workers has a part in it, and a source of one page is left as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb

    from corpuskit.config import Config

ENOUGH: Final = 2
"""Pages a line must stand on to count as repeated: this one and another."""

PER_DOUBLING: Final = 2.0
"""What each doubling of the pages a line stands on takes from the log odds of main text.

On the development pages of 405 domains, two to eight pages each, 9% of the main lines stand on another page of their
domain too, 66% of all others: a likelihood ratio of 7, e^2.
"""

MOST: Final = 8.0
"""The most a repeat can move the log odds."""

DUPLICATE: Final = 0.5
"""Share of a page's main characters on other pages above which the page is a copy and its repeats prove nothing."""

KEY: Final = r"md5(trim(regexp_replace(regexp_replace(lower(r.text), '\p{Nd}+', '0', 'g'), '\s+', ' ', 'g')))"
"""What two lines have in common that are the same but for case, digits and white space."""

LINES: Final = f"""
INSERT INTO template_lines
WITH lines AS (
    SELECT source, id, r.index AS index, r.role AS role, r.score AS score, length(r.text) AS size, {KEY} AS key
    FROM (SELECT source, id, unnest(blocks) AS r FROM pages)
),
counts AS (
    SELECT source, key, count(DISTINCT id) AS times FROM lines GROUP BY ALL HAVING count(DISTINCT id) >= {ENOUGH}
),
totals AS (SELECT source, count(*) AS total FROM pages WHERE documents IS NOT NULL GROUP BY source),
main AS (
    SELECT lines.*, coalesce(times, 1) AS times FROM lines LEFT JOIN counts USING (source, key) WHERE role = 'main'
),
copies AS (
    SELECT source, id FROM main GROUP BY ALL
    HAVING sum(size) FILTER (WHERE times >= {ENOUGH}) > {DUPLICATE} * sum(size)
),
weighed AS (
    SELECT *, least(greatest(score, 0.005), 0.995) AS bounded FROM main ANTI JOIN copies USING (source, id)
    WHERE times >= {ENOUGH}
),
moved AS (
    SELECT *, 1 / (1 + exp(least({MOST}, {PER_DOUBLING} * log2(times)) - ln(bounded / (1 - bounded)))) AS left_over
    FROM weighed
)
SELECT id, index, round(1 - left_over, 2) AS score,
    format('stands on {{}} of {{}} pages of its source', times, total) AS reason
FROM moved JOIN totals USING (source) WHERE left_over < 0.5
"""  # noqa: S608 - put together from the constants above
"""The main blocks that are lines of their source's template, by document and index, with their new score and reason.

Scores have two decimals here: 1.00 may be .995.
"""

BLOCKS: Final = """
CREATE VIEW weighed_blocks AS
SELECT b.source, b.id, struct_pack(
    document_id := b.r.document_id, index := b.r.index,
    role := if(t.id IS NULL, b.r.role, 'boilerplate'), kind := if(t.id IS NULL, b.r.kind, 'other'),
    start := b.r.start, "end" := b.r.end, text := b.r.text,
    score := coalesce(t.score, b.r.score), reason := coalesce(t.reason, b.r.reason)
) AS r
FROM (SELECT source, id, unnest(blocks) AS r FROM pages) AS b
LEFT JOIN template_lines AS t ON t.id = b.id AND t.index = b.r.index
"""
"""Every block as it is now."""

TEXTS: Final = """
CREATE TABLE weighed_texts AS
SELECT id, coalesce(string_agg(r.text, chr(10) || chr(10) ORDER BY r.index) FILTER (WHERE r.role = 'main'), '') AS text
FROM weighed_blocks WHERE id IN (SELECT id FROM template_lines) GROUP BY id
"""
"""The main text of every document that lost a line."""


def weigh_templates(relations: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Make the relations ``weighed_blocks``, all blocks as they are now, and ``weighed_texts``, texts that changed."""
    relations.execute("CREATE TABLE template_lines (id VARCHAR, index BIGINT, score DOUBLE, reason VARCHAR)")
    for statement in (*((LINES,) if config.segment.templates else ()), BLOCKS, TEXTS):
        relations.execute(statement)
