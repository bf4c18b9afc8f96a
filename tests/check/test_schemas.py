"""The schemas are a public contract: described, dated, checked to the last format, and evolving by rules."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit import schema
from corpuskit.check.columns import ColumnChecks, load_extension
from corpuskit.check.evolution import breaking_changes
from corpuskit.errors import ConfigError
from corpuskit.package.tables import ROW_SCHEMAS, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
Schema = dict[str, Any]


def parts(node: object, at: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield every named property below a schema, with where it stands."""
    if isinstance(node, dict):
        for name, sub in node.get("properties", {}).items():
            if "const" not in sub and "description" in node:
                yield f"{at}/{name}", sub
            yield from parts(sub, f"{at}/{name}")
        for key in ("items", "additionalProperties", "$defs"):
            yield from parts(node.get(key), f"{at}/{key}")


@pytest.mark.parametrize("name", schema.NAMES)
def test_schemas_are_versioned_and_every_field_is_described(name: str) -> None:
    made = schema.load(name)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert made["$id"] == f"urn:corpuskit:schema:{name}:{schema.VERSION}"
    assert [at for at, sub in parts(made) if "description" not in sub] == []


@pytest.mark.parametrize("name", ROW_SCHEMAS.values())
def test_every_column_has_examples_and_they_are_valid(name: str) -> None:
    for column, sub in schema.load(name)["properties"].items():
        assert sub.get("examples"), column
        validator = schema.compile_schema({**sub, "$defs": schema.load(name).get("$defs", {})})
        assert all(validator.is_valid(example) for example in sub["examples"]), column


FORMATS = [
    ("date_published", ["2023-04-03", "2021-06-08T07:50:00", "2021-06-08T07:50:00+05:30", "2024-02-29"]),
    ("fetched_at", ["2024-05-17T06:30:00Z", None]),
    ("date", ["2024-02-29", None]),
    ("url", ["https://news.example/a?b=c#d", None]),
    ("language", ["en", "zh-Hant", "pt-BR", "es-419", None]),
    ("license", ["CC-BY-4.0", "MIT OR Apache-2.0", "LicenseRef-CC-BY", None]),
]
NOT = [
    ("date_published", ["2023-02-30", "2023-13-01", "2023-4-3", "2021-06-08T25:00:00", "2023", "3 April 2023"]),
    ("fetched_at", ["2024-05-17", "2024-05-17 06:30", "yesterday"]),
    ("date", ["2023-02-29", "2024-2-9"]),
    ("url", ["news", "/a/b", "https://a b", "http://["]),
    ("language", ["EN", "english", "en_US", "zh-hant", "xq", "iw", ""]),
    ("license", ["Creative Commons", "cc-by-4.0", "MIT OR", ""]),
]


@pytest.mark.parametrize(("column", "values"), FORMATS)
def test_formats_take_what_is_right(column: str, values: list[object]) -> None:
    validator = schema.compile_schema(schema.load("document")["properties"][column])
    assert [value for value in values if not validator.is_valid(value)] == []


@pytest.mark.parametrize(("column", "values"), NOT)
def test_formats_refuse_what_is_wrong(column: str, values: list[object]) -> None:
    validator = schema.compile_schema(schema.load("document")["properties"][column])
    assert [value for value in values if validator.is_valid(value)] == []


# --- evolution ---


def released() -> list[tuple[str, Schema]]:
    """Return every schema that a release in ``dist`` ships."""
    return [
        (str(path), json.loads(path.read_text(encoding="utf-8"))) for path in (ROOT / "dist").glob("*/schemas/*.json")
    ]


@pytest.mark.parametrize(("path", "shipped"), released(), ids=lambda value: value if isinstance(value, str) else "")
def test_schemas_keep_what_released_ones_of_their_id_promise(path: str, shipped: Schema) -> None:
    current = {made["$id"]: made for made in map(schema.load, schema.NAMES)}
    if shipped["$id"] in current and "config" not in path:  # settings are read by the tool alone
        assert breaking_changes(shipped, current[shipped["$id"]]) == []


def of_document(change: Callable[[Schema], object]) -> Schema:
    made = copy.deepcopy(schema.load("document"))
    change(made["properties"])
    return made


KEEP: list[Callable[[Schema], object]] = [
    lambda p: p.update(mood={"type": "string"}),
    lambda p: p["rights"].update(enum=["open", "unknown"]),
    lambda p: p["raw_bytes"].update(minimum=1),
    lambda p: p["title"].update(minLength=2, maxLength=500),
    lambda p: p["title"].update(type="string"),
    lambda p: p["title"].update(description="Other words."),
    lambda p: p["text"].update(pattern="."),
    lambda p: p["authors"]["items"].update(maxLength=100),
]
BREAK: list[Callable[[Schema], object]] = [
    lambda p: p.pop("publisher"),
    lambda p: p["rights"].update(enum=["open", "reserved", "unknown", "licensed"]),
    lambda p: p["raw_bytes"].update(minimum=-1),
    lambda p: p["raw_bytes"].update(type=["integer", "null"]),
    lambda p: p["raw_bytes"].update(type="number"),
    lambda p: p["title"].update(minLength=0),
    lambda p: p["title"].pop("minLength"),
    lambda p: p["id"].update(pattern="."),
    lambda p: p["url"].pop("format"),
    lambda p: p["authors"]["items"].update(type=["string", "null"]),
    lambda p: p["authors"].pop("items"),
]


@pytest.mark.parametrize("change", KEEP)
def test_columns_may_be_added_and_values_narrowed(change: Callable[[Schema], object]) -> None:
    assert breaking_changes(schema.load("document"), of_document(change)) == []


@pytest.mark.parametrize("change", BREAK)
def test_what_a_reader_relies_on_may_not_go(change: Callable[[Schema], object]) -> None:
    assert len(breaking_changes(schema.load("document"), of_document(change))) == 1


def test_a_required_column_stays_required_and_a_vocabulary_closed() -> None:
    made = copy.deepcopy(schema.load("document"))
    made["required"].remove("title")
    made["$defs"]["evidence"]["properties"]["origin"]["enum"].append("guess")
    assert len(breaking_changes(schema.load("document"), made)) == 2


VALUES = st.one_of(st.none(), st.integers(-3, 3), st.text("ab", max_size=3))
KEYWORDS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", ["string", "null"], ["integer", "null"], "number"]),
        "minimum": st.integers(-2, 2),
        "maximum": st.integers(-2, 2),
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 3),
        "enum": st.lists(VALUES, min_size=1, max_size=4, unique_by=repr),
    },
)


@given(KEYWORDS, KEYWORDS, VALUES)
@settings(max_examples=400, deadline=None)
def test_no_value_is_new_to_an_older_reader(old: Schema, new: Schema, value: object) -> None:
    before, after = ({"properties": {"a": sub}} for sub in (old, new))
    if not breaking_changes(before, after) and schema.compile_schema(new).is_valid(value):
        assert schema.compile_schema(old).is_valid(value)


# --- schemas of the user's own ---


def test_a_schema_of_the_users_own_adds_columns_and_narrows_others(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(
        json.dumps({"properties": {"x-mood": {"enum": ["good", "bad"]}, "publisher": {"pattern": "^The "}}})
    )
    checks = ColumnChecks("documents", load_extension(path))
    batch = pa.record_batch({"id": ["a" * 32] * 2, "x-mood": ["good", "sad"], "publisher": ["The Post", "Post"]})
    found = {(finding.rule, finding.pointer) for finding in checks.check(batch, "f")}
    assert found == {("row-schema", "/x-mood"), ("row-schema", "/publisher")}
    assert "x-mood" in checks.known


def test_readers_without_that_schema_leave_its_columns_aside() -> None:
    row = {name: sub["examples"][0] for name, sub in schema.load("document")["properties"].items()}
    assert schema.validator("document").is_valid({**row, "x-mood": "good"})
    assert not schema.validator("document").is_valid({**row, "mood": "good"})


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "no JSON Schema"), ('{"type": "thing"}', "no JSON Schema"), ('{"properties": {"mood": {}}}', "x-")],
)
def test_a_schema_that_cannot_be_used_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "own.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_extension(tmp_path / "own.json")


# --- columns and rows agree ---

CHECKS = ColumnChecks("documents")
VALIDATORS = {
    name: schema.compile_schema(sub)
    for name, sub in schema.load("document")["properties"].items()
    if name != "evidence"
}
ODD = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "a", "2023-04-03", "2023-02-30", "https://a.example/b", "en", "EN", "open", "published", "f" * 32]
    ),
    st.text(max_size=5),
)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_column_is_clean_where_every_row_is_valid(data: st.DataObject) -> None:
    """The quick check on whole columns says what the schema says row by row."""
    name = data.draw(st.sampled_from([field.name for field in SCHEMAS["documents"] if field.type == pa.string()]))
    values = data.draw(st.lists(ODD, min_size=1, max_size=4))
    valid = [value is None or VALIDATORS[name].is_valid(value) for value in values]
    batch = pa.record_batch({"key": pa.array(values), name: pa.array(values, pa.string())})
    found = {finding.message for finding in CHECKS.check(batch, "f")}
    assert bool(found) == (not all(valid))
