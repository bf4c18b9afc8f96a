"""What decides how pages are cleaned: the settings, and the data that the rules and models read.

Two releases whose cleaning is the same made their rows by the same rules; where it differs, rows of one were made
otherwise than rows of the other, even if the pages they share come out alike.  Code has no part in it: what a change
of code does to the rows shows in the rows, and the tool's version stands in the manifest.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from corpuskit.package.contents import contents

if TYPE_CHECKING:
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
    data = {
        path: digest for path, digest in contents().items() if path.partition("/")[0] in _ROOMS and path.endswith(_DATA)
    }
    return {**settings, **data}
