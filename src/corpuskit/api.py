"""The functions behind ``import corpuskit``: one page, or one release, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from corpuskit import config as configuration
from corpuskit.errors import CorpuskitError
from corpuskit.flow import process
from corpuskit.model import Page

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

    from corpuskit.check import Finding
    from corpuskit.config import Config
    from corpuskit.forgetting import Forgotten
    from corpuskit.model import Document
    from corpuskit.package.diff import Diff
    from corpuskit.releasing import ReleaseReport

MEDIA_TYPES = ("text/plain", "text/html")


def clean(  # noqa: PLR0913 - the page's own facts, each by name
    raw: bytes | str,
    media_type: str = "text/plain",
    url: str | None = None,
    *,
    locator: str | None = None,
    encoding: str | None = None,
    config: Config | None = None,
) -> Document:
    """Take one page through the flow, in this process.

    Args:
        raw: the page: its bytes, or text that is decoded already.
        media_type: ``text/plain`` or ``text/html``; parameters (``; charset=…``) are read.
        url: the page's address, where known.
        locator: what to call the page; by default its address, or ``-``.  Its id is made from it.
        encoding: the charset that a header declares; a byte order mark outranks it.
        config: the settings; by default those of an empty ``corpus.toml``.

    Raises:
        PageError: the page cannot be processed: binary, too large, or a stage failed.
        ValueError: the media type is neither of the two.
    """
    kind, _, parameters = media_type.partition(";")
    kind = kind.strip().lower()
    if kind not in MEDIA_TYPES:
        message = f"media_type is {media_type!r}; it can be one of {', '.join(MEDIA_TYPES)}"
        raise ValueError(message)
    encoding = encoding or _charset(parameters)
    page = Page(
        raw=raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass"),
        media_type=kind,
        locator=locator or url or "-",
        source="clean",
        url=url,
    )
    decoded = raw if isinstance(raw, str) else None
    return process(page, config or configuration.defaults(), decoded=decoded, encoding=encoding)


def _charset(parameters: str) -> str | None:
    """Return the charset among a media type's parameters."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"') or None
    return None


def load(path: Path | str, config: str = "documents", split: str | None = None) -> Dataset | DatasetDict:
    """Open a release with ``datasets``: one config, as a dict of splits or the ``split`` asked for.

    Raises:
        CorpuskitError: there is no release at ``path``.
    """
    folder = Path(path)
    if not (folder / "README.md").is_file():
        raise CorpuskitError(
            "there is no release there",
            where=str(folder),
            remedy="Give the folder of a release, such as dist/NAME-X.Y.Z.",
        )
    from datasets import load_dataset  # a second and a half that only loading pays

    if (empty := _empty_config(folder, config, split)) is not None:
        return empty
    return load_dataset(str(folder), config, split=split)


def _empty_config(folder: Path, config: str, split: str | None) -> Dataset | DatasetDict | None:
    """Return a config that has no rows, or ``None`` where it has some.

    ``load_dataset`` cannot open one: a split of no examples "corresponds to no data" (datasets 5.2).
    """
    from datasets import Dataset, DatasetDict, NamedSplit

    from corpuskit.package.tables import SCHEMAS

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entry = manifest["configs"].get(config)
    if entry is None or entry["rows"]:
        return None
    splits = {name: Dataset(SCHEMAS[config].empty_table(), split=NamedSplit(name)) for name in entry["splits"]}
    return DatasetDict(splits) if split is None else splits[split]


def validate(path: Path | str) -> list[Finding]:
    """Return what is wrong with the release in the folder ``path``: nothing, where it is sound.

    Raises:
        CorpuskitError: there is no release at ``path``, or it cannot be read at all.
    """
    from corpuskit.check import validate as check  # half a second of pyarrow

    return check(Path(path))


def diff(a: Path | str, b: Path | str, *, policy: str | None = None, samples: int = 5) -> Diff:
    """Return what differs between two releases, ``a`` the earlier one, and which version that asks for.

    Args:
        a: a folder, an address that fsspec knows, or a revision on the Hub: ``hf://datasets/OWNER/NAME@VERSION``.
        b: the same for the later one.
        policy: ``strict``, ``corrections`` or ``append``; by default what ``b`` says of itself, else ``strict``.
        samples: how many changed texts are shown.

    Raises:
        CorpuskitError: there is no release at one of them, it cannot be read, or its rows have no ids.
    """
    from corpuskit.package.diff import diff as compare  # half a second of pyarrow

    return compare(a, b, policy=policy, samples=samples)


def release(
    config: Config | Path | str = "corpus.toml",
    *,
    dist: Path | str | None = None,
    workers: int | None = None,
    dry_run: bool = False,
) -> ReleaseReport:
    """Build the release that ``config`` describes, if its version is as high as its changes ask for.

    Args:
        config: the settings, or where they are.
        dist: where releases go and lie; by default ``dist`` beside the settings.
        workers: processes; by default as many as pay off.
        dry_run: build, compare, and write nothing.

    Raises:
        VersionError: the version is lower than the changes ask for, or the policy allows no version.
        ReleaseDiffersError: this version stands there already, with other bytes.
        CorpuskitError: as for :func:`corpuskit.build`.
    """
    from corpuskit.releasing import release as run

    return run(config, dist=dist, workers=workers, dry_run=dry_run)


def forget(
    document: str,
    config: Config | Path | str = "corpus.toml",
    *,
    dist: Path | str | None = None,
    reason: str | None = None,
    date: str | None = None,
) -> Forgotten:
    """Ask for a document to be forgotten: the next build leaves it out, and what repeats it in other documents.

    Args:
        document: its id, address or locator, as a release in ``dist`` has it.
        config: the settings, or where they are; the tombstone is written beside them.
        dist: where releases lie; by default ``dist`` beside the settings.
        reason: why, as far as it may be said: it stands in every later release.
        date: the day it was asked for, ISO 8601.

    Raises:
        CorpuskitError: no release holds such a document, or several do.
    """
    from corpuskit.forgetting import forget as run

    return run(document, config, dist=dist, reason=reason, date=date)
