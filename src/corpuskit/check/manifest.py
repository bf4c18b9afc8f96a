"""Whether the manifest follows its schema and says what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corpuskit import schema
from corpuskit.check.findings import Finding, pointer
from corpuskit.package import manifest
from corpuskit.package.release import SUMS, sha256
from corpuskit.package.tables import ROW_SCHEMAS, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Manifest = dict[str, Any]

NAME = manifest.NAME


def read_manifest(folder: Path) -> tuple[Manifest | None, list[Finding]]:
    """Return the manifest, ``None`` where it cannot be worked with, and what is wrong with its form."""
    try:
        stated = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return None, [Finding("manifest-unreadable", f"cannot be read: {error}; fetch it again", file=NAME)]
    version = stated.get("schema_version") if isinstance(stated, dict) else None
    if isinstance(version, int) and version > schema.VERSION:
        message = f"follows schemas {version}, this program knows {schema.VERSION}; install a later corpuskit"
        return None, [Finding("schema-version", message, file=NAME, pointer="/schema_version")]
    wrong = [
        Finding("manifest-schema", f"{error.message[:300]}; build again", file=NAME, pointer=pointer(*error.instance_path))
        for error in schema.validator("manifest").iter_errors(stated)
    ]
    return (None if wrong else stated), wrong


def check_manifest(folder: Path, stated: Manifest) -> Iterator[Finding]:
    """Check what the manifest says of itself, of the files and of the folder."""
    pages = stated["pages"]
    if pages["read"] != pages["kept"] + pages["rejected"] + pages["quarantined"]:
        yield Finding("pages-balance", "read is not kept + rejected + quarantined; build again", NAME, pointer="/pages")
    if manifest.content_digest(stated["configs"]) != stated["content_sha256"]:
        yield Finding(
            "content-digest", "is not the digest of the configs' digests; build again", file=NAME, pointer="/content_sha256"
        )
    for name in SCHEMAS:
        if name not in stated["configs"]:
            yield Finding("config-missing", f"has no config {name}; build again", file=NAME, pointer="/configs")
    for name, entry in stated["configs"].items():
        if entry["rows"] != sum(split["rows"] for split in entry["splits"].values()):
            yield Finding(
                "table-rows",
                f"rows of {name} are not those of its splits together; build again",
                file=NAME,
                pointer=pointer("configs", name, "rows"),
            )
    if folder.resolve().name != f"{stated['name']}-{stated['version']}":
        yield Finding("folder-name", f"rename the folder to {stated['name']}-{stated['version']}")
    yield from _check_listed(folder, stated)
    yield from _check_schemas(folder, stated)


def check_counts(stated: Manifest, statuses: Mapping[str, int]) -> Iterator[Finding]:
    """Compare the manifest's counts of pages with the decisions, counted by status."""
    found = {"read": sum(statuses.values()), **{name: statuses.get(name, 0) for name in _STATUSES}}
    for name, count in found.items():
        if stated["pages"][name] != count:
            yield Finding(
                "pages-count",
                f"{stated['pages'][name]} pages {name} are stated, decisions have {count}; build again",
                file=NAME,
                pointer=pointer("pages", name),
            )


_STATUSES = ("kept", "rejected", "quarantined")


def _check_listed(folder: Path, stated: Manifest) -> Iterator[Finding]:
    """Compare the list of files with the files: what is there, their sizes and checksums."""
    seen: set[str] = set()
    for number, entry in enumerate(stated["files"]):
        name, path = entry["path"], folder / entry["path"]
        at = pointer("files", number)
        if name in seen:
            yield Finding("manifest-files", f"lists {name} twice; build again", file=NAME, pointer=at)
            continue
        seen.add(name)
        if not path.resolve().is_relative_to(folder.resolve()):
            yield Finding("manifest-files", f"lists {name}, outside of the release", file=NAME, pointer=at)
        elif path.is_file():
            size = path.stat().st_size
            if size != entry["bytes"]:
                yield Finding(
                    "manifest-files", f"{name} has {size} bytes, not {entry['bytes']}", file=NAME, pointer=f"{at}/bytes"
                )
            elif sha256(path) != entry["sha256"]:
                yield Finding(
                    "manifest-files", f"{name} does not have the checksum listed", file=NAME, pointer=f"{at}/sha256"
                )
        else:
            yield Finding("manifest-files", f"lists {name}, which is not there", file=NAME, pointer=at)
    for name in sorted(_released(folder) - seen):
        yield Finding("manifest-files", f"does not list {name}; build again", file=NAME, pointer="/files")


def _released(folder: Path) -> set[str]:
    """Return the names that :data:`SUMS` gives, but its own and the manifest's."""
    from corpuskit.check.files import read_sums

    return set(read_sums(folder / SUMS)[0]) - {SUMS, NAME}


def _check_schemas(folder: Path, stated: Manifest) -> Iterator[Finding]:
    """Check that the release ships the schemas its rows follow."""
    for name in (*ROW_SCHEMAS.values(), "manifest"):
        file = f"schemas/{name}.schema.json"
        try:
            shipped = json.loads((folder / file).read_text(encoding="utf-8"))
            schema.compile_schema(shipped)
        except (OSError, ValueError) as error:
            yield Finding("schema-file", f"is no JSON Schema that can be read: {str(error)[:200]}", file=file)
            continue
        expected = f"urn:corpuskit:schema:{name}:{stated['schema_version']}"
        if shipped.get("$id") != expected:
            yield Finding("schema-file", f"has the $id {shipped.get('$id')!r}, not {expected!r}", file=file, pointer="/$id")
