"""The public contracts in ``schemas/``: JSON Schema 2020-12, shipped with the package."""

from __future__ import annotations

import functools
import json
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import jsonschema_rs

NAMES: Final = ("document", "block", "related", "repair", "decision", "manifest", "config", "provenance")
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
    """Return a validator for the schema ``name``."""
    return compile_schema(load(name))


def compile_schema(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Return a validator for ``schema``.

    jsonschema-rs checks formats only where asked to, and could fetch remote references: this one does the first and
    not the second.  Three formats are our own: ``page-date``, ``spdx-expression`` and ``language-tag``.

    Raises:
        ValueError: it is no JSON Schema 2020-12, or refers to something outside of itself.
    """
    import jsonschema_rs  # 70 ms that `corpuskit --help` need not pay

    return jsonschema_rs.Draft202012Validator(
        schema,
        validate_formats=True,
        offline=True,
        formats={"page-date": is_page_date, "spdx-expression": is_spdx_expression, "language-tag": is_language_tag},
    )


def is_page_date(value: str) -> bool:
    """Whether ``value`` is a date of the calendar as pages state them: a day, with a time or without.

    The pattern beside the format says what it looks like; here 30 February is refused.
    """
    try:
        if len(value) == len("2023-04-03"):
            date.fromisoformat(value)
        else:
            datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


@functools.cache
def is_spdx_expression(value: str) -> bool:
    """Whether ``value`` is an SPDX licence expression in its canonical form (``packaging.licenses``)."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return str(canonicalize_license_expression(value)) == value
    except InvalidLicenseExpression:
        return False


@functools.cache
def is_language_tag(value: str) -> bool:
    """Whether ``value`` is a BCP 47 tag in its canonical form, of subtags that IANA's registry has (``langcodes``)."""
    import langcodes  # a quarter of a second that only a check needs

    try:
        return langcodes.tag_is_valid(value) and langcodes.standardize_tag(value) == value
    except ValueError:
        return False
