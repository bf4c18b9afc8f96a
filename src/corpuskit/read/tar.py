"""Tar archives, plain or compressed: read once from beginning to end."""

from __future__ import annotations

import tarfile
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from corpuskit.errors import PageError
from corpuskit.model import Stage
from corpuskit.read.archives import Members
from corpuskit.read.unit import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.unit import Unreadable

LINKS = "links and devices in archives"


def pages_of_stream(
    stream: BinaryIO, name: str, source: SourceSettings, limits: LimitSettings
) -> Iterator[Page | Unreadable | Skipped]:
    """Yield what is in the members that are regular files."""
    members = Members(name, source, limits)
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=2) as archive:
        for member in archive:
            if member.isreg():
                yield from members.pages(member.name, member.size, partial(_opened, archive, member))
            elif not member.isdir():
                yield Skipped(source.name, LINKS, 1)
            archive.members = []  # type: ignore[attr-defined] # it would keep every member it has seen


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    if member.issparse():
        raise PageError(Stage.READ, "is a sparse file, whose holes could be of any size")
    return cast("BinaryIO", archive.extractfile(member))
