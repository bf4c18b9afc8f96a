"""Pages from where they lie.

:func:`units` lists what there is to read without opening more of it than it must; :func:`pages` reads one unit as a
stream.  Whether ids collide can only be seen by who sees all of them: `run/` checks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuskit.read import registry
from corpuskit.read.unit import Skipped, Unit, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page


def units(source: SourceSettings, folder: Path) -> list[Unit]:
    """List the units of ``source``, whose path is relative to ``folder``, in an order that depends on their names only.

    A unit is a file, or a part of a large one; putting small ones together is for who runs them.

    Raises:
        SourceError: the source cannot be read at all, or there is nothing in it.
    """
    from corpuskit.read import files

    return files.units(source, folder)


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable | Skipped]:
    """Yield what is in ``unit``, in a fixed order, as it is read.

    What is wrong with a page or the rest of a unit is yielded, never raised: a unit that cannot be read at all is one
    ``Unreadable`` with the unit's name as its locator.

    Raises:
        SourceError: the settings do not fit the source, or a package is missing: no unit of it could be read.
    """
    return registry.reader(unit.reader).pages(unit, source, limits)


__all__ = ["Skipped", "Unit", "Unreadable", "pages", "units"]
