"""The functions behind ``import corpuskit``: one page, or one release, in this process."""

from __future__ import annotations

from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from corpuskit import config as configuration
from corpuskit.flow import process
from corpuskit.model import Page
from corpuskit.sniff import media_type_in

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

    from corpuskit.check import Finding
    from corpuskit.config import Config
    from corpuskit.forgetting import Forgotten
    from corpuskit.model import Document
    from corpuskit.package.difference import Diff
    from corpuskit.releasing import ReleaseReport

MEDIA_TYPES = ("text/plain", "text/html")
AUTO = "auto"


def clean(  # noqa: PLR0913 - the page's own facts, each by name
    raw: bytes | str,
    media_type: str = AUTO,
    url: str | None = None,
    *,
    locator: str | None = None,
    encoding: str | None = None,
    config: Config | Path | str | None = None,
) -> Document:
    """Take one page through the flow, in this process.

    Args:
        raw: the page: its bytes, or text that is decoded already.
        media_type: ``text/plain`` or ``text/html``; parameters (``; charset=…``) are read.  ``auto`` is
            ``text/html`` where the page begins as a document of HTML does, else ``text/plain``.
        url: the page's address, where known.
        locator: what to call the page; by default its address, or ``-``.  Its id is made from it.
        encoding: the charset that a header declares; a byte order mark outranks it.
        config: the settings, or where they are; by default those of an empty ``corpus.toml``.

    Raises:
        PageError: the page cannot be processed: binary, too large, or a stage failed.
        ConfigError: the settings are wrong.
        ValueError: the media type is none of these.
        TypeError: an argument is of another type than these.
    """
    _must_be("raw", raw, bytes, str)
    _must_be("media_type", media_type, str)
    for name, value in (("url", url), ("locator", locator), ("encoding", encoding)):
        _must_be(name, value, str, NoneType)
    kind, _, parameters = media_type.partition(";")
    kind = kind.strip().lower()
    if kind not in {AUTO, *MEDIA_TYPES}:
        message = f"media_type is {media_type!r}; it can be one of {', '.join((AUTO, *MEDIA_TYPES))}"
        raise ValueError(message)
    encoding = encoding or _charset(parameters)
    content = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
    page = Page(
        raw=content,
        media_type=media_type_in(content) if kind == AUTO else kind,
        locator=locator or url or "-",
        source="clean",
        url=url,
    )
    decoded = raw if isinstance(raw, str) else None
    if config is None:
        config = configuration.defaults()
    elif not isinstance(config, configuration.Config):
        config = configuration.load(config)
    return process(page, config, decoded=decoded, encoding=encoding)


def _must_be(name: str, value: object, *kinds: type) -> None:
    if not isinstance(value, kinds):
        wanted = " or ".join("None" if kind is NoneType else kind.__name__ for kind in kinds)
        raise TypeError(f"{name} is {type(value).__name__}; it must be {wanted}")


def _charset(parameters: str) -> str | None:
    """Return the charset among a media type's parameters."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"') or None
    return None


def load(  # noqa: PLR0913 - what to load, each by name
    name_or_path: Path | str,
    config: str = "documents",
    version: str | None = None,
    split: str | None = None,
    *,
    streaming: bool = False,
    storage_options: dict[str, Any] | None = None,
) -> Dataset | DatasetDict | IterableDataset | IterableDatasetDict:
    """Open a release with ``datasets``: one config, as a dict of splits or the ``split`` asked for.

    Args:
        name_or_path: the folder of a release; a folder of releases (``dist``), or one with the name of a dataset in it
            (``dist/sco-news``); the address of such a folder on a store that fsspec opens (``s3://bucket/news``); or a
            dataset on the Hub (``owner/news``), unless a folder of that name is there.
        config: ``documents``, ``blocks``, ``related``, ``repairs`` or ``decisions``.
        version: the version it must be, ``X.Y.Z``; on the Hub the tag.  By default the one that ``latest.json`` names,
            or else the highest one there; on the Hub what ``main`` holds.
        split: the split; by default all of them.
        streaming: whether to read rows as they are asked for, and copy none to the cache.
        storage_options: what fsspec is told of the store.

    The manifest decides which files are read.  They must be there with the sizes it states, and its digest of the rows
    is part of the key of the cache of ``datasets``: the rows of another release cannot come back.  Whether every byte
    is right is what ``corpuskit verify`` says.

    Raises:
        CorpuskitError: there is no such release, version, config or split, or part of it is missing.
    """
    from corpuskit.package.loading import load as opened  # a second and a half of `datasets` that only loading pays

    return opened(str(name_or_path), config, version, split, streaming=streaming, storage_options=storage_options)


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
