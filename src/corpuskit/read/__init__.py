"""Pages from where they lie.

:func:`units` lists what there is to read without opening more of it than it must; :func:`pages` reads one unit as a
stream.  Whether ids collide can only be seen by who sees all of them: `run/` checks it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from corpuskit.read import listing, registry
from corpuskit.read.guard import guarded, summed
from corpuskit.read.listing import passed_over
from corpuskit.read.opening import streamed
from corpuskit.read.unit import Skipped, Unit, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.registry import Reader


def units(source: SourceSettings, folder: Path) -> list[Unit]:
    """List the units of ``source``, whose path is relative to ``folder``, by name.

    A unit is a file, or a part of a large one; putting small ones together is for who runs them.

    Raises:
        SourceError: the source cannot be read at all, or there is nothing in it.
    """
    own = None if source.format == "auto" else getattr(registry.reader(source.format), "units", None)
    found: list[Unit] = (listing.units if own is None else own)(source, folder)
    return found


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable | Skipped]:
    """Yield what is in ``unit``, in a fixed order, as it is read.

    What is wrong with a page or the rest of a unit is yielded, never raised: a unit that cannot be read at all, or not
    to its end, has an ``Unreadable`` with the unit's name as its locator, after all that could be read.

    Raises:
        SourceError: the settings do not fit the source, or a package is missing: no unit of it could be read.
    """
    reader = registry.reader(unit.reader)
    read = reader.pages if hasattr(reader, "pages") else partial(_streamed, reader)
    return summed(guarded(read(unit, source, limits), source.name, unit.name), source.name)


def _streamed(
    reader: Reader, unit: Unit, source: SourceSettings, limits: LimitSettings
) -> Iterator[Page | Unreadable | Skipped]:
    with streamed(unit, limits) as stream:
        yield from reader.pages_of_stream(stream, unit.name, source, limits)


__all__ = ["Skipped", "Unit", "Unreadable", "pages", "passed_over", "units"]
