"""Releases wherever they lie: a folder, an address that fsspec knows, a revision on the Hub.

``dist/town-1.0.0`` · ``s3://bucket/town-1.0.0`` · ``hf://datasets/org/town@1.0.0``
"""

from __future__ import annotations

import functools
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpuskit.errors import ReleaseError
from corpuskit.package.bump import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fsspec import AbstractFileSystem

BATCH: Final = 5_000
"""Rows read at a time."""

_SHARD: Final = re.compile(r"(?P<split>.+?)(?:-\d{5}-of-\d{5})?\.parquet")

Files = dict[str, dict[str, list[str]]]
"""Paths within a release, by config and split."""


@dataclass(frozen=True)
class Reference:
    """A release (or a folder of tables laid out like one) on some file system.

    Attributes:
        where: what the user called it.
        root: its path on ``fs``.
        known: files that are known before they are written.
    """

    where: str
    fs: AbstractFileSystem
    root: str
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Return a file of the release as text, ``None`` where there is none.

        Raises:
            ReleaseError: it cannot be read.
        """
        try:
            return str(self.fs.cat_file(f"{self.root}/{name}").decode("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise ReleaseError(f"{name} cannot be read: {error}", where=self.where) from error

    def json(self, name: str) -> Mapping[str, Any]:
        """Return a file of the release as a JSON object, ``{}`` where there is none.

        Raises:
            ReleaseError: it cannot be read, or is no JSON object.
        """
        if name in self.known:
            return self.known[name]
        text = self.text(name)
        try:
            value = json.loads(text) if text is not None else {}
        except ValueError as error:
            raise ReleaseError(f"{name} is not JSON: {error}", where=self.where) from error
        if not isinstance(value, dict):
            raise ReleaseError(f"{name} is no JSON object", where=self.where)
        return value

    @functools.cached_property
    def manifest(self) -> Mapping[str, Any]:
        """The manifest, ``{}`` where there is none."""
        return self.json("manifest.json")

    @functools.cached_property
    def files(self) -> Files:
        """The Parquet files: those the manifest names, or where there is none those in ``data``."""
        if configs := self.manifest.get("configs"):
            named = {
                config: {split: list(made["files"]) for split, made in entry["splits"].items()}
                for config, entry in configs.items()
            }
            for path in (path for splits in named.values() for paths in splits.values() for path in paths):
                if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
                    raise ReleaseError(f"its manifest names a file outside of it: {path}", where=self.where)
            return named
        return self._found()

    def _found(self) -> Files:
        found: Files = {}
        for path in sorted(self.fs.find(f"{self.root}/data")):
            name = path[path.rindex("/data/") + 1 :]
            parts = PurePosixPath(name).parts
            if len(parts) == 3 and (match := _SHARD.fullmatch(parts[2])):
                found.setdefault(parts[1], {}).setdefault(match["split"], []).append(name)
        if not found:
            raise ReleaseError(
                "there is no release there",
                where=self.where,
                remedy="Give the folder of a release, with its manifest.json and data, or hf://datasets/OWNER/NAME@VERSION.",
            )
        return found

    def schema(self, config: str) -> pa.Schema | None:
        """Return the Arrow schema of a config, ``None`` where it has no file."""
        path = next((path for paths in self.files[config].values() for path in paths), None)
        if path is None:
            return None
        with self._open(path) as file:
            return file.schema_arrow.remove_metadata()

    def counts(self, config: str) -> dict[str, int]:
        """Return the number of rows of each split, as the files say."""
        found: dict[str, int] = {}
        for split, paths in self.files[config].items():
            found[split] = 0
            for path in paths:
                with self._open(path) as file:
                    found[split] += file.metadata.num_rows
        return found

    def batches(self, config: str, split: str, columns: Mapping[str, str]) -> pa.RecordBatchReader:
        """Return the rows of a split, a batch at a time; ``columns`` says what each column is to be called."""
        schema = self.schema(config)
        if schema is None:  # a split with files has one
            raise ReleaseError(f"{config} has no files", where=self.where)
        called = pa.schema([schema.field(column).with_name(name) for name, column in columns.items()])

        def read() -> Iterator[pa.RecordBatch]:
            for path in self.files[config][split]:
                with self._open(path) as file:
                    for batch in file.iter_batches(BATCH, columns=list(columns.values())):
                        arrays = [batch.column(column).cast(schema.field(column).type) for column in columns.values()]
                        yield pa.RecordBatch.from_arrays(arrays, schema=called)

        return pa.RecordBatchReader.from_batches(called, read())

    @contextmanager
    def _open(self, path: str) -> Iterator[pq.ParquetFile]:
        """Open a Parquet file; without buffering ahead, which takes in all of it."""
        with self.fs.open(f"{self.root}/{path}") as opened, pq.ParquetFile(opened, pre_buffer=False) as file:
            yield file

    def texts(self, config: str, key: str, wanted: Iterable[str], column: str) -> dict[str, str]:
        """Return ``column`` of the rows whose ``key`` is one of ``wanted``, as far as they are there.

        Only the row groups that hold one of them are read whole.
        """
        found: dict[str, str] = {}
        values = pa.array(sorted(wanted), pa.string())
        for path in (path for paths in self.files[config].values() for path in paths):
            with self._open(path) as file:
                for group in range(file.num_row_groups):
                    mask = pc.is_in(file.read_row_group(group, [key]).column(key).cast(pa.string()), values)
                    if not pc.any(mask).as_py():
                        continue
                    rows = file.read_row_group(group, [key, column]).filter(mask)
                    found |= dict(zip(*(rows.column(name).to_pylist() for name in (key, column)), strict=True))
        return found


def resolve(given: Path | str) -> Reference:
    """Return the release that ``given`` names; ``hf://datasets/OWNER/NAME@REVISION`` is one on the Hub.

    Raises:
        ReleaseError: there is nothing there, it cannot be reached, or what reads its kind of address is not installed.
    """
    import fsspec  # what is local needs it too, but not `corpuskit --help`

    where = str(given)
    try:
        fs, root = fsspec.core.url_to_fs(where if "://" in where else Path(where).absolute().as_posix())
        there = fs.isdir(root)
    except (ImportError, ValueError) as error:
        raise ReleaseError(
            f"this kind of address cannot be read: {error}",
            where=where,
            remedy="Install what it names, or download it.",
        ) from error
    except Exception as error:  # whatever the store's client raises: each has errors of its own
        raise ReleaseError(f"cannot be reached: {error}", where=where) from error
    if not there:
        raise ReleaseError(
            "there is no release there",
            where=where,
            remedy="Give the folder of a release, such as dist/NAME-X.Y.Z, or hf://datasets/OWNER/NAME@VERSION.",
        )
    return Reference(where, fs, root.rstrip("/"))


def previous(dist: Path, name: str, version: str) -> Path | None:
    """Return the release of the dataset ``name`` in ``dist`` with the highest version below ``version``, if any."""
    below = [found for found in releases(dist, name) if found[0] < numbers(version)]
    return max(below)[1] if below else None


def releases(dist: Path, name: str) -> Iterator[tuple[tuple[int, ...], Path]]:
    """Yield version and folder of every release of the dataset ``name`` in ``dist``, in no order."""
    pattern = re.compile(re.escape(name) + r"-(\d+\.\d+\.\d+)")
    for folder in dist.iterdir() if dist.is_dir() else ():
        if (match := pattern.fullmatch(folder.name)) and folder.is_dir():
            yield numbers(match[1]), folder
