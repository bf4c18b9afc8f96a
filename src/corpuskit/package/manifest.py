"""``manifest.json``: what a release holds, and the digests to check it by."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from corpuskit import schema
from corpuskit.package.release import checksums
from corpuskit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corpuskit.config import Config

NAME: Final = "manifest.json"

LIBRARIES: Final = ("pyarrow", "ftfy", "trafilatura", "pycld2", "chardet", "selectolax")
"""The libraries that read, repair, label or write: with the tool's own version they decide the bytes of a release."""


def content_digest(configs: Mapping[str, Any]) -> str:
    """Return one digest over the logical digests of all configs."""
    lines = "".join(f"{name} {configs[name]['logical_sha256']}\n" for name in sorted(configs))
    return hashlib.sha256(lines.encode()).hexdigest()


def generator() -> dict[str, str]:
    """Return the versions of the tool and of :data:`LIBRARIES`."""
    return {"corpuskit": __version__, **{name: version(name) for name in LIBRARIES}}


def table_files(configs: Mapping[str, Any]) -> list[str]:
    """Return the paths of all tables' files within the release."""
    return [file for entry in configs.values() for split in entry["splits"].values() for file in split["files"]]


def make(folder: Path, config: Config, pages: Mapping[str, int], configs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest of the release in ``folder``, which must hold every other file but the checksums.

    ``pages`` counts them: read, kept, rejected, quarantined.
    """
    return {
        "name": config.dataset.name,
        "version": config.dataset.version,
        "schema_version": schema.VERSION,
        "generator": generator(),
        "config_sha256": config.digest(),
        "content_sha256": content_digest(configs),
        "pages": dict(pages),
        "configs": dict(configs),
        "files": [
            {"path": name, "bytes": (folder / name).stat().st_size, "sha256": digest}
            for name, digest in checksums(folder).items()
        ],
    }


def dump(value: object) -> str:
    """Return ``value`` as the JSON that releases hold: indented, in order, UTF-8."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
