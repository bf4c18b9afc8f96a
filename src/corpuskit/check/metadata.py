"""Documents outside of a release: JSON Lines, each line a row of ``documents``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from corpuskit import schema
from corpuskit.check.columns import load_extension
from corpuskit.check.findings import Finding, pointer
from corpuskit.check.page import PageChecks
from corpuskit.check.report import Policy, Report, Sink
from corpuskit.errors import ReleaseError
from corpuskit.package.tables import SCHEMAS, to_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BATCH: Final = 1_000


def examine_metadata(path: Path, policy: Policy | None = None) -> Report:
    """Check each line of the file at ``path`` against the document schema, and whether it is plausible.

    Raises:
        ReleaseError: the file cannot be read.
        ConfigError: the schema that adds to ours cannot be read.
    """
    policy = policy or Policy()
    extension = load_extension(policy.extends) if policy.extends else None
    validators = [schema.validator("document"), *([schema.compile_schema(extension)] if extension else [])]
    sink, pages, rows, lines = Sink(policy), PageChecks(policy), 0, dict[str, int]()

    def flush(held: list[dict[str, Any]]) -> None:
        for batch in to_table("documents", held).to_batches():
            for finding in pages.documents(batch, path.name, ""):
                sink.take([_at_line(finding, lines.get(finding.document or ""))])
        held.clear()
        lines.clear()

    held: list[dict[str, Any]] = []
    for number, row in _lines(path, sink):
        rows += 1
        errors = [error for validator in validators for error in validator.iter_errors(row)]
        identifier = row.get("id") if isinstance(row.get("id"), str) else None
        sink.take(
            Finding(
                "row-schema",
                f"{error.message[:300]}; see schemas/document.schema.json",
                file=path.name,
                document=identifier,
                pointer=pointer(*error.instance_path),
                line=number,
            )
            for error in errors
        )
        if not errors:
            held.append({name: row[name] for name in SCHEMAS["documents"].names})
            lines[row["id"]] = number
        if len(held) == BATCH:
            flush(held)
    flush(held)
    sink.take(pages.finish())
    return sink.report(str(path.parent), rows)


def _lines(path: Path, sink: Sink) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the object of each line that holds one."""
    try:
        with path.open(encoding="utf-8", errors="surrogateescape") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                row = _parse(line)
                if isinstance(row, dict):
                    yield number, row
                else:
                    message = "is not a JSON object in UTF-8; mend or remove the line"
                    sink.take([Finding("metadata-unreadable", message, file=path.name, line=number)])
    except OSError as error:
        raise ReleaseError(
            f"cannot be read: {error.strerror or error}", where=str(path), remedy="Give a file you may read."
        ) from error


def _parse(line: str) -> object:
    try:
        line.encode("utf-8")
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _at_line(finding: Finding, line: int | None) -> Finding:
    return Finding(
        finding.rule, finding.message, finding.severity, finding.file, finding.document, finding.pointer, line
    )
