"""The readers, by name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from corpuskit.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.unit import Skipped, Unit, Unreadable


class Reader(Protocol):
    """What a module that reads a format offers."""

    def pages(self, unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable | Skipped]:
        """Yield what is in ``unit``, in a fixed order, without holding more than a page of it where that can be."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the endings of its files' names, and the module that reads it."""

    module: str
    suffixes: tuple[str, ...]


FORMATS: Final = {
    "files": Format("corpuskit.read.files", (".txt", ".text", ".md", ".html", ".htm", ".xhtml")),
}


def reader(name: str) -> Reader:
    """Return the reader ``name``.

    Raises:
        SourceError: there is none of that name.
    """
    if name not in FORMATS:
        raise SourceError(f"there is no reader {name!r}", remedy=f"There are: {', '.join(sorted(FORMATS))}.")
    module: Reader = import_module(FORMATS[name].module)
    return module
