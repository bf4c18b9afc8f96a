"""Rows against their JSON Schema, a column at a time.

A schema says much that the Arrow type of a column says already; what is left is checked on whole columns: lengths
and ranges with Arrow's kernels, categorical columns by their different values, the rest by handing the values of a
batch to jsonschema-rs at once.  Only a column that is not clean is gone through value by value, so that every error
is reported and a clean release is checked many times faster than row by row (``bench/validation``).
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from corpuskit import schema
from corpuskit.check.findings import Finding, pointer
from corpuskit.errors import ConfigError
from corpuskit.package.tables import CATEGORICAL, ROW_SCHEMAS, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import jsonschema_rs

Schema = dict[str, Any]

_ANNOTATIONS: Final = ("title", "description", "examples", "default", "$comment")
_ROW_KEYS: Final = ("$schema", "$id", "$defs", "type", "properties", "patternProperties", "required")
_LONGEST: Final = 300
"""Characters of a message: some hold the whole value."""


class ColumnChecks:
    """The checks of one config's columns.

    ``extension`` is a schema of the user's own: it describes columns whose names start with ``x-``, and may narrow
    what the others allow.
    """

    def __init__(self, config: str, extension: Schema | None = None) -> None:
        base = schema.load(ROW_SCHEMAS[config])
        self.categorical = frozenset(CATEGORICAL[config])
        self.key = SCHEMAS[config].names[0]
        parts = [base, extension] if extension and config == "documents" else [base]
        self._columns = [
            (name, _Column(_resolve(sub, part.get("$defs", {})), unique=name in self.categorical))
            for part in parts
            for name, sub in part.get("properties", {}).items()
        ]
        self._joint = [_Joint(part) for part in parts if _joint_keywords(part)]
        self.known = {name for name, _ in self._columns}

    def check(self, batch: pa.RecordBatch, file: str) -> Iterator[Finding]:
        """Yield a finding for every value in ``batch`` that does not follow the schema."""
        for name, column in self._columns:
            if name not in batch.schema.names:
                continue
            values = batch.column(name)
            if not column.clean(values):
                yield from self._explain(batch, file, name, column)
        for joint in self._joint:
            if set(joint.names) <= set(batch.schema.names) and not joint.clean(batch):
                yield from joint.explain(batch, file, self.key)

    def _explain(self, batch: pa.RecordBatch, file: str, name: str, column: _Column) -> Iterator[Finding]:
        keys = batch.column(self.key) if self.key in batch.schema.names else pa.nulls(batch.num_rows)
        for i, value in enumerate(batch.column(name).to_pylist()):
            if value is None:
                continue  # whether nulls are allowed is the column's type to say
            for message, path in column.errors(value):
                yield Finding(
                    "row-schema",
                    f"{message}; {column.hint}",
                    file=file,
                    document=keys[i].as_py(),
                    pointer=pointer(name, *path),
                )


class _Column:
    """What a schema asks of one column beyond its Arrow type."""

    def __init__(self, sub: Schema, *, unique: bool) -> None:
        self._sub = sub
        self._clean = _compile(sub, unique=unique)
        self._validator: jsonschema_rs.Draft202012Validator | None = None
        self.hint = f"it is to be: {sub['description']}" if "description" in sub else "see the schema"

    def clean(self, values: pa.Array[Any]) -> bool:
        """Whether every value follows the schema."""
        return self._clean(values)

    def errors(self, value: object) -> list[tuple[str, list[str | int]]]:
        """Return everything that is wrong with one value: what, and where in it."""
        if self._validator is None:
            self._validator = schema.compile_schema(self._sub)
        given = _to_json(value)
        if self._validator.is_valid(given):
            return []
        return [(_shorten(error.message), error.instance_path) for error in self._validator.iter_errors(given)]


class _Joint:
    """The part of a schema that speaks of several columns at once, such as which kinds a role has."""

    def __init__(self, row: Schema) -> None:
        part = {key: row[key] for key in _joint_keywords(row)}
        self.names = sorted(_mentioned(part))
        self._validator = schema.compile_schema(part)

    def clean(self, batch: pa.RecordBatch) -> bool:
        """Whether all combinations of values are allowed; there are few different ones."""
        table = pa.Table.from_batches([batch.select(self.names)])
        return all(map(self._validator.is_valid, table.group_by(self.names).aggregate([]).to_pylist()))

    def explain(self, batch: pa.RecordBatch, file: str, key: str) -> Iterator[Finding]:
        """Yield a finding for every row whose combination is not allowed."""
        for i, row in enumerate(batch.select(self.names).to_pylist()):
            if not self._validator.is_valid(row):
                said = ", ".join(f"{name} {value!r}" for name, value in row.items())
                yield Finding(
                    "row-schema",
                    f"{said}: these do not go together",
                    file=file,
                    document=batch.column(key)[i].as_py(),
                    pointer=pointer(self.names[0]),
                )


@functools.cache
def checks_of(config: str) -> ColumnChecks:
    """Return the checks of a config without a schema of the user's own; they are made once."""
    return ColumnChecks(config)


def load_extension(path: Path) -> Schema:
    """Return the schema at ``path`` that adds to the one of documents.

    It may describe columns whose names start with ``x-``, and narrow what other columns allow.

    Raises:
        ConfigError: it cannot be read, is no JSON Schema, or describes a column of another name.
    """
    try:
        extension: Schema = json.loads(path.read_text(encoding="utf-8"))
        schema.compile_schema(extension)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"is no JSON Schema that can be read: {_shorten(str(error))}",
            where=str(path),
            remedy="Mend the file that schema.extends names.",
        ) from error
    known = schema.load("document")["properties"]
    wrong = [name for name in extension.get("properties", {}) if name not in known and not name.startswith("x-")]
    if wrong:
        raise ConfigError(
            f"describes columns that the document schema does not have: {', '.join(wrong)}",
            where=str(path),
            remedy="Names of columns of your own start with x-.",
        )
    return extension


def _compile(sub: Schema, *, unique: bool = False) -> Callable[[pa.Array[Any]], bool]:
    """Return a function that says whether all values of an Arrow array follow ``sub``."""
    said = {key: value for key, value in sub.items() if key not in _ANNOTATIONS}
    kind = said.pop("type", None)
    kind = next((k for k in kind if k != "null"), None) if isinstance(kind, list) else kind
    if not said and isinstance(kind, str):
        return _anything  # the column's own type says it
    if kind == "array" and said.keys() == {"items"}:
        return _of_items(_compile(said["items"]))
    if kind == "object" and said.keys() <= {"properties", "required", "additionalProperties"}:
        return _of_fields({name: _compile(child) for name, child in said.get("properties", {}).items()})
    if kind in ("integer", "number") and said.keys() <= {"minimum", "maximum"}:
        return _in_range(said.get("minimum"), said.get("maximum"))
    if kind == "string" and said.keys() == {"minLength"}:
        return _long_enough(said["minLength"])
    return _by_value(sub, unique=unique or "enum" in said or "format" in said)


def _anything(values: pa.Array[Any]) -> bool:
    del values
    return True


def _of_items(check: Callable[[pa.Array[Any]], bool]) -> Callable[[pa.Array[Any]], bool]:
    def clean(values: pa.Array[Any]) -> bool:
        items = values.flatten()
        return items.null_count == 0 and check(items)

    return clean


def _of_fields(checks: Mapping[str, Callable[[pa.Array[Any]], bool]]) -> Callable[[pa.Array[Any]], bool]:
    def clean(values: pa.Array[Any]) -> bool:
        return all(
            values.field(name).null_count == 0 and check(values.field(name))
            for name, check in checks.items()
            if values.type.get_field_index(name) >= 0
        )

    return clean


def _in_range(least: float | None, most: float | None) -> Callable[[pa.Array[Any]], bool]:
    def clean(values: pa.Array[Any]) -> bool:
        if pa.types.is_floating(values.type) and not pc.all(pc.is_finite(values)).as_py() and len(values):
            return False
        found = pc.min_max(values).as_py()
        low, high = found["min"], found["max"]
        return (least is None or low is None or low >= least) and (most is None or high is None or high <= most)

    return clean


def _long_enough(least: int) -> Callable[[pa.Array[Any]], bool]:
    def clean(values: pa.Array[Any]) -> bool:
        shortest = pc.min(pc.utf8_length(values)).as_py()
        return shortest is None or shortest >= least

    return clean


def _by_value(sub: Schema, *, unique: bool) -> Callable[[pa.Array[Any]], bool]:
    validator = schema.compile_schema({"items": sub})

    def clean(values: pa.Array[Any]) -> bool:
        values = values.drop_null()
        if unique:
            values = values.unique()
        if pa.types.is_date(values.type):
            values = values.cast(pa.string())
        return validator.is_valid(values.to_pylist())

    return clean


def _resolve(sub: Any, defs: Mapping[str, Schema]) -> Any:  # noqa: ANN401 - any part of a schema
    """Return ``sub`` with its references into ``$defs`` written out."""
    if isinstance(sub, list):
        return [_resolve(part, defs) for part in sub]
    if not isinstance(sub, dict):
        return sub
    if "$ref" in sub:
        return _resolve(defs[sub["$ref"].removeprefix("#/$defs/")], defs)
    return {key: _resolve(part, defs) for key, part in sub.items()}


def _joint_keywords(row: Schema) -> list[str]:
    return [key for key in ("oneOf", "anyOf", "allOf", "if", "then", "else", "dependentRequired") if key in row]


def _mentioned(part: object) -> set[str]:
    """Return the names of the columns that a part of a schema speaks of."""
    if isinstance(part, list):
        return {name for item in part for name in _mentioned(item)}
    if not isinstance(part, dict):
        return set()
    return set(part.get("properties", {})) | {name for value in part.values() for name in _mentioned(value)}


def _to_json(value: object) -> object:
    """Return a value as JSON has it: dates as text, and no numbers that JSON does not have."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN
        return "NaN"
    return value.isoformat() if hasattr(value, "isoformat") else value


def _shorten(message: str) -> str:
    return message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
