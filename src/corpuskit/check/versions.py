"""Whether a version rises by as much as the changes to the rows ask for.

MAJOR where a row was removed, changed or moved to another split, or a column was removed or retyped; MINOR where only
rows, columns, splits or configs were added; PATCH where the rows are the same.
"""

from __future__ import annotations

from enum import IntEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpuskit.check import join
from corpuskit.check.findings import Finding
from corpuskit.check.join import Join, Tag, groups
from corpuskit.check.manifest import NAME as MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

BATCH: Final = 1_000


class Bump(IntEnum):
    """The part of a version that has to rise."""

    PATCH = 0
    MINOR = 1
    MAJOR = 2


def check_version(old: Path, before: Mapping[str, Any], new: Path, after: Mapping[str, Any]) -> Iterator[Finding]:
    """Compare two releases of a dataset, each a folder and its manifest."""
    if before["name"] != after["name"]:
        message = f"is {after['name']}, the release compared with {before['name']}; give one of the same dataset"
        yield Finding("version-name", message, file=MANIFEST, pointer="/name")
        return
    was, now = _numbers(before["version"]), _numbers(after["version"])
    if before["version"] == after["version"] and before["content_sha256"] == after["content_sha256"]:
        return
    if now <= was:
        message = f"{after['version']} is not above {before['version']}; raise dataset.version"
        yield Finding("version-order", message, file=MANIFEST, pointer="/version")
        return
    bump, why = least_bump(old, before, new, after)
    if now < (least := raised(was, bump)):
        yield Finding(
            "version-bump",
            f"{why}: after {before['version']} that asks for {'.'.join(map(str, least))} at least",
            file=MANIFEST,
            pointer="/version",
        )


def raised(version: tuple[int, ...], bump: Bump) -> tuple[int, ...]:
    """Return the least version above ``version`` that ``bump`` allows."""
    major, minor, patch = version
    if bump is Bump.MAJOR:
        return (major + 1, 0, 0)
    return (major, minor + 1, 0) if bump is Bump.MINOR else (major, minor, patch + 1)


def least_bump(old: Path, before: Mapping[str, Any], new: Path, after: Mapping[str, Any]) -> tuple[Bump, str]:
    """Return the least bump that the differences between two releases ask for, and the strongest reason."""
    if before["content_sha256"] == after["content_sha256"]:
        return Bump.PATCH, "the rows are the same"
    found: list[tuple[Bump, str]] = [(Bump.PATCH, "no row of documents differs")]
    rows = sum(manifest["configs"]["documents"]["rows"] for manifest in (before, after))
    columns = [_columns(folder, manifest) for folder, manifest in ((old, before), (new, after))]
    for name, kind in columns[0].items():
        if columns[1].get(name) != kind:
            found.append((Bump.MAJOR, f"column {name} was removed or retyped"))
    with Join(rows) as records:
        splits: list[str] = []
        for tag, folder, manifest in ((Tag.DOCUMENT, old, before), (Tag.KEPT, new, after)):
            for split, file in _files(folder, manifest):
                splits += [split] if split not in splits else []
                _read(records, tag, file, splits.index(split), sorted(columns[0].keys() & columns[1].keys()))
        changes = np.zeros(4, np.int64)
        for bucket in records.buckets():
            changes += _compare(bucket)
    removed, added, changed, moved = (int(count) for count in changes)
    for count, what, bump in (
        (removed, "removed", Bump.MAJOR),
        (changed, "changed", Bump.MAJOR),
        (moved, "moved to another split", Bump.MAJOR),
        (added, "added", Bump.MINOR),
    ):
        if count:
            found.append((bump, f"{count} documents were {what}"))
    return max(found, key=lambda item: item[0])


def _read(records: Join, tag: Tag, file: Path, split: int, columns: list[str]) -> None:
    """Add a record for every document in ``file``: its id, its split and a digest of its other columns."""
    with pq.ParquetFile(file) as parquet:
        for batch in parquet.iter_batches(batch_size=BATCH, columns=columns):
            digests = [_digest(row) for row in batch.to_pylist()]
            records.add(join.keys(batch.column("id").to_pylist()), tag, code=split, value=digests)


def _files(folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """Yield the split and path of every file of ``documents``."""
    for split, made in manifest["configs"]["documents"]["splits"].items():
        yield from ((split, folder / file) for file in made["files"])


def _compare(records: Any) -> Any:  # noqa: ANN401 - a structured array
    """Return how many documents were removed, added, changed and moved."""
    group = groups(records)
    size = int(group[-1]) + 1
    sides = []
    for tag in (Tag.DOCUMENT, Tag.KEPT):
        mine = records["tag"] == tag
        there, value, code = np.zeros(size, bool), np.zeros(size, np.int64), np.zeros(size, np.int64)
        there[group[mine]], value[group[mine]], code[group[mine]] = True, records["value"][mine], records["code"][mine]
        sides.append((there, value, code))
    (was, old_value, old_code), (is_now, new_value, new_code) = sides
    both = was & is_now
    return np.array(
        [
            (was & ~is_now).sum(),
            (is_now & ~was).sum(),
            (both & (old_value != new_value)).sum(),
            (both & (old_code != new_code)).sum(),
        ]
    )


def _columns(folder: Path, manifest: Mapping[str, Any]) -> dict[str, pa.DataType]:
    file = next((file for _, file in _files(folder, manifest)), None)
    return {field.name: field.type for field in pq.read_schema(file)} if file else {}


def _digest(row: Mapping[str, Any]) -> int:
    return int.from_bytes(
        blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
