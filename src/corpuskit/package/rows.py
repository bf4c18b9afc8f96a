"""The rows of two releases, compared by key: which were added, removed, changed, moved.

Each side is read once, a few batches at a time, into a table on disk that holds for every row its key, its split and
a 64-bit hash of each column; the two tables are joined by key.  DuckDB does both within :data:`MEMORY`, and goes to
the disk beyond it.  The hashes are compared only between two rows of one key, so that a change goes unseen with a
probability of 2^-64.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from corpuskit.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from corpuskit.package.reference import Reference

MEMORY: Final = "512MB"
"""What the join may hold in memory; Arrow holds the batches that are being read beside it."""

EXAMPLES: Final = 20
"""Documents that are named for each kind of change: the first by id, which for ids made by a hash is any of them."""

_KEYS: Final = (("id",), ("document_id", "index"), ("document_id",))
"""The columns that tell the rows of a table apart: the first that it has."""

_PLAIN: Final = {
    "documents": ("rights", "license"),
    "related": ("related_document_id",),
    "decisions": ("status",),
}
"""Columns whose values are needed, and not only whether they are the same."""

_COMPLETED: Final = {
    # A teaser is the document that was added: it has got the link to it.
    "related": "o.related_document_id IS NULL AND NOT ({others})",
    # A page that was not kept had no row elsewhere: what is decided on it now changes nothing that was there.
    "decisions": "o.status <> 'kept'",
}
"""When a changed row of the ledger counts as completed: documents that are added change rows that were there."""

RightsAndLicence = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class SplitDiff:
    """What happened to one split, in rows: ``before`` + added + moved in = ``after`` + removed + moved out."""

    before: int = 0
    after: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved_in: int = 0
    moved_out: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """How many rows went from one split to another."""

    before: str
    after: str
    rows: int


@dataclass(frozen=True, slots=True)
class Examples:
    """Some documents with a row that was added, removed, changed or moved."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigDiff:
    """What happened to the rows of one config.

    A row that changed and moved counts as both.  ``completed`` of the changed rows changed as additions make them
    (:data:`_COMPLETED`).  ``columns`` says how many rows changed in each, ``documents`` how many documents have a row
    that was added, removed, changed or moved.
    """

    before: int
    after: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    completed: int = 0
    moved: int = 0
    documents: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    splits: dict[str, SplitDiff] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    examples: Examples = field(default_factory=Examples)

    @property
    def same(self) -> bool:
        """Whether every row is as and where it was."""
        return not (self.added or self.removed or self.changed or self.moved)


@dataclass(frozen=True, slots=True)
class ChangedTerms:
    """How many documents went from one pair of rights and licence to another, and the first of them."""

    before: RightsAndLicence
    after: RightsAndLicence
    documents: int
    first: str


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one config compared, and what else could be told from them.

    ``renamed`` are columns that went and came with the same values, ``terms`` what became of the rights of changed
    documents, ``whole`` the rights and licences on either side, ``text_changed`` some documents whose text changed.
    """

    rows: ConfigDiff
    renamed: tuple[tuple[str, str], ...] = ()
    terms: tuple[ChangedTerms, ...] = ()
    whole: tuple[tuple[RightsAndLicence, ...], tuple[RightsAndLicence, ...]] = ((), ())
    text_changed: tuple[str, ...] = ()


@contextmanager
def database() -> Iterator[DuckDBPyConnection]:
    """Give a database in a temporary folder that neither reaches for the network nor keeps anything.

    Raises:
        ReleaseError: what is done with it meets a table that cannot be read.
    """
    import duckdb  # 50 ms that only a comparison pays

    with tempfile.TemporaryDirectory(prefix="corpuskit-diff-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": folder,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        connection = duckdb.connect(str(Path(folder) / "rows.duckdb"), config=settings)
        try:
            yield connection
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise ReleaseError(
                f"a table cannot be read: {error}", remedy="`corpuskit verify` says which file is damaged."
            ) from error
        finally:
            connection.close()


def key_of(columns: Sequence[str], where: str) -> tuple[str, ...]:
    """Return the columns that tell rows apart.

    Raises:
        ReleaseError: there are none.
    """
    for key in _KEYS:
        if set(key) <= set(columns):
            return key
    raise ReleaseError(
        f"has neither a column `id` nor `document_id`: its rows cannot be told apart ({', '.join(columns)})",
        where=where,
        remedy="Only tables with ids can be compared row by row.",
    )


def unchanged(counts: dict[str, int]) -> Found:
    """Return what there is to say of a config whose rows are the same; ``counts`` are rows by split."""
    rows = sum(counts.values())
    return Found(ConfigDiff(rows, rows, splits={name: SplitDiff(count, count) for name, count in counts.items()}))


def compare(connection: DuckDBPyConnection, old: Reference, new: Reference, config: str) -> Found:
    """Compare the rows of ``config``, which both have.

    Raises:
        ReleaseError: rows cannot be told apart, two have the same key, or a file cannot be read.
    """
    before, after = old.schema(config), new.schema(config)
    if before is None or after is None:
        present = old if after is None else new
        counts = present.counts(config)
        return Found(one_sided(counts, added=after is not None))
    table = _Table(connection, config, before, after)
    splits = list(dict.fromkeys((*old.files[config], *new.files[config])))
    for name, side, schema in (("old", old, before), ("new", new, after)):
        table.read(name, side, splits, schema)
    table.join()
    return Found(
        rows=table.count(splits),
        renamed=table.renamed(),
        terms=table.changed_terms(),
        whole=(table.terms("old"), table.terms("new")),
        text_changed=table.text_changed(),
    )


def one_sided(counts: dict[str, int], *, added: bool) -> ConfigDiff:
    """Return the difference of a config that came with all its rows, or went with them."""
    rows = sum(counts.values())
    if added:
        splits = {name: SplitDiff(after=count, added=count) for name, count in counts.items()}
        return ConfigDiff(0, rows, added=rows, splits=splits)
    splits = {name: SplitDiff(before=count, removed=count) for name, count in counts.items()}
    return ConfigDiff(rows, 0, removed=rows, splits=splits)


_Flow = tuple[int | None, int | None, int, int]
"""The number of a split that rows were in and of the one they are in, how many there are, and how many changed."""


class _Table:
    """One config of two releases in the database: tables ``old`` and ``new``, and ``delta`` with the rows that differ.

    Columns go by their number among all names, since SQL does not tell upper from lower case: ``c0`` holds hashes in
    ``old`` and ``new``, ``d0`` in ``delta`` whether they differ.
    """

    def __init__(self, connection: DuckDBPyConnection, config: str, before: pa.Schema, after: pa.Schema) -> None:
        self.connection = connection
        self.config = config
        self.key = key = key_of([name for name in after.names if name in before.names], config)
        names = sorted({*before.names, *after.names} - set(key))
        self.number = {name: i for i, name in enumerate(names)}
        self.before, self.after = before, after
        self.common = [
            name
            for name in names
            if name in before.names and name in after.names and before.field(name).type == after.field(name).type
        ]
        plain = _PLAIN.get(config, ())
        self.plain = plain if set(plain) <= set(self.common) else ()
        self._keys = ", ".join(f"k{i}" for i in range(len(key)))

    def read(self, name: str, side: Reference, splits: Sequence[str], schema: pa.Schema) -> None:
        """Put the keys and hashes of one side into the table ``name``."""
        columns = {f"k{i}": column for i, column in enumerate(self.key)}
        columns |= {f"c{self.number[field.name]}": field.name for field in schema if field.name not in self.key}
        hashes = "".join(
            # Two lists that differ by nulls or emptiness alone may share DuckDB's hash; their JSON does not.
            f", hash(to_json({c})) AS {c}" if pa.types.is_nested(schema.field(column).type) else f", hash({c}) AS {c}"
            for c, column in columns.items()
            if c.startswith("c")
        )
        plain = "".join(f", c{self.number[column]} AS {column}" for column in self.plain)
        select = f"SELECT {self._keys}{hashes}{plain}"
        made = False
        for number, split in enumerate(splits):
            if split not in side.files[self.config] or not side.files[self.config][split]:
                continue
            self.connection.register("batches", side.batches(self.config, split, columns))
            start = f"INSERT INTO {name}" if made else f"CREATE OR REPLACE TABLE {name} AS"
            self.connection.execute(f"{start} {select}, {number}::USMALLINT AS split FROM batches")
            self.connection.unregister("batches")
            made = True
        twice = self.connection.execute(
            f"SELECT {self._keys} FROM {name} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
        ).fetchone()
        if twice is not None:
            raise ReleaseError(
                f"two rows of {self.config} have the same {', '.join(self.key)}: {', '.join(map(str, twice))}",
                where=side.where,
                remedy="Rows are compared by it; `corpuskit validate` names all of them.",
            )

    def join(self) -> None:
        """Make ``delta``: the rows that are on one side only, differ, or moved."""
        numbers = [self.number[name] for name in self.common]
        differs = "".join(f", o.c{i} <> n.c{i} AS d{i}" for i in numbers)
        changed = " OR ".join(["FALSE", *(f"o.c{i} <> n.c{i}" for i in numbers)])
        others = " OR ".join(["FALSE", *(f"o.c{self.number[c]} <> n.c{self.number[c]}" for c in self._not_plain())])
        completed = _COMPLETED.get(self.config, "FALSE").format(others=others) if self.plain else "FALSE"
        on = " AND ".join(f"o.k{i} = n.k{i}" for i in range(len(self.key)))
        keys = ", ".join(f"coalesce(o.k{i}, n.k{i}) AS k{i}" for i in range(len(self.key)))
        plain = "".join(
            f", {side}.{c} AS {name}_{c}" for side, name in (("o", "old"), ("n", "new")) for c in self.plain
        )
        self.connection.execute(
            f"CREATE OR REPLACE TABLE delta AS SELECT {keys}, o.split AS was, n.split AS now, ({changed}) AS changed, "
            f"({changed}) AND ({completed}) AS completed{differs}{plain} FROM old o FULL JOIN new n ON {on} "
            f"WHERE o.k0 IS NULL OR n.k0 IS NULL OR o.split <> n.split OR {changed}"
        )

    def _not_plain(self) -> list[str]:
        return [name for name in self.common if name not in self.plain]

    def count(self, splits: Sequence[str]) -> ConfigDiff:
        """Count what is in ``delta``."""
        flows = self._flows()
        by_split = self._by_split(splits, flows)
        moves = [(was, now, n) for was, now, n, _ in flows if was is not None and now is not None and was != now]
        counts = [
            "count(DISTINCT k0)",
            "count(*) FILTER (completed)",
            *(f"count(*) FILTER (d{self.number[name]})" for name in self.common),
        ]
        found = self.connection.execute(f"SELECT {', '.join(counts)} FROM delta").fetchone()
        documents, completed, *changed = found or (0, 0)
        return ConfigDiff(
            before=sum(split.before for split in by_split.values()),
            after=sum(split.after for split in by_split.values()),
            added=sum(split.added for split in by_split.values()),
            removed=sum(split.removed for split in by_split.values()),
            changed=sum(split.changed for split in by_split.values()),
            completed=completed,
            moved=sum(n for *_, n in moves),
            documents=documents,
            columns={name: n for name, n in zip(self.common, changed, strict=True) if n},
            splits=by_split,
            moves=tuple(Move(splits[was], splits[now], n) for was, now, n in moves),
            examples=Examples(
                added=self._first("was IS NULL"),
                removed=self._first("now IS NULL"),
                changed=self._first("changed"),
                moved=self._first("was <> now"),
            ),
        )

    def _flows(self) -> list[_Flow]:
        """Return how many rows of ``delta`` went from which split to which, and how many of them changed."""
        return self.connection.execute(
            "SELECT was, now, count(*), count(*) FILTER (changed) FROM delta GROUP BY was, now ORDER BY was, now"
        ).fetchall()

    def _by_split(self, splits: Sequence[str], flows: Sequence[_Flow]) -> dict[str, SplitDiff]:
        """Return what happened to the rows of each split."""
        before, after = (
            dict(self.connection.execute(f"SELECT split, count(*) FROM {side} GROUP BY split").fetchall())
            for side in ("old", "new")
        )
        return {
            name: SplitDiff(
                before=before.get(number, 0),
                after=after.get(number, 0),
                added=sum(n for was, now, n, _ in flows if was is None and now == number),
                removed=sum(n for was, now, n, _ in flows if was == number and now is None),
                changed=sum(c for was, now, _, c in flows if was is not None and now == number),
                moved_in=sum(n for was, now, n, _ in flows if was not in {None, number} and now == number),
                moved_out=sum(n for was, now, n, _ in flows if was == number and now not in {None, number}),
            )
            for number, name in enumerate(splits)
        }

    def _first(self, condition: str) -> tuple[str, ...]:
        found = self.connection.execute(f"SELECT DISTINCT k0 FROM delta WHERE {condition} ORDER BY k0 LIMIT {EXAMPLES}")
        return tuple(str(key) for (key,) in found.fetchall())

    def renamed(self) -> tuple[tuple[str, str], ...]:
        """Return the columns that went, with those that came and have the same type and values."""
        gone = [field for field in self.before if field.name not in self.after.names]
        come = [field for field in self.after if field.name not in self.before.names]
        on = " AND ".join(f"o.k{i} = n.k{i}" for i in range(len(self.key)))
        pairs: list[tuple[str, str]] = []
        for old in gone:
            for new in come:
                if old.type != new.type or any(new.name == taken for _, taken in pairs):
                    continue
                both, differing = self.connection.execute(
                    f"SELECT count(*), count(*) FILTER (o.c{self.number[old.name]} <> n.c{self.number[new.name]}) "
                    f"FROM old o JOIN new n ON {on}"
                ).fetchone() or (0, 0)
                if both and not differing:
                    pairs.append((old.name, new.name))
                    break
        return tuple(pairs)

    def changed_terms(self) -> tuple[ChangedTerms, ...]:
        """Return how many changed documents went from which rights and licence to which, with one of them."""
        if self.config != "documents" or not self.plain:
            return ()
        found = self.connection.execute(
            "SELECT old_rights, old_license, new_rights, new_license, count(*), min(k0) FROM delta "
            "WHERE was IS NOT NULL AND now IS NOT NULL GROUP BY ALL ORDER BY ALL"
        )
        return tuple(ChangedTerms((a, b), (c, d), n, str(first)) for a, b, c, d, n, first in found.fetchall())

    def terms(self, side: str) -> tuple[RightsAndLicence, ...]:
        """Return the rights and licences that documents of a side have."""
        if self.config != "documents" or not self.plain:
            return ()
        return tuple(self.connection.execute(f"SELECT DISTINCT rights, license FROM {side} ORDER BY ALL").fetchall())

    def text_changed(self) -> tuple[str, ...]:
        """Return the first documents whose text changed."""
        if self.key != ("id",) or "text" not in self.common:
            return ()
        return self._first(f"d{self.number['text']}")
