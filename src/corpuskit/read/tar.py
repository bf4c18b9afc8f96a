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
    """Yield what is in the members that are regular files.

    tarfile takes an archive that ends within a header, or between members, for a whole one; its end mark tells.
    """
    members = Members(name, source, limits)
    ended = _Ended(stream)
    with tarfile.open(fileobj=cast("BinaryIO", ended), mode="r|", errorlevel=2) as archive:
        for member in archive:
            if member.isreg():
                yield from members.pages(member.name, member.size, partial(_opened, archive, member))
            elif not member.isdir():
                yield Skipped(source.name, LINKS, 1)
            archive.members = []  # type: ignore[attr-defined] # it would keep every member it has seen
    while ended.read(1 << 16):
        pass
    if ended.last.strip(b"\0"):
        raise PageError(Stage.READ, "ends without the mark of an archive's end")


class _Ended:
    """A stream that knows its last block."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.last = b""

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.last = (self.last + data)[-tarfile.BLOCKSIZE :]
        return data


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    if member.issparse():
        raise PageError(Stage.READ, "is a sparse file, whose holes could be of any size")
    return cast("BinaryIO", archive.extractfile(member))
