from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from corpuskit import config, schema
from corpuskit.errors import ConfigError

GOOD: dict[str, Any] = {
    "dataset": {"name": "news", "version": "1.2.3", "title": "News", "description": "Some news."},
    "source": [{"name": "pages", "path": "pages"}],
}


def test_the_default_corpus_has_valid_settings(root: Path) -> None:
    settings = config.load(root / "corpus.toml")
    assert (settings.dataset.name, settings.folder) == ("sco-news", root)


def test_a_folder_stands_for_its_corpus_toml(root: Path) -> None:
    assert config.load(root) == config.load(root / "corpus.toml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bogus": 1}, ["bogus: is not a known key. Known: dataset, limits"]),
        ({"select": {"min_main_character": 1}}, ["select.min_main_character", "did you mean 'min_main_characters'?"]),
        ({"select": {"min_survival": 2}}, ["select.min_survival", "maximum of 1", "Least share of pages"]),
        ({"select": {"min_main_characters": "many"}}, ["select.min_main_characters", "integer"]),
        ({"select": {"near_duplicates": 0.3}}, ["select.near_duplicates", "minimum of 0.6", "five-word runs"]),
        ({"select": {"languages": ["english"]}}, ["select.languages.0", "Languages to keep"]),
        ({"select": {"near_duplicates": 80}}, ["select.near_duplicates", "maximum of 1"]),
        ({"splits": {}}, ["splits.shares: is missing"]),
        ({"splits": {"shares": {"train": 0.9, "test": 0.2}}}, ["splits.shares: they make 1.1", "must make 1"]),
        ({"splits": {"shares": {"train": 1.0}}}, ["splits.shares"]),
        ({"splits": {"shares": {"train set": 0.5, "test": 0.5}}}, ["splits.shares", "train set"]),
        ({"splits": {"shares": {"a": 0.5, "b": 0.5}, "by": "year"}}, ["splits.by", '"host"']),
        ({"splits": {"shares": {"a": 0.5, "b": 0.5}}, "select": {"split": "a"}}, ["select.split", "leave it out"]),
        ({"segment": {"engine": "magic"}}, ["segment.engine", '"corpuskit"']),
        ({"source": [{"name": "p", "path": "p", "media_type": "text/rtf"}]}, ["source.0.media_type", '"text/html"']),
        ({"source": [{"name": "p", "path": "p"}, {"name": "p", "path": "q"}]}, ["source.1.name", "another source"]),
        ({"source": []}, ["source:", "less than 1 item"]),
        (
            {"dataset": {"name": "News!", "version": "1.0", "title": "t"}},
            ["dataset.name", "dataset.version", "dataset.description: is missing"],
        ),
        (
            {"rights": {"accept": [{"rights": "reserved", "reason": "because"}]}},
            ["rights.accept.0.reason", "20 characters"],
        ),
    ],
)
def test_errors_name_file_key_and_what_is_allowed(change: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        config.parse({**GOOD, **change}, Path("some/corpus.toml"))
    for words in ("some/corpus.toml", *said):
        assert words in str(caught.value)


@pytest.mark.parametrize(("text", "said"), [("[dataset", "TOML"), (None, "no such"), (b"\xff\xfe", "not in UTF-8")])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, text: str | bytes | None, said: str) -> None:
    path = tmp_path / "corpus.toml"
    if text is not None:
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError, match=said):
        config.load(path)


SECTIONS = {
    "dataset": config.DatasetSettings,
    "limits": config.LimitSettings,
    "repair": config.RepairSettings,
    "segment": config.SegmentSettings,
    "select": config.SelectSettings,
    "splits": config.SplitSettings,
    "package": config.PackageSettings,
    "rights": config.RightsSettings,
    "schema": config.SchemaSettings,
    "validate": config.ValidateSettings,
    "version": config.VersionSettings,
}


def test_classes_and_schema_say_the_same() -> None:
    """Every key, whether it is required, and every default."""
    properties = schema.load("config")["properties"]
    source = properties["source"]["items"]
    tables = {
        **{name: properties[name] for name in SECTIONS},
        "source": source,
        "fields": source["properties"]["fields"],
    }
    classes = {**SECTIONS, "source": config.SourceSettings, "fields": config.FieldSettings}
    assert set(properties) == set(classes) - {"fields"}
    for name, table in tables.items():
        fields = {field.name: field for field in dataclasses.fields(classes[name])}
        assert set(fields) == set(table["properties"]), name
        for key, field in fields.items():
            required = field.default is dataclasses.MISSING
            assert required == (key in table["required"]), (name, key)
            stated = table["properties"][key].get("default")
            default = list(field.default) if isinstance(field.default, tuple) else field.default
            if key in tables:  # a table within, compared by itself
                continue
            assert required or default == stated, (name, key)


def test_the_digest_is_of_the_settings_and_not_of_where_they_lie(tmp_path: Path) -> None:
    here, there = config.parse(GOOD, Path("corpus.toml")), config.parse(GOOD, tmp_path / "corpus.toml")
    other = config.parse({**GOOD, "select": {"min_main_characters": 1}}, Path("corpus.toml"))
    assert here.digest() == there.digest() != other.digest()
