"""To ask for a document to be forgotten: its tombstone, written beside the settings for the next build to obey."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from corpuskit import config as configuration
from corpuskit.config import FORGOTTEN
from corpuskit.errors import CorpuskitError
from corpuskit.model import Role, Tombstone
from corpuskit.select import bury

if TYPE_CHECKING:
    from corpuskit.config import Config

_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was asked for.

    Attributes:
        tombstone: what stands in ``file`` now.
        file: ``forgotten.jsonl`` beside the settings.
        held_by: the releases in ``dist`` that still hold the document; they are as they were.
        known_before: whether it was asked for before; nothing was written then.
    """

    tombstone: Tombstone
    file: Path
    held_by: tuple[Path, ...]
    known_before: bool


def forget(
    wanted: str,
    config: Config | Path | str = "corpus.toml",
    *,
    dist: Path | str | None = None,
    reason: str | None = None,
    date: str | None = None,
) -> Forgotten:
    """Write the tombstone of a document, so that the next build leaves it out.

    Args:
        wanted: its id, its address or its locator, as a release in ``dist`` has it.  An id that no release has is
            taken too: its page is then known by that alone.
        config: the settings, or the file with them.
        dist: where releases lie; by default ``dist`` beside the settings.
        reason: why, as far as it may be said: it stands in every later release.
        date: the day it was asked for (``2026-11-22``), which stands there too.

    Raises:
        CorpuskitError: no release holds such a document, several do, or the date is none.
    """
    if not isinstance(config, configuration.Config):
        config = configuration.load(config)
    if date is not None:
        _must_be_day(date)
    target = Path(dist) if dist is not None else config.folder / "dist"
    found = _find(wanted, target, config.dataset.name)
    if len({row["id"] for row, _ in found}) > 1:
        listed = "\n  ".join(sorted({f"{row['id']} {row['source']}/{row['locator']}" for row, _ in found}))
        raise CorpuskitError(f"more than one document is called that:\n  {listed}", where=wanted, remedy="Give the id.")
    if not found and not _ID.fullmatch(wanted):
        raise CorpuskitError(
            "no release there holds a document with this id, address or locator",
            where=f"{wanted} in {target}",
            remedy="Give the folder of your releases with --dist, or the id: the config `documents` lists them.",
        )
    stone = _tombstone(*found[0], reason, date) if found else Tombstone(wanted, date=date, reason=reason)
    known = next((old for old in config.forgotten if old.id == stone.id), None)
    file = config.folder / FORGOTTEN
    if known is None:
        _append(file, stone)
    return Forgotten(known or stone, file, tuple(folder for _, folder in found), known is not None)


def _must_be_day(date: str) -> None:
    try:
        dt.date.fromisoformat(date)
    except ValueError as error:
        raise CorpuskitError(f"{date!r} is no day: {error}", remedy="Give it as 2026-11-22.") from error


def _find(wanted: str, dist: Path, name: str) -> list[tuple[dict[str, Any], Path]]:
    """Return the document as each release in ``dist`` has it, the latest first."""
    import pyarrow.dataset as ds  # half a second that only this pays

    from corpuskit.package.reference import releases

    columns = ["id", "source", "locator", "url", "title"]
    fields = [ds.field(column) == wanted for column in ("id", "locator", "url")]
    found: list[tuple[dict[str, Any], Path]] = []
    for _, folder in sorted(releases(dist, name), reverse=True):
        table = ds.dataset(folder / "data" / "documents", format="parquet").to_table(
            columns=columns, filter=fields[0] | fields[1] | fields[2]
        )
        found += [(row, folder) for row in table.to_pylist()]
    return found


def _tombstone(row: dict[str, Any], folder: Path, reason: str | None, date: str | None) -> Tombstone:
    """Return the tombstone of a document that the release in ``folder`` holds."""
    import pyarrow.dataset as ds  # see _find

    mine = (ds.field("document_id") == row["id"]) & (ds.field("role") == Role.MAIN.value)
    blocks = ds.dataset(folder / "data" / "blocks", format="parquet").to_table(columns=["text"], filter=mine)
    texts = blocks.column("text").to_pylist()
    return bury(row["id"], url=row["url"], title=row["title"], texts=texts, date=date, reason=reason)


def _append(file: Path, stone: Tombstone) -> None:
    """Add a line to the file; keys that say nothing are left out."""
    value = {key: value for key, value in dataclasses.asdict(stone).items() if value not in (None, (), 0)}
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    line = "" if before.endswith("\n") or not before else "\n"
    try:
        file.write_text(f"{before}{line}{json.dumps(value)}\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise CorpuskitError(
            f"cannot be written: {error.strerror or error}", where=str(file), remedy="Check that you may write there."
        ) from error
