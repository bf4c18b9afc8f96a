"""What each source gave: its pages by what became of them, by rule, and its characters by role.

Relations over the files of a release, done by DuckDB within :data:`corpuskit.package.rows.MEMORY`: blocks do not name
their source, and get it from their document.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from corpuskit.package.rows import MEMORY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAGES: Final = "SELECT source, status, rule, count(*) AS pages FROM decisions GROUP BY ALL ORDER BY ALL"

CHARACTERS: Final = (
    'SELECT source, role, sum("end" - start)::BIGINT AS characters'
    " FROM blocks JOIN (SELECT id, source FROM documents) AS owners ON owners.id = document_id"
    " GROUP BY ALL ORDER BY ALL"
)


@dataclass(slots=True)
class SourceFigures:
    """Counts of one source.

    Attributes:
        pages: pages by status.
        rules: rejected pages by rule.
        characters: characters of blocks, by role.
    """

    pages: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)


def by_source(folder: Path, configs: Mapping[str, Any]) -> dict[str, SourceFigures]:
    """Return the figures of each source of the release in ``folder``; ``configs`` is the manifest's part on configs."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="corpuskit-") as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {"memory_limit": MEMORY, "temp_directory": spill}
        with duckdb.connect(":memory:", config=settings) as relations:
            for name in ("decisions", "documents", "blocks"):
                files = [str(folder / file) for made in configs[name]["splits"].values() for file in made["files"]]
                relations.from_parquet(files).create_view(name)
            pages = relations.execute(PAGES).fetchall()
            characters = relations.execute(CHARACTERS).fetchall()
    found: dict[str, SourceFigures] = defaultdict(SourceFigures)
    for source, status, rule, count in pages:
        found[source].pages[status] += count
        if rule is not None:
            found[source].rules[rule] += count
    for source, role, count in characters:
        found[source].characters[role] += count
    return dict(found)
