"""The functions behind ``import corpuskit``: one page, or one release, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpuskit import config as configuration
from corpuskit.flow import process
from corpuskit.model import Page

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

    from corpuskit.check import Finding
    from corpuskit.config import Config
    from corpuskit.model import Document

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
