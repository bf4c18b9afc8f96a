"""What decides how pages are cleaned: the settings, and the data that the rules and models read.

Two releases whose cleaning is the same made their rows by the same rules; where it differs, rows of one were made
otherwise than rows of the other, even if the pages they share come out alike.  Code has no part in it: what a change
of code does to the rows shows in the rows, and the tool's version stands in the manifest.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from corpuskit.config import Config

_ROOMS: Final = ("repair", "segment", "describe", "select")
"""The rooms whose data decide what becomes of a page."""

_DATA: Final = (".npz", ".toml")

_GATES: Final = frozenset(
    {
        "limits.page_seconds",  # a safety net: a page it hits is quarantined, whatever was done to it
        "select.min_survival",  # says when a build fails, not what is in it
        "select.split",  # where rows go shows in the rows
    }
)
"""Settings that do not clean."""


def fingerprint(config: Config) -> dict[str, Any]:
    """Return the settings that clean by their keys in ``corpus.toml``, and the SHA-256 of data by its path."""
    settings = {
        f"{table}.{key}": list(value) if isinstance(value, tuple) else value
        for table in ("limits", "repair", "segment", "select")
        for key, value in asdict(getattr(config, table)).items()
        if f"{table}.{key}" not in _GATES
    }
    package = resources.files("corpuskit")
    data = {path: digest for room in _ROOMS for path, digest in _digests(package / room, room)}
    return {**settings, **dict(sorted(data.items()))}


def _digests(folder: Traversable, name: str) -> Iterator[tuple[str, str]]:
    """Yield the path and SHA-256 of every data file below ``folder``."""
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _digests(entry, path)
        elif entry.name.endswith(_DATA):
            yield path, hashlib.sha256(entry.read_bytes()).hexdigest()
