"""What passes between the readers and those who run them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpuskit.model import page_id

if TYPE_CHECKING:
    from corpuskit.errors import PageError


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a source that can be read by itself, in any order, on any machine that sees its address.

    Attributes:
        source: name of the source.
        name: the file's path within the source, with ``/`` between its parts and, where a file is cut into parts, the
            part: ``news.parquet#row-groups-0-7``. No two units of a source share a name.
        reader: the reader's name in the registry.
        address: a path of this machine, or a URL that fsspec understands.
        fingerprint: tells cheaply whether the bytes are the same as last time (size and time of change, or the
            store's entity tag). Empty where nothing tells: such a unit must be read again.
        part: the half-open range of the file that this unit is, in the reader's own measure (row groups, bytes,
            shards).
        bytes: size of what is read, as far as the listing says: to put small units together and start large ones
            first.
        before: rows of the file before the part, where the reader could not tell without reading them.
    """

    source: str
    name: str
    reader: str
    address: str
    fingerprint: str
    part: tuple[int, int] | None = None
    bytes: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A page, or the rest of a unit, that could not be read: it is counted and quarantined, never lost."""

    source: str
    locator: str
    error: PageError

    @property
    def id(self) -> str:
        """The row id, made as that of a page."""
        return page_id(self.source, self.locator)


@dataclass(frozen=True, slots=True)
class Skipped:
    """What a reader passed over since it is no page by the settings, such as a revisit record: ``count`` of ``what``.

    It has no part in pages read = kept + rejected + quarantined, and comes at the end of a unit.
    """

    source: str
    what: str
    count: int


def printable(name: str) -> str:
    """Return a file's name as text that every table can hold: bytes that are no text as %XX, as in a URL."""
    return "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in name)
