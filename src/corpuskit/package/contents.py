"""The files of the installed package itself: what pages are cleaned with, for a release to say so."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def contents() -> Mapping[str, str]:
    """Return the SHA-256 of every file of the package by its path within it, in order.

    They are read once: a build asks for them four times, and the weights are megabytes.
    """
    package = Path(__file__).parents[1]
    found = {}
    for folder, folders, files in os.walk(package):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            path = Path(folder, name)
            found[path.relative_to(package).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return dict(sorted(found.items()))
