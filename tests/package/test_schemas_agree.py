"""Arrow schemas, JSON Schemas and Python types say the same."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from corpuskit import model, schema
from corpuskit.package import tables

JSON_TYPES = {"string": {"string"}, "large_string": {"string"}, "int32": {"integer"}, "int64": {"integer"}}
JSON_TYPES |= {"double": {"number"}, "bool": {"boolean"}, "date32[day]": {"string"}}


def json_types(definition: dict[str, Any]) -> set[str]:
    """The JSON types a property allows."""
    if "enum" in definition and "type" not in definition:
        return {"null" if value is None else "string" for value in definition["enum"]}
    stated = definition["type"]
    return set(stated) if isinstance(stated, list) else {stated}


def resolve(name: str, definition: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference within the schema."""
    if "$ref" not in definition:
        return definition
    found: dict[str, Any] = schema.load(name)["$defs"][definition["$ref"].rsplit("/", 1)[1]]
    return found


def agree(name: str, kind: pa.DataType, definition: dict[str, Any], *, nullable: bool = False) -> None:
    definition = resolve(name, definition)
    if pa.types.is_list(kind):
        assert json_types(definition) == {"array"}
        agree(name, kind.value_type, definition["items"])
    elif pa.types.is_struct(kind):
        fields = {field.name: field for field in kind}
        assert set(definition["properties"]) == set(definition["required"]) == set(fields)
        for key, field in fields.items():
            agree(name, field.type, definition["properties"][key], nullable=field.nullable)
    else:
        assert json_types(definition) == JSON_TYPES[str(kind)] | ({"null"} if nullable else set())


@pytest.mark.parametrize("config", tables.SCHEMAS)
def test_arrow_and_json_schema_have_the_same_columns_and_types(config: str) -> None:
    name = tables.ROW_SCHEMAS[config]
    declared = schema.load(name)
    assert [field.name for field in tables.SCHEMAS[config]] == list(declared["properties"]) == declared["required"]
    assert declared["additionalProperties"] is False
    for field in tables.SCHEMAS[config]:
        agree(name, field.type, declared["properties"][field.name], nullable=field.nullable)


CLASSES: dict[str, tuple[type, set[str], set[str]]] = {
    # schema: the class, columns that come from elsewhere, fields that are told in another way
    "document": (
        model.Metadata,
        {"id", "source", "locator", "fetched_at", "media_type", "encoding", "raw_bytes", "raw_sha256", "text", "date"}
        | {"date_basis"},
        set(),
    ),
    "block": (model.Block, {"document_id", "index"}, set()),
    "related": (model.RelatedItem, {"document_id", "index", "related_document_id"}, {"document_id"}),
    "repair": (model.Repair, {"document_id", "index"}, set()),
    "decision": (model.Decision, {"document_id", "source", "locator", "raw_bytes", "raw_sha256", "flags"}, set()),
}


@pytest.mark.parametrize("name", CLASSES)
def test_classes_have_the_fields_that_the_schemas_describe(name: str) -> None:
    kind, elsewhere, otherwise = CLASSES[name]
    fields = set(kind.__annotations__)
    assert set(schema.load(name)["properties"]) - elsewhere == fields - otherwise


def test_closed_lists_are_the_same() -> None:
    block = schema.load("block")
    pairs = {entry["title"]: entry["properties"]["kind"]["enum"] for entry in block["oneOf"]}
    assert pairs == {role: list(kinds) for role, kinds in model.KINDS.items()}
    assert set(block["properties"]["kind"]["enum"]) == set(model.Kind)
    assert block["properties"]["role"]["enum"] == list(model.Role)
    decision = schema.load("decision")["properties"]
    assert decision["status"]["enum"] == list(model.Status)
    assert decision["stage"]["enum"] == [*model.Stage, None]
    document = schema.load("document")
    assert document["properties"]["rights"]["enum"] == list(model.Rights)
    assert document["$defs"]["evidence"]["properties"]["origin"]["enum"] == list(model.Origin)


@pytest.mark.parametrize("name", schema.NAMES)
def test_schemas_are_valid_versioned_and_described(name: str) -> None:
    declared = schema.load(name)
    assert declared["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert declared["$id"] == f"urn:corpuskit:schema:{name}:{schema.VERSION}"
    assert all("description" in definition for definition in declared["properties"].values())
    schema.validator(name)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "not a url"),
        ("fetched_at", "yesterday"),
        ("date", "2024-13-01"),
        ("date_published", "3 May 2024"),
        ("language", "English"),
    ],
)
def test_formats_are_checked(field: str, value: str) -> None:
    """jsonschema-rs ignores formats unless it is told not to."""
    wrong = [
        error for error in schema.validator("document").iter_errors({field: value}) if error.instance_path == [field]
    ]
    assert wrong
