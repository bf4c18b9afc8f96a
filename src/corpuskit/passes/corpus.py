"""The pass over the corpus: parts in any order in, the tables of a release out, sorted by (source, id).

Everything here is a relation and a step from relations to relations, done by DuckDB: it reads parts where they lie,
sorts and joins more than fits into memory by spilling to disk, and is one wheel without dependencies.  (Polars was
the other candidate: its sort holds everything in memory.)
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from corpuskit.errors import SourceError
from corpuskit.model import Status
from corpuskit.passes.duplicates import define_functions, reject_near_duplicates
from corpuskit.passes.splits import assign_splits
from corpuskit.passes.templates import weigh_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

    import duckdb
    import pyarrow as pa

    from corpuskit.config import Config
    from corpuskit.passes.parts import Index

BATCH: Final = 10_000
"""Rows that leave a query at a time."""

MEMORY: Final = 256
"""Megabytes that the engine may hold for each thread, and two at least, before it spills.

Whatever it is, the rows and their order are the same.  With half of it, two threads cannot sort the documents of a
million small pages: the engine ends with "out of memory" then, whatever disk there is.  A hundred thousand are sorted
with half of it, in the same time and with a quarter less memory, and not with a quarter.
"""


def check_ids(relations: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Make sure that no two pages share an id.

    Raises:
        SourceError: two do.
    """
    del config
    found = relations.execute(
        "SELECT any_value(source), id, min(decisions.locator), max(decisions.locator), count(*) OVER ()"
        " FROM pages GROUP BY id HAVING count(*) > 1 ORDER BY id LIMIT 1"
    ).fetchone()
    if found is not None:
        source, page, first, second, shared = found
        both = f"are both {first}" if first == second else f"are {first} and {second}"
        others = f"; so it is with {shared - 1:,} more ids" if shared > 1 else ""
        raise SourceError(
            f"two pages of source {source!r} have the id {page}: they {both}{others}",
            remedy="A page's id is made of its source and where it is in it. Rename one, leave one out with `exclude`,"
            " make two sources of them, or, where rows have an address in common, name another column as `fields.id`.",
        )


def link_related(relations: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Make the relation ``titles``: of each title in the corpus, the first document that has it."""
    del config
    relations.execute(
        "CREATE TABLE titles AS SELECT title_key, arg_min(id, (source, id)) AS id FROM pages"
        " WHERE title_key IS NOT NULL GROUP BY title_key"
    )


STEPS: Final[Sequence[Callable[[duckdb.DuckDBPyConnection, Config], None]]] = (
    check_ids,
    reject_near_duplicates,
    link_related,
    weigh_templates,
    assign_splits,
)
"""What is done with ``pages`` before tables are written, in order.  A step may make relations for :data:`TABLES`."""

TABLES: Final = {
    "documents": (
        "SELECT split, d.* EXCLUDE (text), coalesce(weighed_texts.text, d.text) AS text"
        " FROM (SELECT split, source, id, documents AS d FROM pages WHERE documents IS NOT NULL) AS p"
        " LEFT JOIN weighed_texts USING (id) ORDER BY split, p.source, p.id"
    ),
    "blocks": (
        "SELECT split, r.* REPLACE (if(t.id IS NULL, r.role, 'boilerplate') AS role,"
        " if(t.id IS NULL, r.kind, 'other') AS kind, coalesce(t.score, r.score) AS score,"
        " coalesce(t.reason, r.reason) AS reason)"
        " FROM (SELECT split, source, unnest(blocks) AS r FROM pages) AS p"
        " LEFT JOIN template_lines AS t ON t.id = r.document_id AND t.index = r.index"
        " ORDER BY split, source, r.document_id, r.index"
    ),
    "related": (
        "SELECT split, r.* EXCLUDE (related_document_id), nullif(titles.id, r.document_id) AS related_document_id"
        " FROM (SELECT split, source, unnest(related) AS r FROM pages) LEFT JOIN titles"
        " ON titles.title_key = r.title_key ORDER BY split, source, r.document_id, r.index"
    ),
    "repairs": (
        "SELECT split, unnest(r) FROM (SELECT split, source, unnest(repairs) AS r FROM pages)"
        " ORDER BY split, source, r.document_id, r.index"
    ),
    "decisions": "SELECT split, unnest(decisions) FROM pages ORDER BY split, source, id",
}
"""How each table of a release comes from ``pages`` and what the steps made: all splits at once, one after the other."""


@contextmanager
def opened(spill: Path, *, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an engine that has the functions of the steps, and no relations.

    What does not fit into its memory goes to the folder ``spill``.
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{MEMORY * max(2, threads)}MB",
        "threads": threads,
        "temp_directory": str(spill),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with _as_os_error(duckdb), duckdb.connect(":memory:", config=settings) as connection:
        define_functions(connection)
        yield connection


def show_pages(relations: duckdb.DuckDBPyConnection, index: Index, folder: Path) -> None:
    """Make the relation ``pages``, or make it anew: the pages of ``index``, whose parts lie in ``folder``."""
    import pyarrow as pa

    names, keys, starts, stops = zip(*index.live, strict=True)
    live = pa.table(
        {
            "filename": pa.array([str(folder / name) for name in names]),
            "unit": pa.array(keys),
            "start": pa.array(starts, pa.int64()),
            "stop": pa.array(stops, pa.int64()),
        }
    )
    relations.register("listed", live)
    relations.execute("CREATE OR REPLACE TABLE live AS SELECT * FROM listed")
    relations.unregister("listed")
    files = ", ".join(f"'{str(folder / name).replace(chr(39), chr(39) * 2)}'" for name in sorted(set(names)))
    relations.execute(
        f"CREATE OR REPLACE VIEW pages AS SELECT p.* EXCLUDE (filename) FROM read_parquet([{files}], filename = true)"  # noqa: S608 - names of our own files
        " AS p JOIN live ON p.filename = live.filename AND p.unit = live.unit AND p.ordinal >= live.start"
        " AND p.ordinal < live.stop"
    )


def take_steps(relations: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Take every step with ``pages``.

    Raises:
        SourceError: a step found that the sources do not fit together.
    """
    for step in STEPS:
        step(relations, config)


@contextmanager
def _as_os_error(duckdb: ModuleType) -> Iterator[None]:
    """Say of a disk that is full or a file that cannot be read what it is, whoever found it out."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise OSError(errno.EIO, str(error)) from error


def split_names(config: Config) -> tuple[str, ...]:
    """Return the splits of the release, in their order."""
    return (config.select.split,) if config.splits is None else tuple(name for name, _ in config.splits.shares)


def table(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[tuple[int, pa.Table]]:
    """Yield the rows of a table of the release, in order, as tables of its declared schema, each of one split.

    The number before it says which of :func:`split_names` that is.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from corpuskit.package.tables import SCHEMAS

    schema = SCHEMAS[name]
    for batch in connection.sql(TABLES[name]).to_arrow_reader(BATCH):
        places = pc.unique(batch.column("split")).to_pylist()
        for place in places:
            rows = batch if len(places) == 1 else batch.filter(pc.equal(batch.column("split"), place))
            yield place, pa.Table.from_batches([rows]).select(schema.names).cast(schema)


def not_kept(connection: duckdb.DuckDBPyConnection, most: int) -> list[dict[str, Any]]:
    """Return the decisions on the first ``most`` pages that were not kept, by (source, id)."""
    rows: list[dict[str, Any]] = (
        connection.sql(
            f"SELECT unnest(decisions) FROM pages WHERE decisions.status <> 'kept' ORDER BY source, id LIMIT {most:d}"  # noqa: S608 - a number
        )
        .to_arrow_table()
        .to_pylist()
    )
    return rows


def pages_by_status(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many pages were read, kept, rejected and quarantined."""
    found = dict(connection.execute("SELECT decisions.status, count(*) FROM pages GROUP BY ALL").fetchall())
    return {"read": sum(found.values()), **{status.value: found.get(status.value, 0) for status in Status}}
