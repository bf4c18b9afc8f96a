"""Whether the manifest follows its schema and says what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corpuskit import schema
from corpuskit.check.files import read_sums
from corpuskit.check.findings import Finding, pointer
from corpuskit.package import manifest
from corpuskit.package.release import SUMS
from corpuskit.package.tables import ROW_SCHEMAS, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
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
        Finding(
            "manifest-schema", f"{error.message[:300]}; build again", file=NAME, pointer=pointer(*error.instance_path)
        )
        for error in schema.validator("manifest").iter_errors(stated)
    ]
    return (None if wrong else stated), wrong


def check_manifest(folder: Path, stated: Manifest, damaged: Collection[str] = ()) -> Iterator[Finding]:
    """Check what the manifest says of itself, of the files and of the folder.

    ``damaged`` names the files that were found missing, changed or added: they are not the manifest's fault.
    """
    pages = stated["pages"]
    if pages["read"] != pages["kept"] + pages["rejected"] + pages["quarantined"]:
        yield Finding(
            "pages-balance", "read is not kept + rejected + quarantined; build again", file=NAME, pointer="/pages"
        )
    if manifest.content_digest(stated["configs"]) != stated["content_sha256"]:
        yield Finding(
            "content-digest",
            "is not the digest of the configs' digests; build again",
            file=NAME,
            pointer="/content_sha256",
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
    yield from _check_listed(folder, stated, damaged)
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


def _check_listed(folder: Path, stated: Manifest, damaged: Collection[str]) -> Iterator[Finding]:
    """Compare the list of files with :data:`SUMS`, which was compared with the files already, and their sizes."""
    sums = {name: digest for name, digest in read_sums(folder / SUMS)[0].items() if name != NAME}
    if not sums or SUMS in damaged:
        return
    seen: set[str] = set()
    for number, entry in enumerate(stated["files"]):
        name, at = entry["path"], pointer("files", number)
        wrong = None
        if name in seen:
            wrong = "is listed twice"
        elif name not in sums:
            wrong = "is listed and not part of the release"
        elif entry["sha256"] != sums[name]:
            wrong = f"has another checksum in {SUMS}"
        elif name not in damaged and (size := (folder / name).stat().st_size) != entry["bytes"]:
            wrong = f"has {size} bytes, not {entry['bytes']}"
        seen.add(name)
        if wrong:
            yield Finding("manifest-files", f"{name} {wrong}; build again", file=NAME, pointer=at)
    for name in sorted(sums.keys() - seen):
        yield Finding("manifest-files", f"{name} is not listed; build again", file=NAME, pointer="/files")


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
            yield Finding(
                "schema-file", f"has the $id {shipped.get('$id')!r}, not {expected!r}", file=file, pointer="/$id"
            )
