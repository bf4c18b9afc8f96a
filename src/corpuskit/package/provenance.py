"""``provenance.json``: what a release was made from and with, as an unsigned in-toto statement.

in-toto Statement v1 (https://github.com/in-toto/attestation) with the predicate SLSA Provenance v1
(https://slsa.dev/spec/v1.0/provenance).  It can be wrapped and signed as it is.  Of the run it says nothing: no time,
no machine, no user.
"""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import asdict
from pathlib import PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

from corpuskit.package.contents import contents
from corpuskit.package.release import checksums

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from corpuskit.config import Config

NAME: Final = "provenance.json"

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "https://slsa.dev/provenance/v1"
BUILD_TYPE: Final = "urn:corpuskit:build:1"

LISTED: Final = 1_000
"""Pages of a source that are listed one by one; a larger source has a digest over all of them only."""

SOURCE: Final = "source:"
MODEL: Final = "model:"

_UNREAD: Final = "-"
_PAGE: Final = ("source", "document_id", "locator", "raw_sha256")
_WEIGHTS: Final = (".npz",)


def make(folder: Path, config: Config, configs: Mapping[str, Any], generator: Mapping[str, str]) -> dict[str, Any]:
    """Return the statement on the files that are in ``folder`` now.

    Args:
        folder: the release, whole but for this statement, the manifest and the checksums.
        config: the settings it was built with.
        configs: the manifest's part on configs.
        generator: versions of the tool and of the libraries that decide the bytes.
    """
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in checksums(folder).items()],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"config": settings(config), "config_sha256": config.digest()},
                "internalParameters": {},
                "resolvedDependencies": [*sources(folder, configs), *weights()],
            },
            "runDetails": {
                "builder": {"id": f"pkg:pypi/corpuskit@{generator['corpuskit']}", "version": dict(generator)},
            },
        },
    }


def settings(config: Config) -> dict[str, Any]:
    """Return the settings, without where they lie: of a path that starts at a root only the last part stands."""
    made = asdict(config)
    del made["folder"]
    for source in made["source"]:
        source["path"] = _without_root(source["path"])
    if made["schema"]["extends"]:
        made["schema"]["extends"] = _without_root(made["schema"]["extends"])
    return made


def _without_root(path: str) -> str:
    rooted = PurePath(path).is_absolute() or PureWindowsPath(path).is_absolute() or path.startswith("~")
    return PureWindowsPath(path).name if rooted else path


def sources(folder: Path, configs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each source as a resource descriptor: a digest over its pages, their number, and the pages of a small one.

    The digest is SHA-256 over a line for each page of ``decisions``, in their order (that of the ids): the SHA-256 of
    its bytes (``-`` where it could not be read), two spaces, its locator, a line feed.  With a folder of pages,
    ``sha256sum`` gives the same lines.
    """
    made: dict[str, _Source] = {}
    splits = (_pages(folder, split["files"]) for split in configs["decisions"]["splits"].values())
    for name, _, locator, digest in heapq.merge(*splits):
        made.setdefault(name, _Source()).add(locator, digest)
    for name, source in sorted(made.items()):
        yield source.descriptor(name)


def _pages(folder: Path, files: Iterable[str]) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield source, id, locator and digest of the pages of a split, by source and id."""
    for file in files:
        with pq.ParquetFile(folder / file, pre_buffer=False) as parquet:
            for batch in parquet.iter_batches(columns=list(_PAGE)):
                yield from zip(*(batch.column(name).to_pylist() for name in _PAGE), strict=True)


class _Source:
    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.count = 0
        self.listed: list[dict[str, Any]] = []

    def add(self, locator: str, digest: str | None) -> None:
        self.digest.update(f"{digest or _UNREAD}  {locator}\n".encode())
        self.count += 1
        if self.count <= LISTED:
            self.listed.append({"name": locator, **({"digest": {"sha256": digest}} if digest else {})})

    def descriptor(self, name: str) -> dict[str, Any]:
        pages = {"pages": self.listed} if self.count <= LISTED else {}
        return {
            "name": f"{SOURCE}{name}",
            "digest": {"sha256": self.digest.hexdigest()},
            "annotations": {"pages_count": self.count, **pages},
        }


def weights() -> Iterator[dict[str, Any]]:
    """Yield each file of trained weights that the tool holds, as a resource descriptor."""
    for name, digest in contents().items():
        if name.endswith(_WEIGHTS):
            yield {"name": f"{MODEL}corpuskit/{name}", "digest": {"sha256": digest}}
