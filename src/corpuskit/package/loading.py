"""Opening a release: which one is meant, whether it is all there, and ``datasets`` told what it must not confuse.

A release may lie in a folder, on a store that fsspec opens, or on the Hub.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from corpuskit.errors import CorpuskitError, ReleaseError
from corpuskit.package.manifest import NAME as MANIFEST
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict
    from fsspec import AbstractFileSystem

    Loaded: TypeAlias = Dataset | DatasetDict | IterableDataset | IterableDatasetDict

LATEST: Final = "latest.json"
"""The file in a folder of releases that says which one readers get who name no version: its name and version."""

_FOLDER: Final = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)-(?P<version>\d+\.\d+\.\d+)")
_REPOSITORY: Final = re.compile(r"(?:hf://datasets/)?(?P<id>[\w.-]+/[\w.-]+)/?")


class _Found(NamedTuple):
    """A folder that is called like a release."""

    name: str
    version: str
    path: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder, here or on a store."""

    system: AbstractFileSystem
    path: str
    said: str
    options: Mapping[str, Any] | None

    def read(self, name: str) -> dict[str, Any] | None:
        """Return the JSON object in a file of the folder, ``None`` where there is no such file."""
        path = f"{self.path}/{name}"
        try:
            if not self.system.isfile(path):
                return None
            made = json.loads(self.system.cat_file(path))
        except (OSError, ValueError) as error:
            raise ReleaseError(f"{name} cannot be read: {error}", where=self.said, remedy="Fetch it again.") from error
        return made if isinstance(made, dict) else None

    def releases(self, name: str | None = None) -> list[_Found]:
        """Return the releases in the folder, those of the dataset ``name`` only, from the lowest version up."""
        if not self.system.isdir(self.path):
            return []
        paths = [str(path).rstrip("/") for path in self.system.ls(self.path, detail=False)]
        found = [
            _Found(match["name"], match["version"], path)
            for path in paths
            if (match := _FOLDER.fullmatch(path.rpartition("/")[2])) and name in {None, match["name"]}
        ]
        return sorted(found, key=lambda entry: (entry.name, _numbers(entry.version)))

    def at(self, path: str) -> _Place:
        return _Place(self.system, path, self.system.unstrip_protocol(path) if self.options else path, self.options)


def load(  # noqa: PLR0913 - as `corpuskit.load` has them
    where: str,
    config: str,
    version: str | None,
    split: str | None,
    *,
    streaming: bool,
    storage_options: Mapping[str, Any] | None,
) -> Loaded:
    """Do what :func:`corpuskit.load` says."""
    repository = _REPOSITORY.fullmatch(where)
    if repository and (where.startswith("hf://") or not _is_local(Path(where))):
        return _from_hub(repository["id"], config, version, split, streaming=streaming)
    place = _choose(_open(where, storage_options), version)
    manifest = place.read(MANIFEST)
    if manifest is None:
        raise _no_release(place.said)
    if version not in {None, manifest["version"]}:
        raise ReleaseError(
            f"is version {manifest['version']}, not {version}", where=place.said, remedy="Give the folder of the other."
        )
    entry = _entry(manifest, config, split, place.said)
    _check_files(place, manifest, entry)
    return _from_files(place, manifest, config, split, streaming=streaming)


def _is_local(path: Path) -> bool:
    """Whether ``path`` is a folder, or the beginning of the names of releases."""
    return path.exists() or any(path.parent.glob(f"{path.name}-*.*.*"))


def _open(where: str, options: Mapping[str, Any] | None) -> _Place:
    from fsspec.core import url_to_fs

    try:
        system, path = url_to_fs(where, **(options or {}))
    except (ImportError, ValueError) as error:
        raise CorpuskitError(
            f"cannot be opened: {error}", where=where, remedy="Install what fsspec asks for, such as s3fs."
        ) from error
    return _Place(system, str(path).rstrip("/"), where, dict(options or {}) if "://" in where else None)


def _choose(place: _Place, version: str | None) -> _Place:
    """Return the folder of the release that is meant: the one given, or one of those in it."""
    if place.system.isfile(f"{place.path}/{MANIFEST}"):
        return place
    parent, _, name = place.path.rpartition("/")
    here, named = place.releases(), place.at(parent or "/").releases(name)
    found = here or named
    if not found:
        raise _no_release(place.said)
    if len(names := sorted({entry.name for entry in found})) > 1:
        raise ReleaseError(
            f"holds more than one dataset: {', '.join(names)}",
            where=place.said,
            remedy=f"Give one by its name: {place.said.rstrip('/')}/{names[0]}.",
        )
    pointer = (place if here else place.at(parent or "/")).read(LATEST) if version is None else None
    if pointer is not None and pointer.get("name") == found[0].name:
        version = str(pointer.get("version"))
    chosen = [entry for entry in found if version in {None, entry.version}]
    if not chosen:
        raise ReleaseError(
            f"there is no version {version} of {found[0].name}; there are {', '.join(e.version for e in found)}",
            where=place.said,
            remedy="Pin one of those.",
        )
    return place.at(chosen[-1].path)


def _no_release(where: str) -> ReleaseError:
    return ReleaseError(
        "there is no release there",
        where=where,
        remedy="Give the folder of a release, such as dist/NAME-X.Y.Z, a folder of releases, or OWNER/NAME on the Hub.",
    )


def _entry(manifest: Mapping[str, Any], config: str, split: str | None, where: str) -> dict[str, Any]:
    """Return what the manifest says of ``config``."""
    entry: dict[str, Any] | None = manifest["configs"].get(config)
    if entry is None:
        there = ", ".join(manifest["configs"])
        raise CorpuskitError(f"there is no config {config!r}", where=where, remedy=f"It can be {there}.")
    if split is not None and split not in entry["splits"]:
        there = ", ".join(entry["splits"])
        raise CorpuskitError(f"{config} has no split {split!r}", where=where, remedy=f"It can be {there}.")
    return entry


def _check_files(place: _Place, manifest: Mapping[str, Any], entry: Mapping[str, Any]) -> None:
    """Make sure that the files of a config are there with the sizes stated, which costs no reading."""
    stated = {listed["path"]: listed["bytes"] for listed in manifest["files"]}
    for file in (file for made in entry["splits"].values() for file in made["files"]):
        path = f"{place.path}/{file}"
        size = place.system.size(path) if place.system.isfile(path) else None
        if size != stated.get(file):
            said = "is missing" if size is None else f"has {size} bytes, not {stated.get(file)}"
            raise ReleaseError(f"{file} {said}", where=place.said, remedy="Fetch the release again, or build it again.")


def _from_files(
    place: _Place, manifest: Mapping[str, Any], config: str, split: str | None, *, streaming: bool
) -> Loaded:
    """Open the files that the manifest lists.

    ``load_dataset`` on the folder keys its cache by the folder's name and its card.  Given the files it goes by their
    paths and times; the content digest, as description, makes it go by the rows as well.
    """
    from datasets import Dataset, DatasetDict, NamedSplit, load_dataset

    made = {name: entry for name, entry in manifest["configs"][config]["splits"].items() if split in {None, name}}
    # A split of no rows "corresponds to no data" (datasets 5.2): it is made from the declared columns.
    there = {name: entry for name, entry in made.items() if entry["rows"] or streaming}
    files = {
        name: [_address(place, f"{place.path}/{file}") for file in entry["files"]] for name, entry in there.items()
    }
    loaded = (
        load_dataset(
            "parquet",
            data_files=files,
            streaming=streaming,
            version=manifest["version"],
            description=f"{manifest['name']} {manifest['version']}, {config}; {manifest['content_sha256']}",
            storage_options=dict(place.options) if place.options else None,
        )
        if files
        else {}
    )
    for name in made.keys() - there.keys():
        loaded[name] = Dataset(SCHEMAS[config].empty_table(), split=NamedSplit(name))
    if split is not None:
        return loaded[split]
    return loaded if streaming else DatasetDict({name: loaded[name] for name in made})


def _address(place: _Place, path: str) -> str:
    return path if place.options is None else str(place.system.unstrip_protocol(path))


def _from_hub(repository: str, config: str, version: str | None, split: str | None, *, streaming: bool) -> Loaded:
    """Open a dataset on the Hub at the tag ``version``, which must hold the release of that version."""
    from datasets import load_dataset
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, RevisionNotFoundError

    try:
        commit = HfApi().dataset_info(repository, revision=version).sha
        path = hf_hub_download(repository, MANIFEST, repo_type="dataset", revision=commit)
    except RevisionNotFoundError as error:
        tags = [ref.name for ref in HfApi().list_repo_refs(repository, repo_type="dataset").tags]
        raise ReleaseError(
            f"there is no version {version}; there are {', '.join(sorted(tags)) or 'none'}",
            where=repository,
            remedy="Pin one of those.",
        ) from error
    except (HfHubHTTPError, OSError) as error:
        raise ReleaseError(
            f"cannot be read from the Hub: {error}",
            where=repository,
            remedy="There is no such folder here either. Check the name, the connection, and whether you may read it.",
        ) from error
    manifest = json.loads(Path(path).read_bytes())
    # A release candidate is a tag, X.Y.Z-rc.N, of what may become X.Y.Z.
    if version is not None and version.partition("-rc.")[0] != manifest["version"]:
        raise ReleaseError(
            f"the tag {version} holds version {manifest['version']}",
            where=repository,
            remedy="Tell those who publish it; pin the commit of the version meant.",
        )
    _entry(manifest, config, split, repository)
    return load_dataset(repository, config, revision=commit, split=split, streaming=streaming)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
