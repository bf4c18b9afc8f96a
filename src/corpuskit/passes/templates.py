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


def _replaced(text: str, where: str, pattern: str, by: str) -> str:
    """Return the SQL that replaces ``pattern`` in ``text`` if ``where`` is in it: to look costs a tenth of that."""
    return f"if(regexp_matches({text}, '{where}'), regexp_replace({text}, '{pattern}', '{by}', 'g'), {text})"


_SPACED: Final = _replaced("lower(r.text)", r"\s\s|[\t\n\f\r]", r"\s+", " ")
_NUMBERED: Final = _replaced(_SPACED, r"\p{Nd}", r"\p{Nd}+", "0")
KEY: Final = f"md5_number({_NUMBERED})"
"""What two lines have in common that are the same but for case, digits and white space, of which blocks have none at
their ends."""

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

TEXTS: Final = """
CREATE TABLE weighed_texts AS
SELECT r.document_id AS id,
    coalesce(string_agg(r.text, chr(10) || chr(10) ORDER BY r.index) FILTER (WHERE lines.id IS NULL), '') AS text
FROM (SELECT unnest([r FOR r IN blocks IF r.role = 'main']) AS r FROM pages SEMI JOIN template_lines USING (id))
LEFT JOIN template_lines AS lines ON lines.id = r.document_id AND lines.index = r.index
GROUP BY ALL
"""
"""The main text of every document that lost a line."""


def weigh_templates(relations: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Make the relations ``template_lines``, and ``weighed_texts``, the texts that they change."""
    relations.execute("CREATE TABLE template_lines (id VARCHAR, index BIGINT, score DOUBLE, reason VARCHAR)")
    if config.segment.templates:
        relations.execute(LINES)
    relations.execute(TEXTS)
