"""The tables of a release: declared Arrow schemas, and documents to rows.

The schemas are declared here and nowhere inferred: a table without rows, or a column of nulls, keeps its type.  A
test holds them against ``schemas/*.schema.json`` and the classes of :mod:`corpuskit.model`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from corpuskit.select.forget import RULE as FORGOTTEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpuskit.model import Decision, Document, Flag

Row = dict[str, Any]
Columns = dict[str, list[Any]]
"""Rows of one table as Arrow takes them in at a fraction of the cost: what stands in each column."""

_EVIDENCE: Final = pa.struct(
    [
        pa.field("field", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("origin", pa.string(), nullable=False),
        pa.field("where", pa.string(), nullable=False),
        pa.field("stated", pa.bool_(), nullable=False),
        pa.field("used", pa.bool_(), nullable=False),
    ]
)


def _required(name: str, kind: pa.DataType) -> pa.Field[Any]:
    return pa.field(name, kind, nullable=False)


SCHEMAS: Final[Mapping[str, pa.Schema]] = {
    "documents": pa.schema(
        [
            _required("id", pa.string()),
            _required("source", pa.string()),
            _required("locator", pa.string()),
            ("url", pa.string()),
            ("fetched_at", pa.string()),
            _required("media_type", pa.string()),
            _required("encoding", pa.string()),
            _required("raw_bytes", pa.int64()),
            _required("raw_sha256", pa.string()),
            _required("text", pa.large_string()),
            ("title", pa.string()),
            _required("authors", pa.list_(pa.string())),
            ("date_published", pa.string()),
            ("date_modified", pa.string()),
            ("date", pa.date32()),
            ("date_basis", pa.string()),
            ("publisher", pa.string()),
            _required("section", pa.list_(pa.string())),
            _required("keywords", pa.list_(pa.string())),
            ("description", pa.string()),
            ("language", pa.string()),
            _required("rights", pa.string()),
            ("rights_statement", pa.string()),
            ("rights_holder", pa.string()),
            ("license", pa.string()),
            _required("robots", pa.list_(pa.string())),
            ("tdm_reserved", pa.bool_()),
            ("tdm_policy", pa.string()),
            _required("evidence", pa.list_(_EVIDENCE)),
        ]
    ),
    "blocks": pa.schema(
        [
            _required("document_id", pa.string()),
            _required("index", pa.int32()),
            _required("role", pa.string()),
            _required("kind", pa.string()),
            _required("start", pa.int64()),
            _required("end", pa.int64()),
            _required("text", pa.large_string()),
            _required("score", pa.float64()),
            _required("reason", pa.string()),
        ]
    ),
    "related": pa.schema(
        [
            _required("document_id", pa.string()),
            _required("index", pa.int32()),
            ("title", pa.string()),
            ("text", pa.large_string()),
            ("source", pa.string()),
            ("age", pa.string()),
            ("url", pa.string()),
            ("related_document_id", pa.string()),
            _required("blocks", pa.list_(pa.int32())),
        ]
    ),
    "repairs": pa.schema(
        [
            _required("document_id", pa.string()),
            _required("index", pa.int32()),
            _required("start", pa.int64()),
            _required("end", pa.int64()),
            _required("after_start", pa.int64()),
            _required("after_end", pa.int64()),
            _required("before", pa.large_string()),
            _required("after", pa.large_string()),
            _required("rule", pa.string()),
            _required("evidence", pa.string()),
        ]
    ),
    "decisions": pa.schema(
        [
            _required("document_id", pa.string()),
            _required("source", pa.string()),
            _required("locator", pa.string()),
            ("raw_bytes", pa.int64()),
            ("raw_sha256", pa.string()),
            _required("status", pa.string()),
            ("rule", pa.string()),
            ("value", pa.string()),
            ("threshold", pa.string()),
            ("stage", pa.string()),
            ("error", pa.string()),
            _required("flags", pa.list_(pa.string())),
        ]
    ),
}
"""The Arrow schema of each config, the default one first."""

ROW_SCHEMAS: Final = {
    "documents": "document",
    "blocks": "block",
    "related": "related",
    "repairs": "repair",
    "decisions": "decision",
}
"""The JSON Schema that each config's rows follow."""

CONFIG_TEXTS: Final = {
    "documents": "one row for each page that was kept: its main text and metadata",
    "blocks": "every block of those pages, kept or removed, with role, kind, score and reason",
    "related": "the teasers and embedded articles found inside pages",
    "repairs": "every change made to the decoded text, reversible",
    "decisions": "every page read, kept or not, and why",
}
"""What a row of each config is."""

KEYS: Final = {
    "documents": ("id",),
    "blocks": ("document_id", "index"),
    "related": ("document_id", "index"),
    "repairs": ("document_id", "index"),
    "decisions": ("document_id",),
}
"""The columns that no two rows of a config share."""

REFERENCES: Final = {
    ("blocks", "document_id"): "documents/id",
    ("related", "document_id"): "documents/id",
    ("related", "related_document_id"): "documents/id",
    ("repairs", "document_id"): "documents/id",
}
"""The columns that hold ids of documents."""

CATEGORICAL: Final = {
    "documents": ("source", "media_type", "encoding", "date_basis", "publisher", "language", "rights", "license"),
    "blocks": ("document_id", "role", "kind", "reason"),
    "related": ("document_id", "source"),
    "repairs": ("document_id", "rule"),
    "decisions": ("source", "status", "rule", "threshold", "stage"),
}
"""Columns with few different values: the only ones written with a dictionary."""


def document_row(document: Document, raw_sha256: str | None = None) -> Row:
    """Return the row of a kept document in ``documents``; ``raw_sha256`` is that of its page, where it is known."""
    page, metadata = document.page, document.metadata
    basis = "published" if metadata.date_published else "modified" if metadata.date_modified else None
    date = metadata.date_published or metadata.date_modified
    return {
        "id": document.id,
        "source": page.source,
        "locator": page.locator,
        "url": page.url or metadata.url,
        "fetched_at": page.fetched_at,
        "media_type": page.media_type,
        "encoding": document.encoding,
        "raw_bytes": len(page.raw),
        "raw_sha256": raw_sha256 or hashlib.sha256(page.raw).hexdigest(),
        "text": document.text,
        "title": metadata.title,
        "authors": list(metadata.authors),
        "date_published": metadata.date_published,
        "date_modified": metadata.date_modified,
        "date": date[:10] if date else None,
        "date_basis": basis,
        "publisher": metadata.publisher,
        "section": list(metadata.section),
        "keywords": list(metadata.keywords),
        "description": metadata.description,
        "language": metadata.language,
        "rights": metadata.rights.value,
        "rights_statement": metadata.rights_statement,
        "rights_holder": metadata.rights_holder,
        "license": metadata.license,
        "robots": list(metadata.robots),
        "tdm_reserved": metadata.tdm_reserved,
        "tdm_policy": metadata.tdm_policy,
        "evidence": [
            {
                "field": found.field,
                "value": found.value,
                "origin": found.origin.value,
                "where": found.where,
                "stated": found.stated,
                "used": found.used,
            }
            for found in metadata.evidence
        ],
    }


def block_columns(document: Document) -> Columns:
    """Return the rows of a document in ``blocks``."""
    blocks = document.blocks
    return _owned(document, len(blocks)) | {
        "role": [block.role.value for block in blocks],
        "kind": [block.kind.value for block in blocks],
        "start": [block.start for block in blocks],
        "end": [block.end for block in blocks],
        "text": [block.text for block in blocks],
        "score": [block.score for block in blocks],
        "reason": [block.reason for block in blocks],
    }


def related_columns(document: Document) -> Columns:
    """Return the rows of a document in ``related``."""
    items = document.related
    return _owned(document, len(items)) | {
        "title": [item.title for item in items],
        "text": [item.text for item in items],
        "source": [item.source for item in items],
        "age": [item.age for item in items],
        "url": [item.url for item in items],
        "related_document_id": [item.document_id for item in items],
        "blocks": [item.blocks for item in items],
    }


def repair_columns(document: Document) -> Columns:
    """Return the rows of a document in ``repairs``.

    Parquet holds UTF-8, which has no lone surrogates: one that a repair removed is written as its escape.
    """
    repairs = document.repairs
    return _owned(document, len(repairs)) | {
        "start": [repair.start for repair in repairs],
        "end": [repair.end for repair in repairs],
        "after_start": [repair.after_start for repair in repairs],
        "after_end": [repair.after_end for repair in repairs],
        "before": [repair.before.encode("utf-8", "backslashreplace").decode() for repair in repairs],
        "after": [repair.after for repair in repairs],
        "rule": [repair.rule for repair in repairs],
        "evidence": [repair.evidence for repair in repairs],
    }


def _owned(document: Document, rows: int) -> Columns:
    """Return the key of so many rows that a document has in a table."""
    return {"document_id": [document.id] * rows, "index": list(range(rows))}


def decision_row(  # noqa: PLR0913, PLR0917 - the columns, in their order
    page_id: str, source: str, locator: str, raw: bytes | None, decision: Decision, flags: Sequence[Flag] = ()
) -> Row:
    """Return the row of a page in ``decisions``; ``raw`` is ``None`` where the page could not be read.

    Of a page that is forgotten its id is left: where it was and what it weighed would lead back to it.
    """
    if decision.rule == FORGOTTEN:
        locator, raw = f"{FORGOTTEN}/{page_id}", None
    return {
        "document_id": page_id,
        "source": source,
        "locator": locator,
        "raw_bytes": None if raw is None else len(raw),
        "raw_sha256": None if raw is None else hashlib.sha256(raw).hexdigest(),
        "status": decision.status.value,
        "rule": decision.rule,
        "value": decision.value,
        "threshold": decision.threshold,
        "stage": None if decision.stage is None else decision.stage.value,
        "error": decision.error,
        "flags": [f"{flag.rule} at {flag.start}: {flag.evidence}" for flag in flags],
    }


def to_table(config: str, rows: list[Row]) -> pa.Table:
    """Return ``rows`` of a config as an Arrow table of its declared schema; dates come as ISO strings."""
    schema = SCHEMAS[config]
    columns = [_column([row[field.name] for row in rows], field) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _column(values: list[Any], field: pa.Field[Any]) -> pa.Array[Any]:
    if pa.types.is_date32(field.type):
        return pa.array(values, pa.string()).cast(field.type)
    return pa.array(values, field.type)
