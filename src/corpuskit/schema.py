"""The public contracts in ``schemas/``: JSON Schema 2020-12, shipped with the package."""

from __future__ import annotations

import functools
import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import jsonschema_rs

NAMES: Final = ("document", "block", "related", "repair", "decision", "manifest", "config")
"""The schemas, by the names of their files."""

VERSION: Final = 1
"""Version of the schemas; the last part of each ``$id``."""


def folder() -> Traversable:
    """Return the folder that holds the schemas: in the wheel beside the code, in a checkout at its top."""
    packaged = resources.files("corpuskit") / "schemas"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "schemas"


def text(name: str) -> str:
    """Return the schema ``name`` as it stands in its file."""
    return (folder() / f"{name}.schema.json").read_text(encoding="utf-8")


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return the schema ``name`` as a dictionary, which must not be changed."""
    schema: dict[str, Any] = json.loads(text(name))
    return schema


@functools.cache
def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """Return a validator for the schema ``name``.

    jsonschema-rs checks formats only where asked to, and could fetch remote references: this one does the first and
    not the second.
    """
    import jsonschema_rs  # 70 ms that `corpuskit --help` need not pay

    return jsonschema_rs.Draft202012Validator(load(name), validate_formats=True, offline=True)
