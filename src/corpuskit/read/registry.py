"""The formats, by name: which files are of which, and which module reads it.

A third party adds one with an entry point of the group ``corpuskit.readers``: its name is the format's, its object has
``suffixes`` (the endings of file names, in lower case) and one of the functions of :class:`Reader`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

from corpuskit.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.model import Page
    from corpuskit.read.unit import Skipped, Unit, Unreadable

GROUP: Final = "corpuskit.readers"
COMPRESSIONS: Final = (".gz", ".bz2", ".xz", ".zst")


class Reader(Protocol):
    """What a module that reads a format may offer: one of the first two functions, and the others where it needs them.

    What they raise ends the unit, and is yielded as an ``Unreadable`` by who called them; ``SourceError`` alone, which
    says that the settings do not fit, goes through.
    """

    def pages_of_stream(
        self, stream: BinaryIO, name: str, source: SourceSettings, limits: LimitSettings
    ) -> Iterator[Page | Unreadable | Skipped]:
        """Yield what is in a file that is read from its beginning to its end, expanded already where it was compressed.

        Such a format is read within archives too.
        """

    def pages(self, unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable | Skipped]:
        """Yield what is in ``unit``, which the reader opens itself."""

    def parts(self, unit: Unit, source: SourceSettings) -> list[Unit]:
        """Cut a large file into units."""

    def units(self, source: SourceSettings, folder: Path) -> list[Unit]:
        """List the units of a source that is no folder of files."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the endings of its files' names, the module that reads it, and what must be installed for it.

    ``compressed`` says that the endings may be followed by one of :data:`COMPRESSIONS`.
    """

    suffixes: tuple[str, ...]
    module: str
    needs: tuple[str, ...] = ()
    compressed: bool = True


FORMATS: Final[Mapping[str, Format]] = {
    "files": Format((".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml"), "corpuskit.read.files"),
    "jsonl": Format((".jsonl", ".ndjson"), "corpuskit.read.jsonl"),
    "csv": Format((".csv", ".tsv"), "corpuskit.read.delimited"),
    "parquet": Format((".parquet",), "corpuskit.read.parquet", compressed=False),
    "arrow": Format((".arrow", ".feather", ".ipc"), "corpuskit.read.arrow", compressed=False),
    "warc": Format((".warc",), "corpuskit.read.warc", ("fastwarc",)),
    "wet": Format((".wet",), "corpuskit.read.warc", ("fastwarc",)),
    "tar": Format((".tar", ".tgz", ".tbz2", ".txz"), "corpuskit.read.tar"),
    "zip": Format((".zip",), "corpuskit.read.zip", compressed=False),
    "hf": Format((), "corpuskit.read.hub"),
}


@functools.cache
def third_party() -> Mapping[str, metadata.EntryPoint]:
    """Return the readers that other packages bring; a name of our own cannot be taken."""
    return {entry.name: entry for entry in metadata.entry_points(group=GROUP) if entry.name not in FORMATS}


@functools.cache
def reader(name: str) -> Any:  # noqa: ANN401 - a module, or an object of another package, that has functions of Reader
    """Return the reader ``name``.

    Raises:
        SourceError: there is none of that name, or a package that it needs is not installed.
    """
    try:
        if name in FORMATS:
            return import_module(FORMATS[name].module)
        if name in third_party():
            return third_party()[name].load()
    except ImportError as error:
        needed = ", ".join(FORMATS[name].needs if name in FORMATS else ()) or error.name or "a package"
        raise SourceError(
            f"the reader {name!r} needs {needed}, which is not installed ({error})",
            remedy=f"Install it: pip install {needed}.",
        ) from error
    raise SourceError(
        f"there is no reader {name!r}",
        remedy=f"There are: {', '.join(sorted((*FORMATS, *third_party())))}. Others come with packages that have an "
        f"entry point of the group {GROUP}.",
    )


def format_of(name: str) -> str | None:
    """Return which format the name of a file stands for, if any."""
    lower = name.lower()
    return next((known for suffix, known in _suffixes() if lower.endswith(suffix)), None)


@functools.cache
def _suffixes() -> list[tuple[str, str]]:
    """Return every ending with its format, the longest first."""
    pairs = [(s, name) for name, known in FORMATS.items() for s in known.suffixes]
    pairs += [
        (s + compression, name)
        for name, known in FORMATS.items()
        if known.compressed
        for s in known.suffixes
        for compression in COMPRESSIONS
    ]
    pairs += [(s, name) for name in sorted(third_party()) for s in getattr(reader(name), "suffixes", ())]
    return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))
