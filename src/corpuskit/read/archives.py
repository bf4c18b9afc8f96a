"""What tar and zip share: members that are read as files are, by the formats that need no more than a stream.

Nothing is ever unpacked to disk: a member's name is the end of a locator and no path, whatever it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from corpuskit.errors import PageError
from corpuskit.model import Stage
from corpuskit.read import registry
from corpuskit.read.guard import guarded
from corpuskit.read.opening import expanded
from corpuskit.read.patterns import matches
from corpuskit.read.unit import Skipped, Unreadable, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page

OTHER = "members of archives that are no pages by their names"


class Members:
    """The members of one archive: what each is called, and what is in it."""

    def __init__(self, archive: str, source: SourceSettings, limits: LimitSettings) -> None:
        self._archive = archive
        self._source = source
        self._limits = limits
        self._seen: dict[str, int] = {}

    def pages(self, name: str, size: int, open_member: Callable[[], BinaryIO]) -> Iterator[Page | Unreadable | Skipped]:
        """Yield what is in the member ``name`` of ``size`` bytes."""
        parts = [part for part in printable(name).replace("\\", "/").split("/") if part not in {"", ".", ".."}]
        path = "/".join(parts)
        known = registry.format_of(path)
        wanted = self._source.members
        if not path or any(p.startswith(".") for p in parts) or not (matches(path, wanted) if wanted else known):
            yield Skipped(self._source.name, OTHER, 1)
            return
        locator = f"{self._archive}/{path}"
        again = self._seen[locator] = self._seen.get(locator, 0) + 1
        if again > 1:
            error = PageError(Stage.READ, f"is member {again} of the archive that has this name")
            yield Unreadable(self._source.name, f"{locator}#{again}", error)
            return
        yield from guarded(self._read(locator, known or "files", size, open_member), self._source.name, locator)

    def _read(
        self, locator: str, known: str, size: int, open_member: Callable[[], BinaryIO]
    ) -> Iterator[Page | Unreadable | Skipped]:
        reader = registry.reader(known)
        if known in {"tar", "zip"} or not hasattr(reader, "pages_of_stream"):
            raise PageError(Stage.READ, f"is a file of the format {known}, which is not read within an archive")
        with open_member() as member:
            stream = expanded(member, locator, size, self._limits)
            yield from reader.pages_of_stream(stream, locator, self._source, self._limits)
