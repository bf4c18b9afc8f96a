"""Hugging Face datasets: saved with ``save_to_disk``, or opened by `datasets` from a folder or the Hub, as a stream."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpuskit.errors import SourceError
from corpuskit.read import rows
from corpuskit.read.unit import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.unit import Unreadable


def units(source: SourceSettings, folder: Path) -> list[Unit]:
    """List the files of a saved dataset, or the shards of one that `datasets` opens.

    Raises:
        SourceError: it cannot be opened, or is on the Hub and the settings pin no revision.
    """
    local = folder / source.path
    if (local / "state.json").is_file() or (local / "dataset_dict.json").is_file():
        return _saved(source, local)
    if not local.exists() and not source.revision:
        raise SourceError(
            f"source {source.name!r} is on the Hub and has no revision",
            where=source.path,
            remedy="Add `revision`, the commit to read: what is on the Hub changes, a corpus must not.",
        )
    if not local.exists() and source.format == "hf" and source.path.startswith((".", "/")):
        raise SourceError(f"the path of source {source.name!r} does not exist", where=str(local))
    address = str(local.resolve()) if local.exists() else source.path
    count = _open(address, source).num_shards
    mark = f"{source.revision}-{source.subset}-{source.split}" if source.revision else ""
    return [
        Unit(source.name, f"{source.split}#shard-{index}-of-{count}", "hf", address, mark, (index, count))
        for index in range(count)
    ]


def _saved(source: SourceSettings, folder: Path) -> list[Unit]:
    """List the Arrow files that the state of a saved dataset names; caches that lie beside them are none of it."""
    splits = [""]
    if (folder / "dataset_dict.json").is_file():
        splits = [source.split] if source.split in _json(folder / "dataset_dict.json")["splits"] else []
    made = []
    for split in splits:
        for entry in _json(folder / split / "state.json")["_data_files"]:
            path = (folder / split / Path(entry["filename"]).name).resolve()
            stat = path.stat()
            mark = f"{stat.st_size}-{stat.st_mtime_ns}"
            name = f"{split}/{path.name}".lstrip("/")
            made.append(Unit(source.name, name, "arrow", str(path), mark, None, stat.st_size))
    if not made:
        raise SourceError(
            f"source {source.name!r} has no split {source.split!r}",
            where=str(folder),
            remedy="Say with `split` which one to read.",
        )
    return made


def _json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"is no saved dataset: {error}", where=str(path)) from error
    return found


def _open(address: str, source: SourceSettings) -> Any:  # noqa: ANN401 - datasets has no types
    from datasets import load_dataset  # a second and a half that only datasets pay

    try:
        return load_dataset(address, source.subset, split=source.split, revision=source.revision, streaming=True)
    except Exception as error:
        raise SourceError(
            f"source {source.name!r} cannot be opened as a dataset: {error}",
            where=source.path,
            remedy="Look at `path`, `subset`, `split` and `revision` in the [[source]] table.",
        ) from error


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable]:
    """Yield the page of every row of a shard.

    Raises:
        SourceError: the columns that the settings name are not there.
    """
    index, count = unit.part or (0, 1)
    data = _open(unit.address, source).shard(num_shards=count, index=index)
    if data.column_names is not None:
        data = data.select_columns([name for name in data.column_names if _needed(name, source, data.column_names)])
    for number, row in enumerate(data, 1):
        yield rows.page_of(row, f"{unit.name}-row-{number}", source, limits)


def _needed(name: str, source: SourceSettings, present: list[str]) -> bool:
    return any(column == name or column.startswith(f"{name}.") for column in rows.columns(source, present))
