"""Checks on a whole release: its files first, then its rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corpuskit import schema
from corpuskit.check.findings import Finding
from corpuskit.check.rows import check_rows
from corpuskit.errors import ReleaseError
from corpuskit.package import manifest
from corpuskit.package.parquet import logical_digest
from corpuskit.package.release import SUMS, sha256
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def verify(folder: Path) -> list[Finding]:
    """Return which files of the release in ``folder`` are missing, changed or not part of it.

    Raises:
        ReleaseError: there is no release in ``folder``.
    """
    _must_be_release(folder)
    return list(_check_files(folder))


def validate(folder: Path) -> list[Finding]:
    """Return everything that is wrong with the release in ``folder``: its files, its manifest, its rows.

    Raises:
        ReleaseError: there is no release in ``folder``.
    """
    _must_be_release(folder)
    findings = [*_check_files(folder), *_check_manifest(folder)]
    return [*findings, *check_rows(folder)]


def _must_be_release(folder: Path) -> None:
    if not folder.is_dir() or not any((folder / name).is_file() for name in (SUMS, manifest.NAME)):
        raise ReleaseError(
            "there is no release there",
            where=str(folder),
            remedy=f"Give the folder of a release, with its {SUMS} and {manifest.NAME}; `corpuskit build` makes one.",
        )


def _check_files(folder: Path) -> Iterator[Finding]:
    """Compare the files with :data:`SUMS`."""
    stated = dict(_read_sums(folder / SUMS))
    if not stated:
        yield Finding("sums-missing", f"there are no checksums; build the release again or fetch {SUMS}", file=SUMS)
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {SUMS}
    for name in sorted(stated.keys() - present):
        yield Finding("file-missing", "is listed but not there; fetch it again", file=name)
    for name in sorted(present - stated.keys()) if stated else ():
        yield Finding("file-extra", "is not part of the release; take it out", file=name)
    for name in sorted(stated.keys() & present):
        if sha256(folder / name) != stated[name]:
            yield Finding("file-changed", "does not have the checksum listed; fetch it again", file=name)


def _read_sums(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, digest) for each line of a checksum file."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        yield name, digest


def _check_manifest(folder: Path) -> Iterator[Finding]:
    """Check the manifest against its schema, and the tables against the manifest."""
    try:
        stated = json.loads((folder / manifest.NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        yield Finding("manifest-unreadable", f"cannot be read: {error}; fetch it again", file=manifest.NAME)
        return
    wrong = list(schema.validator("manifest").iter_errors(stated))
    for problem in wrong:
        yield Finding("manifest-schema", problem.message, file=manifest.NAME, pointer=_pointer(problem.instance_path))
    if not wrong:
        yield from _check_tables(folder, stated)


def _check_tables(folder: Path, stated: dict[str, Any]) -> Iterator[Finding]:
    pages = stated["pages"]
    if pages["read"] != pages["kept"] + pages["rejected"] + pages["quarantined"]:
        yield Finding(
            "pages-balance",
            "pages read are not kept + rejected + quarantined; build again",
            file=manifest.NAME,
            pointer="/pages",
        )
    if manifest.content_digest(stated["configs"]) != stated["content_sha256"]:
        yield Finding(
            "content-digest", "is not the digest of the configs' digests", file=manifest.NAME, pointer="/content_sha256"
        )
    for name in SCHEMAS:
        entry = stated["configs"].get(name)
        if entry is None:
            yield Finding(
                "config-missing", f"has no config {name!r}; build again", file=manifest.NAME, pointer="/configs"
            )
            continue
        for split in entry["splits"].values():
            for file in split["files"]:
                yield from _check_table(folder, name, file, entry)


def _check_table(folder: Path, config: str, file: str, entry: dict[str, Any]) -> Iterator[Finding]:
    try:
        digest = logical_digest(config, folder / file)
    except (OSError, ValueError) as error:
        yield Finding("table-unreadable", f"cannot be read: {error}; fetch it again", file=file)
        return
    if digest != entry["logical_sha256"]:
        yield Finding("table-digest", "its rows do not have the digest the manifest states; fetch it again", file=file)


def _pointer(path: list[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
