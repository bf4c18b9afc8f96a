"""Small releases that a test can edit: tables, manifest and changes.json, without a build."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
Tables = dict[str, dict[str, list[Row]]]

ONE, TWO, THREE, FOUR, FIVE, SIX = (f"{number:032x}" for number in range(1, 7))

SCHEMAS: dict[str, list[pa.Field[Any]]] = {
    "documents": [
        pa.field("id", pa.string(), nullable=False),
        pa.field("text", pa.large_string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("authors", pa.list_(pa.string()), nullable=False),
        pa.field("raw_bytes", pa.int64(), nullable=False),
        pa.field("rights", pa.string(), nullable=False),
        pa.field("license", pa.string()),
    ],
    "blocks": [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("index", pa.int32(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
    ],
    "related": [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("index", pa.int32(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("related_document_id", pa.string()),
    ],
    "decisions": [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("rule", pa.string()),
    ],
}


def document(identifier: str, **values: object) -> Row:
    row = {"id": identifier, "text": f"The text of {identifier}.", "title": f"Title {identifier[-1]}", "raw_bytes": 100}
    return {**row, "authors": ["Ada Marsh"], "rights": "open", "license": "CC-BY-4.0", **values}


def tables() -> Tables:
    train = [document(ONE), document(TWO, authors=[]), document(THREE, license=None, rights="unknown", title=None)]
    return {
        "documents": {"train": train, "test": [document(FOUR), document(FIVE)], "spare": []},
        "blocks": {
            "train": [{"document_id": d, "index": i, "role": "main", "score": 0.5} for d in (ONE, TWO) for i in (0, 1)]
        },
        "related": {"train": [{"document_id": ONE, "index": 0, "title": "Title 6", "related_document_id": None}]},
        "decisions": {
            "train": [
                *({"document_id": d, "status": "kept", "rule": None} for d in (ONE, TWO, THREE, FOUR, FIVE)),
                {"document_id": SIX, "status": "rejected", "rule": "min_main_characters"},
            ]
        },
    }


@dataclass
class Release:
    """What a release says and holds."""

    tables: Tables = field(default_factory=tables)
    schemas: dict[str, list[pa.Field[Any]]] = field(default_factory=lambda: copy.deepcopy(SCHEMAS))
    manifest: dict[str, Any] = field(
        default_factory=lambda: {
            "name": "town",
            "version": "1.0.0",
            "schema_version": 1,
            "generator": {"corpuskit": "0.1.0", "pyarrow": "26.0.0"},
            "content_sha256": "0" * 64,
        }
    )
    changes: dict[str, Any] = field(
        default_factory=lambda: {
            "policy": "strict",
            "cleaning": {"repair.mojibake": True, "select.languages": ["en"], "segment/text/weights.npz": "a" * 64},
            "accepted": {"unknown": "They are samples for tests."},
            "forgotten": [],
        }
    )

    def copy(self) -> Release:
        return copy.deepcopy(self)

    def write(self, folder: Path, *, batch: int = 2) -> Path:
        """Write it; its rows come in row groups of ``batch``."""
        configs: dict[str, Any] = {}
        for config, splits in self.tables.items():
            schema = pa.schema(self.schemas[config])
            made = {}
            for split, rows in splits.items():
                path = folder / "data" / config / f"{split}-00000-of-00001.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                columns = [pa.array([row.get(f.name) for row in rows], f.type) for f in schema]
                pq.write_table(pa.Table.from_arrays(columns, schema=schema), path, row_group_size=batch)
                made[split] = {"rows": len(rows), "bytes": 0, "files": [path.relative_to(folder).as_posix()]}
            digest = str(hash((json.dumps(splits, sort_keys=True), str(schema))))
            configs[config] = {
                "rows": sum(len(rows) for rows in splits.values()),
                "logical_sha256": digest,
                "splits": made,
            }
        (folder / "manifest.json").write_text(json.dumps({**self.manifest, "configs": configs}))
        (folder / "changes.json").write_text(json.dumps(self.changes))
        return folder

    # --- edits, by the names that edits.toml uses ---

    def set(self, config: str, row: int, column: str, value: object = None, split: str = "train") -> None:
        self.tables[config][split][row][column] = value

    def remove(self, config: str, row: int, split: str = "train") -> None:
        del self.tables[config][split][row]

    def add(self, config: str, values: Row, split: str = "train") -> None:
        self.tables[config].setdefault(split, []).append(values)

    def move(self, config: str, row: int, split: str = "test") -> None:
        self.tables[config].setdefault(split, []).append(self.tables[config]["train"].pop(row))

    def reverse(self, config: str) -> None:
        self.tables[config]["train"].reverse()

    def drop_column(self, config: str, column: str) -> None:
        self.schemas[config] = [f for f in self.schemas[config] if f.name != column]

    def add_column(self, config: str, column: str, value: str | None = None) -> None:
        self.schemas[config].append(pa.field(column, pa.string()))
        for rows in self.tables[config].values():
            for row in rows:
                row[column] = value

    def rename_column(self, config: str, column: str, name: str) -> None:
        self.schemas[config] = [f.with_name(name) if f.name == column else f for f in self.schemas[config]]
        for rows in self.tables[config].values():
            for row in rows:
                row[name] = row.pop(column)

    def retype_column(self, config: str, column: str, name: str) -> None:
        made = pa.type_for_alias(name)
        self.schemas[config] = [f.with_type(made) if f.name == column else f for f in self.schemas[config]]

    def nullable(self, config: str, column: str, *, value: bool) -> None:
        self.schemas[config] = [f.with_nullable(value) if f.name == column else f for f in self.schemas[config]]

    def reorder_columns(self, config: str) -> None:
        self.schemas[config] = self.schemas[config][::-1]

    def drop_config(self, config: str) -> None:
        del self.tables[config]

    def add_config(self, config: str, like: str) -> None:
        self.tables[config], self.schemas[config] = self.tables[like], self.schemas[like]

    def drop_split(self, config: str, split: str) -> None:
        del self.tables[config][split]

    def add_split(self, config: str, split: str) -> None:
        self.tables[config][split] = []

    def rename_split(self, config: str, split: str, name: str) -> None:
        self.tables[config][name] = self.tables[config].pop(split)

    def cleaning(self, key: str, value: object) -> None:
        self.changes["cleaning"][key] = value

    def no_cleaning(self) -> None:
        del self.changes["cleaning"]

    def accept(self, rights: str, reason: str) -> None:
        self.changes["accepted"][rights] = reason

    def forget(self, identifier: str) -> None:
        self.changes["forgotten"].append({"id": identifier, "date": None, "reason": None})
        for config, splits in self.tables.items():
            key = "id" if config == "documents" else "document_id"
            for split, rows in splits.items():
                splits[split] = [row for row in rows if row[key] != identifier or config == "decisions"]

    def say(self, key: str, value: object) -> None:
        self.manifest[key] = value

    def tool(self, name: str, version: str) -> None:
        self.manifest["generator"][name] = version
