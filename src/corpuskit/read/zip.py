"""Zip archives: found through their directory, which stands at their end."""

from __future__ import annotations

import stat
import zipfile
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from corpuskit.read.archives import Members
from corpuskit.read.opening import budgeted, opened
from corpuskit.read.tar import LINKS
from corpuskit.read.unit import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.unit import Unit, Unreadable


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable | Skipped]:
    """Yield what is in the members that are regular files, in the order of the directory."""
    members = Members(unit.name, source, limits)
    with opened(unit.address) as file, zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if stat.S_ISLNK(member.external_attr >> 16):
                yield Skipped(source.name, LINKS, 1)
            elif not member.is_dir():
                yield from members.pages(
                    member.filename,
                    member.compress_size,
                    partial(_opened, archive, member, limits),
                )


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: LimitSettings) -> BinaryIO:
    return budgeted(cast("BinaryIO", archive.open(member)), member.compress_size, limits)
