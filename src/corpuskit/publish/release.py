"""The release that is to be published, with the digest of each of its files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpuskit.check import verify_report
from corpuskit.check.files import read_sums
from corpuskit.errors import ReleaseError
from corpuskit.package.manifest import NAME as MANIFEST
from corpuskit.package.release import SUMS, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class File:
    """One file of a release: its path within it, where it lies, its size in bytes and its SHA-256."""

    path: str
    source: Path
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """A release whose files are the ones that were released."""

    folder: Path
    manifest: Mapping[str, Any]
    files: Mapping[str, File]

    @property
    def name(self) -> str:
        """The dataset's name."""
        return str(self.manifest["name"])

    @property
    def version(self) -> str:
        """The release's version, X.Y.Z."""
        return str(self.manifest["version"])


def open_release(folder: Path) -> Release:
    """Open the release in ``folder`` and check every file of it against its checksums.

    Raises:
        ReleaseError: there is none, or a file is not the one that was released.
    """
    if not (folder / MANIFEST).is_file():
        raise ReleaseError(
            "there is no release there", where=str(folder), remedy="Give the folder of a release: dist/NAME-X.Y.Z."
        )
    report = verify_report(folder)
    if report.failed:
        listed = "\n  ".join(f"{finding.file}: {finding.message}" for finding in report.findings[:10])
        raise ReleaseError(
            f"the release is not what was released:\n  {listed}",
            where=str(folder),
            remedy="Build it again, or fetch it again; `corpuskit verify` says what is wrong with it.",
        )
    sums, _ = read_sums(folder / SUMS)
    sums[SUMS] = sha256(folder / SUMS)
    files = {
        path: File(path, folder / path, (folder / path).stat().st_size, digest) for path, digest in sorted(sums.items())
    }
    return Release(folder, json.loads((folder / MANIFEST).read_bytes()), files)
